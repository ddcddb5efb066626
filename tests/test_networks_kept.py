"""What the service keeps of its networks is bounded; large ones are shown in part, and it says so."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import networkx as nx
import pytest
from test_network import BASE, EDGES, SA, star

from api import drawings
from api.networks import Networks, Part, View
from api.portion import Portion
from kg import network as networks
from kg.catalogue import Query
from kg.errors import UnknownName

QUERY = Query("views", "pacts", "", "Pacts")


def view_of(triples):
    network = networks.project(triples, EDGES)
    return View(QUERY, triples, network, networks.layout(network), networks.Dates("signed"))


@pytest.fixture
def kept(monkeypatch):
    """Networks whose one view is the star, with room for about two parts of it."""
    monkeypatch.setattr("api.networks.MOST_KEPT", 60)
    found, view = Networks(SimpleNamespace()), view_of(star())

    async def given(_name):
        return view

    monkeypatch.setattr(found, "view", given)
    return found


def test_the_parts_longest_unused_are_let_go(kept):
    async def ask():
        for day in range(14, 29):
            await kept.part("pacts", Portion(on=f"2020-01-{day}"))
        return await kept.part("pacts", Portion(on="2020-01-28"))

    last = asyncio.run(ask())
    held = sum(len(part.network) + part.network.number_of_edges() for part in kept._parts.values())
    assert held <= 60
    assert last is kept._parts["pacts", Portion(on="2020-01-28")]


def test_the_same_part_is_made_once(kept):
    async def twice():
        return await asyncio.gather(*(kept.part("pacts", Portion(node="Aland", radius=1)) for _ in range(2)))

    first, second = asyncio.run(twice())
    assert first is second
    assert first.portion.node == "parties/AAA"
    with pytest.raises(UnknownName, match="Aland"):
        asyncio.run(kept.part("pacts", Portion(node="Alannd", radius=1)))


def test_a_large_network_is_drawn_in_part_and_written_whole():
    shape = nx.star_graph(900)
    view = view_of("\n".join(f"<{BASE}t/{s}> <{SA}party> <{BASE}t/{t}> ." for s, t in shape.edges()).encode())
    part = Part(view, Portion(), view.network, view.positions)
    sight = drawings.seen(part, "en")
    assert (len(sight.network), sight.left_out) == (drawings.MOST_DRAWN, 101)
    assert "t/0" in sight.network, "those with most edges stay"
    assert drawings.file(part, None, "csv").count(b"\n") == 901
    with pytest.raises(UnknownName, match="network format"):
        drawings.file(part, None, "pdf")
