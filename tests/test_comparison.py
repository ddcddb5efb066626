"""Agreements compared: four states kept apart, and the same cells in every form."""

from __future__ import annotations

import pytest

from api import comparison, labels
from api.errors import BadRequest
from kg import tables
from kg.errors import UnknownName

BALTIC = ("ukr-lva-2024", "ukr-est-2024", "ukr-ltu-2024")


def test_the_matrix_has_every_agreement_and_topic(snapshot):
    found = comparison.read(snapshot)
    agreements = {row["agreement"] for row in tables.rows(snapshot, "agreements")}
    assert {row["agreement"] for row in found.agreements} == agreements
    assert [row["signed"] for row in found.agreements] == sorted(row["signed"] for row in found.agreements)
    coverage = {(row["agreement"], row["topic"]): row for row in tables.rows(snapshot, "coverage")}
    assert len(found.rows) == len(agreements) * len(found.lines)
    for row in found.rows:
        known = coverage.get((row["agreement"], row["topic"]))
        assert row["state"] == (known["coverage"] if known else "not-coded")
        assert row["state"] in comparison.STATES


def test_a_cell_that_speaks_has_a_locator(snapshot):
    for row in comparison.read(snapshot).rows:
        if row["state"] in ("committed", "mentioned"):
            assert row["locator"], row


def test_a_few_side_by_side(snapshot):
    found = comparison.read(snapshot, BALTIC, ["cyber"])
    assert {row["agreement"] for row in found.agreements} == set(BALTIC)
    assert [line.topic for line in found.lines] == ["cyber"]
    assert {row["partner"] for row in found.rows} == {"LTU", "LVA", "EST"}


def test_what_is_unknown_or_too_much_is_refused(snapshot):
    with pytest.raises(UnknownName, match="ukr-ltu-2023"):
        comparison.read(snapshot, ["ukr-ltu-2023"])
    with pytest.raises(UnknownName, match="cybr"):
        comparison.read(snapshot, [], ["cybr"])
    with pytest.raises(BadRequest, match="at most 4"):
        comparison.read(snapshot, ["a"] * 5)


def test_the_place_of_a_cell_is_short():
    def place(locator: str) -> str:
        return comparison.Cell("a", "committed", "", locator, "", "", "").place

    assert place("") == ""
    assert place("III/14/b1") == "III/14/b1"
    assert place("III/14;III/15;IV/1") == "III/14 +2"
    assert place("V/accountability/1") == "V/account…/1"


def test_markdown_has_a_line_a_topic(snapshot):
    found = comparison.read(snapshot, BALTIC, ["cyber", "energy"])
    text = comparison.to_markdown(found, labels.of(snapshot, "en"))
    lines = text.splitlines()
    assert len(lines) == 4
    assert all(line.count("|") - line.count("\\|") == 5 for line in lines)
    assert "Lithuania" in lines[0]


def test_latex_escapes_what_it_must(snapshot):
    found = comparison.read(snapshot, BALTIC, ["cyber"])
    row = found.agreements[0] | {"partner": "A&B_50%"}
    made = comparison.Comparison((row,), (comparison.Line("x#y", (found.lines[0].cells[0],)),))
    text = comparison.to_latex(made, labels.of(snapshot, "en"))
    assert r"A\&B\_50\%" in text
    assert r"x\#y" in text
    assert text.count("\\\\\n") == 2


def test_ukrainian_labels(snapshot):
    found = comparison.read(snapshot, BALTIC, ["cyber"])
    assert "кібербезпека" in comparison.to_markdown(found, labels.of(snapshot, "uk"))
