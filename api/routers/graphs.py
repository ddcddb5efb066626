"""``/graphs``: reads of the SPARQL 1.1 Graph Store HTTP Protocol, by ``?default`` or ``?graph=IRI``."""

from __future__ import annotations

import json
import re

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from api import description, errors, prefixes
from api.methods import READS
from api.routers.descriptions import wished
from api.service import Service, of
from kg import evaluate, guard, names
from kg.errors import UnknownName
from kg.formats import Format

router = APIRouter(tags=["graphs"])
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*")
_HEADERS = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}


@router.head("/graphs", include_in_schema=False)
@router.get("/graphs", response_class=Response)
async def graph(request: Request) -> Response:
    """One graph as RDF: ``?graph=`` and its IRI, or ``?default`` for the union of all, which queries see."""
    asked = _asked(request)
    form = wished(request)
    service = of(request)
    if asked and not json.loads(await description.ask(service, f"ASK {{ GRAPH <{asked}> {{ ?s ?p ?o }} }}"))["boolean"]:
        raise UnknownName("graph", asked, await _near(service, asked))
    if request.method == "HEAD":
        # A stream without an end that is known, as most answers to GET are: a length of 0 would be told as theirs.
        return StreamingResponse(iter((b"",)), media_type=form.content_type, headers=_HEADERS)
    return await _sent(service, asked, form)


@router.api_route("/graphs", methods=["PUT", "POST", "DELETE", "PATCH"], include_in_schema=False)
@router.api_route("/data/{path:path}", methods=["PUT", "POST", "DELETE", "PATCH"], include_in_schema=False)
async def refused(request: Request) -> Response:
    """Writes are refused: records change where they are curated."""
    raise errors.BadRequest(405, f"{request.method}: the graphs are read-only", {"Allow": READS})


def _asked(request: Request) -> str:
    """The IRI of the graph asked for, empty for the default graph; raises BadRequest."""
    given = request.query_params.multi_items()
    if len(given) != 1 or given[0][0] not in ("graph", "default"):
        raise errors.BadRequest(400, "give ?default, or ?graph= with the IRI of a graph, and nothing else")
    name, value = given[0]
    if name == "default":
        if value:
            raise errors.BadRequest(400, "'default' takes no value")
        return ""
    if not _IRI.fullmatch(value):
        raise errors.BadRequest(400, f"'{value}' is no absolute IRI of a graph")
    return value


async def _near(service: Service, asked: str) -> list[str]:
    """Graphs of the same folder."""
    folder = asked.rsplit("/", 1)[0] if asked.startswith(names.GRAPHS) else names.GRAPHS
    query = f'SELECT ?g WHERE {{ GRAPH ?g {{}} FILTER (STRSTARTS(STR(?g), "{folder}")) }} LIMIT 5000'
    return [row["g"]["value"] for row in await description.rows(service, query)]


async def _sent(service: Service, asked: str, form: Format) -> Response:
    """The triples as they come from the engine; a long answer is streamed."""
    pattern = f"GRAPH <{asked}> {{ ?s ?p ?o }}" if asked else "?s ?p ?o"
    text = f"{prefixes.declared(service.snapshot)}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    inspected = guard.inspect(text, service.guard_limits)
    answer = await service.pool.run(evaluate.Request(text, form.name), inspected)
    if answer.body is not None:
        return Response(answer.body, media_type=form.content_type, headers=_HEADERS)
    return StreamingResponse(answer.chunks(), media_type=form.content_type, headers=_HEADERS)
