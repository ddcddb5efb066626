"""Watches what all workers hold together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from kg.pool.crew import Crew
from kg.pool.hand import Hand
from kg.pool.settings import PoolSettings


class MemoryWatch:
    """Ends the largest running query while all workers together hold more than the bound."""

    def __init__(self, settings: PoolSettings, crew: Crew, end: Callable[[Hand], None]) -> None:
        self._bound = settings.machine_memory
        self._pause = settings.machine_poll
        self._crew = crew
        self._end = end
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Watch, if there is a bound and a way to measure."""
        if self._bound and Path("/proc/self/smaps_rollup").exists():
            self._task = asyncio.ensure_future(self._watch())

    def stop(self) -> None:
        """Watch no longer."""
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            hands = list(self._crew.hands)
            # The kernel walks each process's pages for this: not in the event loop.
            sizes = await asyncio.to_thread(_held_by, hands)
            running = [(size, hand) for size, hand in zip(sizes, hands, strict=True) if hand.job is not None]
            if sum(sizes) > self._bound and running:
                self._end(max(running, key=lambda pair: pair[0])[1])


def _held_by(hands: list[Hand]) -> list[int]:
    return [held(hand.pid) for hand in hands]


def held(pid: int) -> int:
    """Bytes of memory that a process holds, with its share of what it shares; 0 when it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
