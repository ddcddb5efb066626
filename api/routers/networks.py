"""``/networks``: each view as a page, an interactive page, and in the formats network tools read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from api.context import context
from api.networks import Drawn, of
from api.rendering import page
from api.service import of as service_of
from kg import catalogue, paths
from kg.errors import UnknownName

router = APIRouter(tags=["networks"])


@router.get("/networks", response_class=Response)
async def every_network(request: Request) -> Response:
    """The views there are."""
    views = [view for view in catalogue.read(paths.queries()) if view.kind == "views"]
    return page("networks.html", views=views, crumbs=[("/networks", "Networks")], **context(request))


@router.get("/networks/{view}.{suffix}", response_class=Response)
async def network_file(request: Request, view: str, suffix: str) -> Response:
    """A network as json, graphml, gexf, csv, ttl or svg."""
    if suffix not in _FILES:
        raise UnknownName("network format", suffix, sorted(_FILES))
    drawn = await of(request).drawn(view)
    media_type, write = _FILES[suffix]
    if suffix == "ttl":
        content: bytes = await service_of(request).answer(drawn.view.body, "turtle")
    else:
        content = await asyncio.to_thread(write, drawn)
    headers = {"Access-Control-Allow-Origin": "*", "Content-Disposition": f'inline; filename="{view}.{suffix}"'}
    return Response(content, media_type=media_type, headers=headers)


@router.get("/networks/{view}", response_class=Response)
async def network(request: Request, view: str) -> Response:
    """A network as a page that works without script: picture, edges, measures, downloads, the query behind it."""
    drawn = await of(request).drawn(view)
    values = await asyncio.to_thread(_page_values, drawn)
    crumbs = [("/networks", "Networks"), (f"/networks/{view}", drawn.view.summary)]
    return page("network.html", crumbs=crumbs, **values, **context(request))


@router.get("/networks/{view}/interactive", response_class=Response)
async def interactive_network(request: Request, view: str) -> Response:
    """The same network to move about in."""
    from kg import picture  # noqa: PLC0415  # pyvis takes long to import

    drawn = await of(request).drawn(view)
    html = await asyncio.to_thread(picture.interactive, drawn.network, drawn.positions)
    return Response(html, media_type="text/html; charset=utf-8")


@router.get("/assets/vis/{name}", include_in_schema=False)
async def vis_asset(name: str) -> FileResponse:
    """A file of vis-network, from the pyvis package."""
    from kg import picture  # noqa: PLC0415

    known = picture.vis_assets()
    if name not in known:
        raise UnknownName("asset", name, sorted(known))
    return FileResponse(known[name], headers={"Cache-Control": "public, max-age=86400"})


def _page_values(drawn: Drawn) -> dict[str, object]:
    raise NotImplementedError


def _json(drawn: Drawn) -> bytes:
    raise NotImplementedError


_FILES: dict[str, tuple[str, Callable[[Drawn], bytes]]] = {}
