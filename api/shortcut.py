"""Takes requests of programs straight to their endpoint, past the layers and the router that pages need."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Shortcut:
    """Passes requests for ``endpoints`` (path → application) there, all others to ``app``.

    A request that may want a page goes to ``app`` too: pages have a language, and an address for each.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, ASGIApp]) -> None:
        self.app = app
        self.endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        endpoint = self.endpoints.get(scope["path"]) if scope["type"] == "http" else None
        if endpoint is None or _may_want_page(scope):
            endpoint = self.app
        await endpoint(scope, receive, send)


def _may_want_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"html" in value.lower() for name, value in scope["headers"])


class Layered(FastAPI):
    """FastAPI with ``outer`` around all of its own: what is answered there costs nothing of it."""

    outer: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.outer(scope, receive, send)

    async def inner(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by FastAPI's own layers and routes."""
        await super().__call__(scope, receive, send)
