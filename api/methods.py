"""What may be asked of an address, told to browsers before they ask and to whoever asked otherwise."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READS = "GET, HEAD, OPTIONS"
# Beside the headers that every script may send.
_HEADERS = "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range"


def allowed(methods: str = READS) -> Response:
    """The answer to OPTIONS and to a preflight: the methods, and the headers that scripts of other sites may send."""
    told = {
        "Allow": methods,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": _HEADERS,
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=told)


class Reads:
    """Answers OPTIONS on every path but ``own``, and names HEAD and OPTIONS wherever GET is named as allowed."""

    def __init__(self, app: ASGIApp, own: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http" or scope["path"] in self.own:
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await allowed()(scope, receive, send)
        else:
            await self.app(scope, receive, _naming_all(send))


def _naming_all(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:
            headers = MutableHeaders(scope=message)
            if headers.get("allow") == "GET":
                headers["Allow"] = READS
        await send(message)

    return told
