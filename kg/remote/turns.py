"""How many queries are at the engine at once, and how many wait: two lanes, each in order of arrival."""

from __future__ import annotations

import asyncio
from collections import deque

from kg.errors import QueueFull, QueueTimeout
from kg.pool.lanes import Lane
from kg.pool.settings import PoolSettings


class Turns:
    """Slots and queues of both lanes."""

    def __init__(self, bounds: PoolSettings) -> None:
        self.slots = {Lane.LIGHT: bounds.light, Lane.HEAVY: bounds.heavy}
        self.running = {Lane.LIGHT: 0, Lane.HEAVY: 0}
        self.waiting: dict[Lane, deque[asyncio.Future[None]]] = {Lane.LIGHT: deque(), Lane.HEAVY: deque()}
        self._bounds = bounds

    async def enter(self, lane: Lane) -> None:
        """Take a slot, now or in turn; raises QueueFull or QueueTimeout."""
        queue = self.waiting[lane]
        if self.running[lane] < self.slots[lane]:
            self.running[lane] += 1
            return
        if len(queue) >= self._bounds.queue_length:
            raise QueueFull(f"{len(queue)} queries are waiting already; try again in a moment")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(self._bounds.queue_limit):
                await turn
        except BaseException as error:  # whatever ends the wait, no slot is lost
            self._withdraw(lane, turn)
            if isinstance(error, TimeoutError):
                seconds = self._bounds.queue_limit
                raise QueueTimeout(f"the engine had no room within {seconds:g} s; try again in a moment") from None
            raise

    def leave(self, lane: Lane) -> None:
        """Give the slot to whoever is next."""
        self.running[lane] -= 1
        self._admit(lane)

    def promote(self) -> bool:
        """Turn a light slot into a heavy one if there is one free."""
        if self.running[Lane.HEAVY] >= self.slots[Lane.HEAVY]:
            return False
        self.running[Lane.HEAVY] += 1
        self.leave(Lane.LIGHT)
        return True

    def _admit(self, lane: Lane) -> None:
        queue = self.waiting[lane]
        while queue and self.running[lane] < self.slots[lane]:
            turn = queue.popleft()
            if not turn.done():
                self.running[lane] += 1
                turn.set_result(None)

    def _withdraw(self, lane: Lane, turn: asyncio.Future[None]) -> None:
        if turn in self.waiting[lane]:
            self.waiting[lane].remove(turn)
        elif turn.done() and not turn.cancelled():  # its turn came while it was leaving
            self.leave(lane)
