"""``/sparql``: the hot path, a thin ASGI endpoint between the protocol and the pool."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Generator, Hashable, Sequence
from functools import lru_cache
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api import errors, methods, negotiate, protocol
from api.cache import Kept, short
from api.log import Log
from api.metrics import Meters
from api.routers import descriptions, workbench
from api.service import Service, of
from kg import evaluate, formats, guard
from kg.describe import SERVICE
from kg.errors import KgError, UnknownName
from kg.formats import Content, Format
from kg.guard import Inspected
from kg.pool import Answer, ClientGone

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_BINDINGS = formats.holding(Content.BINDINGS)
_GRAPH = formats.holding(Content.GRAPH, Content.DATASET)
_LONG_ACCEPT = 500  # characters; longer ones are weighed anew each time
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"vary", b"Accept"),
]


class SparqlEndpoint:
    """Reads a query, has it answered by the pool, and sends the answer as it comes."""

    def __init__(self, meters: Meters, log: Log) -> None:
        self._meters = meters
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._respond(request, watched)
        except KgError as error:
            if started:  # too late for a status: the server closes the line, and the client sees an incomplete body
                return
            await errors.response(request, error)(scope, receive, send)
        except (ClientGone, ClientDisconnect):
            return

    async def _respond(self, request: Request, send: Send) -> None:
        service = of(request)
        asked = await _asked(request, service)
        page = await _page(request, asked)
        if page is not None:
            await page(request.scope, request.receive, send)
            return
        inspected = guard.inspect(asked.query or "", service.guard_limits)
        wanted = _wanted(request, asked, inspected)
        began, outcome = time.perf_counter(), "gone"
        try:
            await _answer(request, service, wanted, inspected, send)
            outcome = "ok"
        except KgError as error:
            outcome = type(error).__name__
            raise
        finally:
            self._note(wanted, inspected, outcome, time.perf_counter() - began)

    def _note(self, wanted: evaluate.Request, inspected: Inspected, outcome: str, seconds: float) -> None:
        self._meters.query(outcome, seconds)
        if not self._log.wants(seconds):
            return
        self._log.query(
            wanted.text,
            seconds,
            query=hashlib.sha256(wanted.text.encode()).hexdigest()[:16],
            form=inspected.form,
            format=wanted.format_name,
            outcome=outcome,
        )


async def _answer(
    request: Request, service: Service, wanted: evaluate.Request, inspected: Inspected, send: Send
) -> None:
    """Send the answer: the one kept from an equal POST, or the worker's."""
    key = _key(wanted) if request.method == "POST" and not inspected.volatile else None
    kept = service.cache.get(key) if key else None
    if kept is not None:
        await _send(Answer(kept.body), formats.named(wanted.format_name), request, inspected, send)
        return
    answer = await service.pool.run(wanted, inspected, _Departure(request.receive))
    if key and answer.body is not None:
        service.cache.put(key, Kept([], answer.body))
    await _send(answer, formats.named(wanted.format_name), request, inspected, send)


def _key(wanted: evaluate.Request) -> Hashable:
    """Under what an answer to a POST is kept."""
    parts = (wanted.format_name, *wanted.default_graphs, "", *wanted.named_graphs, "", wanted.text)
    return short((b"POST", *(part.encode() for part in parts)))


async def _asked(request: Request, service: Service) -> protocol.Asked:
    """What is asked; nothing for a preflight."""
    if request.method not in METHODS:
        raise errors.BadRequest(
            405, f"{request.method} is not for /sparql; it takes {', '.join(METHODS)}", {"Allow": ", ".join(METHODS)}
        )
    if request.method == "OPTIONS":
        return protocol.Asked(None)
    return await protocol.read(request, service.guard_limits.size)


