"""What a running service holds for one snapshot: the pool that queries it, its answers, and who uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar, cast

from starlette.requests import HTTPConnection

from api import validators
from api.cache import AnswerCache
from api.settings import Settings
from kg import guard
from kg.engine import Engine
from kg.errors import SnapshotMissing
from kg.evaluate import Request
from kg.guard import GuardLimits
from kg.pool import Door, Pool, PoolSettings
from kg.store import Snapshot

MIB = 1024 * 1024
SCOPE = "kg.service"  # the key in an ASGI scope under which a request finds its service
Made = TypeVar("Made")


class Service:
    """One snapshot being served. Each request that uses it enters and leaves."""

    def __init__(self, settings: Settings, snapshot: Snapshot, pool: Engine) -> None:
        self.settings = settings
        self.snapshot = snapshot
        self.pool = pool
        self.cache = AnswerCache(settings.cache_mib * MIB)
        self.modified = validators.http_date(snapshot.released).encode()
        self._made: dict[object, object] = {}
        self._users = 0
        self._empty = asyncio.Event()
        self._empty.set()

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

    def kept(self, make: Callable[[Service], Made]) -> Made:
        """What ``make`` makes of this service, made once and kept as long as the snapshot is served."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])

    def enter(self) -> None:
        """A request uses this service from now on."""
        self._users += 1
        self._empty.clear()

    def leave(self) -> None:
        """A request has ended."""
        self._users -= 1
        if not self._users:
            self._empty.set()

    async def left(self) -> None:
        """Return when no request uses this service."""
        await self._empty.wait()

    async def close(self) -> None:
        """End the workers."""
        await self.pool.close()


async def open_service(settings: Settings, snapshot: Snapshot, door: Door | None = None) -> Service:
    """A service over one snapshot, ready to answer; raises SnapshotDamaged or WorkerDied."""
    bounds = PoolSettings(
        time_limit=settings.time_limit,
        queue_limit=settings.queue_limit,
        queue_length=settings.queue_length,
        memory_budget=settings.memory_mib * MIB,
        light=settings.light_workers,
        heavy=settings.heavy_workers,
    )
    engine = _engine(settings, snapshot, bounds, door)
    await engine.start()
    return Service(settings, snapshot, engine)


def _engine(settings: Settings, snapshot: Snapshot, bounds: PoolSettings, door: Door | None) -> Engine:
    """Own workers, or the engine at an address."""
    if not settings.engine:
        return Pool(snapshot, bounds, door)
    from kg.remote import Remote, RemoteSettings  # noqa: PLC0415  # an HTTP client that most services never need

    credentials = (settings.engine_user, settings.engine_password, settings.engine_token)
    return Remote(snapshot, RemoteSettings(settings.engine, settings.engine_union, *credentials), bounds)


def found(connection: HTTPConnection) -> Service | None:
    """The service that a request came to, None while there is none."""
    service: Service | None = connection.scope.get(SCOPE)
    return service


def of(connection: HTTPConnection) -> Service:
    """The service that a request came to; raises SnapshotMissing while there is none."""
    service = found(connection)
    if service is None:
        raise SnapshotMissing("no snapshot is served yet; 'kg build' makes one, and the service takes it up by itself")
    return service
