"""Networks over an invented world: nothing here names a class or a property of the product."""

from __future__ import annotations

import csv
import io
import json
from itertools import combinations
from math import hypot

import networkx as nx
import pytest

from kg import network as networks
from kg.errors import AnswerUnwritable
from kg.names import BASE

SA = BASE + "ontology#"
EDGES = frozenset((SA + "party", SA + "furthers"))
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
COUNTRIES = ("Aland", "Borduria", "Carpania", "Drusselstein", "Elbonia", "Freedonia", "Genovia")


def thing(iri, class_name, label, *more):
    subject = f"<{BASE}{iri}>"
    own = [f"{subject} {TYPE} <{SA}{class_name}> .", f'{subject} {LABEL} "{label}"@en .']
    return own + [f"{subject} {triple} ." for triple in more]


def statement(iri, source, target, *more):
    """An edge that has something to say of itself."""
    ends = {"subject": f"{BASE}{source}", "predicate": f"{SA}holder", "object": f"{BASE}{target}"}
    subject = f"<{BASE}{iri}>"
    own = [f"{subject} {TYPE} <{RDF}Statement> ."] + [
        f"{subject} <{RDF}{end}> <{value}> ." for end, value in ends.items()
    ]
    return own + [f"{subject} {triple} ." for triple in more]


def star(count=7):
    """One hub, ``count`` pacts around it, and the other party of each."""
    lines = thing("parties/HUB", "Country", "Hub")
    for place, name in enumerate(COUNTRIES[:count]):
        code = name[0] * 3
        lines += thing(f"parties/{code}", "Country", name)
        lines += thing(
            f"agreements/hub-{code.lower()}",
            "Agreement",
            f"Pact of lasting friendship between the Hub and {name}",
            f'<{SA}signed> "2020-01-{20 - place:02}"^^<{XSD}date>',
            f"<{SA}party> <{BASE}parties/HUB>",
            f"<{SA}party> <{BASE}parties/{code}>",
        )
    return "\n".join(lines).encode()


@pytest.fixture
def network():
    return networks.project(star(), EDGES)


def one(*triples, **options):
    """The attributes of ``parties/AAA`` in a graph of these triples about it."""
    lines = [f"<{BASE}parties/AAA> {triple} ." for triple in triples]
    return networks.project("\n".join(lines).encode(), EDGES, **options).nodes["parties/AAA"]


def test_a_node_has_id_iri_kind_and_label(network):
    assert network.nodes["parties/AAA"] == {"iri": BASE + "parties/AAA", "kind": "Country", "label": "Aland"}


def test_an_edge_has_the_name_of_its_property(network):
    found = {(s, data["kind"], t) for s, t, data in network.edges(data=True)}
    assert ("agreements/hub-aaa", "party", "parties/AAA") in found
    assert len(found) == 14


def test_literals_become_attributes(network):
    assert network.nodes["agreements/hub-aaa"]["signed"] == "2020-01-20"


def test_numbers_stay_numbers_and_several_values_are_joined():
    data = one(f'<{SA}size> "7"^^<{XSD}integer>', f'<{SA}note> "b"', f'<{SA}note> "a"', f'<{LABEL[1:-1]}> "Ало"@uk')
    assert (data["size"], data["note"], data["label_uk"], data["label"]) == (7, "a; b", "Ало", "parties/AAA")


def test_a_link_that_is_no_edge_is_an_attribute():
    assert one(f"<{SA}place> <{BASE}places/x>")["place"] == "places/x"


def test_a_property_cannot_take_the_place_of_a_kind():
    data = one(f"{TYPE} <{SA}Country>", f'<{SA}kind> "odd"')
    assert (data["kind"], data["kind_"]) == ("Country", "odd")


def test_of_several_types_the_callers_order_decides():
    types = (f"{TYPE} <{SA}Party>", f"{TYPE} <{SA}Country>")
    assert one(*types)["kind"] == "Country"
    assert one(*types, classes=[SA + "Party", SA + "Country"])["kind"] == "Party"


def test_a_thing_without_a_type_is_a_resource():
    assert one(f'{LABEL} "x"@en')["kind"] == "Resource"


def test_a_thing_elsewhere_keeps_its_iri():
    found = networks.project(f"<https://example.org/a> <{SA}party> <{BASE}parties/AAA> .".encode(), EDGES)
    assert list(found) == ["https://example.org/a", "parties/AAA"]


def test_a_blank_node_is_refused():
    with pytest.raises(AnswerUnwritable, match="blank node"):
        networks.project(f"_:x <{SA}party> <{BASE}parties/AAA> .".encode(), EDGES)


def test_what_is_no_ntriples_is_refused():
    with pytest.raises(SyntaxError):
        networks.project(b"nonsense", EDGES)


def test_an_empty_graph_is_an_empty_network():
    empty = networks.project(b"", EDGES)
    assert (len(empty), networks.layout(empty), networks.measures(empty)) == (0, {}, [])
    assert b'<graph edgedefault="directed" />' in networks.to_graphml(empty, {})


def test_the_order_of_triples_makes_no_difference():
    turned = b"\n".join(reversed(star().splitlines()))
    first, second = (networks.project(triples, EDGES) for triples in (star(), turned))
    for write in networks.WRITERS.values():
        assert write(first, networks.layout(first)) == write(second, networks.layout(second))


def test_measures(network):
    first, *others = networks.measures(network)
    assert (first.id, first.label, first.degree, first.component) == ("parties/HUB", "Hub", 7, 1)
    assert first.betweenness == pytest.approx(84 / 91, abs=1e-6)
    assert {row.degree for row in others} == {1, 2}


