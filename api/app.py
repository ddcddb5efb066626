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
from api.routers import meta, networks, pages, workbench
from api.routers.sparql import SparqlEndpoint
from api.settings import Settings
from kg.errors import KgError
from kg.pool import Door
from kg.version import __version__

_STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, door: Door | None = None) -> FastAPI:
    """The service over the current snapshot of ``settings.snapshots``; ``door`` leads to shared workers."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service.opened(settings, door) as running:
            app.state.service = running
            app.state.networks = Networks(running)
            yield

    # FastAPI's own pages load scripts from elsewhere, so they are off.
    app = FastAPI(title="Security agreements", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(HeadAsGet, own=frozenset({"/sparql"}))
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(KgError, errors.on_kg_error)
    app.add_exception_handler(HTTPException, errors.on_http_error)
    app.router.routes.append(Route("/sparql", SparqlEndpoint(), methods=None))
    for router in (pages.router, workbench.router, networks.router, meta.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app
