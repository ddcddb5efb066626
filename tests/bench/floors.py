"""What no service in this stack can beat: a constant body from bare uvicorn, and from a FastAPI route."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

_TYPE = "application/sparql-results+json"


def raw(body: bytes) -> ASGIApp:
    """Nothing but uvicorn."""
    headers = [(b"content-type", _TYPE.encode()), (b"content-length", str(len(body)).encode())]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def fastapi(body: bytes) -> ASGIApp:
    """One asynchronous route without parameters."""
    app = FastAPI()

    @app.get("/sparql")
    async def constant() -> Response:
        return Response(body, media_type=_TYPE)

    return app


if __name__ == "__main__":
    made = {"raw": raw, "fastapi": fastapi}[sys.argv[1]](b"x" * int(sys.argv[2]))
    uvicorn.run(
        made,
        port=int(sys.argv[3]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
