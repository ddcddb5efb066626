"""Answers under a content coding. The one way into starlette_compress."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from kg import formats

_CLOCK = slice(4, 8)  # where a gzip header holds the time (RFC 1952, 2.3)


class Compression(CompressMiddleware):
    """gzip and br; the same answer gives the same bytes at any time, as its strong ETag says."""

    def __init__(self, app: ASGIApp) -> None:
        for form in formats.FORMATS:
            add_compress_type(form.media_type)
        super().__init__(app, zstd=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await super().__call__(scope, receive, _without_clock(send))


def _without_clock(send: Send) -> Send:
    timed = False

    async def told(message: Message) -> None:
        nonlocal timed
        if message["type"] == "http.response.start":
            timed = (b"content-encoding", b"gzip") in [(name.lower(), value) for name, value in message["headers"]]
        elif timed and message.get("body"):
            body = bytearray(message["body"])
            body[_CLOCK] = b"\0\0\0\0"
            message, timed = {**message, "body": bytes(body)}, False
        await send(message)

    return told
