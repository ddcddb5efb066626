"""Harm below and beside queries: slow clients, broken requests, paths that lead out, evil headers."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
import zlib

import httpx
import pytest
import raw_client
from unharmed import unharmed

SECRET = b"root:"
LARGE = "SELECT ?a ?b { { SELECT ?a { ?s ?p ?a } LIMIT 1000 } { SELECT ?b { ?s ?p ?b } LIMIT 1000 } } LIMIT 700000"
ROOTS = ["/", "/static/", "/downloads/", "/tables/", "/networks/", "/agreements/", "/sparql/"]
ESCAPES = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "....//....//etc/passwd",
    "..%5c..%5cetc%5cpasswd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "..%252f..%252fetc%252fpasswd",
    "%c0%ae%c0%ae/etc/passwd",
    "..;/..;/etc/passwd",
    "x%00/../../etc/passwd",
    "manifest.json%00.csv",
    ".",
    "..",
    "...",
    "%",
    "%zz",
    "a" * 5_000,
    "%0d%0aSet-Cookie:%20x=1",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "'%22%3E%3Csvg onload=1%3E".replace(" ", "%20"),
]


@pytest.mark.parametrize("root", ROOTS)
def test_no_path_leads_out(server, root):
    for escape in ESCAPES:
        answer = raw_client.send(server.url, raw_client.request("GET", root + escape, Accept="text/html"))
        # A path may by chance be a page; what matters is that it is ours and quotes nothing raw.
        assert answer.status in (200, 301, 303, 307, 308, 400, 404, 405), (escape, answer.status)
        assert SECRET not in answer.body
        assert b"<script>alert" not in answer.body
        assert b"<svg onload" not in answer.body
        assert "set-cookie" not in answer.headers
        if answer.status in (301, 303, 307, 308):
            assert not answer.headers["location"].startswith(("//", "/\\", "http://etc"))
    assert server.get("/health/ready").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99", "[::1", "a b", "", "x\x01"])
@pytest.mark.parametrize(
    "target", ["/agreements/", "/networks/ukraine-twenty/", "//evil.example/", "/\\evil.example", "/%5cevil.example"]
)
def test_no_redirect_leads_elsewhere(server, host, target):
    answer = raw_client.send(server.url, raw_client.request("GET", target, Host=host))
    assert answer.status in (200, 301, 303, 307, 308, 400, 404)
    location = answer.headers.get("location", "")
    assert not location.startswith(("//", "/\\", "http://evil.example/e", "http:///"))


HEADERS = [
    b"Accept: text/html\x00",
    b"Accept: \xff\xfe",
    b"Accept: " + b"a/b;q=0.5," * 5_000,
    b"Accept: " + b"," * 50_000,
    b"Accept: " + b";" * 50_000,
    b"Accept: */*;q=" + b"1" * 10_000,
    b"Accept-Language: " + b"uk;q=0.5," * 5_000,
    b"Accept-Encoding: " + b"gzip;q=0.5," * 5_000,
    b"Range: bytes=" + b"0-1," * 10_000,
    b"Range: bytes=-99999999999999999999999",
    b"If-None-Match: " + b'"a",' * 10_000,
    b"If-None-Match: " + b'"' * 50_000,
    b"If-Modified-Since: " + b"9" * 5_000,
    b"Cookie: " + b"a=b;" * 10_000,
    b"Content-Length: -1",
    b"Content-Length: 1, 2",
    b"Content-Length: 18446744073709551617",
    b"Transfer-Encoding: chunked, chunked",
    b"Transfer-Encoding: gzip",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGVzdA==\r\nSec-WebSocket-Version: 13",
    b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade",
    b"Expect: nonsense",
    b"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nX-Original-URL: /metrics",
    b" folded: line",
    b": empty",
    b"A" * 300,
]


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_evil_headers(server, header):
    with unharmed(server):
        for target in (b"/", b"/sparql?query=ASK%7B%7D", b"/downloads/manifest.json"):
            with raw_client.connect(server.url, 5) as line:
                line.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n" + header + b"\r\nConnection: close\r\n\r\n")
                with contextlib.suppress(TimeoutError, ConnectionResetError):  # it waits for a body; that is its right
                    answer = raw_client.reply(line)
                    assert answer.status < 500 or answer.status == 501
                    assert b"Traceback" not in answer.body


SMUGGLED = [
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
    b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n5;"
    + b"x" * 100_000,
    b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/0.9\r\n\r\n",
    b"GET /\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x00" * 1_000,
    b"GET / HTTP/1.1\nHost: x\nConnection: close\n\n",
    b"\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
]


@pytest.mark.parametrize("data", SMUGGLED, ids=range(len(SMUGGLED)))
def test_requests_that_are_two_or_none(server, data):
    with unharmed(server), raw_client.connect(server.url, 1) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            answer = raw_client.reply(line)
            assert answer.status < 500 or answer.status == 501
            assert answer.body.count(b"HTTP/1.1 200") == 0


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_bombs_in_bodies_stay_packed(server, coding):
    packed = gzip.compress(gzip.compress(b"x" * 100_000_000)) if "," in coding else zlib.compress(b"x" * 100_000_000)
    before = server.resident
    with unharmed(server):
        headers = {"Content-Encoding": coding, "Content-Type": "application/sparql-query"}
        answer = httpx.post(server.url + "/sparql", content=packed, headers=headers, timeout=30)
    assert answer.status_code == 415
    assert server.resident - before < 20 * 1024 * 1024


def test_many_slow_clients(server):
    """Two hundred who never finish a header or a body: the service has lines and workers left."""
    lines = []
    try:
        with unharmed(server):
            for number in range(200):
                line = raw_client.connect(server.url)
                body = (
                    b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\nASK"
                )
                line.sendall(body if number % 2 else b"GET /sparql HTTP/1.1\r\nX-Slow: ")
                lines.append(line)
            time.sleep(1)
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_slow_readers_of_large_answers(server, coding):
    """Each holds at most a worker until the limit; memory and others stay as they are."""
    target = "/sparql?" + str(httpx.QueryParams({"query": LARGE, "format": "csv"}))
    before, lines = server.resident, []
    try:
        with unharmed(server):
            for _ in range(4):
                line = raw_client.connect(server.url)
                line.sendall(raw_client.request("GET", target, Accept_Encoding=coding))
                lines.append(line)
            time.sleep(server.time_limit + 1)
    finally:
        for line in lines:
            line.close()
    assert server.resident - before < 40 * 1024 * 1024


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_a_quick_reader_of_a_large_answer_leaves_room_for_others(server, coding):
    with unharmed(server):
        options = {"params": {"query": f"{LARGE} # {coding}"}, "headers": {"Accept-Encoding": coding}, "timeout": 30}
        began = time.monotonic()
        with (
            httpx.stream("GET", server.url + "/sparql", **options) as answer,
            contextlib.suppress(httpx.RemoteProtocolError),
        ):
            for _ in answer.iter_raw(65_536):
                pass
        took = time.monotonic() - began
    assert took < server.time_limit + 1.5


def test_who_leaves_at_every_moment(server):
    """Clients that go away in the header, in the body, at once, and in the middle of an answer."""
    target = "/sparql?" + str(httpx.QueryParams({"query": LARGE}))
    pieces = [
        b"",
        b"GET /spa",
        b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\nASK",
        raw_client.request("GET", target),
        raw_client.request("POST", "/sparql", b"ASK {}", Content_Type="application/sparql-query"),
    ]

    def leave() -> None:
        for number in range(20):
            with raw_client.connect(server.url) as line:
                line.sendall(pieces[number % len(pieces)])
                if number % 2:
                    with contextlib.suppress(TimeoutError):
                        line.settimeout(0.2)
                        line.recv(1_000)

    with unharmed(server):
        threads = [threading.Thread(target=leave) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
