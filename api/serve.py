"""``kg serve``: the service on this machine."""

from __future__ import annotations

import socket
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE

from api import rate, settings, supervisor
from api.app import create_app
from api.connection import BoundedConnection
from api.settings import Settings
from api.stopping import StopAnswers
from kg import integrity, store
from kg.errors import KgError
from kg.pool import Door, PoolSettings
from kg.store import Snapshot


class AddressTaken(KgError):
    """The address to listen on cannot be had."""


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option(help="HTTP processes, which share one store; fewer than cores.", min=1, max=64)
    ] = 1,
) -> None:
    """Serve the current snapshot over HTTP; KG_* variables set the limits.

    Each of several HTTP processes takes its part of the query workers, of both kinds at least one:
    so as many heavy queries may run at once as there are processes.
    """
    chosen = _settings(host)
    snapshot = store.current(chosen.snapshots)
    integrity.check(snapshot)
    listening = _listen(host, port)
    _announce(snapshot, f"http://{host}:{port}")
    if workers == 1:
        _run(StopAnswers(create_app(chosen)), listening, chosen.stop_limit)
        return
    made = partial(application, chosen.shared_by(workers))
    if not supervisor.run(made, listening, workers, chosen.stop_limit, share=PoolSettings().forks):
        raise typer.Exit(STARTUP_FAILURE)


def _settings(host: str) -> Settings:
    """The settings, with what they mean on this address."""
    given = settings.read()
    return replace(given, rate_limit=rate.chosen(given.rate_limit, host))


def application(chosen: Settings, door: Door | None) -> ASGIApp:
    """What one of several HTTP processes serves."""
    return StopAnswers(create_app(chosen, door))


def _announce(snapshot: Snapshot, address: str) -> None:
    words = Console(stderr=True, highlight=False)
    words.print(f"Data version {snapshot.version} of {snapshot.released}, {snapshot.quads} quads. Open:")
    for path in ("/", "/agreements", "/networks/ukraine-twenty", "/sparql", "/downloads"):
        words.print(f"  {address}{path}")


def _run(served: ASGIApp, listening: socket.socket, stop_limit: int) -> None:
    config = uvicorn.Config(
        served,
        http=BoundedConnection,
        ws="none",
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=stop_limit,
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
