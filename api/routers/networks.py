"""``/networks``: each view as a page, a bare page for frames, an interactive page, and in the formats of network tools.

All of them take the same wishes (api.portion): as of a day, of some kinds, around a node.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import FileResponse, HTMLResponse, Response

from api import drawings, language, portion
from api.context import context
from api.headers import HEADERS
from api.networks import Part, of
from api.portion import RADII, Portion
from api.rendering import environment, page
from kg import catalogue, paths
from kg.errors import UnknownName

router = APIRouter(tags=["networks"])
_CRUMB = ("/networks", "Networks")
_FRAMED = HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors *")


@router.get("/networks", response_class=HTMLResponse, include_in_schema=False)
async def every_network(request: Request) -> Response:
    """The views there are, each with a small picture and what it holds."""
    names = catalogue.of_kind(paths.queries(), "views")
    views = await asyncio.gather(*(of(request).view(name) for name in names))
    small = await asyncio.to_thread(lambda: [_small(view.network, view.positions) for view in views])
    kinds = [drawings.kinds(view.network) for view in views]
    shown = list(zip(views, small, kinds, strict=True))
    return page("networks.html", shown=shown, crumbs=[_CRUMB], **context(request))


@router.get("/networks/{name}.{suffix}", response_class=Response)
async def network_file(request: Request, name: str, suffix: str) -> Response:
    """A network as svg, png, json (node-link), graphml, gexf, csv (its edges) or ttl (the graph it is drawn from).

    ``on`` (a day), ``kind`` (of node, repeated), ``node`` and ``radius`` (1 or 2) ask for a part of it.
    """
    part = await _part(request, name)
    body = await asyncio.to_thread(drawings.file, part, of(request).frame(part, language.DEFAULT), suffix)
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": f'inline; filename="{name}.{suffix}"',
        # The file carries its own style, which the policy of pages would forbid.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }
    return Response(body, media_type=drawings.TYPES[suffix], headers=headers)


@router.get("/networks/{name}", response_class=HTMLResponse, include_in_schema=False)
async def network(request: Request, name: str) -> Response:
    """A network as a page that works without script; with ``embed=1`` the picture alone, which others may frame."""
    part = await _part(request, name)
    told, frame = language.of(request), of(request).frame(part, language.of(request))
    if request.query_params.get("embed") == "1":
        # Other pages of this site may not be framed, so its links open outside of the frame.
        bare = await asyncio.to_thread(drawings.embedded, part, replace(frame, target="_blank"), told)
        made = page("network_embed.html", name=name, **bare, **context(request))
        made.headers["Content-Security-Policy"] = _FRAMED
        return made
    shown = await asyncio.to_thread(drawings.values, part, frame, told)
    wish = f"?{part.portion.query_string}" if part.portion.query_string else ""
    alternates = [
        (media_type.split(";")[0], f"/networks/{name}.{suffix}{wish}") for suffix, media_type in drawings.TYPES.items()
    ]
    crumbs = [_CRUMB, (f"/networks/{name}", frame.title)]
    common: dict[str, Any] = {"name": name, "wish": wish, "radii": RADII, "crumbs": crumbs, "alternates": alternates}
    return page("network.html", **common, **shown, **context(request))


@router.get("/networks/{name}/interactive", response_class=HTMLResponse, include_in_schema=False)
async def interactive_network(request: Request, name: str) -> Response:
    """The same network to move about in."""
    part = await _part(request, name)
    return HTMLResponse(await asyncio.to_thread(_interactive, request, name, part))


@router.get("/assets/vis/{name}", include_in_schema=False)
async def vis_asset(name: str) -> FileResponse:
    """A file of vis-network, from the pyvis package."""
    from kg import picture  # noqa: PLC0415  # its first import takes long

    known = picture.vis_assets()
    if name not in known:
        raise UnknownName("asset", name, sorted(known))
    return FileResponse(known[name], headers={"Cache-Control": "public, max-age=86400"})


async def _part(request: Request, name: str) -> Part:
    asked: Portion = portion.read(request.query_params)
    return await of(request).part(name, asked)


def _small(network: Any, positions: Any) -> Markup:  # noqa: ANN401  # kg.network is imported late
    from kg import picture  # noqa: PLC0415  # its first import takes long

    # Built by ElementTree, which escapes all it holds.
    return Markup(picture.thumbnail(network, positions))  # noqa: S704  # escaped by ElementTree


def _interactive(request: Request, name: str, part: Part) -> str:
    from kg import picture  # noqa: PLC0415  # its first import takes long

    told = language.of(request)
    frame, sight = of(request).frame(part, told), drawings.seen(part, told, drawings.MOST_INTERACTIVE)
    wish = f"?{part.portion.query_string}" if part.portion.query_string else ""
    crumbs = [_CRUMB, (f"/networks/{name}", frame.title), ("", "Interactive")]
    values = drawings.choices(part) | {"name": name, "wish": wish, "radii": RADII, "crumbs": crumbs}
    values |= {"left_out": sight.left_out, "kinds": frame.names, **context(request)}
    template = environment(told).get_template("network_view.html")
    html = picture.interactive(sight.network, part.positions, frame, template, **values)
    return language.kept(html, values["prefix"])
