"""The W3C's test cases of the SPARQL 1.1 Protocol (its part on queries), and what else a request can get wrong.

Each case is written anew from the specification; the names are those of the W3C's manifest.
"""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote, urlencode

import httpx
import pytest
import raw_client

from api import connection

BINDINGS = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
DATA = "https://w3id.org/security-agreements/data/"
KYIV, PARIS = DATA + "places/kyiv", DATA + "places/paris"
NAMED = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def post(server, query: bytes | str, kind: str | None = DIRECT, params=(), **headers: str) -> httpx.Response:
    body = query.encode() if isinstance(query, str) else query
    given = {"Accept": "application/json", **headers} | ({"Content-Type": kind} if kind else {})
    return httpx.post(server.url + "/sparql", content=body, params=params, headers=given, timeout=30)


def asked(server, pairs: list[tuple[str, str]], way: str) -> httpx.Response:
    """The same question in each of the three ways of the protocol."""
    if way == "GET":
        return server.get("/sparql", params=pairs, headers={"Accept": "application/json"})
    if way == "form":
        return post(server, urlencode(pairs), FORM)
    query = next(value for name, value in pairs if name == "query")
    return post(server, query, params=[pair for pair in pairs if pair[0] != "query"])


def values(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [term["value"] for row in answer.json()["results"]["bindings"] for term in row.values()]


def refused(answer: httpx.Response, status: int, words: str = "") -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert words in problem["detail"]


WAYS = pytest.mark.parametrize("way", ["GET", "form", "direct"])


@WAYS
def test_query_get_query_post_form_query_post_direct(server, way):
    """query_get, query_post_form, query_post_direct."""
    assert asked(server, [("query", "ASK {}")], way).json()["boolean"] is True


@WAYS
def test_query_dataset_default_graph(server, way):
    """query_dataset_default_graph and _get, _post: the union is read no more."""
    one = int(values(asked(server, [("query", COUNT), ("default-graph-uri", KYIV)], way))[0])
    whole = int(values(asked(server, [("query", COUNT)], way))[0])
    assert 0 < one < whole


@WAYS
def test_query_dataset_default_graphs(server, way):
    """query_dataset_default_graphs_get, _post: their merge is the default graph."""
    two = [("default-graph-uri", KYIV), ("default-graph-uri", PARIS)]
    both = int(values(asked(server, [("query", COUNT), *two], way))[0])
    apart = [int(values(asked(server, [("query", COUNT), pair], way))[0]) for pair in two]
    assert max(apart) < both <= sum(apart)


@WAYS
def test_query_dataset_named_graphs(server, way):
    """query_dataset_named_graphs_get, _post: the default graph is empty beside them."""
    two = [("named-graph-uri", KYIV), ("named-graph-uri", PARIS)]
    assert values(asked(server, [("query", NAMED), *two], way)) == [KYIV, PARIS]
    assert values(asked(server, [("query", COUNT), *two], way)) == ["0"]


@WAYS
def test_query_dataset_full(server, way):
    """query_dataset_full: default and named graphs each for itself."""
    query = (
        "SELECT DISTINCT ?g ?k { { GRAPH ?g { ?s ?p ?o } } UNION { SELECT (COUNT(*) AS ?k) { ?s ?p ?o } } } ORDER BY ?g"
    )
    found = values(asked(server, [("query", query), ("default-graph-uri", KYIV), ("named-graph-uri", PARIS)], way))
    assert PARIS in found
    assert KYIV not in found
    assert 0 < int(next(value for value in found if value.isdecimal())) < 20


@WAYS
def test_query_multiple_dataset(server, way):
    """query_multiple_dataset: the protocol's dataset stands above the query's own."""
    query = f"SELECT DISTINCT ?g FROM NAMED <{KYIV}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert values(asked(server, [("query", query)], way)) == [KYIV]
    assert values(asked(server, [("query", query), ("named-graph-uri", PARIS)], way)) == [PARIS]


@WAYS
def test_a_graph_that_is_not_there_is_empty_and_fetches_nothing(server, way):
    for address in ("http://127.0.0.1:1/x", "file:///etc/passwd", "urn:x:none"):
        assert values(asked(server, [("query", COUNT), ("default-graph-uri", address)], way)) == ["0"]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("SELECT (1 AS ?value) {}", BINDINGS),
        ("ASK {}", BINDINGS),
        ("DESCRIBE <http://example.org/>", {"text/turtle"}),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}".replace("<s> <p>", "<x:s> <x:p>"), {"text/turtle"}),
    ],
)
def test_query_content_type(server, query, kinds):
    """query_content_type_select, _ask, _describe, _construct: a known media type though none was named."""
    answer = post(server, query, Accept="*/*")
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] in kinds


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_bad_query_method(server, method):
    answer = httpx.request(
        method, server.url + "/sparql", content=b"query=ASK%20%7B%7D", headers={"Content-Type": FORM}
    )
    refused(answer, 405, method)
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


