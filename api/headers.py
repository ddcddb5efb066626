"""Headers that every answer carries: what a page may load, and who may frame it."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # All of it is public and nobody is logged in, so scripts of other sites may read it.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
}
_RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class SecurityHeaders:
    """Adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers on the way back."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                own = {name for name, _ in given}
                message = {**message, "headers": [*given, *(pair for pair in _RAW if pair[0] not in own)]}
            await send(message)

        await self.app(scope, receive, with_headers)
        return None


class HeadAsGet:
    """Answers HEAD on every route that answers GET: the same headers, no body.

    ``own`` are the paths that answer HEAD themselves, since their bodies cost work.
    """

    def __init__(self, app: ASGIApp, own: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for GET and keep the body back."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] in self.own:
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)