def test_components_are_numbered_by_size():
    lone = b"\n".join((star(), *(line.encode() for line in thing("parties/ZZZ", "Country", "Zubrowka"))))
    rows = networks.measures(networks.project(lone, EDGES))
    assert {row.component for row in rows if row.id == "parties/ZZZ"} == {2}
    assert {row.component for row in rows if row.id != "parties/ZZZ"} == {1}


def test_a_star_gets_rings_clockwise_by_date(network):
    positions = networks.layout(network)
    assert positions["parties/HUB"] == (0, 0)
    radii = {round(hypot(*positions[node]), 2) for node in network if node.startswith("agreements/")}
    assert radii == {0.5}
    assert positions["agreements/hub-ggg"] == (0, -0.5), "the oldest stands on top"
    assert positions["agreements/hub-fff"][0] > 0, "the next follows clockwise"
    assert positions["parties/GGG"] == (0, -1), "a partner stands outside its pact"


def test_a_second_hub_stands_inside_the_first_ring():
    lines = thing("instruments/mandate", "Instrument", "Mandate")
    lines += [
        f"<{BASE}agreements/hub-{n[0].lower() * 3}> <{SA}furthers> <{BASE}instruments/mandate> ." for n in COUNTRIES
    ]
    network = networks.project(star() + b"\n" + "\n".join(lines).encode(), EDGES)
    positions = networks.layout(network, form=networks.Form("parties/HUB"))
    assert positions["parties/HUB"] == (0, 0)
    assert hypot(*positions["instruments/mandate"]) == pytest.approx(0.25, abs=0.001)


@pytest.mark.parametrize(
    "shape", [nx.cycle_graph(12), nx.complete_graph(8), nx.disjoint_union(nx.path_graph(6), nx.path_graph(3))]
)
def test_other_networks_fill_the_square_without_two_nodes_in_one_place(shape):
    lines = [f"<{BASE}parties/{s}> <{SA}party> <{BASE}parties/{t}> ." for s, t in shape.edges()]
    network = networks.project("\n".join(lines).encode(), EDGES)
    positions = networks.layout(network)
    assert positions == networks.layout(network)
    assert list(positions) == sorted(network)
    assert max(abs(value) for point in positions.values() for value in point) == pytest.approx(1)
    assert all(hypot(a[0] - b[0], a[1] - b[1]) > 0.05 for a, b in combinations(positions.values(), 2))


def wheel(count):
    lines = [f"<{BASE}parties/{n}> <{SA}party> <{BASE}parties/{(n + 1) % count}> ." for n in range(count)]
    return networks.project("\n".join(lines).encode(), EDGES)


def test_above_the_limit_igraph_lays_out_the_same_way_each_time(monkeypatch):
    pytest.importorskip("igraph")
    monkeypatch.setattr("kg.network.forces.MOST_BY_FORCE", 150)
    positions = networks.layout(wheel(200))
    assert positions == networks.layout(wheel(200))
    assert len(set(positions.values())) == 200


def test_above_the_limit_without_igraph_nodes_stand_on_a_circle(monkeypatch):
    monkeypatch.setattr("kg.network.forces.MOST_BY_FORCE", 150)
    monkeypatch.setattr("kg.network.forces.find_spec", lambda name: None)
    positions = networks.layout(wheel(200))
    assert all(hypot(*point) == pytest.approx(1, abs=0.02) for point in positions.values())


def test_graphml_read_again_is_the_same_network(network):
    positions = networks.layout(network)
    again = nx.parse_graphml(networks.to_graphml(network, positions).decode(), force_multigraph=True)
    assert again.is_directed()
    assert {node: (data.pop("x"), data.pop("y")) for node, data in again.nodes(data=True)} == positions
    assert dict(again.nodes(data=True)) == dict(network.nodes(data=True))
    assert {(s, t, k, d["kind"]) for s, t, k, d in again.edges(keys=True, data=True)} == {
        (s, t, k, d["kind"]) for s, t, k, d in network.edges(keys=True, data=True)
    }


def test_graphml_takes_what_xml_and_graphml_cannot_hold(network):
    network.nodes["parties/AAA"].update(label="a\x00b", missing=None, several=["x", "y"])
    again = nx.parse_graphml(networks.to_graphml(network, networks.layout(network)).decode())
    assert again.nodes["parties/AAA"]["label"] == "a\ufffdb"
    assert "missing" not in again.nodes["parties/AAA"]


def test_json_read_again_is_the_same_network(network):
    data = json.loads(networks.to_json(network, networks.layout(network)))
    again = nx.node_link_graph(data, edges="edges")
    assert set(again.edges(keys=True)) == set(network.edges(keys=True))
    assert again.nodes["parties/AAA"]["label"] == "Aland"


def test_gexf_can_be_read_and_holds_no_day(network):
    written = networks.to_gexf(network, networks.layout(network))
    assert b"lastmodified" not in written
    assert len(nx.read_gexf(io.BytesIO(written))) == len(network)


def test_csv_has_a_row_for_each_edge(network):
    header, *rows = csv.reader(io.StringIO(networks.to_csv(network).decode()))
    assert header == [
        *("source", "source_label", "kind", "target", "target_label"),
        *("source_kind", "source_signed", "target_kind"),
    ]
    pact = "Pact of lasting friendship between the Hub and Aland"
    assert ["agreements/hub-aaa", pact, "party", "parties/AAA", "Aland", "Agreement", "2020-01-20", "Country"] in rows
    assert len(rows) == 14
