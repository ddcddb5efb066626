"""The search: names in two languages, beginnings and typing errors, every word, groups."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from api import search
from kg import names, tables
from kg.store import Snapshot


@dataclass
class StubService:
    snapshot: Snapshot


@pytest.fixture(scope="module")
def index(snapshot):
    return search.of(StubService(snapshot))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("Lithuania", "/parties/LTU"),
        ("lithuaina", "/parties/LTU"),
        ("Литва", "/parties/LTU"),
        ("lietuva", "/parties/LTU"),
        ("LTU", "/parties/LTU"),
        ("zelenskiy", "/officials/volodymyr-zelenskyy"),
        ("Зеленський", "/officials/volodymyr-zelenskyy"),
        ("кібер", "/schemes/topic/cyber"),
        ("amunition", "/schemes/topic/ammunition"),
    ],
)
def test_it_is_found_first_in_its_group(index, words, path):
    hits = index.find(words)
    group = next(hit.group for hit in hits if hit.path == path)
    assert path in [hit.path for hit in hits if hit.group == group][:3]


def test_every_word_must_fit(index):
    both = index.find("lithuania gdp")
    assert both
    assert any(hit.path.startswith("/agreements/ukr-ltu-2024/commitment/") for hit in both)
    assert not index.find("lithuania xyzzyx")


@pytest.mark.parametrize("words", ["", "   ", "?", '"', "(((", "a AND", "x:y", "\u0000", "-", "*" * 300, "слово " * 50])
def test_nothing_that_is_typed_breaks_it(index, words):
    index.find(words)


def test_every_record_can_be_found_by_its_own_name(index, snapshot):
    """A sample: each party by its English name."""
    for row in tables.rows(snapshot, "parties"):
        path = "/" + row["iri"].removeprefix(names.BASE)
        assert path in [hit.path for hit in index.find(row["name_en"])][:60], row


def test_groups_stand_in_the_order_of_their_best_hit_and_are_cut():
    hits = [search.Hit(group, f"/{number}", "") for number, group in enumerate("aabba")]
    assert {name: len(found) for name, found in search.grouped(hits, 2).items()} == {"a": 2, "b": 2}
    assert list(search.grouped(hits, 2)) == ["a", "b"]
