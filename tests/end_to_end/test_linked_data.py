"""Linked data over a real server: a client follows names, forms and descriptions by HTTP alone."""

from __future__ import annotations

import concurrent.futures
import json
import time

import pytest
import rdflib
from rdflib import RDF, SKOS, Graph, URIRef

from kg.names import BASE, SA


def at(server, iri):
    """The address where the server answers for a permanent name, as the redirect at w3id.org gives it."""
    return f"{server.url}/{iri.removeprefix(BASE)}"


def test_a_crawler_goes_from_an_agreement_to_its_parties_and_topics(server):
    start = f"{BASE}agreements/ukr-ltu-2024"
    graph = Graph().parse(at(server, start))
    seen = set()
    for path in (SA.party, SA.onBehalfOf, SA.topic, SA.obligor, SA.source):
        for thing in list(graph.objects(None, path))[:3]:
            found = Graph().parse(at(server, str(thing)))
            assert (URIRef(thing), None, None) in found
            seen.add(str(thing).removeprefix(BASE).split("/")[0])
    assert {"parties", "schemes", "sources"} <= seen
    assert len(graph) > 500


def test_the_json_ld_of_a_record_reads_with_the_context_of_the_server(server):
    tree = server.get("/parties/LTU.jsonld").json()
    context = server.get("/context.jsonld").json()
    parsed = Graph().parse(data=json.dumps({**tree, **context}), format="json-ld")
    turtle = Graph().parse(data=server.get("/parties/LTU.ttl").text, format="turtle")
    assert set(parsed) == set(turtle)


def test_rdflib_reads_a_graph_by_the_graph_store_protocol(server):
    given = server.get("/graphs", params={"graph": f"{BASE}data/parties/LTU"}, headers={"Accept": "text/turtle"})
    stored = server.ask(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}data/parties/LTU> {{ ?s ?p ?o }} }}", "text/turtle"
    )
    assert set(Graph().parse(data=given.text)) == set(Graph().parse(data=stored.text))


def test_the_default_graph_streams_whole(server):
    given = server.get("/graphs?default", headers={"Accept": "application/n-triples"})
    count = server.ask("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").json()["results"]["bindings"][0]["n"]["value"]
    assert given.text.count("\n") == int(count)


def test_a_client_finds_the_endpoint_by_its_description(server):
    graph = Graph().parse(f"{server.url}/sparql")
    service = graph.value(
        predicate=RDF.type, object=rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#Service")
    )
    assert service is not None
    void = Graph().parse(f"{server.url}/.well-known/void")
    assert (URIRef(BASE), None, None) in void


def test_resources_are_answered_beside_a_heavy_query(server):
    cross = "SELECT (COUNT(*) AS ?n) { ?w ?o ?r . ?l ?d ?w2 . ?i ?d2 ?e . ?x ?y ?z }"
    with concurrent.futures.ThreadPoolExecutor() as pool:
        heavy = pool.submit(server.ask, cross)
        time.sleep(0.3)
        for path in ("/parties/POL.ttl", "/parties/POL.jsonld", "/parties/POL.csv", "/officials/petr-fiala.html"):
            assert server.get(path).status_code == 200
        assert not heavy.done()
        assert heavy.result().status_code == 503


@pytest.mark.parametrize("path", ["/parties/LTU", "/schemes/topic", "/agreements/ukr-ltu-2024"])
def test_a_name_asked_for_again_has_not_changed(server, path):
    for accept in ("text/turtle", "application/ld+json", "text/html"):
        first = server.get(path, headers={"Accept": accept})
        again = server.get(path, headers={"Accept": accept, "If-None-Match": first.headers["etag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        assert server.get(path, headers={"Accept": accept}).content == first.content


def test_labels_of_a_scheme_are_in_both_languages(server):
    graph = Graph().parse(f"{server.url}/schemes/topic")
    topics = set(graph.subjects(SKOS.inScheme))
    assert len(topics) > 20
    assert all({label.language for label in graph.objects(topic, SKOS.prefLabel)} == {"en", "uk"} for topic in topics)
