"""The service of the current snapshot, and the change to the next one while requests run.

::

    a request enters ── takes the service that is current then, and keeps it to its end
    a new snapshot   ── its pool is opened beside the old one; then new requests go there
    the old service  ── is closed when its last request has left
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from api.log import Log
from api.service import Service
from api.settings import Settings
from kg import store
from kg.errors import KgError, SnapshotDamaged, SnapshotMissing
from kg.store import Snapshot

Open = Callable[[Settings, Snapshot], Awaitable[Service]]


class Current:
    """Holds one service and follows ``snapshots/current``. Lives in one event loop."""

    def __init__(self, settings: Settings, open_service: Open, log: Log) -> None:
        self.settings = settings
        self.service: Service | None = None
        self._open = open_service
        self._log = log
        self._watch: asyncio.Task[None] | None = None
        self._retired: dict[Service, asyncio.Task[None]] = {}  # each with the task that closes it
        self._damaged = ("", 0)  # the mark of what could not be read, so that it is not read again and again
        self._refused = ""  # the folder that could not be opened, so that it is reported once

    async def start(self) -> None:
        """Open the current snapshot if there is one, then follow it; raises SnapshotDamaged or WorkerDied."""
        with suppress(SnapshotMissing):
            self.service = await self._open(self.settings, store.current(self.settings.snapshots))
        self._watch = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Close every service, in use or not."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait((self._watch,))
        retired, self._retired = self._retired, {}
        for draining in retired.values():
            draining.cancel()
        for service in (*retired, self.service):
            if service is not None:
                await service.close()
        self.service = None

    async def look(self) -> bool:
        """Take up the snapshot that is current now; whether it is another one than before."""
        try:
            found = store.current(self.settings.snapshots)
            if (self.service is not None and found.id == self.service.snapshot.id) or _mark(found) == self._damaged:
                return False
            fresh = await self._opened(found)
        except SnapshotMissing:
            return False
        except (KgError, OSError) as error:  # a folder that cannot be read now may be in a moment
            self._report(error)
            return False
        old, self.service, self._refused = self.service, fresh, ""
        self._log.event("snapshot", id=fresh.snapshot.id, version=fresh.snapshot.version)
        if old is not None:
            self._retire(old)
        return True

    async def _opened(self, found: Snapshot) -> Service:
        try:
            return await self._open(self.settings, found)
        except SnapshotDamaged:
            self._damaged = _mark(found)
            raise

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self.settings.poll)
            await self.look()

    def _report(self, error: Exception) -> None:
        if str(error) != self._refused:
            self._refused = str(error)
            self._log.event("snapshot refused", reason=str(error))

    def _retire(self, service: Service) -> None:
        self._retired[service] = asyncio.create_task(self._drain(service))

    async def _drain(self, service: Service) -> None:
        """Close a service when nobody uses it any more."""
        await service.left()
        self._retired.pop(service, None)
        await service.close()


def _mark(snapshot: Snapshot) -> tuple[str, int]:
    """A snapshot and when it was written: one that is built anew under its name is another try."""
    return snapshot.id, (snapshot.folder / store.MANIFEST).stat().st_mtime_ns
