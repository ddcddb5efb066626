"""``kg serve``: the service on this machine."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from api import settings
from api.app import create_app
from api.connection import BoundedConnection
from kg import store
from kg.errors import KgError


class AddressTaken(KgError):
    """The address to listen on cannot be had."""


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the current snapshot over HTTP; KG_* variables set the limits."""
    chosen = settings.read()
    snapshot = store.current(chosen.snapshots)
    listening = _listen(host, port)
    words = Console(stderr=True, highlight=False)
    words.print(f"Data version {snapshot.version} of {snapshot.released}, {snapshot.quads} quads. Open:")
    for path in ("/", "/agreements", "/networks/ukraine-twenty", "/sparql", "/downloads"):
        words.print(f"  http://{host}:{port}{path}")
    config = uvicorn.Config(
        create_app(chosen), http=BoundedConnection, ws="none", log_level="warning", access_log=False, lifespan="on"
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """The socket to serve on, before anything is promised; raises AddressTaken."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = f"cannot listen on {host}:{port}: {error.strerror}"
        raise AddressTaken(f"{reason}; name another port with --port") from error
