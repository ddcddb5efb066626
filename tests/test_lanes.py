"""The guess of a query's lane, held against what the processor needs for it on the real records."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from research_queries import PREFIXES, QUERIES

from kg import catalogue, evaluate, guard, paths, store
from kg.store import Snapshot

# Seconds. The slice of a light query; and what is so quick that it should not wait in the heavy lane.
pytestmark = pytest.mark.slow
SLICE = 0.1
QUICK = 0.01


def texts() -> Iterator[tuple[str, str]]:
    for kind in ("examples", "tables"):
        for name, query in catalogue.of_kind(paths.queries(), kind).items():
            yield f"{kind}/{name}", query.body
    for name, text in QUERIES.items():
        yield name, PREFIXES + text


def seconds_of(opened: store.Store, text: str, form: str) -> float:
    """Of the processor, and the best of a few: what a warm worker takes while nobody else is at work."""
    best = 60.0
    for _ in range(4):
        began = time.thread_time()
        evaluate.answer(opened, text, "json" if form in ("SELECT", "ASK") else "ntriples")
        best = min(best, time.thread_time() - began)
        if best < QUICK:
            break
    return best


@pytest.fixture(scope="module")
def measured(snapshot: Snapshot) -> dict[str, tuple[bool, float]]:
    """Of each query whether it is taken for light, and its seconds."""
    opened = store.open_store(snapshot)
    found = {}
    for name, text in texts():
        inspected = guard.inspect(text)
        found[name] = (inspected.is_light_on(snapshot.quads), seconds_of(opened, text, inspected.form))
    return found


def test_the_list_is_as_long_as_it_says() -> None:
    assert len(QUERIES) == 40


def test_nearly_every_query_is_in_its_lane(measured: dict[str, tuple[bool, float]]) -> None:
    """Between quick and the slice either lane will do."""
    wrong = {
        name: (light, round(seconds, 3))
        for name, (light, seconds) in measured.items()
        if (light and seconds >= SLICE) or (not light and seconds < QUICK)
    }
    assert len(wrong) <= 0.05 * len(measured), wrong


def test_what_is_taken_for_light_is(measured: dict[str, tuple[bool, float]]) -> None:
    late = {name: round(seconds, 3) for name, (light, seconds) in measured.items() if light and seconds >= SLICE}
    assert late == {}


def test_on_a_large_store_only_what_starts_from_something_given_is_light() -> None:
    counted = guard.inspect(PREFIXES + QUERIES["commitments by agreement"])
    assert counted.is_light_on(100_000)
    assert not counted.is_light_on(10_000_000)
    assert guard.inspect(PREFIXES + QUERIES["one record"]).is_light_on(10_000_000)
