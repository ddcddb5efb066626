"""``/search``: one box over everything, as a page and as JSON for the box that answers as you type."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api import search
from api.context import context
from api.rendering import page
from api.service import of

router = APIRouter()
_ON_PAGE = 10
_AS_TYPED = 4


async def _found(request: Request, words: str) -> list[search.Hit]:
    """The hits; the first question of a snapshot waits for its index."""
    index = await asyncio.to_thread(of(request).kept, search.of)
    return index.find(words)


@router.get("/search.json", tags=["pages"])
async def search_json(request: Request, q: str = "") -> dict[str, Any]:
    """What fits every word, by group: path and title of each hit."""
    groups = search.grouped(await _found(request, q), _AS_TYPED)
    return {"query": q, "groups": {name: [hit._asdict() for hit in hits] for name, hits in groups.items()}}


@router.get("/search", response_class=HTMLResponse, include_in_schema=False)
async def search_page(request: Request, q: str = "") -> HTMLResponse:
    """Names, titles, summaries and questions that fit, in English and Ukrainian, typing errors allowed."""
    hits = await _found(request, q)
    groups = search.grouped(hits, _ON_PAGE)
    found: dict[str, Any] = {"q": q, "total": len(hits), "groups": groups, "longest": search.LONGEST}
    return page("search.html", **context(request), crumbs=[("/search", "Search")], **found)
