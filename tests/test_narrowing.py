"""Parts of an invented network: as of a day, of some kinds, around a node; stable where something is added."""

from __future__ import annotations

import math
import statistics

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, parse, serialize
from test_network import BASE, EDGES, SA, XSD, star, statement, thing

from kg import network as networks
from kg.network import Dates, Form

SIGNED = Dates("signed")


@pytest.fixture
def network():
    return networks.project(star(), EDGES)


def kinds(network):
    return sorted(str(data["kind"]) for _, data in network.nodes(data=True))


def test_the_days_are_those_on_which_something_begins(network):
    assert networks.days(network, SIGNED) == [f"2020-01-{day:02}" for day in range(14, 21)]
    assert networks.days(network, Dates()) == []


@pytest.mark.parametrize(("day", "pacts"), [("2020-01-13", 0), ("2020-01-14", 1), ("2020-01-16", 3), ("2021-01-01", 7)])
def test_as_of_a_day(network, day, pacts):
    found = networks.on_day(network, day, SIGNED)
    assert kinds(found).count("Agreement") == pacts
    assert found.number_of_edges() == 2 * pacts
    assert kinds(found).count("Country") == (pacts + 1 if pacts else 0), "who has no pact yet is not there"


def membership(slug, start="", end=""):
    said = [f'<{SA}{name}> "{day}"^^<{XSD}date>' for name, day in (("start", start), ("end", end)) if day]
    return statement(f"bodies/club/membership/{slug}", "bodies/club", "parties/" + slug.upper(), *said)


def club():
    lines = thing("bodies/club", "Initiative", "Club")
    for slug in ("aaa", "bbb", "ccc"):
        lines += thing(f"parties/{slug.upper()}", "Country", slug)
    lines += membership("aaa", "2020-01-01", "2020-06-30") + membership("bbb", "2020-03-01") + membership("ccc")
    return "\n".join(lines).encode()


def test_an_edge_ends_and_one_without_a_date_is_left_out():
    whole, dates = networks.project(club(), EDGES), Dates("start", "end")
    assert networks.undated(whole, dates) == 1
    held = {
        day: sorted(t for _, t in networks.on_day(whole, day, dates).edges())
        for day in ("2020-01-01", "2020-06-30", "2020-07-01")
    }
    assert held == {
        "2020-01-01": ["parties/AAA"],
        "2020-06-30": ["parties/AAA", "parties/BBB"],
        "2020-07-01": ["parties/BBB"],
    }


def test_a_statement_is_an_edge_with_what_is_said_of_it():
    whole = networks.project(club(), EDGES)
    assert len(whole) == 4
    data = next(data for _, t, data in whole.edges(data=True) if t == "parties/AAA")
    assert data == {
        "kind": "holder",
        "iri": BASE + "bodies/club/membership/aaa",
        "start": "2020-01-01",
        "end": "2020-06-30",
    }


def test_every_file_of_a_part_has_no_more_than_the_part():
    triples = club()
    whole = networks.project(triples, EDGES)
    part = networks.on_day(whole, "2020-01-01", Dates("start", "end"))
    positions = networks.layout(whole)
    for write in networks.WRITERS.values():
        text = write(part, positions).decode()
        assert "parties/AAA" in text
        assert "BBB" not in text
    turtle = networks.to_turtle(triples, whole, part).decode()
    assert "membership/aaa" in turtle
    assert "BBB" not in turtle
    assert "membership/bbb" not in turtle


def test_turtle_of_the_whole_is_the_whole_graph():
    triples = star()
    whole = networks.project(triples, EDGES)
    again = networks.project(nt(networks.to_turtle(triples, whole, whole)), EDGES)
    assert dict(again.nodes(data=True)) == dict(whole.nodes(data=True))
    assert set(again.edges()) == set(whole.edges())


def nt(turtle):
    return serialize(parse(turtle, RdfFormat.TURTLE), format=RdfFormat.N_TRIPLES)


def test_kinds_can_be_left_out(network):
    assert set(kinds(networks.of_kinds(network, {"Country"}))) == {"Country"}
    assert networks.of_kinds(network, {"Country"}).number_of_edges() == 0


def test_around_a_node(network):
    assert sorted(networks.around(network, "parties/AAA", 1)) == ["agreements/hub-aaa", "parties/AAA"]
    assert "parties/HUB" in networks.around(network, "parties/AAA", 2)
    with pytest.raises(KeyError):
        networks.around(network, "parties/XXX", 1)


def test_the_largest_nodes(network):
    assert "parties/HUB" in networks.largest(network, 3)
    assert len(networks.largest(network, 3)) == 3
    assert networks.largest(network, 99) is network


def test_labels_in_another_language():
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    line = f'<{BASE}parties/AAA> <{label}> "Аланд"@uk .'.encode()
    network = networks.in_language(networks.project(star() + b"\n" + line, EDGES), "uk")
    assert (network.nodes["parties/AAA"]["label"], network.nodes["parties/BBB"]["label"]) == ("Аланд", "Borduria")


def moved(before, after, **options):
    """How far nodes move when one is added, from the median to the farthest; the picture is 2 wide."""
    first, second = networks.layout(before, **options), networks.layout(after, **options)
    return sorted(math.dist(first[node], second[node]) for node in first)


def test_a_further_pact_moves_others_little():
    far = moved(networks.project(star(6), EDGES), networks.project(star(7), EDGES), form=Form("parties/HUB"))
    assert far[-1] <= 2 * math.pi / 7, "no further than to the next place"
    assert statistics.median(far) < 0.5


@pytest.mark.parametrize("count", [60, 400])
def test_a_further_node_of_a_tangle_moves_others_little(count):
    shape = nx.relabel_nodes(nx.barabasi_albert_graph(count, 2, seed=1), lambda n: f"p{n:04}")
    pair = []
    for extra in ([], [("p0004x", "p0003"), ("p0004x", "p0010")]):
        lines = [f"<{BASE}parties/{s}> <{SA}party> <{BASE}parties/{t}> ." for s, t in [*shape.edges(), *extra]]
        pair.append(networks.project("\n".join(lines).encode(), EDGES))
    far = moved(*pair)
    assert statistics.median(far) < 0.1
    assert far[int(0.9 * len(far))] < 0.3


def test_columns_by_kind_and_by_distance(network):
    by_kind = networks.layout(
        network, form=Form(columns=True, layers=(frozenset({"Country"}), frozenset({"Agreement"})))
    )
    assert {by_kind[node][0] for node in network if node.startswith("parties/")} == {-1}
    by_distance = networks.layout(network, form=Form("parties/HUB", columns=True))
    assert (by_distance["parties/HUB"], by_distance["parties/AAA"][0]) == ((-1, 0), 1)
    rows = [
        by_distance[node][1]
        for node in sorted(network, key=lambda n: str(network.nodes[n].get("signed", "")))
        if node.startswith("agreements/")
    ]
    assert rows == sorted(rows), "by the day, downwards"
    crossing = [(by_distance[a][1] - by_distance[b][1]) for a, b in network.edges() if b != "parties/HUB"]
    assert crossing == pytest.approx([0] * 7), "each partner beside its pact"


def test_turtle_of_a_part_has_no_edge_to_what_is_left_out():
    triples = star()
    whole = networks.project(triples, EDGES)
    turtle = networks.to_turtle(triples, whole, networks.of_kinds(whole, {"Agreement"})).decode()
    assert "hub-aaa" in turtle
    assert "party" not in turtle
