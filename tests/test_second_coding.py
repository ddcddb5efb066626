"""The comparison of the two codings: its arithmetic, and what it says of the real texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import second_coding
from kg.second_coding import Field

ROOT = Path(__file__).parent.parent


def test_agreement_and_kappa():
    """Cohen 1960 by hand: 20 and 15 of 50 agreed, chance 0.5 * 0.6 + 0.5 * 0.4."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    field = Field("proposal", tuple(pairs))
    assert field.percent == pytest.approx(70)
    assert field.kappa == pytest.approx(0.4)


def test_a_single_code_leaves_kappa_open():
    assert Field("same", (("a", "a"), ("a", "a"))).kappa is None


def test_claims_count_by_their_best_value(tmp_path):
    rivals = [{"value": "b", "source": "s"}, {"value": "a", "source": "t", "rank": "preferred", "reason": "r"}]
    assert second_coding._best(rivals) == "a"
    assert second_coding._best("c") == "c"


def test_figures_are_matched_whatever_their_slugs():
    first = {"commitment": {"x": {"amount": "80_000_000", "currency": "EUR"}, "y": {"quantity": "24", "unit": "hour"}}}
    second = {"commitment": {"z": {"amount": "80000000", "currency": "EUR"}}}
    assert dict(second_coding._measures(first, second))["figure"] == ("80000000 EUR", "80000000 EUR")


def test_equal_figures_are_paired_by_what_else_they_say():
    """The second coder wrote the same three rows in another order; only one of them truly differs."""
    sum_of = {"amount": "5", "currency": "EUR", "obligor": "EU"}
    promise = sum_of | {"modality": "will", "phase": "committed", "locator": "I/1", "periodStart": "2024"}
    report = sum_of | {"modality": "none", "phase": "allocated", "locator": "preamble/p5", "periodStart": "2024"}
    later = sum_of | {"modality": "could", "locator": "I/1", "periodStart": "2025"}
    first = {"commitment": {"a": report, "b": promise, "c": later}}
    second = {"commitment": {"x": promise, "y": later | {"modality": "may"}, "z": report}}
    found = [pair for name, pair in second_coding._measures(first, second) if name == "figure's modality"]
    assert found == [("none", "none"), ("will", "will"), ("could", "may")]
    del first["commitment"]["b"]
    found = [pair for name, pair in second_coding._measures(first, second) if name == "figure's modality"]
    assert sorted(found) == [("could", "may"), ("none", "none")]


def test_equal_rows_keep_their_order():
    rows = [{"amount": "5", "obligor": "EU", "summary": str(number)} for number in range(3)]
    assert second_coding._paired(rows, rows) == [(row, row) for row in rows]


def test_at_least_six_texts_are_coded_twice():
    assert len(second_coding.coded_twice(ROOT)) >= 6


def test_the_codings_agree_on_what_matters_most():
    found = {field.name: field.percent for field in second_coding.compare(ROOT)}
    assert min(found[name] for name in ("signed", "signatories", "clause present", "clause length", "figure")) >= 90


def test_the_page_is_fresh():
    for path, text in second_coding.pages(ROOT).items():
        assert (ROOT / path).read_text("utf-8") == text, "make reference writes it again"
