"""A client of one blocking connection, cheap enough not to be what is measured; and ``wrk`` for throughput."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

_BINDINGS, _TRIPLES = "application/sparql-results+json", "application/n-triples"
_IDLE = 2.0  # seconds after which a server may have closed the connection
_LENGTH = re.compile(rb"(?i)content-length: (\d+)")
_CHUNKED = re.compile(rb"(?i)transfer-encoding: chunked")


@dataclass(frozen=True)
class Reply:
    """Status, bytes of body, seconds from sending to the last byte; whether the body came to its end."""

    status: int
    size: int
    seconds: float
    whole: bool = True


class Client:
    """Asks one server, one query after another."""

    def __init__(self, port: int, path: str, timeout: float = 60.0) -> None:
        self._port, self._path, self._timeout = port, path, timeout
        self._socket: socket.socket | None = None
        self._used = 0.0

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, query: str, each: Callable[[int], None] | None = None) -> Reply:
        """The reply to one query; ``each`` is called after each piece, so that a reader can be slow."""
        if time.perf_counter() - self._used > _IDLE:
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), self._timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        self._socket.sendall(request(self._path, query))
        status, size, whole = self._read(self._socket, each)
        if not whole:
            self.close()
        self._used = time.perf_counter()
        return Reply(status, size, self._used - began, whole)

    def _read(self, connection: socket.socket, each: Callable[[int], None] | None) -> tuple[int, int, bool]:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                raise ConnectionResetError("closed before an answer")
            head += piece
        head, _, body = head.partition(b"\r\n\r\n")
        status = int(head[9:12])
        if length := _LENGTH.search(head):
            return status, *_counted(connection, len(body), int(length[1]), each)
        if _CHUNKED.search(head):
            return status, *_chunked(connection, body, each)
        return status, len(body), True


def request(path: str, query: str) -> bytes:
    """The bytes of one request."""
    return f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {_accept(query)}\r\n\r\n".encode()


def _accept(query: str) -> str:
    return _TRIPLES if "DESCRIBE" in query else _BINDINGS


def _counted(connection: socket.socket, got: int, length: int, each: Callable[[int], None] | None) -> tuple[int, bool]:
    while got < length:
        piece = connection.recv(1 << 18)
        if not piece:
            return got, False
        got += len(piece)
        if each:
            each(got)
    return got, True


def _chunked(connection: socket.socket, body: bytes, each: Callable[[int], None] | None) -> tuple[int, bool]:
    """Reads to the last chunk; the size counts the marks between chunks too."""
    got, tail = len(body), body[-7:]
    while not tail.endswith(b"0\r\n\r\n"):
        piece = connection.recv(1 << 18)
        if not piece:
            return got, False
        got += len(piece)
        tail = (tail + piece)[-7:]
        if each:
            each(got)
    return got, True


_SCRIPT = r"""
local asked, fresh, at = {}, %s, 0
for line in io.lines("%s") do
  local address, accept = line:match("(.*)\t(.*)")
  asked[#asked + 1] = {"GET " .. address, " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: " .. accept .. "\r\n\r\n"}
end
request = function()
  at = at + 1
  local pair = asked[at %% #asked + 1]
  return pair[1] .. (fresh and fresh .. at or "") .. pair[2]
end
"""
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_FAULTS = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


def wrk() -> str | None:
    """The load generator, None where it is not installed."""
    return shutil.which("wrk")


def throughput(port: int, path: str, queries: list[str], connections: int, seconds: int, fresh: str = "") -> float:
    """Requests a second; ``fresh`` ends each query with a comment of its own, so that no cache knows it.

    Raises RuntimeError when an answer is no success.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, script = Path(folder, "asked"), Path(folder, "load.lua")
        asked.write_text("".join(f"{path}?query={quote(query)}\t{_accept(query)}\n" for query in queries))
        script.write_text(_SCRIPT % (f'"%0A%23{fresh}"' if fresh else "false", asked))
        load = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"]
        told = subprocess.run(load, check=True, capture_output=True, text=True, timeout=seconds + 60).stdout
    if fault := _FAULTS.search(told):
        raise RuntimeError(f"{path} on {port} under load: {fault[0]}")
    rate = _RATE.search(told)
    assert rate, told
    return float(rate[1])