async def _page(request: Request, asked: protocol.Asked) -> Response | None:
    """The answers that need no query run here: to a preflight, to a browser, to a request without a query."""
    if request.method == "OPTIONS":
        return methods.allowed(", ".join(METHODS))
    if not (asked.query or "").strip():
        return await _without_query(request)
    if not _wants_page(request, asked):
        return None
    made = await workbench.answer(request, asked.query or "")
    made.headers["Vary"] = "Accept"
    return made


def _wanted(request: Request, asked: protocol.Asked, inspected: Inspected) -> evaluate.Request:
    """The query with its dataset and format."""
    return evaluate.Request(
        text=asked.query or "",
        format_name=_format(request, asked, inspected).name,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        has_dataset=inspected.has_dataset,
    )


async def _send(answer: Answer, form: Format, request: Request, inspected: Inspected, send: Send) -> None:
    """Send headers and body; raises where a stream breaks."""
    headers = [(b"content-type", form.content_type.encode()), *_CORS]
    if inspected.volatile:
        headers.append((b"cache-control", b"no-store"))
    if answer.body is not None:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if answer.body is not None:  # for HEAD too: the layers tell its coding, and the server keeps it back
        await send({"type": "http.response.body", "body": answer.body})
        return
    if request.method == "HEAD":
        answer.close()
        await send({"type": "http.response.body", "body": b"", "more_body": True})
    else:
        async for piece in answer.chunks():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)  # a quick reader and a coding would keep everybody else, and the time limit, waiting
    await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Departure:
    """Comes when the client leaves. Nothing runs until it is awaited, which the pool does only where it lasts."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def __await__(self) -> Generator[Any, None, None]:
        return self._left().__await__()

    async def _left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _format(request: Request, asked: protocol.Asked, inspected: Inspected) -> Format:
    """The format by name if one is named, else by the Accept header; raises BadRequest (406)."""
    if asked.format_names:
        return _named(asked.format_names, _fitting(inspected.form))
    accept = negotiate.accept(request)
    found = (_remembered_best if len(accept) < _LONG_ACCEPT else _best)(accept, inspected.form)
    if found is None:
        raise errors.BadRequest(406, f"'{accept}' fits no format of this answer; {_known(_fitting(inspected.form))}")
    return found


def _fitting(form: str) -> Sequence[Format]:
    return _GRAPH if form in ("CONSTRUCT", "DESCRIBE") else _BINDINGS


def _best(accept: str, form: str) -> Format | None:
    return negotiate.best(accept, _fitting(form))


_remembered_best = lru_cache(maxsize=256)(_best)


def _named(names: tuple[str, ...], fitting: Sequence[Format]) -> Format:
    try:
        found = {negotiate.named(name, fitting) for name in names}
    except UnknownName as error:
        raise errors.BadRequest(400, str(error)) from error
    if len(found) > 1:
        raise errors.BadRequest(400, f"'format' is given {len(names)} times and differently; once is meant")
    return found.pop()


def _known(fitting: Sequence[Format]) -> str:
    return "known: " + ", ".join(form.media_type for form in fitting)


async def _without_query(request: Request) -> Response:
    """A page for a browser, the service description for a client of RDF; for others a word on what is missing."""
    accept = negotiate.accept(request)
    reads = request.method in ("GET", "HEAD")
    if reads and negotiate.prefers_html(accept, _GRAPH):
        made = workbench.sparql_page(request)
        made.headers["Vary"] = "Accept"
        return made
    if reads and not request.scope["query_string"] and negotiate.names_one(accept, _GRAPH):
        return await descriptions.described(request, "service", SERVICE)
    raise errors.BadRequest(400, "no query; give one as ?query=… or in the body of a POST")


def _wants_page(request: Request, asked: protocol.Asked) -> bool:
    """Whether a browser followed a link to a query, without naming a format or a dataset."""
    named = asked.format_names or asked.default_graphs or asked.named_graphs
    accept = negotiate.accept(request)
    return request.method in ("GET", "HEAD") and not named and negotiate.prefers_html(accept, formats.FORMATS)
