"""Pages: the home page, and the files to download."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse

from api import listing
from api.context import context
from api.rendering import page
from api.service import of
from kg import formats, tables
from kg.errors import UnknownName
from kg.store import Snapshot

router = APIRouter()
# The questions that the home page leads with, each with where it is answered.
QUESTIONS = {
    "/sparql/examples/shares-of-gdp": "Which partners promise a share of their GDP, and how firmly?",
    "/sparql/examples/signed-on-the-same-day": "Which partners signed on the same day?",
    "/compare?topic=nato-membership": "Which agreements speak of NATO membership?",
}
_TABLES = f"{tables.FOLDER}/"
_TYPES = {form.suffix: form.content_type for form in formats.FORMATS}


@router.get("/", response_class=HTMLResponse, response_model=None, include_in_schema=False)
async def home(request: Request) -> HTMLResponse | RedirectResponse:
    """What this is, how much is in it, and three questions to start with."""
    snapshot = of(request).snapshot
    if not tables.of(snapshot):
        return RedirectResponse("/sparql")
    found = listing.agreements(snapshot)
    return page(
        "home.html",
        **context(request),
        totals=listing.totals(snapshot),
        days=listing.days(found),
        series=listing.series(snapshot),
        sets=listing.sets(snapshot),
        questions=QUESTIONS,
    )


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