@WAYS
def test_bad_multiple_queries(server, way):
    pairs = [("query", "ASK {}"), ("query", "SELECT * {}")]
    if way == "direct":
        refused(post(server, "ASK {}", params=[("query", "SELECT * {}")]), 400, "2 times")
    else:
        refused(asked(server, pairs, way), 400, "2 times")
    refused(post(server, urlencode(pairs[:1]), FORM, params=pairs[1:]), 400, "2 times")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/sparql", "application/json", "multipart/form-data; boundary=x"]
)
def test_bad_query_wrong_media_type(server, kind):
    refused(post(server, "ASK {}", kind), 415, kind.split(";")[0])


@pytest.mark.parametrize("body", ["query=ASK+%7B%7D", "ASK {}"])
def test_bad_query_missing_form_type_and_direct_type(server, body):
    refused(post(server, body, kind=None), 415, FORM)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (DIRECT + "; charset=UTF-16", "SELECT * {}".encode("utf-16")),
        (DIRECT, "SELECT * {}".encode("utf-16")),
        (FORM, b"query=ASK%20%7B%7D%23%ff"),
        (FORM, b"query=ASK%20%7B%7D%23%c3%28"),
        (FORM, b"query=\xff"),
        (DIRECT, b"ASK {} #\xed\xa0\x80"),
    ],
)
def test_bad_query_non_utf8(server, kind, body):
    answer = post(server, body, kind)
    refused(answer, 415 if "charset" in kind else 400, "UTF-8")


@WAYS
@pytest.mark.parametrize("query", ["ASK", "ASK { ?s ?p }", "SELECT nothing", "ASK { FILTER(", "FROG", "SELECT * {} }"])
def test_bad_query_syntax(server, way, query):
    answer = asked(server, [("query", query)], way)
    refused(answer, 400, "line 1, column")
    assert answer.json()["line"] == 1
    assert 1 <= answer.json()["column"] <= len(query) + 1


UPDATES = [
    "DROP ALL",
    "INSERT DATA { <a:a> <a:b> 1 }",
    "CLEAR DEFAULT",
    "LOAD <http://127.0.0.1:1/>",
    "DELETE WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("update", UPDATES)
def test_updates_are_refused_in_every_form(server, update):
    before = values(server.ask(COUNT))
    for way in ("GET", "form", "direct"):
        refused(asked(server, [("query", update)], way), 400, "update")
    refused(server.get("/sparql", params={"update": update}), 400, "read-only")
    refused(post(server, urlencode({"update": update}), FORM), 400, "read-only")
    refused(post(server, update, "application/sparql-update"), 415, "updates are refused")
    refused(post(server, "ASK {}", params={"using-graph-uri": KYIV}), 400, "read-only")
    refused(post(server, "ASK {}", params={"update": update}), 400, "read-only")
    assert values(server.ask(COUNT)) == before


@pytest.mark.parametrize(
    ("target", "status", "words"),
    [
        ("query=%", 400, "percent-encoding"),
        ("query=%Z1", 400, "percent-encoding"),
        ("query=ASK%7B%7D%2", 400, "percent-encoding"),
        ("%zz=1&query=ASK%7B%7D", 400, "percent-encoding"),
        ("query=%C3", 400, "UTF-8"),
        ("query=", 400, "no query"),
        ("query=+%0A", 400, "no query"),
        ("query", 400, "no query"),
        ("&&&", 400, "no query"),
        ("QUERY=ASK%7B%7D", 400, "no query"),
        ("query=ASK%7B%7D&format=csv&format=json", 400, "2 times"),
        ("query=ASK%7B%7D&default-graph-uri=", 400, "no absolute IRI"),
        ("query=ASK%7B%7D&named-graph-uri=rel", 400, "no absolute IRI"),
        ("query=ASK%7B%7D&default-graph-uri=a:b%20c", 400, "no absolute IRI"),
        ("query=ASK%7B%7D&default-graph-uri=http://%5B", 400, ""),
        ("query=ASK%7B%7D%00", 400, "line 1"),
        ("query=ASK%7B%7D&format=", 200, ""),
        ("query=ASK+%7B%7D&unknown=1&unknown=2", 200, ""),
        ("&&query=ASK%20%7B%7D&", 200, ""),
        ("query=ASK%7b%7d", 200, ""),
    ],
)
def test_addresses(server, target, status, words):
    answer = raw_client.send(server.url, raw_client.request("GET", "/sparql?" + target))
    assert answer.status == status, answer.body
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert words in json.loads(answer.body)["detail"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "US-ASCII", "utf8"])
@pytest.mark.parametrize("kind", [DIRECT, FORM])
def test_a_charset_that_is_utf8_is_fine(server, kind, charset):
    body = "ASK {}" if kind == DIRECT else "query=ASK+%7B%7D"
    assert post(server, body, f"{kind} ; charset={charset}").status_code == 200


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "x"])
def test_another_charset_is_refused(server, charset):
    refused(post(server, "ASK {}", f"{DIRECT}; charset={charset}"), 415, charset)


