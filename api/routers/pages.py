"""Pages: the home page, the list of agreements, one agreement, and the files to download."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse

from api import dossier, listing, prefixes
from api.context import context
from api.rendering import page
from api.service import of
from kg import catalogue, formats, names, paths, tables
from kg.errors import UnknownName
from kg.store import Snapshot

router = APIRouter()
data = APIRouter()  # forms made for one kind of thing, asked before those made for all
# The examples that the home page leads with, each with its question, where the catalogue has them.
_FIRST = {
    "shares-of-gdp": "Who promised a share of its GDP, and how firmly?",
    "signed-on-the-same-day": "Which agreements were signed on the same day?",
    "states-of-a-cell": "Which agreements speak of F-16 aircraft, and which are silent?",
}
_TABLES = f"{tables.FOLDER}/"
_TYPES = {form.suffix: form.content_type for form in formats.FORMATS}


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
async def home(request: Request) -> HTMLResponse:
    """What this is, how much is in it, and three questions to start with."""
    snapshot = of(request).snapshot
    known = catalogue.of_kind(paths.queries(), "examples")
    found = listing.agreements(snapshot)
    return page(
        "home.html",
        **context(request),
        totals=listing.totals(snapshot),
        days=listing.days(found),
        series=listing.series(snapshot),
        sets=listing.sets(snapshot),
        parties=dossier.party_names(snapshot),
        questions={name: asked for name, asked in _FIRST.items() if name in known},
    )


@data.get("/agreements/{slug}.json", tags=["agreements"])
async def agreement_json(request: Request, slug: str) -> dict[str, Any]:
    """The rows of the public tables that are about one agreement."""
    return dict(dossier.read(of(request).snapshot, slug).document())


@router.get("/agreements/{slug}", response_class=HTMLResponse, include_in_schema=False)
async def agreement(request: Request, slug: str) -> HTMLResponse:
    """One agreement: parties, signatories, clauses, commitments, provisions, and the source of each."""
    snapshot = of(request).snapshot
    found = dossier.read(snapshot, slug)
    address = f"/agreements/{slug}"
    return page(
        "agreement.html",
        **context(request),
        crumbs=[("/agreements", "Agreements"), (address, found.agreement["title"])],
        alternates=[("text/turtle", f"{address}.ttl"), ("application/json", f"{address}.json")],
        found=found,
        parties=dossier.party_names(snapshot),
        query=urlencode({"query": _construct(snapshot, slug)}),
    )


def _construct(snapshot: Snapshot, slug: str) -> str:
    """The query behind an agreement's page: every triple of its named graph."""
    graph = names.graph_iri("agreements", slug)
    return f"{prefixes.declared(snapshot)}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


@router.get("/downloads", response_class=HTMLResponse, include_in_schema=False)
async def downloads(request: Request) -> HTMLResponse:
    """Every file of the snapshot with its size and checksum, and how to cite it."""
    files = of(request).snapshot.manifest["files"]
    return page(
        "downloads.html",
        **context(request),
        crumbs=[("/downloads", "Downloads")],
        graphs={path: told for path, told in sorted(files.items()) if not path.startswith(_TABLES)},
        tables={path: told for path, told in sorted(files.items()) if path.startswith(_TABLES)},
    )


@router.get("/downloads/{path:path}", response_class=FileResponse, tags=["downloads"])
async def download(request: Request, path: str) -> FileResponse:
    """One file that the manifest lists, and no other."""
    return _file(of(request).snapshot, path)


@router.get("/tables/{name}.csv", response_class=FileResponse, tags=["downloads"])
async def table(request: Request, name: str) -> FileResponse:
    """One public table as CSV."""
    snapshot = of(request).snapshot
    return _file(snapshot, tables.file(snapshot, name).relative_to(snapshot.folder).as_posix())


def _file(snapshot: Snapshot, path: str) -> FileResponse:
    """A file of the manifest with its own type and checksum; raises UnknownName. Graphs are saved, tables are shown."""
    files = snapshot.manifest["files"]
    if path not in files:
        raise UnknownName("file", path, sorted(files))
    suffix = PurePosixPath(path).suffix.removeprefix(".")
    return FileResponse(
        snapshot.folder / path,
        media_type=_TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream",
        filename=None if path.startswith(_TABLES) else PurePosixPath(path).name,
        headers={"ETag": f'"{files[path]["sha256"]}"'},
    )
