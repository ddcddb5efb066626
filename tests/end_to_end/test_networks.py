"""Networks over the real contents, by HTTP: parts of a view in every form."""

from __future__ import annotations

import csv
import io
import json
import re

import networkx as nx
import pytest

from kg import catalogue, paths

VIEWS = sorted(catalogue.of_kind(paths.queries(), "views"))
LITHUANIA = "parties/LTU"


def node_link(server, address):
    answer = server.get(address)
    assert answer.status_code == 200, answer.text
    return nx.node_link_graph(json.loads(answer.text), edges="edges")


def agreements(network):
    return sorted(node for node, data in network.nodes(data=True) if data["kind"] == "Agreement")


def test_there_are_six_views_and_more():
    assert len(VIEWS) >= 6


def test_nine_of_the_twenty_were_signed_by_the_first_of_may_2024(server):
    found = agreements(node_link(server, "/networks/ukraine-twenty.json?on=2024-05-01"))
    assert len(found) == 9
    signed = server.ask(
        "PREFIX sa: <https://w3id.org/security-agreements/ontology#> SELECT (COUNT(DISTINCT ?a) AS ?n) { "
        "<https://w3id.org/security-agreements/sets/twenty-2024-06-27> sa:member ?a . ?a sa:signed ?day "
        "FILTER (?day <= '2024-05-01'^^<http://www.w3.org/2001/XMLSchema#date>) }"
    ).json()
    assert signed["results"]["bindings"][0]["n"]["value"] == "9"


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_a_page_of_bearable_size_and_something_on_it(server, name):
    page = server.get(f"/networks/{name}")
    assert page.status_code == 200
    assert len(page.content) <= 150_000
    network = node_link(server, f"/networks/{name}.json")
    assert network.number_of_edges() >= 20
    assert f"/networks/{name}" in server.get("/networks").text


@pytest.mark.parametrize("name", VIEWS)
def test_every_form_shows_the_same_part(server, name):
    whole = node_link(server, f"/networks/{name}.json")
    days = re.findall(r'data-day="([0-9-]+)"', server.get(f"/networks/{name}").text)
    day = days[len(days) // 2]
    part = node_link(server, f"/networks/{name}.json?on={day}")
    assert 0 < part.number_of_edges() < whole.number_of_edges()
    gone = sorted(set(whole) - set(part))
    assert gone
    for suffix, count in (("graphml", b"<node "), ("gexf", b"<node "), ("svg", b'class="node"')):
        body = server.get(f"/networks/{name}.{suffix}?on={day}").content
        assert body.count(count) == len(part), suffix
    rows = list(csv.DictReader(io.StringIO(server.get(f"/networks/{name}.csv?on={day}").text)))
    assert len(rows) == part.number_of_edges()
    turtle = server.get(f"/networks/{name}.ttl?on={day}").text
    assert not [node for node in gone if re.search(rf"^<[^>]*/{re.escape(node)}> ", turtle, re.MULTILINE)]


def test_a_png_is_one_and_follows_the_part(server):
    pytest.importorskip("resvg_py")
    whole, part = (server.get(f"/networks/ukraine-twenty.png{wish}") for wish in ("", "?on=2024-05-01"))
    assert whole.headers["content-type"] == "image/png"
    assert whole.content[:8] == part.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert whole.content != part.content


def test_around_a_node_by_id_and_by_name(server):
    near = node_link(server, f"/networks/all-agreements.json?node={LITHUANIA}&radius=1")
    assert sorted(near) == ["agreements/ukr-ltu-2024", LITHUANIA]
    by_name = node_link(server, "/networks/all-agreements.json?node=lithuania&radius=2")
    assert set(by_name) == {*near, "parties/UKR"}


def test_kinds(server):
    found = node_link(server, "/networks/officials-and-signatures.json?kind=Official&kind=Agreement")
    assert {data["kind"] for _, data in found.nodes(data=True)} == {"Official", "Agreement"}
    assert {data["kind"] for _, _, data in found.edges(data=True)} == {"signatory"}


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/networks/nonsense", 404, "no view"),
        ("/networks/coalitions?kind=Iniative", 404, "Initiative"),
        ("/networks/coalitions?node=Lithuannia", 404, "Lithuania"),
        ("/networks/coalitions.pdf", 404, "no network format"),
        ("/networks/coalitions?on=May", 400, "2024-05-01"),
        ("/networks/coalitions?node=Lithuania&radius=9", 400, "1 or 2"),
        ("/networks/ukraine-twenty?node=Lithuania&on=2024-01-31", 404, "part of the network"),
    ],
)
def test_what_is_wrong_is_said(server, address, status, words):
    answer = server.get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, words in answer.text) == (status, True), answer.text


def test_only_the_bare_page_may_be_framed(server):
    bare = server.get("/networks/coalitions?embed=1")
    assert "frame-ancestors *" in bare.headers["content-security-policy"]
    assert "<nav" not in bare.text
    for path in ("/networks/coalitions", "/networks/coalitions.svg", "/networks", "/networks/coalitions/interactive"):
        assert "frame-ancestors 'none'" in server.get(path).headers["content-security-policy"]


def test_a_page_in_ukrainian_names_things_in_ukrainian(server):
    assert "Литва" in server.get("/uk/networks/coalitions").text
    assert "Lithuania" in server.get("/uk/networks/coalitions.csv").text, "files have one language"


def test_every_node_leads_to_a_page(server):
    nodes = {node for name in VIEWS for node in node_link(server, f"/networks/{name}.json")}
    chosen = sorted(nodes)[::12]
    answers = {node: server.get(f"/{node}", headers={"Accept": "text/html"}).status_code for node in chosen}
    assert set(answers.values()) == {200}, answers
