"""The application: wiring, nothing else.

::

    RateLimit → Front (cache, validators, which snapshot) → Metered → Shortcut
    Shortcut, a page     → FastAPI: one range → compression → language → headers → form → routes
    Shortcut, a program  → headers → compression → the endpoint at /sparql
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from api import errors, openapi, rate
from api.compression import Compression
from api.current import Current
from api.front import Front
from api.headers import HeadAsGet, SecurityHeaders
from api.language import Language
from api.log import Log
from api.methods import Reads
from api.metrics import Metered, Meters
from api.ranges import SingleRange
from api.representation import Negotiated
from api.routers import (
    agreements,
    assets,
    compare,
    countries,
    descriptions,
    graphs,
    meta,
    networks,
    pages,
    prose,
    registers,
    resources,
    search,
    timeline,
    workbench,
)
from api.routers import map as maps
from api.routers.sparql import SparqlEndpoint
from api.service import open_service
from api.settings import Settings
from api.shortcut import Layered, Shortcut
from kg.errors import KgError
from kg.pool import Door
from kg.version import __version__

_STATIC = Path(__file__).parent / "static"
# The first that fits answers.
_ROUTES = (
    *(pages, agreements, countries, workbench, networks, registers, compare, search, timeline, maps),
    *(prose, assets, meta, descriptions, graphs),
)


def create_app(settings: Settings, door: Door | None = None) -> FastAPI:
    """The service over the snapshot that is current in ``settings.snapshots``; ``door`` leads to shared workers."""
    log = Log(settings.log, settings.slow_query)
    current = Current(settings, partial(open_service, door=door), log)
    meters = Meters(current)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await current.start()
        yield
        await current.close()

    # FastAPI's own pages load scripts from elsewhere, so they are off.
    app = Layered(title="Security agreements", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.current, app.state.meters = current, meters
    sparql = SparqlEndpoint(meters, log)
    _add_layers(app)
    app.outer = _outer(app, sparql, current, meters, settings)
    app.add_exception_handler(KgError, errors.on_kg_error)
    app.add_exception_handler(HTTPException, errors.on_http_error)
    app.router.routes.append(Route("/sparql", sparql, methods=None))
    for router in (agreements.data, resources.data, *(routes.router for routes in _ROUTES)):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.include_router(resources.pages)  # last: it takes every path that is a name of ours
    openapi.add_sparql(app)
    return app


def _add_layers(app: FastAPI) -> None:
    """The layers around the routes; the one added last is met first."""
    app.add_middleware(Negotiated)
    app.add_middleware(Reads, own=frozenset({"/sparql"}))
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Language)
    app.add_middleware(Compression)
    app.add_middleware(HeadAsGet, own=frozenset({"/sparql", "/graphs"}))  # a coding, too, is told of the whole body
    app.add_middleware(SingleRange)


def _outer(app: Layered, sparql: ASGIApp, current: Current, meters: Meters, settings: Settings) -> ASGIApp:
    """What every request meets before FastAPI."""
    direct = {"/sparql": SecurityHeaders(Compression(sparql))}
    front = Front(Metered(Shortcut(app.inner, direct), meters), current)
    allowed = rate.limit(settings.rate_limit)
    return front if allowed is None else rate.RateLimit(front, allowed)
