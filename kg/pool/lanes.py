"""Who runs next and where: two lanes with their own slots and queues, one set of idle workers."""

from __future__ import annotations

from collections import OrderedDict, deque
from enum import StrEnum
from typing import TYPE_CHECKING

from kg.errors import QueueFull
from kg.pool.settings import PoolSettings

if TYPE_CHECKING:
    from kg.pool.hand import Hand
    from kg.pool.job import Job


class Lane(StrEnum):
    """Light for what should end in milliseconds, heavy for the rest."""

    LIGHT = "light"
    HEAVY = "heavy"


class ShapeMemory:
    """Which lane queries of a shape turned out to need; the longest unused is forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lanes: OrderedDict[int, Lane] = OrderedDict()

    def knows(self, shape: int) -> bool:
        """Whether a query of that shape has run."""
        return shape in self._lanes

    def lane(self, shape: int, light: bool) -> Lane:
        """The remembered lane, else the guess."""
        known = self._lanes.get(shape)
        if known is None:
            return Lane.LIGHT if light else Lane.HEAVY
        self._lanes.move_to_end(shape)
        return known

    def learn(self, shape: int, lane: Lane) -> None:
        """Remember for next time."""
        self._lanes[shape] = lane
        self._lanes.move_to_end(shape)
        if len(self._lanes) > self._size:
            self._lanes.popitem(last=False)


class Lanes:
    """Slots, queues and idle workers."""

    def __init__(self, settings: PoolSettings) -> None:
        self.slots = {Lane.LIGHT: settings.light, Lane.HEAVY: settings.heavy}
        self.running = {Lane.LIGHT: 0, Lane.HEAVY: 0}
        self.queued: dict[Lane, deque[Job]] = {Lane.LIGHT: deque(), Lane.HEAVY: deque()}
        self._length = settings.queue_length
        self._trial: Job | None = None
        # Last in, first out, so that the warm stay warm; a heavy query prefers a worker that has read the store.
        self._fresh: list[Hand] = []
        self._warm: list[Hand] = []

    @property
    def idle(self) -> int:
        """How many workers wait."""
        return len(self._fresh) + len(self._warm)

    def has_room(self, lane: Lane) -> bool:
        """Whether the lane has a free slot."""
        return self.running[lane] < self.slots[lane]

    def enqueue(self, job: Job) -> None:
        """Let the job wait; raises QueueFull."""
        queue = self.queued[job.lane]
        if len(queue) >= self._length and not self._can_run(job.lane):
            raise QueueFull(f"{len(queue)} queries are waiting already; try again in a moment")
        queue.append(job)

    def return_to_queue(self, job: Job) -> None:
        """Let a job wait again that had begun: it keeps its place before those that came later."""
        self.queued[job.lane].appendleft(job)

    def drop(self, job: Job) -> None:
        """The job waits no longer."""
        if job in self.queued[job.lane]:
            self.queued[job.lane].remove(job)

    def next(self) -> tuple[Job, Hand] | None:
        """The next job that can run and its worker; its slot counts as taken."""
        for lane, queue in self.queued.items():
            if queue and self._can_run(lane):
                self.running[lane] += 1
                return queue.popleft(), self._take(lane)
        return self._next_trial()

    def _next_trial(self) -> tuple[Job, Hand] | None:
        """A job that waits for a heavy slot on a mere guess may show in a light one that it is quick.

        One at a time, so that the other light slots stay for light queries; the slice ends it.
        """
        waiting = next((job for job in self.queued[Lane.HEAVY] if job.untried), None)
        spare = self.slots[Lane.LIGHT] - self.running[Lane.LIGHT] > (1 if self.slots[Lane.LIGHT] > 1 else 0)
        if waiting is None or self._trial is not None or not spare or not self.idle:
            return None
        self.queued[Lane.HEAVY].remove(waiting)
        waiting.lane, self._trial = Lane.LIGHT, waiting
        self.running[Lane.LIGHT] += 1
        return waiting, self._take(Lane.LIGHT)

    def settle(self, shape: int) -> None:
        """Queries of that shape are heavy indeed: no trial for those that wait."""
        for job in self.queued[Lane.HEAVY]:
            job.untried = job.untried and job.shape != shape

    def free(self, job: Job) -> None:
        """The job's slot is free again."""
        self.running[job.lane] -= 1
        self._trial = None if self._trial is job else self._trial

    def promote(self, job: Job) -> bool:
        """Move a running light job to a heavy slot if there is one."""
        if not self.has_room(Lane.HEAVY):
            return False
        self.free(job)
        self.running[Lane.HEAVY] += 1
        job.lane = Lane.HEAVY
        return True

    def rest(self, hand: Hand) -> None:
        """A worker is idle."""
        (self._warm if hand.warm else self._fresh).append(hand)

    def forget(self, hand: Hand) -> None:
        """A worker is no more."""
        for stack in (self._fresh, self._warm):
            if hand in stack:
                stack.remove(hand)

    def _can_run(self, lane: Lane) -> bool:
        return self.has_room(lane) and self.idle > 0

    def _take(self, lane: Lane) -> Hand:
        first, second = (self._warm, self._fresh) if lane is Lane.HEAVY else (self._fresh, self._warm)
        return (first or second).pop()
