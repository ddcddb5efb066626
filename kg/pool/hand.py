"""The pool's hold on one worker process: send it a query, hold it, end it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

from kg.pool.frames import FrameReader

if TYPE_CHECKING:
    from kg.pool.job import Job


class Events(Protocol):
    """Who hears what workers do."""

    def arrived(self, hand: Hand) -> None:
        """A worker process exists; it is not ready yet."""

    def unborn(self) -> None:
        """A worker that was asked for does not come."""

    def frame(self, hand: Hand, kind: bytes, payload: bytes) -> None:
        """A worker sent a frame."""

    def lost(self, hand: Hand) -> None:
        """A worker's line has closed; ``hand.exit`` tells or will tell how it ended."""

    def barren(self) -> None:
        """No more workers come from here: the process that makes them has ended."""


class Hand(ABC):
    """One worker process, from its start to its end."""

    def __init__(self, pid: int, events: Events) -> None:
        self.pid = pid
        self.job: Job | None = None
        self.ready = False
        self.alive = True  # until killed or lost
        self.warm = False  # has run a heavy query, so its own copy of the store is in memory
        self.exit: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._events = events
        self._reader = FrameReader()
        self._paused = False

    def feed(self, data: bytes) -> None:
        """Bytes from the worker."""
        for kind, payload in self._reader.feed(data):
            if not self.alive:
                return
            self._events.frame(self, kind, payload)

    def closed(self) -> None:
        """The line from the worker has closed."""
        if self.alive:
            self.alive = False
            self._events.lost(self)

    def ended(self, code: int) -> None:
        """The process has ended with this exit code; negative is the number of a signal."""
        if not self.exit.done():
            self.exit.set_result(code)

    def hold(self, paused: bool) -> None:
        """Stop or go on reading; a worker that is not read waits inside the engine."""
        if paused != self._paused and self.alive:
            self._paused = paused
            self._set_reading(not paused)

    def kill(self) -> None:
        """End the process now, whatever it does."""
        if self.alive:
            self.alive = False
            self._kill()

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Send bytes to the worker."""

    @abstractmethod
    def _kill(self) -> None: ...

    @abstractmethod
    def _set_reading(self, on: bool) -> None: ...


class Nursery(Protocol):
    """Where workers come from."""

    async def start(self) -> None:
        """Make ready; raises SnapshotError or WorkerDied."""

    def ask(self) -> None:
        """One more worker, please; it comes by ``Events.arrived``."""

    async def close(self) -> None:
        """End every process that was started here, and wait for that."""
