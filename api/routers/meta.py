"""``/health`` and ``/metrics``: whether the service lives and can answer, and what it has done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api import metrics
from api.service import of

router = APIRouter(tags=["operation"])
_FRESH = "no-store"


@router.get("/health/live")
async def live(response: Response) -> dict[str, str]:
    """The process answers."""
    response.headers["Cache-Control"] = _FRESH
    return {"status": "live"}


@router.get("/metrics", response_class=Response)
async def meters(request: Request) -> Response:
    """Counts and times of this process in Prometheus's text format."""
    text = request.app.state.meters.text()
    return Response(text, headers={"Content-Type": metrics.CONTENT_TYPE, "Cache-Control": _FRESH})


@router.get("/health/ready")
async def ready(request: Request, response: Response) -> dict[str, Any]:
    """A query can be answered: asks the pool one."""
    response.headers["Cache-Control"] = _FRESH
    service = of(request)
    await service.answer("ASK { ?s ?p ?o }")
    snapshot = service.snapshot
    return {"status": "ready", "snapshot": snapshot.id, "version": snapshot.version, "released": snapshot.released}
