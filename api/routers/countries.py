"""``/countries/{code}``: another name for a party that is a state, whatever the case of its code."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse

from api.service import of
from kg import tables
from kg.errors import UnknownName

router = APIRouter(include_in_schema=False)


@router.get("/countries", response_class=RedirectResponse)
async def countries() -> RedirectResponse:
    """The table of parties."""
    return RedirectResponse("/parties", 308)


@router.get("/countries/{code}", response_class=RedirectResponse)
async def country(request: Request, code: str) -> RedirectResponse:
    """The page of the party with this code; raises UnknownName with near ones."""
    known = sorted(row["party"] for row in tables.rows(of(request).snapshot, "parties"))
    if code.upper() not in known:
        raise UnknownName("party", code.upper(), known)
    return RedirectResponse(f"/parties/{code.upper()}", 308)
