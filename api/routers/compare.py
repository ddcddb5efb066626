"""``/compare``: topics by partners, or a few agreements side by side; as a page and as files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from api import comparison, labels, language, twins
from api.comparison import Comparison
from api.context import context
from api.rendering import page
from api.service import of
from kg.errors import UnknownName

router = APIRouter()
Names = Annotated[list[str], Query()]
_TEXTS = {
    "md": ("text/markdown; charset=utf-8", comparison.to_markdown),
    "tex": ("application/x-tex; charset=utf-8", comparison.to_latex),
}
_SUFFIXES = (*twins.TABLE, *_TEXTS)


@router.get("/compare.{suffix}", response_class=Response, tags=["tables"])
async def compare_file(request: Request, suffix: str, agreement: Names = [], topic: Names = []) -> Response:  # noqa: B006  # FastAPI reads it only
    """The comparison as csv, json, xlsx (a row a cell), md or tex (a line a topic)."""
    found = _read(request, agreement, topic)
    if suffix in twins.TABLE:
        return await twins.of_rows(suffix, "comparison", found.columns, found.rows, of(request).snapshot.released)
    if suffix not in _TEXTS:
        raise UnknownName("format", suffix, _SUFFIXES)
    content_type, write = _TEXTS[suffix]
    words = labels.of(of(request).snapshot, language.of(request))
    return Response(write(found, words), headers={"Content-Type": content_type, "Access-Control-Allow-Origin": "*"})


@router.get("/compare", response_class=HTMLResponse, include_in_schema=False)
async def compare(request: Request, agreement: Names = [], topic: Names = []) -> HTMLResponse:  # noqa: B006  # FastAPI reads it only
    """Who promised what on which topic, where it is written, and who is silent."""
    whole = comparison.read(of(request).snapshot)
    asked = f"?{request.url.query}" if request.url.query else ""
    return page(
        "compare.html",
        **context(request),
        crumbs=[("/compare", "Compare")],
        alternates=[("text/csv", f"/compare.csv{asked}"), ("application/json", f"/compare.json{asked}")],
        found=_read(request, agreement, topic),
        whole=whole,
        chosen=agreement,
        topics=topic,
        asked=asked,
        suffixes=_SUFFIXES,
        signs=comparison.SIGNS,
        most=comparison.MOST,
    )


def _read(request: Request, agreements: list[str], topics: list[str]) -> Comparison:
    """What the address asks for; an empty value of a form's field asks for nothing."""
    slugs, wished = ([value for value in values if value] for values in (agreements, topics))
    return comparison.read(of(request).snapshot, slugs, wished)
