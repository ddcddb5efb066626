"""The application: wiring, nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from api import errors, service
from api.headers import HeadAsGet, SecurityHeaders
from api.networks import Networks
from api.representation import Negotiated
from api.routers import descriptions, graphs, meta, networks, pages, resources, workbench
from api.routers.sparql import SparqlEndpoint
from api.settings import Settings
from kg.errors import KgError
from kg.version import __version__

_STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings) -> FastAPI:
    """The service over the current snapshot of ``settings.snapshots``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service.opened(settings) as running:
            app.state.service = running
            app.state.networks = Networks(running)
            yield

    # FastAPI's own pages load scripts from elsewhere, so they are off.
    app = FastAPI(title="Security agreements", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(Negotiated)  # inside the others: what they see is the address that was asked for
    app.add_middleware(HeadAsGet, own=frozenset({"/sparql", "/graphs"}))
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(KgError, errors.on_kg_error)
    app.add_exception_handler(HTTPException, errors.on_http_error)
    app.router.routes.append(Route("/sparql", SparqlEndpoint(), methods=None))
    for router in (pages.router, workbench.router, networks.router, meta.router, descriptions.router, graphs.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.include_router(resources.router)  # last: it takes every path that is a name of ours
    return app
