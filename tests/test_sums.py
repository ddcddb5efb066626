"""Which amounts may be added, and what is said of the rest."""

from __future__ import annotations

import pytest

from api import sums

COLUMNS = "value value_max currency comparator per modality part_of restates topic obligor"


def row(**cells: str) -> dict[str, str]:
    plain = {"value": "10", "currency": "EUR", "comparator": "exactly", "per": "total", "modality": "will"}
    return dict.fromkeys(COLUMNS.split(), "") | plain | cells


def test_exact_promises_are_added_by_currency_and_lower_bounds_apart():
    found = sums.read([row(), row(value="2.5"), row(currency="NOK"), row(comparator="at-least", value="7")])
    assert found.lines == [("exactly", "EUR", "12.5", 2), ("exactly", "NOK", "10", 1), ("at-least", "EUR", "7", 1)]
    assert found.reasons == []


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"modality": "none"}, "report"),
        ({"modality": ""}, "report"),
        ({"restates": "a/b"}, "restates"),
        ({"part_of": "a/b"}, "part"),
        ({"per": "year"}, "by-year"),
        ({"per": ""}, "by-year"),
        ({"comparator": "up-to"}, "vague"),
        ({"comparator": ""}, "vague"),
        ({"value_max": "20"}, "span"),
        ({"currency": ""}, "no-currency"),
    ],
)
def test_the_rest_is_left_out_with_a_reason(cells, reason):
    found = sums.read([row(**cells)])
    assert (found.lines, found.reasons) == ([], [(sums.REASONS[reason], 1)])


def test_rows_without_an_amount_are_neither_added_nor_left_out():
    found = sums.read([row(value="")])
    assert (found.lines, found.reasons) == ([], [])


def test_bars_count_each_value_of_a_cell():
    rows = [row(topic="cyber;energy"), row(topic="energy"), row(topic="")]
    assert sums.bars(rows, "topic") == [("energy", 2), ("cyber", 1)]
    assert sums.bars(rows, "topic", 1) == [("energy", 2)]
