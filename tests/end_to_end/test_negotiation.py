"""Which format comes for which Accept header, over the wire: forms × media types × weights × wildcards × names."""

from __future__ import annotations

import httpx
import pytest
import raw_client

from kg import formats
from kg.formats import Content, Format

SELECT = "SELECT ?s { ?s a <https://w3id.org/security-agreements/ontology#Place> } LIMIT 2"
QUERIES = {
    "SELECT": SELECT,
    "ASK": "ASK {}",
    "CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 2",
    "DESCRIBE": "DESCRIBE <https://w3id.org/security-agreements/places/kyiv>",
}
BINDINGS = formats.holding(Content.BINDINGS)
GRAPH = formats.holding(Content.GRAPH, Content.DATASET)
ALIASES = {
    "application/json": ("application/sparql-results+json", "application/ld+json"),
    "application/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/plain": ("application/n-triples",),
    "application/x-turtle": ("text/turtle",),
    "application/turtle": ("text/turtle",),
    "text/n3": ("text/turtle",),
}
# Names that mean one format for bindings and another for triples, and those of the libraries.
NAMES = [
    ("SELECT", "xml", "application/sparql-results+xml"),
    ("CONSTRUCT", "xml", "application/rdf+xml"),
    ("CONSTRUCT", "json", "application/ld+json"),
    ("CONSTRUCT", "json-ld", "application/ld+json"),
    ("CONSTRUCT", "rdf+xml", "application/rdf+xml"),
    ("CONSTRUCT", "n3", "text/turtle"),
    ("DESCRIBE", "TTL", "text/turtle"),
    ("ASK", "srx", "application/sparql-results+xml"),
    ("SELECT", "text/csv", "text/csv"),
    ("SELECT", "application/json", "application/sparql-results+json"),
    ("CONSTRUCT", "application/ld+json,application/x-json+ld", "application/ld+json"),
]


def fitting(form: str) -> tuple[Format, ...]:
    return BINDINGS if form in ("SELECT", "ASK") else GRAPH


def ask(server, form: str, accept: str | None, **more: str) -> httpx.Response:
    headers = {"Accept": accept} if accept is not None else {}
    with httpx.Client(timeout=30) as client:
        client.headers.pop("accept")
        return client.get(server.url + "/sparql", params={"query": QUERIES[form], **more}, headers=headers)


