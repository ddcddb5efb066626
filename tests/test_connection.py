"""Connections end where a client is too slow or sends too much; others go on."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import raw_client
import uvicorn

from api import connection
from api.connection import BoundedConnection

LARGE = 64 * 1024 * 1024


async def application(scope, receive, send):
    """Reads the body and answers with its length, or with very much."""
    taken = b""
    while (message := await receive())["type"] == "http.request":
        taken += message.get("body", b"")
        if not message.get("more_body"):
            break
    body = b"x" * LARGE if scope["path"] == "/large" else str(len(taken)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    for at in range(0, len(body), 65_536):
        await send({"type": "http.response.body", "body": body[at : at + 65_536], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server whose patience is short."""
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.5)
    monkeypatch.setattr(connection, "READER_SECONDS", 0.5)
    monkeypatch.setattr(connection, "LINGER_SECONDS", 0.1)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, http=BoundedConnection, ws="none", lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()


def test_whole_requests_pass(url: str) -> None:
    assert raw_client.send(url, raw_client.request("POST", "/", b"abc")).body == b"3"
    with raw_client.connect(url) as line:
        for _ in range(3):
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200" in line.recv(1_000)


@pytest.mark.parametrize(
    "data",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX-A: ", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"],
    ids=["nothing", "line", "header", "body"],
)
def test_a_request_that_is_never_whole(url: str, data: bytes) -> None:
    began = time.monotonic()
    with raw_client.connect(url) as line:
        line.sendall(data)
        assert raw_client.reply(line).status == 408
    assert 0.4 < time.monotonic() - began < 5


def test_a_byte_now_and_then_does_not_help(url: str) -> None:
    began = time.monotonic()
    answer = raw_client.send_slowly(url, b"GET / HTTP/1.1\r\nX-A: " + b"x" * 1_000, 0.02, 1.0)
    assert answer.status == 408
    assert time.monotonic() - began < 5


def test_a_slow_second_request_on_one_line(url: str) -> None:
    with raw_client.connect(url) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        line.recv(1_000)
        line.sendall(b"GET / HTTP/1.1\r\nHo")
        assert raw_client.reply(line).status == 408


def test_who_reads_nothing_is_cut_off(url: str) -> None:
    with raw_client.connect(url) as line:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.5)
        taken = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := line.recv(1 << 20):
                taken += len(piece)
    assert taken < LARGE


def test_who_reads_slowly_but_reads_gets_all(url: str) -> None:
    with raw_client.connect(url) as line:
        line.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        taken = 0
        while piece := line.recv(1 << 20):
            taken += len(piece)
            if taken < 8 << 20:
                time.sleep(0.02)
    assert taken > LARGE


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /" + b"x" * 65_536 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 65_536 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: x\r\n" * 20_000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 1_000_000, 431),
        (b"\xff\r\n\r\n", 400),
    ],
)
def test_too_much_of_a_header(url: str, data: bytes, status: int) -> None:
    answer = raw_client.send(url, data)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_long_body_is_the_applications_affair(url: str) -> None:
    assert raw_client.send(url, raw_client.request("POST", "/", b"x" * 1_000_000)).body == b"1000000"
