"""Every thing with a name of ours, at its name's path: data in each form, and a page where it has no other.

``data`` is included before the routes of pages, whose ``{slug}`` would take ``ukr-ltu-2024.ttl`` too;
``pages`` last, so that a page made for one kind of thing comes before the one made for all.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from api import (
    description,
    dossier,
    language,
    prefixes,
    profile,
    record,
    representation,
    resource,
    rivalry,
)
from api.context import context
from api.rendering import page
from api.resource import Resource
from api.service import of


class _DataRoute(APIRoute):
    """Takes only what ``representation.Negotiated`` knows to be data of a thing; every other path goes on."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches(scope) if representation.SCOPE in scope else (Match.NONE, {})


data = APIRouter(tags=["resources"], route_class=_DataRoute)
pages = APIRouter(include_in_schema=False)


@data.get("/{path:path}.{suffix}", response_class=Response)
async def resource_data(request: Request, path: str, suffix: str) -> Response:
    """A thing of the graph as ttl, nt, rdf, nq, trig, jsonld, json or csv; a document in the RDF ones."""
    service = of(request)
    found = _found(request, f"/{path}")
    form = representation.BY_SUFFIX.get(suffix)
    if form is None:
        raise HTTPException(404)
    if found.document:
        body = await asyncio.to_thread(description.document, service, found.document, form)
    else:
        body = await description.body(service, found, form)
    return Response(body, media_type=form.content_type)


@pages.get("/{path:path}", response_class=HTMLResponse)
async def resource_page(request: Request, path: str) -> Response:
    """A page about a thing of the graph: its properties, parts, claims and sources, and what mentions it."""
    found = _found(request, f"/{path}")
    if found.path == "ontology":
        return await _ontology(request)
    if found.document:
        return RedirectResponse("/downloads", 303)
    if found.is_graph:
        await description.check(of(request), found)
        return RedirectResponse(f"/{found.path.removeprefix('data/')}", 303)
    return await _record(request, found)


def _found(request: Request, path: str) -> Resource:
    found = resource.find(path, resource.folders(of(request).snapshot))
    if found is None:
        raise HTTPException(404)
    return found


async def _record(request: Request, found: Resource) -> Response:
    service, tongue = of(request), language.of(request)
    await description.check(service, found)
    tree, rows, linked = await asyncio.gather(
        description.tree(service, found),
        description.rows(service, resource.terms(tongue)),
        description.rows(service, resource.mentions(found, record.MOST_MENTIONS + 1, tongue)),
    )
    words = record.words(rows)
    shown = record.section(tree, words, tongue)
    told = profile.read(service.snapshot, *found.path.split("/", 1)) if found.path.count("/") == 1 else []
    cited = dossier.few(
        dossier.sources(service.snapshot, (row.get("sources", "") for part in told for row in part.rows))
    )
    forms = representation.found_forms(found)[1:]
    query = prefixes.declared(service.snapshot) + resource.description(found)
    return page(
        "record.html",
        **context(request),
        crumbs=_crumbs(found, shown.title),
        alternates=[(form.media_type, f"{found.address}.{form.suffix}") for form in forms],
        found=found,
        shown=shown,
        profile=told,
        cited=cited,
        numbers=dossier.numbered(cited),
        rivals=rivalry.by_subject(service.snapshot),
        mentions=record.mentions(linked, words),
        more=len(linked) > record.MOST_MENTIONS,
        query=urlencode({"query": query}),
        all_mentions=urlencode({"query": f"SELECT ?subject ?property WHERE {{ ?subject ?property <{found.iri}> }}"}),
    )


async def _ontology(request: Request) -> Response:
    """Every term with its definition, at the fragment that its name ends in."""
    service = of(request)
    rows = await description.rows(service, resource.terms(language.of(request)))
    forms = description.rdf_forms()
    return page(
        "terms.html",
        **context(request),
        crumbs=[("/ontology", "Ontology")],
        alternates=[(form.media_type, f"/ontology.{form.suffix}") for form in forms],
        terms=record.words(rows),
    )


def _crumbs(found: Resource, title: str) -> list[tuple[str, str]]:
    owner = [(f"/{found.owner}", found.owner.split("/")[1])] if found.owner else []
    return [*owner, (found.address, title)]
