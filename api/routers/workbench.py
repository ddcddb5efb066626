"""The SPARQL page: a query by hand, the examples by question, and their answers as table, bars, map or network."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse

from api import answer as answers
from api import built, completions, errors, labels, language, prefixes, snippets
from api.answer import Shown
from api.context import context
from api.rendering import page
from api.service import of
from kg import catalogue, formats, paths
from kg.catalogue import Query
from kg.errors import KgError
from kg.formats import Content

router = APIRouter(include_in_schema=False)
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
    request: Request, query: str = "", answer: Shown | None = None, problem: dict[str, Any] | None = None
) -> HTMLResponse:
    """The page with the editor; ``problem`` (as ``errors.problem`` makes it) gives the page its status."""
    service = of(request)
    return page(
        "sparql.html",
        status=problem["status"] if problem else 200,
        **context(request),
        crumbs=[_CRUMB],
        query=query or f"{prefixes.declared(service.snapshot, _PLACEHOLDER)}\n{_PLACEHOLDER}",
        problem=problem,
        fault=_line(query, problem),
        examples=examples(),
        prefixes=prefixes.declared(service.snapshot),
        formats=_formats(),
        settings=service.settings,
        editor=built.read(service.settings.assets).editor,
        **_told(request, query, answer),
    )


@router.get("/sparql/answer", response_class=HTMLResponse)
async def answer(request: Request, query: str = "") -> HTMLResponse:
    """The page with the answer to a query, or with what is wrong with it; ``view`` says how it is shown."""
    if not query.strip():
        return sparql_page(request)
    try:
        return sparql_page(request, query, await _answered(request, query))
    except KgError as error:
        return sparql_page(request, query, problem=errors.problem(error))


@router.get("/sparql/completions.json")
async def completion_list(request: Request) -> JSONResponse:
    """What the editor offers to complete: prefixes, classes, properties, codes and parties of this snapshot."""
    service = of(request)
    words = labels.of(service.snapshot, language.of(request))
    return JSONResponse(await completions.read(service, words), headers={"Vary": "Accept-Language"})


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
        query=found.body,
        formats=_formats(),
        **_told(request, found.body, await _answered(request, found.body)),
    )


def examples() -> list[Query]:
    """The examples of the catalogue, by name."""
    return list(catalogue.of_kind(paths.queries(), "examples").values())


async def _answered(request: Request, text: str) -> Shown:
    service = of(request)
    wished = answers.view(request.query_params.get("view", ""))
    return await answers.read(service, text, wished, labels.of(service.snapshot, language.of(request)))


def _told(request: Request, query: str, answer: Shown | None) -> dict[str, Any]:
    """What is shown of an answer and beside it: the views there are, and programs that ask the same."""
    programs = snippets.of(query, f"{request.base_url}sparql", triples=answer.triples) if answer else ()
    return {"answer": answer, "views": answers.VIEWS, "programs": programs}


def _formats() -> dict[str, list[formats.Format]]:
    return {
        "Tables": list(formats.holding(Content.BINDINGS)),
        "Graphs": list(formats.holding(Content.GRAPH, Content.DATASET)),
    }


def _line(query: str, problem: dict[str, Any] | None) -> str:
    """The line of the query at which a problem points; empty where it points at none."""
    lines = query.splitlines()
    at = int((problem or {}).get("line") or 0)
    return lines[at - 1] if 0 < at <= len(lines) else ""
