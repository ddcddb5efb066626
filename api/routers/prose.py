"""Pages of text: about, privacy, accessibility, the codebook, and the interface for programs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from api import interface, language, prose
from api.context import context
from api.prose import Prose
from api.rendering import page
from kg import paths

router = APIRouter(include_in_schema=False)


@router.get("/about", response_class=HTMLResponse)
async def about(request: Request) -> HTMLResponse:
    """Method, limits, how to report an error, licence."""
    return _shown(request, prose.read("about", language.of(request)))


@router.get("/privacy", response_class=HTMLResponse)
async def privacy(request: Request) -> HTMLResponse:
    """What is not kept about readers, and what is said of people in the data."""
    return _shown(request, prose.read("privacy", language.of(request)))


@router.get("/accessibility", response_class=HTMLResponse)
async def accessibility(request: Request) -> HTMLResponse:
    """What is done so that everybody can use the site, and what is known to fall short."""
    return _shown(request, prose.read("accessibility", language.of(request)))


@router.get("/codebook", response_class=HTMLResponse)
async def codebook(request: Request) -> HTMLResponse:
    """How records are written and coded: each field, each rule with its edge cases, and the second coding."""
    found = prose.rendered((paths.contents() / "data" / "README.md").read_text("utf-8"))
    return _shown(request, found._replace(title="Codebook"))


@router.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> HTMLResponse:
    """The interface for programs, made of the OpenAPI document, without script."""
    described = interface.read(request.app.openapi())
    return page("docs.html", **context(request), crumbs=[("/docs", "Interface for programs")], groups=described)


def _shown(request: Request, found: Prose) -> HTMLResponse:
    crumbs = [(request.url.path, found.title)]
    # Made by markdown-it with HTML switched off, from files of this project.
    body = Markup(found.html)  # noqa: S704  # see above
    return page("prose.html", **context(request), crumbs=crumbs, found=found, body=body)
