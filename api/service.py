"""What a running service holds: one snapshot, the pool that queries it, and the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from api.settings import Settings
from kg import guard, store
from kg.engine import Engine
from kg.evaluate import Request
from kg.guard import GuardLimits
from kg.pool import Pool, PoolSettings
from kg.store import Snapshot


@dataclass(frozen=True)
class Service:
    """One snapshot being served."""

    settings: Settings
    snapshot: Snapshot
    pool: Engine

    @property
    def guard_limits(self) -> GuardLimits:
        """What the guard lets through."""
        return GuardLimits(size=self.settings.query_kib * 1024)

    async def answer(self, text: str, format_name: str = "json") -> bytes:
        """The whole answer to one of the project's own queries; raises as ``Pool.run`` does."""
        inspected = guard.inspect(text, self.guard_limits)
        request = Request(text, format_name, has_dataset=inspected.has_dataset)
        answer = await self.pool.run(request, inspected)
        return b"".join([chunk async for chunk in answer.chunks()])


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Service]:
    """The current snapshot, served until the context ends; raises SnapshotMissing or SnapshotDamaged."""
    snapshot = store.current(settings.snapshots)
    bounds = PoolSettings(
        time_limit=settings.time_limit,
        queue_limit=settings.queue_limit,
        queue_length=settings.queue_length,
        memory_budget=settings.memory_mib * 1024 * 1024,
        light=settings.light_workers,
        heavy=settings.heavy_workers,
    )
    async with _engine(settings, snapshot, bounds) as engine:
        yield Service(settings, snapshot, engine)


def _engine(settings: Settings, snapshot: Snapshot, bounds: PoolSettings) -> Engine:
    """Own workers, or the engine at an address."""
    if not settings.engine:
        return Pool(snapshot, bounds)
    from kg.remote import Remote, RemoteSettings  # noqa: PLC0415  # an HTTP client that most services never need

    credentials = (settings.engine_user, settings.engine_password, settings.engine_token)
    return Remote(snapshot, RemoteSettings(settings.engine, settings.engine_union, *credentials), bounds)


def of(connection: HTTPConnection) -> Service:
    """The service that a request came to."""
    service: Service = connection.app.state.service
    return service
