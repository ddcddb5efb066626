"""Keeps the number of workers: whoever is lost is replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from kg.errors import KgError, WorkerDied
from kg.pool.door import Door
from kg.pool.forked import ForkNursery
from kg.pool.hand import Events, Hand, Nursery
from kg.pool.settings import PoolSettings
from kg.pool.spawned import SpawnNursery
from kg.pool.worker import Terms
from kg.store import Snapshot

# Seconds before a replacement for a worker that never became ready: first, and at most.
_PATIENCE = 0.05
_MOST_PATIENCE = 5.0


class Crew:
    """All workers, those being born included."""

    def __init__(self, snapshot: Snapshot, settings: PoolSettings, events: Events, door: Door | None = None) -> None:
        self.hands: set[Hand] = set()
        self.restarts = 0
        self._wanted = settings.workers
        self._coming = 0
        self._failures = 0
        self._closing = False
        self._limit = settings.start_limit
        self._later: asyncio.TimerHandle | None = None
        self._revival: asyncio.Task[None] | None = None
        nursery = partial(ForkNursery, door=door) if settings.forks else SpawnNursery
        terms = Terms(settings.memory_budget, settings.first_bytes, settings.chunk, settings.stack)
        self._make: Callable[[], Nursery] = partial(nursery, snapshot.folder, terms, events)
        self._nursery: Nursery = self._make()

    async def start(self) -> None:
        """Return when the first worker is ready; raises SnapshotError or WorkerDied."""
        self._first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._limit):
                await self._nursery.start()
                self._fill()
                await self._first
        except TimeoutError:
            raise WorkerDied(f"no worker was ready after {self._limit:g} s") from None

    async def close(self) -> None:
        """End every process and wait for that."""
        self._closing = True
        if self._later is not None:
            self._later.cancel()
        if self._revival is not None:
            self._revival.cancel()
            await asyncio.wait((self._revival,))
        for hand in list(self.hands):
            hand.kill()
        self.hands.clear()
        await self._nursery.close()

    def arrived(self, hand: Hand) -> None:
        """A worker process exists."""
        self._coming = max(0, self._coming - 1)  # it may have been on its way when its zygote ended
        if self._closing:
            hand.kill()
        else:
            self.hands.add(hand)

    def ready(self, hand: Hand) -> None:
        """A worker has opened the store."""
        hand.ready = True
        self._failures = 0
        if not self._first.done():
            self._first.set_result(None)

    def refused(self, error: KgError) -> None:
        """A worker cannot open the store."""
        if not self._first.done():
            self._first.set_exception(error)

    def kill(self, hand: Hand) -> None:
        """End a worker and get another."""
        hand.kill()
        self.lost(hand)

    def lost(self, hand: Hand) -> None:
        """A worker has ended; get another, after a while when this one never worked."""
        if hand not in self.hands or self._closing:
            return
        self.hands.discard(hand)
        self.restarts += 1
        if hand.ready:
            self._fill()
        else:
            self._fill_later(WorkerDied("a worker ended before it was ready"))

    def unborn(self) -> None:
        """A worker that was asked for does not come; ask again after a while."""
        self._coming -= 1
        self._fill_later(WorkerDied("the system starts no further process"))

    def _fill_later(self, reason: WorkerDied) -> None:
        self.refused(reason)
        if self._later is None and not self._closing:
            self._later = asyncio.get_running_loop().call_later(self._delay(), self._fill)

    def barren(self) -> None:
        """The nursery has ended by itself: get another."""
        self._coming = 0
        self.refused(WorkerDied("the process that forks workers has ended"))
        if not self._closing and self._revival is None:
            self._revival = asyncio.ensure_future(self._revive())

    async def _revive(self) -> None:
        await self._nursery.close()
        while True:
            await asyncio.sleep(self._delay())
            self._nursery = self._make()
            try:
                await self._nursery.start()
                break
            except KgError:
                await self._nursery.close()
        self._revival = None
        self._fill()

    def _delay(self) -> float:
        self._failures += 1
        return min(_PATIENCE * 2.0**self._failures, _MOST_PATIENCE)

    def _fill(self) -> None:
        self._later = None
        if self._revival is not None:
            return  # there is nobody to ask until it is done
        while len(self.hands) + self._coming < self._wanted:
            self._coming += 1
            self._nursery.ask()
