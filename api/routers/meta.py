"""``/health``: whether the service lives and can answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.service import of

router = APIRouter(prefix="/health", tags=["operation"])


@router.get("/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/ready")
async def ready(request: Request) -> dict[str, Any]:
    """A query can be answered: asks the pool one."""
    service = of(request)
    await service.answer("ASK { ?s ?p ?o }")
    snapshot = service.snapshot
    return {"status": "ready", "snapshot": snapshot.id, "version": snapshot.version, "released": snapshot.released}
