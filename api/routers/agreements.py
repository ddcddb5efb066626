"""One agreement: its page, its commitments, its provisions, and its rows as JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api import dossier, labels, language, neighbours, prefixes
from api.context import context
from api.dossier import Dossier
from api.rendering import page
from api.service import of
from kg import catalogue, names, paths
from kg.store import Snapshot

router = APIRouter()
data = APIRouter()  # forms made for one kind of thing, asked before those made for all
_NETWORK = "all-agreements"


@data.get("/agreements/{slug}.json", tags=["agreements"])
async def agreement_json(request: Request, slug: str) -> dict[str, Any]:
    """The rows of the public tables that are about one agreement."""
    return dict(dossier.read(of(request).snapshot, slug).document())


@router.get("/agreements/{slug}", response_class=HTMLResponse, include_in_schema=False)
async def agreement(request: Request, slug: str) -> HTMLResponse:
    """One agreement: parties, signatories, clauses, figures, topics, neighbours, and the source of each."""
    snapshot = of(request).snapshot
    found = dossier.read(snapshot, slug)
    views = catalogue.of_kind(paths.queries(), "views")
    return page(
        "agreement.html",
        **_common(request, found),
        crumbs=_crumbs(request, found),
        alternates=[("text/turtle", f"{_address(slug)}.ttl"), ("application/json", f"{_address(slug)}.json")],
        neighbours=neighbours.read(snapshot, found.agreement),
        network=f"/networks/{_NETWORK}?node=agreements/{slug}&radius=1" if _NETWORK in views else "",
        query=urlencode({"query": _construct(snapshot, slug)}),
    )


@router.get("/agreements/{slug}/commitments", response_class=HTMLResponse, include_in_schema=False)
async def commitments(request: Request, slug: str) -> HTMLResponse:
    """Every commitment and report of one agreement, by topic."""
    return _part(request, slug, "commitments", "Commitments")


@router.get("/agreements/{slug}/provisions", response_class=HTMLResponse, include_in_schema=False)
async def provisions(request: Request, slug: str) -> HTMLResponse:
    """Every provision of one agreement, as the text runs."""
    return _part(request, slug, "provisions", "Provisions")


def _part(request: Request, slug: str, part: str, title: str) -> HTMLResponse:
    found = dossier.read(of(request).snapshot, slug)
    address = f"{_address(slug)}/{part}"
    return page(
        f"agreement_{part}.html",
        **_common(request, found),
        crumbs=[*_crumbs(request, found), (address, title)],
        alternates=[("text/csv", f"/{part}.csv?agreement={slug}")],
    )


def _common(request: Request, found: Dossier) -> dict[str, Any]:
    return {**context(request), "found": found, "address": _address(found.slug)}


def _crumbs(request: Request, found: Dossier) -> list[tuple[str, str]]:
    called = labels.of(of(request).snapshot, language.of(request)).agreement(found.slug)
    return [("/agreements", "Agreements"), (_address(found.slug), called)]


def _address(slug: str) -> str:
    return f"/agreements/{slug}"


def _construct(snapshot: Snapshot, slug: str) -> str:
    """The query behind an agreement's page: every triple of its named graph."""
    graph = names.graph_iri("agreements", slug)
    return f"{prefixes.declared(snapshot)}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
