"""The SPARQL 1.1 Protocol as a client meets it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import httpx
import pytest
import rdflib

from kg import catalogue, paths

# The set of twenty stays at twenty, however many agreements follow.
COUNT = (
    "SELECT (COUNT(?a) AS ?n) { <https://w3id.org/security-agreements/sets/twenty-2024-06-27> "
    "<https://w3id.org/security-agreements/ontology#member> ?a }"
)
SOME = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/security-agreements/ontology#Place> ; ?p ?o }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def number(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]["bindings"][0]["n"]["value"]


def test_get(server):
    assert number(server.ask(COUNT)) == "20"


def test_post_form(server):
    assert (
        number(httpx.post(server.url + "/sparql", data={"query": COUNT}, headers={"Accept": "application/json"}))
        == "20"
    )


def test_post_direct(server):
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/json"}
    assert number(httpx.post(server.url + "/sparql", content=COUNT.encode(), headers=headers)) == "20"


@pytest.mark.parametrize(
    ("accept", "content_type", "begin"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", b"{"),
        ("text/csv", "text/csv; charset=utf-8", b"n\r\n20"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?n\n20"),
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
    ],
)
def test_formats_of_bindings(server, accept, content_type, begin):
    answer = server.ask(COUNT, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.content.startswith(begin)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_formats_of_triples(server, accept, form):
    answer = server.ask(SOME, accept)
    assert answer.headers["content-type"].startswith(accept)
    assert len(rdflib.Graph().parse(data=answer.content, format=form)) > 20


def test_format_by_name(server):
    assert server.get("/sparql", params={"query": COUNT, "format": "csv"}).content == b"n\r\n20\r\n"


def test_head_and_options(server):
    head = httpx.head(server.url + "/sparql", params={"query": COUNT})
    assert (head.status_code, head.content) == (200, b"")
    options = httpx.options(server.url + "/sparql")
    assert options.status_code == 204
    assert options.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/", "/agreements", "/tables/agreements.csv", "/networks/ukraine-twenty", "/health/ready"]
)
def test_head_on_every_route(server, path):
    head, get = httpx.head(server.url + path), server.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


def test_a_page_in_place_of_an_answer_varies_by_accept(server):
    assert "Accept" in server.get("/sparql", headers={"Accept": BROWSER}).headers["vary"]


def test_a_browser_gets_a_page(server):
    page = server.get("/sparql", headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert "<textarea" in page.text


def test_a_browser_that_follows_a_link_to_a_query_gets_its_answer_as_a_page(server):
    answer = server.get("/sparql", params={"query": COUNT}, headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "<td" in answer.text
    assert "20" in answer.text


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ({"params": {}}, 400, "no query"),
        ({"params": [("query", COUNT), ("query", COUNT)]}, 400, "2 times"),
        ({"params": {"query": "SELECT ?x WHERE { ?x ?y }"}}, 400, "line 1, column"),
        ({"params": {"query": "DELETE WHERE { ?s ?p ?o }"}}, 400, "update"),
        ({"params": {"update": "DROP ALL"}}, 400, "read-only"),
        ({"params": {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}}, 400, "SERVICE"),
        ({"params": {"query": COUNT, "default-graph-uri": "not an iri"}}, 400, "no absolute IRI"),
        ({"params": {"query": COUNT, "format": "cvs"}}, 400, "did you mean 'csv'?"),
        ({"params": {"query": COUNT}, "headers": {"Accept": "image/png"}}, 406, "fits no format"),
        ({"params": {"query": COUNT}, "headers": {"Accept": "text/turtle"}}, 406, "fits no format"),
    ],
)
def test_refusals_say_what_is_wrong(server, options, status, words):
    answer = server.get("/sparql", **options)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("query=%ZZ", 400, "percent-encoding"), ("query=ASK%20%7B%FF%7D", 400, "not UTF-8")],
)
def test_bad_encoding(server, address, status, words):
    answer = httpx.get(f"{server.url}/sparql?{address}")
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/sparql-update", b"DROP ALL", 415),
        ("text/plain", COUNT.encode(), 415),
        ("application/sparql-query", b"\xff\xfe", 400),
        ("application/sparql-query", b"ASK { ?s ?p ?o } #" + b"x" * 70_000, 413),
        ("application/sparql-query", b"x" * 600_000, 413),
        ("application/x-www-form-urlencoded", b"update=DROP+ALL", 400),
    ],
)
def test_bad_bodies(server, kind, body, status):
    answer = httpx.post(server.url + "/sparql", content=body, headers={"Content-Type": kind}, timeout=30)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods(server, method):
    answer = httpx.request(method, server.url + "/sparql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_dataset_of_the_protocol(server):
    graph = "https://w3id.org/security-agreements/data/places/kyiv"
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    one = number(server.get("/sparql", params={"query": query, "default-graph-uri": graph}))
    whole = number(server.ask(query))
    assert 0 < int(one) < 10 < int(whole)
    assert number(server.ask(f"SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}")) == one
    assert number(server.ask(f"SELECT (COUNT(*) AS ?n) FROM NAMED <{graph}> {{ ?s ?p ?o }}")) == "0"


def test_the_catalogue_over_the_set(server):
    query = catalogue.find(paths.queries(), "examples", "how-many-of-the-twenty")
    rows = list(csv.reader(io.StringIO(server.ask(query.body, "text/csv").text)))
    assert "20" in rows[1]


def test_tables_match_the_command_line(server):
    answer = server.get("/tables/agreements.csv")
    written = next(Path(server.snapshots).glob("*/tables/agreements.csv")).read_bytes()
    assert answer.content == written
