"""How cells of the tables read in English, and the order of places in a text."""

from __future__ import annotations

import pytest

from api import locators, wording


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", ""),
        ("2024", "2024"),
        ("2023/2027", "2023–2027"),
        ("2022/", "from 2022"),
        ("/2024-04", "until April 2024"),
        ("2024-05-31/2034-05", "31 May 2024 – May 2034"),
        ("2024-02/2024-02", "February 2024"),
        ("2024~", "about 2024"),
    ],
)
def test_periods_are_as_exact_as_written(written: str, words: str) -> None:
    assert wording.period({"period": written, "period_start": "", "period_end": ""}) == words


@pytest.mark.parametrize(
    ("comparator", "words"), [("", "30"), ("exactly", "30"), ("nearly", "nearly 30"), ("at-least", "at least 30")]
)
def test_a_count_is_as_loose_as_it_was_claimed(comparator: str, words: str) -> None:
    assert wording.count({"claimed": "30", "comparator": comparator}) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2024-07-09/2024-07-11", "9 July 2024 – 11 July 2024"),
        ("2024-06/2024-07-11", "June 2024 – 11 July 2024"),
        ("2024-06", "June 2024"),
        ("2024~", "about 2024"),
        ("/", "/"),
    ],
)
def test_a_date_or_a_span_in_words(written: str, words: str) -> None:
    assert wording.edtf(written) == words


def test_period_falls_back_on_its_bounds() -> None:
    row = {"period": "", "period_start": "2024-06-27", "period_end": ""}
    assert wording.period(row) == "from 27 June 2024"


def test_locators_sort_as_the_text_runs() -> None:
    found = ["annex/A", "IX/2", "X/1", "I/10", "I/9/b2", "I/9/b1", "close", "preamble/p2", "XL/1", "introduction/3"]
    expected = ["preamble/p2", "introduction/3", "I/9/b1", "I/9/b2", "I/10", "IX/2", "X/1", "XL/1", "close", "annex/A"]
    assert sorted(found, key=locators.order) == expected


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("nato-membership", "NATO membership"),
        ("legalEffect", "legal effect"),
        ("anti-corruption", "anti-corruption"),
        ("Mixed Case stays", "Mixed Case stays"),
    ],
)
def test_labels(notation: str, words: str) -> None:
    assert wording.label(notation) == words


def test_lists_and_counts() -> None:
    assert wording.counted("2", "battery") == f"2{wording.SPACE}batteries"
    assert wording.counted("1", "day") == f"1{wording.SPACE}day"
    assert wording.counted("30", "aircraft") == f"30{wording.SPACE}aircraft"
    assert wording.number("1072000.50") == f"1{wording.SPACE}072{wording.SPACE}000.5"


def test_only_web_addresses_are_links() -> None:
    assert wording.links("https://a.org/x;https://b.org/y") == ["https://a.org/x", "https://b.org/y"]
    assert wording.links("javascript:alert(1)") == []
    assert wording.links("data:text/html,x") == []
