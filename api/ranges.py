"""Parts of files (RFC 9110, 14): one range a request, uncoded; whatever else is asked gets the whole."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors

_ONE = re.compile(rb"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18})")


def is_asked(scope: Scope) -> bool:
    """Whether a request asks for one part; a Range that says anything else is as none."""
    given = [value for name, value in scope["headers"] if name == b"range"]
    found = _ONE.fullmatch(given[0]) if len(given) == 1 and scope["method"] == "GET" else None
    return found is not None and not (found[2] and int(found[2]) < int(found[1]))


class SingleRange:
    """Lets through a Range of one part, and answers it uncoded, since a part of coded bytes is of no use.

    Several parts in one request cost more than they are good for: such a request gets the whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, without its Range or without its Accept-Encoding."""
        if scope["type"] == "http" and any(name == b"range" for name, _ in scope["headers"]):
            part = is_asked(scope)
            dropped = b"accept-encoding" if part else b"range"
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != dropped]}
            send = _reasoned(scope, receive, send) if part else send
        await self.app(scope, receive, send)


def _reasoned(scope: Scope, receive: Receive, send: Send) -> Send:
    """Send with a problem document where the part is beyond the end."""
    refused = False

    async def told(message: Message) -> None:
        nonlocal refused
        if message["type"] == "http.response.start" and message["status"] == 416:
            refused = True
            length = dict(message["headers"]).get(b"content-range", b"").decode("latin-1")
            error = errors.BadRequest(
                416, f"no such part; there are {length.rpartition('/')[2]} bytes", {"Content-Range": length}
            )
            await errors.response(Request(scope), error)(scope, receive, send)
        elif not refused:
            await send(message)

    return told
