"""``/timeline``: what happened when, as a picture with a table behind it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api import timeline
from api.context import context
from api.errors import BadRequest
from api.registers import REGISTERS
from api.rendering import page
from api.service import of
from kg import tables

router = APIRouter(include_in_schema=False)
_SINCE = "since"
# The series begins with the declaration of July 2023; what came before is asked for by ``since``.
_BEGIN = "2023"


@router.get("/timeline", response_class=HTMLResponse)
async def timeline_page(request: Request) -> HTMLResponse:
    """Signatures, talks, votes and other events on one scale; limited by the address as the table of events is."""
    shown = REGISTERS["events"]
    since = request.query_params.get(_SINCE, _BEGIN)
    if not (since.isascii() and since.isdigit() and len(since) == 4):
        raise BadRequest(400, f"'{since}' is no year; write it as {_BEGIN}")
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != _SINCE]
    subset = shown.register.read(of(request).snapshot, asked)
    rows = [row for row in subset.rows if row["date"] >= since]
    return page(
        "timeline.html",
        **context(request),
        crumbs=[("/timeline", "Timeline")],
        alternates=[("text/csv", f"/events.csv?{subset.query_string}")],
        subset=subset,
        shown=shown,
        rows=rows,
        earlier=len(subset.rows) - len(rows),
        since=since,
        drawn=timeline.read(rows),
        numbers={},
        rivals={},
        terse=True,  # a hundred events with three sources each: their titles stand on their own pages
        agreements={row["agreement"] for row in tables.rows(of(request).snapshot, "agreements")},
    )
