"""Subsets of the public tables: what fits, what facets count, and that the query behind gives the same rows."""

from __future__ import annotations

import csv
import io

import pytest
from rdflib import Graph

from api.errors import BadRequest
from api.registers import REGISTERS
from api.subset import Facet, Register
from kg import evaluate, store, tables
from kg.store import Snapshot, Store

PARTS = Register("commitments", (Facet("topic", "Topic", many=True), Facet("currency", "Currency")), ("summary",))


@pytest.fixture(scope="module")
def opened(snapshot: Snapshot) -> Store:
    return store.open_store(snapshot)


def queried(opened: Store, text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(evaluate.answer(opened, text, "csv").decode(), newline="")))


def test_without_a_wish_it_is_the_whole_table(snapshot):
    subset = PARTS.read(snapshot, [("topic", ""), ("q", "  ")])
    assert subset.rows == list(tables.rows(snapshot, "commitments"))
    assert subset.query_string == ""


def test_values_are_alternatives_and_names_are_conditions(snapshot):
    one = PARTS.read(snapshot, [("topic", "cyber")]).rows
    other = PARTS.read(snapshot, [("topic", "energy")]).rows
    both = PARTS.read(snapshot, [("topic", "energy"), ("topic", "cyber")])
    assert one
    assert other
    assert {row["iri"] for row in both.rows} == {row["iri"] for row in (*one, *other)}
    assert both.query_string == "topic=cyber&topic=energy"
    narrowed = PARTS.read(snapshot, [("topic", "energy"), ("currency", "EUR")]).rows
    assert narrowed == [row for row in other if row["currency"] == "EUR"]


def test_a_facet_counts_what_choosing_a_value_would_give(snapshot):
    subset = PARTS.read(snapshot, [("topic", "energy"), ("currency", "EUR")])
    for facet in PARTS.facets:
        other = {name: values for name, values in subset.wish.items() if name != facet.column}
        for choice in subset.choices(facet)[:4]:
            asked = [(name, value) for name, values in other.items() for value in values]
            assert choice.held == len(PARTS.read(snapshot, [*asked, (facet.column, choice.value)]).rows)
            assert choice.chosen == (choice.value in subset.wish[facet.column])


def test_a_chosen_value_that_nothing_has_is_still_shown(snapshot):
    choices = PARTS.read(snapshot, [("topic", "no-such-topic")]).choices(PARTS.facets[0])
    assert ("no-such-topic", 0, True) in choices


def test_words_are_found_whatever_their_case(snapshot):
    found = PARTS.read(snapshot, [("q", "DRONE")]).rows
    assert found
    assert all("drone" in row["summary"].lower() for row in found)


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(BadRequest, match="'colour' is no filter of commitments; known: currency, q, topic"):
        PARTS.read(None, [("colour", "red")])  # type: ignore[arg-type]


def test_too_many_values_are_refused():
    with pytest.raises(BadRequest, match="50 values"):
        PARTS.read(None, [("topic", str(number)) for number in range(51)])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", REGISTERS)
def test_the_query_behind_gives_the_same_rows(snapshot, opened, name):
    """Of each facet the most frequent value, each alone; and words where they are looked for."""
    register = REGISTERS[name].register
    whole = register.read(snapshot, [])
    facets = [facet for place, facet in enumerate(register.facets) if place < 3 or facet.via]
    wishes = [[(facet.column, whole.choices(facet)[0].value)] for facet in facets]
    wishes += [[("q", "a")]] if register.texts else []
    for wish in wishes:
        subset = register.read(snapshot, wish)
        assert len(subset.rows) > 0
        assert queried(opened, subset.query) == subset.rows


def test_no_value_breaks_out_of_the_query(snapshot, opened):
    for evil in ('a"b', "a\\", '") } #', "line\nbreak", "\u0000", "'''", "{?x ?y ?z}"):
        subset = PARTS.read(snapshot, [("topic", f"x{evil}x"), ("q", f"x{evil}x")])
        assert queried(opened, subset.query) == subset.rows == []


def test_the_triples_of_a_subset_are_about_its_rows(snapshot, opened):
    subset = PARTS.read(snapshot, [("topic", "demining")])
    graph = Graph().parse(data=evaluate.answer(opened, subset.construct, "turtle"), format="turtle")
    assert subset.rows
    assert {str(subject) for subject in graph.subjects()} == {row["iri"] for row in subset.rows}


def test_every_column_that_a_register_names_is_in_its_table(snapshot):
    for name, shown in REGISTERS.items():
        header = tables.header(snapshot, name)
        named = [facet.column for facet in shown.register.facets if not facet.via]
        for facet in shown.register.facets:
            assert not facet.via or {facet.column, "agreement"} <= set(tables.header(snapshot, facet.via))
        assert set(named) | set(shown.columns) | set(shown.register.texts) <= set(header)
