"""What a request is told that the end of the service cuts short."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from kg.errors import ServiceStopping


class StopAnswers:
    """The outermost layer: the server cancels what still runs when its time to stop is over.

    Whoever has heard nothing yet gets a problem document; an answer on its way stays visibly incomplete.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            if not started:
                stopping = ServiceStopping("the service is stopping; try again in a moment")
                await errors.response(Request(scope), stopping)(scope, receive, send)
