"""The outermost layer: gives each request its service, answers from the cache, and adds what makes answers cacheable.

A hit costs no routing, no parsing and no worker. Layers below are plain ASGI and know nothing of it.
"""

from __future__ import annotations

from collections.abc import Hashable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import ranges, validators
from api.cache import AnswerCache, Headers, Kept, short
from api.current import Current
from api.service import SCOPE, Service
from kg.version import __version__

# Always ask again; the question is cheap, and nobody sees two snapshots mixed for long.
_POLICY = b"public, max-age=0, must-revalidate"
_CONDITIONAL = (b"etag", b"cache-control", b"vary", b"last-modified", b"content-location", b"link")


class Front:
    """Passes requests to ``app`` with the current service in their scope."""

    def __init__(self, app: ASGIApp, current: Current) -> None:
        self.app = app
        self.current = current

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        service = self.current.service
        if scope["type"] != "http" or service is None:
            await self.app(scope, receive, send)
            return
        found = _Headers(scope)
        if scope["method"] in ("GET", "HEAD") and not found.range:
            key = short((scope["path"].encode(), scope["query_string"], *found.keyed))
            kept = _ready(service.cache, key, found.if_none_match)
            if kept is not None:
                await _send(kept, found.if_none_match, scope["method"] == "HEAD", send)
                return
            send = _Recorder(service, key if scope["method"] == "GET" else None, scope, found.if_none_match, send)
        await self._pass(service, scope, receive, send)

    async def _pass(self, service: Service, scope: Scope, receive: Receive, send: Send) -> None:
        service.enter()
        try:
            await self.app({**scope, SCOPE: service}, receive, send)
        finally:
            service.leave()


class _Headers:
    """The request headers that matter here."""

    __slots__ = ("if_none_match", "keyed", "range")

    def __init__(self, scope: Scope) -> None:
        found: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:  # several lines of one name are one list (RFC 9110, 5.3)
            found[name] = found[name] + b", " + value if name in found else value
        # Scheme and host too: programs shown beside an answer name the address they were asked for under.
        names = (b"accept", b"accept-encoding", b"accept-language", b"host")
        accept, encoding, language, host = (found.get(name, b"") for name in names)
        self.keyed = (accept, encoding, language, host, scope.get("scheme", "http").encode())
        self.if_none_match = found.get(b"if-none-match", b"").decode("latin-1")
        self.range = b"range" in found and ranges.is_asked(scope)


def _ready(cache: AnswerCache, key: Hashable, if_none_match: str) -> Kept | None:
    """What can be answered at once: a kept answer, or a 304 for a validator that was given before."""
    if if_none_match:
        known = cache.validator(key)
        if known is not None and validators.matches(if_none_match, known.etag):
            return known
    return cache.get(key)


async def _send(kept: Kept, if_none_match: str, head_only: bool, send: Send) -> None:
    if if_none_match and kept.etag and validators.matches(if_none_match, kept.etag):
        await _not_modified(kept.headers, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": b"" if head_only else kept.body})


async def _not_modified(headers: Headers, send: Send) -> None:
    told = [(name, value) for name, value in headers if name in _CONDITIONAL]
    await send({"type": "http.response.start", "status": 304, "headers": told})
    await send({"type": "http.response.body", "body": b""})


class _Recorder:
    """Stands in for ``send``: adds validators to a good answer, keeps it, or says that it has not changed.

    Without a key nothing is kept: an answer to HEAD has no body that could be.
    """

    def __init__(self, service: Service, key: Hashable | None, scope: Scope, if_none_match: str, send: Send) -> None:
        self._service = service
        self._key = key
        self._address = scope["path"], scope["query_string"]
        self._if_none_match = if_none_match
        self._send = send
        self._headers: Headers = []
        self._etag = ""
        self._pieces: list[bytes] | None = None
        self._size = 0
        self._silent = False  # a 304 has been sent; the body goes nowhere

    async def __call__(self, message: Message) -> None:
        """Send one message on."""
        if message["type"] == "http.response.start":
            await self._start(message)
        elif message["type"] == "http.response.body":
            await self._body(message)
        else:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        headers = [(name.lower(), value) for name, value in message.get("headers", ())]
        if message["status"] == 200 and not _is_private(headers):
            self._headers = self._with_validators(headers)
            message = {**message, "headers": self._headers}
            if self._key is not None:
                self._service.cache.remember(self._key, self._headers, self._etag)
            if self._if_none_match and validators.matches(self._if_none_match, self._etag):
                self._silent = True
                await _not_modified(self._headers, self._send)
                return
            self._pieces = [] if self._key is not None else None
        await self._send(message)

    async def _body(self, message: Message) -> None:
        piece = message.get("body", b"")
        if self._pieces is not None and self._key is not None:
            self._size += len(piece)
            self._pieces.append(piece)
            if self._size > self._service.cache.largest:
                self._pieces = None
            elif not message.get("more_body", False):
                self._service.cache.put(self._key, Kept(self._headers, b"".join(self._pieces), self._etag))
        if not self._silent:
            await self._send(message)

    def _with_validators(self, headers: Headers) -> Headers:
        given = dict(headers)
        tag = given.pop(b"etag", b"").decode("latin-1") or self._tag(given)
        self._etag = validators.coded(tag, given.get(b"content-encoding", b"").decode("latin-1"))
        modified = self._service.modified
        made = [pair for pair in headers if pair[0] != b"etag"]
        if b"cache-control" not in given:
            made.append((b"cache-control", _POLICY))
        if modified and b"last-modified" not in given:
            made.append((b"last-modified", modified))
        made.append((b"etag", self._etag.encode("latin-1")))
        return made

    def _tag(self, given: dict[bytes, bytes]) -> str:
        path, query = self._address
        kind, language = given.get(b"content-type", b""), given.get(b"content-language", b"")
        return validators.etag(self._service.snapshot.id, __version__, path, query, kind, language)


def _is_private(headers: Headers) -> bool:
    return any(name == b"set-cookie" or (name == b"cache-control" and b"no-store" in value) for name, value in headers)
