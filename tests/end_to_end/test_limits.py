"""What the service does when asked for too much: it refuses, says which limit, and goes on answering."""

from __future__ import annotations

import concurrent.futures
import socket
import time

import httpx
import pytest

from kg import catalogue, paths

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SMALL = (
    "SELECT ?l { <https://w3id.org/security-agreements/parties/LTU> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
)
# About 100 MB as JSON: every pair among some thousands of values.
LARGE = "SELECT ?a ?b { { SELECT ?a { ?s ?p ?a } LIMIT 1000 } { SELECT ?b { ?s ?p ?b } LIMIT 1000 } } LIMIT 700000"


def test_a_cross_product_ends_at_its_limit_while_small_queries_are_answered(server):
    with concurrent.futures.ThreadPoolExecutor() as pool, httpx.Client(base_url=server.url, timeout=30) as client:
        client.get("/sparql", params={"query": SMALL})
        began = time.monotonic()
        heavy = pool.submit(server.ask, CROSS)
        took = []
        while not heavy.done():
            start = time.monotonic()
            assert client.get("/sparql", params={"query": SMALL}).status_code == 200
            took.append(time.monotonic() - start)
            time.sleep(0.02)
        lasted = time.monotonic() - began
        answer = heavy.result()
    assert answer.status_code == 503
    assert answer.json()["limit"] == "time"
    assert int(answer.headers["retry-after"]) > 0
    assert server.time_limit <= lasted < server.time_limit + 5
    assert len(took) > 10
    # The design asks for 0.1 s; the median is held to it, the rest to what a busy machine allows.
    assert sorted(took)[len(took) // 2] < 0.1


@pytest.mark.parametrize("name", ["how-many-of-the-twenty", "where-sources-disagree", "money-that-adds-up"])
def test_examples_are_answered_beside_a_heavy_query(server, name):
    """They group, sort and have OPTIONAL, so a guess from their text alone would let them wait."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        heavy = pool.submit(server.ask, CROSS.replace("?a", f"?{name.replace('-', '')}"))
        time.sleep(0.3)
        answer = server.ask(catalogue.find(paths.queries(), "examples", name).body, "text/csv")
        assert not heavy.done()
        assert heavy.result().status_code == 503
    assert answer.status_code == 200


def test_deep_nesting_is_refused_and_the_service_lives(server):
    query = "ASK { FILTER " + "(" * 20_000 + "true" + ")" * 20_000 + " }"
    answer = httpx.post(server.url + "/sparql", data={"query": query}, timeout=30)
    assert answer.status_code == 400
    assert "deep" in answer.json()["detail"] or "nest" in answer.json()["detail"]
    assert server.ask(SMALL).status_code == 200


def test_a_memory_bomb_ends_at_its_limit(server):
    doubled = "?x0"
    binds = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(36))
    answer = server.ask(f'SELECT (STRLEN(?x36) AS ?n) {{ BIND("0123456789" AS {doubled}) {binds} }}')
    assert answer.status_code == 503
    assert answer.json()["limit"] in ("memory", "time")
    assert server.ask(SMALL).status_code == 200


def test_a_slow_reader_of_a_large_answer_costs_no_memory(server):
    server.ask(SMALL)
    before = server.resident
    highest = before
    request = "GET /sparql?query=" + httpx.QueryParams({"q": LARGE})["q"].replace(" ", "%20").replace("?", "%3F")
    with socket.create_connection(server.url.removeprefix("http://").split(":")) as line:
        line.settimeout(10)
        escaped = request.replace("{", "%7B").replace("}", "%7D")
        line.sendall(f"{escaped} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n".encode())
        taken = 0
        end = time.monotonic() + server.time_limit * 0.8
        while time.monotonic() < end:
            taken += len(line.recv(65_536))
            highest = max(highest, server.resident)
            time.sleep(0.01)
    assert taken > 1_000_000
    assert highest - before < 10 * 1024 * 1024


def test_a_broken_stream_never_looks_whole(server):
    """The large answer cannot be read in time: the client must see that it is incomplete."""
    plain = {"Accept-Encoding": "identity"}  # compressed it could be read in time
    with httpx.stream("GET", server.url + "/sparql", params={"query": LARGE}, headers=plain, timeout=30) as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            for _ in answer.iter_raw(65_536):
                time.sleep(0.05)


def test_a_client_that_leaves_frees_the_worker(server):
    for _ in range(6):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(server.url + "/sparql", params={"query": CROSS}, timeout=0.3)
    began = time.monotonic()
    answer = server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?n")
    assert answer.status_code == 200
    assert time.monotonic() - began < server.time_limit * 3


def test_it_begins_to_answer_everyone_at_once_from_cold(server):
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: server.ask(SMALL).status_code, range(96)))
    assert set(answers) == {200}
