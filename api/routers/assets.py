"""``/assets/built``: the query editor, where it has been built. Its name changes with its bytes, so it may be kept."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import FileResponse

from api import built
from api.service import of

router = APIRouter(include_in_schema=False)
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get(f"{built.ADDRESS}/{{name}}")
async def built_asset(request: Request, name: str) -> FileResponse:
    """A file that `make assets` has built."""
    path = built.read(of(request).settings.assets).file(name)
    return FileResponse(path, headers=_KEPT if name != "LICENCES.txt" else None)
