"""Reads by the Graph Store Protocol; writes are refused."""

from __future__ import annotations

import pytest
from rdflib import Dataset, Graph, URIRef
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from kg import formats
from kg.formats import Content
from kg.names import GRAPHS

ALAND = f"{GRAPHS}parties/AAA"
RDF = formats.holding(Content.GRAPH, Content.DATASET)
PARSERS = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}


@pytest.fixture(scope="module")
def client(world_snapshot):
    with TestClient(create_app(Settings(snapshots=world_snapshot.folder.parent))) as made:
        yield made


def triples(response, form):
    return len(Dataset(default_union=True).parse(data=response.text, format=PARSERS.get(form.name, form.name)))


@pytest.mark.parametrize("form", RDF, ids=lambda form: form.name)
def test_a_graph_comes_in_every_format_and_is_the_same(client, form):
    given = client.get("/graphs", params={"graph": ALAND}, headers={"Accept": form.media_type})
    assert (given.status_code, given.headers["content-type"]) == (200, form.content_type)
    assert "Accept" in given.headers["vary"]
    direct = client.get("/data/parties/AAA", headers={"Accept": form.media_type})
    assert direct.status_code == 200
    queried = client.get(
        "/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{ALAND}> {{ ?s ?p ?o }} }}"}
    )
    count = int(queried.json()["results"]["bindings"][0]["n"]["value"])
    assert triples(given, form) == triples(direct, form) == count


@pytest.mark.parametrize(("suffix", "parser"), [("nq", "nquads"), ("trig", "trig")])
def test_quads_of_a_graph_name_it(client, suffix, parser):
    parsed = Dataset().parse(data=client.get(f"/data/parties/AAA.{suffix}").text, format=parser)
    assert {str(graph.identifier) for graph in parsed.graphs() if len(graph)} == {ALAND}


def test_the_default_graph_is_what_queries_see(client, world_snapshot):
    given = client.get("/graphs?default", headers={"Accept": "application/n-triples"})
    assert len(set(given.text.splitlines())) == world_snapshot.quads


def test_a_graph_nobody_made_is_not_found_and_near_ones_are_named(client):
    given = client.get("/graphs", params={"graph": f"{GRAPHS}parties/AAB"})
    assert given.status_code == 404
    assert ALAND in given.json()["near"]
    assert client.head("/graphs", params={"graph": f"{GRAPHS}parties/AAB"}).status_code == 404
    assert client.get("/data/parties/AAB.ttl").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/graphs?default", f"/graphs?graph={ALAND}", "/data/parties/AAA", "/data/new"])
def test_writes_are_refused(client, method, address):
    given = client.request(method, address, content=b"")
    assert given.status_code == 405
    assert given.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?default&graph=http://a/",
        "?graph=http://a/&graph=http://b/",
        "?graph=no iri",
        "?default=1",
        "?graf=http://a/",
        "?graph=http://a/> {} }",
    ],
)
def test_what_is_no_request_for_one_graph_is_refused(client, query):
    assert client.get(f"/graphs{query}").status_code == 400


def test_head_tells_no_length_that_get_would_not_have(client):
    plain = {"Accept": "text/turtle", "Accept-Encoding": "identity"}
    head, get = (client.request(method, "/graphs?default", headers=plain) for method in ("HEAD", "GET"))
    assert head.headers.get("content-length") in (None, str(len(get.content)))
    assert "Accept-Encoding" in head.headers["vary"]


def test_head_has_no_body_and_asks_for_nothing_large(client):
    given = client.head("/graphs?default", headers={"Accept": "text/turtle"})
    assert (given.status_code, given.content) == (200, b"")
    assert given.headers["content-type"].startswith("text/turtle")


def test_what_fits_no_format_is_406(client):
    assert client.get("/graphs?default", headers={"Accept": "image/png"}).status_code == 406


def test_a_browser_at_a_graph_is_led_to_the_record(client):
    given = client.get("/data/parties/AAA", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (given.status_code, given.headers["location"]) == (303, "/parties/AAA")


def test_the_ontology_is_a_graph_too(client):
    parsed = Graph().parse(data=client.get("/data/ontology.ttl").text, format="turtle")
    assert (URIRef("https://w3id.org/security-agreements/ontology"), None, None) in parsed
