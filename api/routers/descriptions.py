"""What machines ask first: VoID at its well-known place, and the context of JSON-LD."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from api import description, errors, negotiate
from api.service import of
from kg.errors import UnknownName
from kg.formats import Format

router = APIRouter(tags=["descriptions"])


@router.get("/.well-known/void", response_class=Response)
async def well_known_void(request: Request) -> Response:
    """The description of the dataset (VoID), Turtle where the client wishes nothing else."""
    return await described(request, "void", "void.ttl")


@router.get("/context.jsonld", response_class=FileResponse)
async def context(request: Request) -> FileResponse:
    """The JSON-LD context: every key with its IRI and datatype."""
    path = of(request).snapshot.folder / description.CONTEXT
    if not path.is_file():
        raise UnknownName("document", description.CONTEXT, ())
    headers = {"Access-Control-Allow-Origin": "*"}
    return FileResponse(path, media_type="application/ld+json", headers=headers)


async def described(request: Request, name: str, file: str) -> Response:
    """A description in the RDF format that the client wishes most; raises BadRequest (406)."""
    form = wished(request)
    body = await asyncio.to_thread(description.document, of(request), file, form)
    headers = {
        "Content-Location": f"/{name}.{form.suffix}",
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
    }
    return Response(body, media_type=form.content_type, headers=headers)


def wished(request: Request) -> Format:
    """The RDF format that the client wishes most; raises BadRequest (406)."""
    accept = negotiate.accept(request)
    form = negotiate.best(accept, description.rdf_forms())
    if form is None and negotiate.prefers_html(accept, ()):
        form = description.rdf_forms()[0]  # a browser: Turtle is text that it can show
    if form is None:
        known = ", ".join(form.media_type for form in description.rdf_forms())
        raise errors.BadRequest(406, f"'{accept}' fits no form of this description; known: {known}")
    return form
