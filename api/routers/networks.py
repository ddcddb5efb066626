"""``/networks``: each view as a page, an interactive page, and in the formats that network tools read."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import FileResponse, HTMLResponse, Response

from api import language
from api.context import context
from api.networks import Drawn, of
from api.rendering import environment, page
from kg import catalogue, paths
from kg.errors import UnknownName

router = APIRouter(tags=["networks"])
_CRUMB = ("/networks", "Networks")
_TYPES = {
    "svg": "image/svg+xml",
    "json": "application/json",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "csv": "text/csv; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
}


@router.get("/networks", response_class=HTMLResponse, include_in_schema=False)
async def every_network(request: Request) -> Response:
    """The views there are."""
    views = catalogue.of_kind(paths.queries(), "views").values()
    return page("networks.html", views=views, crumbs=[_CRUMB], **context(request))


@router.get("/networks/{name}.{suffix}", response_class=Response)
async def network_file(request: Request, name: str, suffix: str) -> Response:
    """A network as svg, json (node-link), graphml, gexf, csv (its edges) or ttl (the graph it is drawn from)."""
    drawn = await of(request).drawn(name)
    if suffix not in drawn.files:
        raise UnknownName("network format", suffix, sorted(drawn.files))
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": f'inline; filename="{name}.{suffix}"',
        # The file carries its own style, which the policy of pages would forbid.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }
    return Response(drawn.files[suffix], media_type=_TYPES[suffix], headers=headers)


@router.get("/networks/{name}", response_class=HTMLResponse, include_in_schema=False)
async def network(request: Request, name: str) -> Response:
    """A network as a page that works without script: picture, edges, measures, files, the query behind it."""
    drawn = await of(request).drawn(name)
    values = await asyncio.to_thread(_values, drawn)
    alternates = [(media_type.split(";")[0], f"/networks/{name}.{suffix}") for suffix, media_type in _TYPES.items()]
    crumbs = [_CRUMB, (f"/networks/{name}", drawn.view.summary)]
    return page("network.html", name=name, crumbs=crumbs, alternates=alternates, **values, **context(request))


@router.get("/networks/{name}/interactive", response_class=HTMLResponse, include_in_schema=False)
async def interactive_network(request: Request, name: str) -> Response:
    """The same network to move about in."""
    from kg import picture  # noqa: PLC0415  # its first import takes long

    drawn = await of(request).drawn(name)
    crumbs = [_CRUMB, (f"/networks/{name}", drawn.view.summary), ("", "Interactive")]
    values = {"name": name, "crumbs": crumbs, **context(request)}
    template = environment(values["language"]).get_template("network_view.html")
    frame = drawn.frame
    html = await asyncio.to_thread(picture.interactive, drawn.network, drawn.positions, frame, template, **values)
    return HTMLResponse(language.kept(html, values["prefix"]))


@router.get("/assets/vis/{name}", include_in_schema=False)
async def vis_asset(name: str) -> FileResponse:
    """A file of vis-network, from the pyvis package."""
    from kg import picture  # noqa: PLC0415  # its first import takes long

    known = picture.vis_assets()
    if name not in known:
        raise UnknownName("asset", name, sorted(known))
    return FileResponse(known[name], headers={"Cache-Control": "public, max-age=86400"})


def _values(drawn: Drawn) -> dict[str, Any]:
    from kg import network as networks  # noqa: PLC0415  # its first import takes long
    from kg import picture  # noqa: PLC0415  # its first import takes long

    rows = csv.reader(io.StringIO(drawn.files["csv"].decode(), newline=""))
    drawing = picture.svg(drawn.network, drawn.positions, drawn.frame)
    return {
        "view": drawn.view,
        # The picture is built by ElementTree, which escapes all it holds.
        "picture": Markup(drawing),  # noqa: S704  # escaped by ElementTree
        "edges": [row[:5] for row in rows][1:],
        "measures": networks.measures(drawn.network),
        "kinds": drawn.frame.names,
        "href": drawn.frame.href,
        "suffixes": tuple(drawn.files),
    }
