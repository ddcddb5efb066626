"""The public tables as pages with facets, and the same rows as files."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api import dossier, listing, rivalry, sums, twins
from api.context import context
from api.errors import BadRequest
from api.registers import REGISTERS, Shown
from api.rendering import page
from api.service import of
from api.subset import Subset

PER_PAGE = 50
_PAGE = "page"
# Registers whose page shows more than their rows.
_OWN_PAGES = ("agreements", "claims", "commitments")
router = APIRouter()


def _subset(request: Request, shown: Shown) -> Subset:
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != _PAGE]
    return shown.register.read(of(request).snapshot, asked)


def _number(request: Request, most: int) -> int:
    """Which page of a long table is asked for; raises BadRequest."""
    asked = request.query_params.get(_PAGE, "1")
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= most):
        raise BadRequest(400, f"'{asked}' is no page of this table; it has {most}")
    return int(asked)


def add(routes: APIRouter, shown: Shown) -> None:
    """The routes of one register: its files, and its page unless it has one of its own below."""

    async def file(request: Request, suffix: str) -> Response:
        return await twins.of_subset(of(request), _subset(request, shown), suffix)

    async def table(request: Request) -> Response:
        subset = _subset(request, shown)
        pages = max(1, -(-len(subset.rows) // PER_PAGE))
        number = _number(request, pages)
        return page("registers.html", **context(request), **_values(shown, subset, number, pages))

    file.__doc__ = f"{shown.title}: the rows that the address asks for, as csv, json, xlsx, ttl or jsonld."
    table.__doc__ = f"{shown.title}: {shown.lead}"
    name = shown.register.table
    routes.add_api_route(
        f"{shown.address}.{{suffix}}", file, response_class=Response, tags=["tables"], name=f"{name} file"
    )
    if name not in _OWN_PAGES:
        routes.add_api_route(shown.address, table, response_class=HTMLResponse, include_in_schema=False, name=name)


def _values(shown: Shown, subset: Subset, number: int, pages: int) -> dict[str, Any]:
    known = twins.suffixes(subset)
    wish = f"?{subset.query_string}" if subset.query_string else ""
    types = {"csv": "text/csv", "json": "application/json", "xlsx": twins.XLSX, "ttl": "text/turtle"}
    types["jsonld"] = "application/ld+json"
    rows = subset.rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    cited = dossier.few(dossier.sources(subset.snapshot, (row.get("sources", "") for row in rows)))
    return {
        "shown": shown,
        "subset": subset,
        "rows": rows,
        "cited": cited,
        "numbers": dossier.numbered(cited),
        "rivals": rivalry.by_subject(subset.snapshot),
        "number": number,
        "pages": pages,
        "suffixes": known,
        "crumbs": [(shown.address, shown.title)],
        "alternates": [(types[suffix], f"{shown.address}.{suffix}{wish}") for suffix in known],
    }


@router.get("/agreements", response_class=HTMLResponse, include_in_schema=False)
async def agreements(request: Request) -> HTMLResponse:
    """The agreements with what each promises, limited by what the address asks for."""
    shown = REGISTERS["agreements"]
    subset = _subset(request, shown)
    slugs = {row["agreement"] for row in subset.rows}
    found = [one for one in listing.agreements(subset.snapshot) if one.row["agreement"] in slugs]
    return page("agreements.html", **context(request), **_values(shown, subset, 1, 1), found=found)


@router.get("/claims", response_class=HTMLResponse, include_in_schema=False)
async def claims(request: Request) -> HTMLResponse:
    """Where sources disagree: the rival values side by side, and which one is preferred for what reason."""
    shown = REGISTERS["claims"]
    subset = _subset(request, shown)
    values = _values(shown, subset, 1, 1)
    return page("claims.html", **context(request), **values, quarrels=rivalry.read(subset.rows))


@router.get("/commitments", response_class=HTMLResponse, include_in_schema=False)
async def commitments(request: Request) -> HTMLResponse:
    """Commitments and reports, with what may be added of their amounts and what may not."""
    shown = REGISTERS["commitments"]
    subset = _subset(request, shown)
    pages = max(1, -(-len(subset.rows) // PER_PAGE))
    values = _values(shown, subset, _number(request, pages), pages)
    bars = {column: sums.bars(subset.rows, column) for column in ("topic", "obligor")}
    return page("commitments.html", **context(request), **values, sums=sums.read(subset.rows), bars=bars)


for _shown in REGISTERS.values():
    add(router, _shown)
