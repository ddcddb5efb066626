"""The SPARQL page: a query by hand, the examples by question, and their answers as tables."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api import bindings, errors, prefixes
from api.bindings import Bindings
from api.context import context
from api.rendering import page
from api.service import Service, of
from kg import catalogue, evaluate, formats, guard, paths
from kg.catalogue import Query
from kg.errors import AnswerUnwritable, KgError
from kg.formats import Content

router = APIRouter(include_in_schema=False)
_TRIPLES = ("CONSTRUCT", "DESCRIBE")
_CRUMB = ("/sparql", "SPARQL")
_PLACEHOLDER = """SELECT ?agreement ?title ?signed
WHERE {
  ?agreement a sa:Agreement ;
    rdfs:label ?title ;
    sa:signed ?signed .
  FILTER (LANG(?title) = "en")
}
ORDER BY ?signed
LIMIT 50
"""


def sparql_page(
    request: Request, query: str = "", answer: Bindings | None = None, problem: dict[str, Any] | None = None
) -> HTMLResponse:
    """The page with the editor; ``problem`` (as ``errors.problem`` makes it) gives the page its status."""
    service = of(request)
    return page(
        "sparql.html",
        status=problem["status"] if problem else 200,
        **context(request),
        crumbs=[_CRUMB],
        query=query or f"{prefixes.declared(service.snapshot, _PLACEHOLDER)}\n{_PLACEHOLDER}",
        answer=answer,
        problem=problem,
        fault=_line(query, problem),
        examples=examples(),
        prefixes=prefixes.declared(service.snapshot),
        formats={
            "Tables": formats.holding(Content.BINDINGS),
            "Graphs": formats.holding(Content.GRAPH, Content.DATASET),
        },
        settings=service.settings,
    )


@router.get("/sparql/answer", response_class=HTMLResponse)
async def answer(request: Request, query: str = "") -> HTMLResponse:
    """The page with the answer to a query, or with what is wrong with it."""
    if not query.strip():
        return sparql_page(request)
    try:
        return sparql_page(request, query, await _answered(of(request), query))
    except KgError as error:
        return sparql_page(request, query, problem=errors.problem(error))


@router.get("/sparql/examples", response_class=HTMLResponse)
async def example_list(request: Request) -> HTMLResponse:
    """The examples, each a question."""
    return page("examples.html", **context(request), crumbs=[_CRUMB, ("", "Examples")], examples=examples())


@router.get("/sparql/examples/{name}", response_class=HTMLResponse)
async def example(request: Request, name: str) -> HTMLResponse:
    """One example: its question, its query, and its answer now."""
    found = catalogue.find(paths.queries(), "examples", name)
    return page(
        "example.html",
        **context(request),
        crumbs=[_CRUMB, ("/sparql/examples", "Examples"), ("", found.summary)],
        example=found,
        answer=await _answered(of(request), found.body),
    )


def examples() -> list[Query]:
    """The examples of the catalogue, by name."""
    return list(catalogue.of_kind(paths.queries(), "examples").values())


async def _answered(service: Service, text: str) -> Bindings:
    """A query's answer for a page; raises as the pool does, and AnswerUnwritable where it is too long for a page."""
    inspected = guard.inspect(text, service.guard_limits)
    form = "turtle" if inspected.form in _TRIPLES else "json"
    asked = evaluate.Request(text, form, has_dataset=inspected.has_dataset)
    found = await service.pool.run(asked, inspected)
    if found.body is None:
        found.close()
        raise AnswerUnwritable("the answer is too long for a page; take it as a file in one of the formats")
    if form == "turtle":
        return Bindings(text=found.body.decode())
    return bindings.read(found.body, prefixes.of(service.snapshot))


def _line(query: str, problem: dict[str, Any] | None) -> str:
    """The line of the query at which a problem points; empty where it points at none."""
    lines = query.splitlines()
    at = int((problem or {}).get("line") or 0)
    return lines[at - 1] if 0 < at <= len(lines) else ""
