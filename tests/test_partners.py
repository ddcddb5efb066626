"""Who had signed, joined and been a member by a day: the tables and the query agree."""

from __future__ import annotations

import pytest

from api import partners
from api.errors import BadRequest
from kg import evaluate, store, tables

DAYS = ("2019-12-31", "2020-02-01", "2023-07-12", "2024-06-27", "2026-01-01")


@pytest.mark.parametrize("on", DAYS)
def test_the_query_gives_the_same(snapshot, on):
    _, rows = evaluate.rows(store.open_store(snapshot), partners.query(on))
    asked = {tuple("" if value is None else str(value).rsplit("/", 1)[-1] for value in row) for row in rows}
    shown = partners.read(snapshot, on)
    columns = ("party", "agreement", "signed", "joined", "eu_since")
    assert {tuple(row[column] for column in columns) for row in shown} == asked
    assert len(asked) == len(shown)


def test_states_follow_the_day(snapshot):
    signed = {row["partner"]: row["signed"] for row in tables.rows(snapshot, "agreements")}
    last = max(signed.values())
    by_day = {on: {row["party"]: row["state"] for row in partners.read(snapshot, on)} for on in (*DAYS, last)}
    assert set(by_day["2019-12-31"].values()) == {"neither"}
    assert {code for code, state in by_day[last].items() if state == "signed"} == set(signed)
    for on, states in by_day.items():
        assert {code for code, state in states.items() if state == "signed"} == {
            code for code, day in signed.items() if day <= on
        }


def test_a_membership_that_ended_is_over(snapshot):
    members = {on: {row["party"] for row in partners.read(snapshot, on) if row["eu_since"]} for on in DAYS}
    assert "GBR" in members["2019-12-31"]
    assert "GBR" not in members["2020-02-01"]
    assert members["2019-12-31"] - {"GBR"} == members["2020-02-01"]


def test_a_day_is_checked():
    assert partners.day("", "2026-01-01") == "2026-01-01"
    assert partners.day(" 2024-06-27 ", "x") == "2024-06-27"
    for text in ("yesterday", "2024-13-01", '2024-06-27"^^xsd:date) }'):
        with pytest.raises(BadRequest):
            partners.day(text, "x")
