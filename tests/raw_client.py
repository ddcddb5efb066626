"""Requests sent byte by byte, for what no HTTP library would send."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx


class Reply(NamedTuple):
    """What came back: status 0 when the line was closed without a word."""

    status: int
    headers: httpx.Headers
    body: bytes


def connect(url: str, seconds: float = 10) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=seconds)


def request(method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    """A request that closes the line; header names with ``_`` for ``-``."""
    lines = {"Host": "localhost", "Connection": "close"} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    if body:
        lines.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


def reply(line: socket.socket) -> Reply:
    """All that the server sends until it closes."""
    taken = bytearray()
    while piece := line.recv(65_536):
        taken += piece
    head, _, body = bytes(taken).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split()[1]) if first else 0
    return Reply(status, httpx.Headers([tuple(text.split(": ", 1)) for text in lines]), body)


def send(url: str, data: bytes, seconds: float = 10) -> Reply:
    with connect(url, seconds) as line:
        line.sendall(data)
        return reply(line)


def send_slowly(url: str, data: bytes, pause: float, seconds: float) -> Reply:
    """One byte after each pause, until the server has enough of it."""
    end = time.monotonic() + seconds
    with connect(url, seconds) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for sign in data:
                line.sendall(bytes([sign]))
                time.sleep(pause)
                if time.monotonic() > end or select.select([line], [], [], 0)[0]:
                    break
        return reply(line)
