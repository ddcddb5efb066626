"""How many requests a client may make. The one way into the library ``limits``."""

from __future__ import annotations

import math
import time
from ipaddress import ip_address

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BadRequest, response
from api.settings import SettingError

OFF = "off"
AUTO = "auto"
OPEN = "600/minute"
_FREE = ("/health/", "/static/", "/assets/", "/metrics")


def chosen(text: str, host: str) -> str:
    """What ``auto`` means on the address that is listened on: off on loopback, else a limit; all else as it is."""
    if text != AUTO:
        return text
    return OFF if _is_loopback(host) else OPEN


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def limit(text: str) -> RateLimitItem | None:
    """``600/minute`` → a limit, ``off`` → None, as ``auto`` where nobody listens; raises SettingError."""
    if text in (OFF, AUTO):
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise SettingError(f"KG_RATE_LIMIT: '{text}' is no limit; write it as 600/minute, or off") from error


class RateLimit:
    """Answers 429 to a client that asks too often, and tells every client what it has left.

    A client is an address; behind a proxy that is what the proxy says, if the server trusts it.
    Nothing is written down: counts are in memory and end with their window.
    """

    def __init__(self, app: ASGIApp, allowed: RateLimitItem) -> None:
        self.app = app
        self.allowed = allowed
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request; pass it on or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self.app(scope, receive, send)
            return
        client = (scope.get("client") or ("unknown",))[0]
        passed = await self._limiter.hit(self.allowed, client)
        reset, left = await self._limiter.get_window_stats(self.allowed, client)
        wait = max(0, math.ceil(reset - time.time()))

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                headers["RateLimit-Limit"] = str(self.allowed.amount)
                headers["RateLimit-Remaining"] = str(left)
                headers["RateLimit-Reset"] = str(wait)
                message = {**message, "headers": headers.raw}
            await send(message)

        if passed:
            await self.app(scope, receive, telling)
        else:
            await self._refuse(Request(scope, receive), wait, telling)

    async def _refuse(self, request: Request, wait: int, send: Send) -> None:
        reason = f"more than {self.allowed} from one address; try again in {wait} s"
        made = response(request, BadRequest(429, reason, {"Retry-After": str(max(1, wait))}))
        await made(request.scope, request.receive, send)
