"""The reader of texts and figures on invented texts, so that it is tested where the real ones are absent."""

from __future__ import annotations

import pytest
from figures import amounts, figures, words
from text_tree import read

DOCX = """Agreement between Arcadia and Ukraine

Preamble

Arcadia and Ukraine,

recalling their friendship;

Part I. Defence

Scope of the work

1)\tArcadia will give aid:

\t--\ttwo ships;

\t--\tone train.

The train is red.

2)\tThey meet.

1)\tA second list.

Part II. Peace

3. Talks

They will talk.

They may stop.

a) soon;

b) later.

Signed in Kyiv on 1 May 2024.

For Arcadia: A. B.
"""
PDF = """          AGREEMENT
    BETWEEN ARCADIA AND UKRAINE


Arcadia and Ukraine are friends of a very long standing, and they wish to
say so.
They wish to remain friends in the years to come, whatever these years may
                                  2

bring to them or take away.


I.   Scope
1. Arcadia will give 5 ships and a hundred trains, each with a driver, and
   it asks for none of them back.
2. This agreement:
   • lasts for ten
     years; and
   • ends then.

Signed in Kyiv on 1 May 2024
"""


@pytest.mark.parametrize(
    ("text", "locator", "found"),
    [
        (DOCX, "preamble/p2", "recalling their friendship;"),
        (DOCX, "I/scope-of-the-work/list1/1/b2", "one train."),
        (DOCX, "I/list1/1/b2/p1", "The train is red."),
        (DOCX, "I/list1/1/p1", "The train is red."),
        (DOCX, "I/scope-of/2", "They meet."),
        (DOCX, "I/list2/1", "A second list."),
        (DOCX, "II/3/p2", "They may stop.\nsoon;\nlater."),
        (DOCX, "II/3/p2/b", "later."),
        (DOCX, "II/3/b", "later."),
        (DOCX, "close", "Signed in Kyiv on 1 May 2024.\nFor Arcadia: A. B."),
        (
            PDF,
            "preamble/p2",
            "They wish to remain friends in the years to come, whatever these years may bring to them or take away.",
        ),
        (
            PDF,
            "I/1",
            "Arcadia will give 5 ships and a hundred trains, each with a driver, and it asks for none of them back.",
        ),
        (PDF, "I/2/b1", "lasts for ten years; and"),
        (PDF, "scope/2/b2", "ends then."),
    ],
)
def test_a_locator_names_one_block(text: str, locator: str, found: str) -> None:
    assert [node.whole for node in read("ARC", text).find(locator)] == [found]


@pytest.mark.parametrize("locator", ["III/1", "I/9", "I/1/b3", "II/3/p3", "preamble/p9", "scope", "I/2/p1"])
def test_a_wrong_locator_names_nothing(locator: str) -> None:
    assert not read("ARC", DOCX).find(locator)


def test_a_number_that_begins_anew_is_ambiguous_without_its_list() -> None:
    assert len(read("ARC", DOCX).find("I/1")) == 2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.072 million euro", 1_072_000_000),
        ("1.72 million", 1_720_000),
        ("0,25% of GDP", 0.25),
        ("half a billion", 500_000_000),
        ("EUR 80 million", 80_000_000),
        ("£2.3bn", 2_300_000_000),
        ("$3.02B", 3_020_000_000),
        ("ten (10) years", 10),
        ("twenty-four hours", 24),
        ("two hundred thousand", 200_000),
        ("170.000 square kilometres", 170_000),
        ("between 2 and 3 billion", 2_000_000_000),
        ("400 mil. EUR", 400_000_000),
        ("110 млн євро", 110_000_000),
        ("протягом десяти років", 10),
        ("hold annual talks", 1),
    ],
)
def test_figures_are_read_as_written(text: str, number: float) -> None:
    assert number in figures(text)


def test_figures_are_not_made_up() -> None:
    assert figures("Some 2,250,000 people since 2022") == {2250000.0, 2022.0}


def test_sums_are_found_on_their_own() -> None:
    found = amounts(
        "EUR 80 million, €35 m, 0,25% of its GDP and 30 aircraft in 2023. European states gave 5 billion ISK."
    )
    assert found == ["EUR 80 million", "€35 m", "0,25% of its GDP", "5 billion ISK"]


def test_words_have_no_signs() -> None:
    assert words("Ukraine’s long-term, “lasting” peace") == ["ukraines", "long", "term", "lasting", "peace"]