def got(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert "accept" in answer.headers["vary"].lower()
    return answer.headers["content-type"].split(";")[0]


FORMS = pytest.mark.parametrize("form", QUERIES)


@FORMS
@pytest.mark.parametrize("wish", formats.FORMATS, ids=lambda wish: wish.name)
def test_every_media_type_for_every_form(server, form, wish):
    answer = ask(server, form, wish.media_type)
    if wish in fitting(form):
        assert answer.headers["content-type"] == wish.content_type
    else:
        assert answer.status_code == 406
        assert all(other.media_type in answer.json()["detail"] for other in fitting(form))


@FORMS
@pytest.mark.parametrize("wish", formats.FORMATS, ids=lambda wish: wish.name)
def test_a_format_by_name_stands_above_the_header(server, form, wish):
    answer = ask(server, form, "image/png", format=wish.name)
    if wish in fitting(form):
        assert got(answer) == wish.media_type
    elif form in ("CONSTRUCT", "DESCRIBE") and wish.name in ("json", "xml"):
        assert got(answer) in ("application/ld+json", "application/rdf+xml")
    else:
        assert answer.status_code == 406
        assert wish.name in answer.json()["detail"]


@pytest.mark.parametrize(("form", "name", "want"), NAMES)
def test_names_of_libraries(server, form, name, want):
    assert got(ask(server, form, "image/png", format=name)) == want


@pytest.mark.parametrize("names", [["csv", "csv"], ["csv", "text/csv"], ["csv", ""], ["", "CSV"]])
def test_several_names_of_one_format(server, names):
    pairs = [("query", SELECT), *(("format", name) for name in names)]
    assert got(server.get("/sparql", params=pairs)) == "text/csv"


def test_names_of_two_formats_are_refused(server):
    answer = server.get("/sparql", params=[("query", SELECT), ("format", "csv"), ("format", "json")])
    assert answer.status_code == 400
    assert "2 times" in answer.json()["detail"]


@FORMS
@pytest.mark.parametrize("alias", ALIASES)
def test_aliases(server, form, alias):
    answer = ask(server, form, alias)
    wanted = {wish.media_type for wish in fitting(form)}.intersection(ALIASES[alias])
    if wanted:
        assert {got(answer)} == wanted
    else:
        assert answer.status_code == 406


@FORMS
@pytest.mark.parametrize("accept", [None, "", "*/*", "*/*;q=0.1", "image/png, */*;q=0.01", "application/*", ",, */*"])
def test_the_first_format_is_the_default(server, form, accept):
    want = fitting(form)[0]
    if accept == "application/*" and form in ("CONSTRUCT", "DESCRIBE"):
        want = next(wish for wish in GRAPH if wish.media_type.startswith("application/"))
    assert got(ask(server, form, accept)) == want.media_type


@pytest.mark.parametrize(
    ("form", "accept", "want"),
    [
        ("SELECT", "text/csv;q=0.2, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("SELECT", "text/*;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        ("SELECT", "*/*;q=0.5, application/sparql-results+json;q=0.1", "text/csv"),
        ("SELECT", "application/sparql-results+json;q=0, */*", "text/csv"),
        ("SELECT", "TEXT/CSV;Q=1.000", "text/csv"),
        ("SELECT", "text/csv ; q=0.5 , text/tab-separated-values ; q=0.6", "text/tab-separated-values"),
        ("CONSTRUCT", "application/rdf+xml, text/turtle;q=0.9", "application/rdf+xml"),
        ("CONSTRUCT", "application/trig;q=0.3, application/n-quads;q=0.4", "application/n-quads"),
        ("CONSTRUCT", "text/html;q=0.1, text/turtle;q=0.2", "text/turtle"),
        ("DESCRIBE", "application/sparql-results+json, application/ld+json;q=0.1", "application/ld+json"),
        ("ASK", "text/turtle, text/csv;q=0.001", "text/csv"),
    ],
)
def test_weights(server, form, accept, want):
    assert got(ask(server, form, accept)) == want


@FORMS
@pytest.mark.parametrize(
    "accept", ["image/png", "text/csv;q=0, text/turtle;q=0", "*/*;q=0", "text", "/", "text/nothing"]
)
def test_nothing_fits(server, form, accept):
    answer = ask(server, form, accept)
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Accept" in answer.headers["vary"]


def test_several_accept_lines_are_one_list(server):
    """And the cache must not give the answer of one order for the other."""
    target = "/sparql?query=" + httpx.QueryParams({"q": SELECT + " # lines"})["q"].replace(" ", "+").replace("#", "%23")
    kinds = []
    for first, second in (
        ("text/csv;q=0.5", "application/sparql-results+xml"),
        ("text/csv", "application/sparql-results+xml;q=0.5"),
    ):
        head = raw_client.request("GET", target.replace("<", "%3C").replace(">", "%3E"), Accept=first)
        data = head.replace(b"\r\n\r\n", f"\r\nAccept: {second}\r\n\r\n".encode())
        answer = raw_client.send(server.url, data)
        assert answer.status == 200, answer.body
        kinds.append(answer.headers["content-type"].split(";")[0])
    assert kinds == ["application/sparql-results+xml", "text/csv"]
    alone = raw_client.send(
        server.url,
        raw_client.request(
            "GET", target.replace("<", "%3C").replace(">", "%3E"), Accept="application/sparql-results+xml;q=0.5"
        ),
    )
    assert alone.headers["content-type"] == "application/sparql-results+xml"


@FORMS
def test_head_has_the_headers_of_get_and_no_body(server, form):
    for wish in fitting(form):
        options = {"params": {"query": QUERIES[form]}, "headers": {"Accept": wish.media_type}, "timeout": 30}
        head = httpx.head(server.url + "/sparql", **options)
        get = httpx.get(server.url + "/sparql", **options)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "access-control-allow-origin"):
            assert head.headers[name] == get.headers[name]
    assert httpx.head(server.url + "/sparql", params={"query": "FROG"}).status_code == 400
    assert httpx.head(server.url + "/sparql", params={"query": "FROG"}).content == b""


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize(
    "path", ["/sparql?query=SELECT+*{?s+?p+?o}LIMIT+50", "/sparql?query=SELECT+*{?s+?p+?o}", "/agreements", "/"]
)
def test_head_before_any_get_has_its_validators(server, path, coding):
    """A cached GET answers HEAD for it; without one, HEAD told another coding and tag than GET then had."""
    told = {"Accept-Encoding": coding, "Accept-Language": f"en, x-{coding}"}
    head = httpx.head(server.url + path, headers=told, timeout=30)
    get = httpx.get(server.url + path, headers=told, timeout=30)
    for name in ("etag", "vary", "content-encoding", "content-type", "content-length"):
        assert head.headers.get(name) == get.headers.get(name), name


def test_options_and_a_preflight(server):
    asks = {"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for headers in ({}, {**asks, "Access-Control-Request-Headers": "content-type"}):
        answer = httpx.options(server.url + "/sparql", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert "Content-Type" in answer.headers["access-control-allow-headers"]
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("query", ["ASK {}", "FROG", ""])
def test_answers_and_refusals_may_be_read_from_elsewhere(server, query):
    answer = httpx.get(server.url + "/sparql", params={"query": query}, headers={"Origin": "http://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
