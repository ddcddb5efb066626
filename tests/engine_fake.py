"""A small HTTP server that answers SPARQL as badly as a test wants, for the tests of ``kg.remote``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

JSON = "application/sparql-results+json"
NT = "application/n-triples"
TRUE = b'{"head": {}, "boolean": true}'
FALSE = b'{"head": {}, "boolean": false}'


@dataclass
class Asked:
    """One request that arrived."""

    target: str
    headers: dict[str, str]
    form: dict[str, list[str]]
    writer: asyncio.StreamWriter
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def query(self) -> str:
        return self.form["query"][0]

    async def send(self, body: bytes, media_type: str = JSON, status: int = 200, **headers: str) -> None:
        """A whole answer."""
        told = {"content-type": media_type, "content-length": str(len(body)), **headers}
        await self.begin(told, status)
        self.writer.write(body)
        await self.writer.drain()

    async def begin(self, headers: dict[str, str], status: int = 200) -> None:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.writer.write(f"HTTP/1.1 {status} Word\r\n{lines}\r\n".encode())
        await self.writer.drain()

    async def chunk(self, body: bytes) -> None:
        """A piece of a chunked answer; the empty one ends it."""
        self.writer.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        await self.writer.drain()


Answerer = Callable[[Asked], Awaitable[None]]


def rows(count: int, *, closed: bool = True) -> bytes:
    """That many bindings of ?x as SPARQL JSON."""
    found = ", ".join(json.dumps({"x": {"type": "literal", "value": f"value {n}"}}) for n in range(count))
    return ('{"head": {"vars": ["x"]}, "results": {"bindings": [' + found + ("]}}" if closed else "")).encode()


@asynccontextmanager
async def engine(
    answerer: Answerer, server: str = "Word", *, apart: bool = False
) -> AsyncIterator[tuple[str, list[Asked]]]:
    """The server's address and what has arrived; what is asked at the start is answered as a sound engine would."""
    arrived: list[Asked] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (asked := await _read(reader, writer)) is not None:
                if await _start(asked, server, apart):
                    continue
                arrived.append(asked)
                work = asyncio.ensure_future(answerer(asked))
                left = asyncio.ensure_future(reader.read(1))
                await asyncio.wait([work, left], return_when=asyncio.FIRST_COMPLETED)
                if left.done():
                    asked.gone.set()
                    work.cancel()
                else:
                    left.cancel()
                break  # one query a connection keeps the reading simple
        except ConnectionError:
            pass
        finally:
            writer.close()

    made = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with made:
        port = made.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/sparql", arrived


async def _start(asked: Asked, server: str, apart: bool) -> bool:
    """Answer what ``probe`` asks."""
    if asked.query == "ASK {}":
        await asked.send(TRUE, server=server)
    elif asked.query.startswith("ASK { { SELECT"):
        await asked.send(TRUE if apart else FALSE, server=server)
    elif asked.query.startswith("SELECT ?a { ?a ?b ?c . ?d"):
        await asked.send(rows(0), server=server, X_SPARQL_MaxRows="50")
    else:
        return False
    return True


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(first.split()[1], headers, parse_qs(body.decode(), keep_blank_values=True), writer)