@pytest.mark.parametrize("kind", [DIRECT, FORM])
def test_an_empty_body_has_no_query(server, kind):
    refused(post(server, b"", kind), 400, "no query")


def test_a_body_of_a_get_means_nothing(server):
    answer = raw_client.send(
        server.url, raw_client.request("GET", "/sparql?query=ASK%7B%7D", b"query=DROP+ALL", Content_Type=FORM)
    )
    assert (answer.status, json.loads(answer.body)["boolean"]) == (200, True)
    answer = raw_client.send(server.url, raw_client.request("GET", "/sparql", b"query=ASK%7B%7D", Content_Type=FORM))
    assert answer.status == 400


def test_a_compressed_body_is_refused_before_it_is_read(server):
    bomb = gzip.compress(b" " * 50_000_000)
    answer = post(server, bomb, **{"Content-Encoding": "gzip"})
    refused(answer, 415, "gzip")
    assert answer.headers["accept-encoding"] == "identity"


def test_bodies_up_to_the_limit_and_over_it(server):
    pad = 64 * 1024 - len("ASK {} #")
    assert post(server, "ASK {} #" + "x" * pad).status_code == 200
    refused(post(server, "ASK {} #" + "x" * (pad + 1)), 413, "65,536")
    assert post(server, "query=" + quote("ASK {} #" + "é" * (pad // 2)), FORM).status_code == 200
    refused(post(server, "query=" + "+" * 400_000, FORM), 413, "65,536")


def test_a_told_length_over_the_limit_is_refused_unread(server):
    head = raw_client.request("POST", "/sparql", Content_Type=DIRECT, Content_Length="99999999999")
    answer = raw_client.send(server.url, head + b"ASK")
    assert answer.status == 413


@pytest.mark.parametrize("chunk", [b"5\r\nASK {\r\n1\r\n}\r\n0\r\n\r\n", b"7\r\nASK {}\n\r\n0\r\n\r\n"])
def test_a_chunked_body(server, chunk):
    head = raw_client.request("POST", "/sparql", Content_Type=DIRECT, Transfer_Encoding="chunked")
    assert raw_client.send(server.url, head + chunk).status == 200


def test_a_long_get(server):
    """The parser of addresses counts in 16 bits; what is longer gets a problem document."""
    start = "/sparql?query=ASK%7B%7D%23"
    whole = start + "x" * (connection.MOST_BYTES - len(start))
    assert raw_client.send(server.url, raw_client.request("GET", whole)).status == 200
    assert raw_client.send(server.url, raw_client.request("GET", whole + "x")).status == 414
    for data, status in (
        (raw_client.request("GET", "/sparql?query=" + "x" * 300_000), 414),
        (raw_client.request("GET", "/sparql?query=ASK%7B%7D", X_Long="x" * 300_000), 431),
        (raw_client.request("GET", "/sparql?query=ASK%7B%7D", **{f"X-{n}": "x" * 1_000 for n in range(300)}), 431),
        (b"GET /sparql?query=" + b"x" * 700_000, 414),
        (b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 700_000, 431),
    ):
        answer = raw_client.send(server.url, data)
        assert answer.status == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.loads(answer.body)["status"] == status


@pytest.mark.parametrize(
    "data", [b"GARBAGE\r\n\r\n", b"GET /sparql?query=\xff HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01"]
)
def test_what_is_no_http_gets_a_problem_document(server, data):
    with raw_client.connect(server.url) as line:
        line.sendall(data)
        answer = raw_client.reply(line)
    assert answer.status == 400
    assert json.loads(answer.body)["status"] == 400


def test_a_client_that_leaves_in_mid_body_leaves_no_trace_in_the_log(server):
    with raw_client.connect(server.url) as line:
        line.sendall(raw_client.request("POST", "/sparql", Content_Type=DIRECT, Content_Length="100") + b"ASK")
    assert values(server.ask("SELECT (1 AS ?x) {}")) == ["1"]
