"""``kg serve``: the service on this machine."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from api import settings
from api.app import create_app
from kg import store


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the current snapshot over HTTP; KG_* variables set the limits."""
    chosen = settings.read()
    snapshot = store.current(chosen.snapshots)
    words = Console(stderr=True, highlight=False)
    words.print(f"Data version {snapshot.version} of {snapshot.released}, {snapshot.quads} quads. Open:")
    for path in ("/", "/agreements", "/networks/ukraine-twenty", "/sparql", "/downloads"):
        words.print(f"  http://{host}:{port}{path}")
    uvicorn.run(create_app(chosen), host=host, port=port, log_level="warning", access_log=False, lifespan="on")
