"""The pool: hands each query to a worker and keeps it within its bounds."""

from __future__ import annotations

import asyncio
from collections import Counter
from types import TracebackType
from typing import Self

from kg.errors import KgError, MemoryLimit, QueueFull, QueueTimeout, ServiceStopping, TimeLimit
from kg.evaluate import Request
from kg.formats import named
from kg.guard import Inspected
from kg.pool import failure, frames
from kg.pool.answer import Answer, ClientGone
from kg.pool.crew import Crew
from kg.pool.door import Door
from kg.pool.hand import Hand
from kg.pool.job import Gone, Job
from kg.pool.lanes import Lane, Lanes, ShapeMemory
from kg.pool.memory import MemoryWatch
from kg.pool.settings import PoolSettings
from kg.pool.stats import Stats
from kg.store import Snapshot

_DEFAULT = PoolSettings()
_INQUEST = 2.0  # seconds to hear how a worker ended after its line has closed


class Pool:
    """Answers queries on one snapshot, each in a worker process; lives in one event loop.

    A new snapshot is a new pool; close the old one then. Pools with a ``Keeper``'s door share a zygote.
    """

    def __init__(self, snapshot: Snapshot, settings: PoolSettings = _DEFAULT, door: Door | None = None) -> None:
        self.snapshot = snapshot
        self.settings = settings
        self._lanes = Lanes(settings)
        self._shapes = ShapeMemory(settings.shapes)
        self._crew = Crew(snapshot, settings, self, door)
        self._memory = MemoryWatch(settings, self._crew, self._over_memory)
        self._jobs: set[Job] = set()
        self._inquests: set[asyncio.Task[None]] = set()
        self._outcomes: Counter[str] = Counter()
        self._closed = True

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    async def start(self) -> None:
        """Return when the first worker can answer; raises SnapshotError or WorkerDied."""
        self._closed = False
        try:
            await self._crew.start()
        except BaseException:  # whatever it was, cancelling too: nothing started is left behind, and it goes on
            await self.close()
            raise
        self._memory.start()

    async def close(self) -> None:
        """End every process that the pool has started; queries that still run fail with ServiceStopping."""
        self._closed = True
        self._memory.stop()
        for job in list(self._jobs):
            self._fail(job, ServiceStopping("the service is stopping; try again in a moment"))
        await self._crew.close()
        for inquest in self._inquests:
            inquest.cancel()

    async def run(self, request: Request, inspected: Inspected, gone: Gone | None = None) -> Answer:
        """The answer to a query that the guard has let through.

        ``gone`` comes true when the client leaves: the query is then dropped or its worker ended,
        and ClientGone raised. Cancelling does the same. Raises QueryError, EngineError, or
        UnknownName of the format.
        """
        if self._closed:
            raise ServiceStopping("the service is stopping; try again in a moment")
        named(request.format_name)
        shape = hash(inspected.shape)
        lane = self._shapes.lane(shape, inspected.is_light_on(self.snapshot.quads))
        job = Job(request, inspected, lane, gone, untried=not self._shapes.knows(shape))
        try:
            self._lanes.enqueue(job)
        except QueueFull as full:
            self._outcomes[type(full).__name__] += 1
            raise
        self._jobs.add(job)
        self._dispatch()
        if job.hand is None and not job.ended:
            self._wait(job)
        try:
            return await job.answer
        except asyncio.CancelledError:
            self._leave(job)
            raise

    def stats(self) -> Stats:
        """Counts up to now."""
        lanes = self._lanes
        return Stats(
            workers=len(self._crew.hands),
            idle=lanes.idle,
            running_light=lanes.running[Lane.LIGHT],
            running_heavy=lanes.running[Lane.HEAVY],
            queued_light=len(lanes.queued[Lane.LIGHT]),
            queued_heavy=len(lanes.queued[Lane.HEAVY]),
            restarts=self._crew.restarts,
            promoted=self._outcomes["_promoted"],
            requeued=self._outcomes["_requeued"],
            outcomes={name: count for name, count in self._outcomes.items() if name[0] != "_"},
        )

    # What happens to a job, in order.

    def _wait(self, job: Job) -> None:
        job.after(self.settings.queue_limit, lambda: self._fail(job, self._too_late()))
        job.watch(lambda: self._leave(job))

    def _too_late(self) -> QueueTimeout:
        return QueueTimeout(f"no worker was free within {self.settings.queue_limit:g} s; try again in a moment")

    def _dispatch(self) -> None:
        while found := self._lanes.next():
            job, hand = found
            job.hand, hand.job = hand, job
            job.began = asyncio.get_running_loop().time()
            hand.send(job.message)
            job.after(self.settings.settle, lambda job=job: self._settle(job))  # type: ignore[misc]  # bound early

    def _settle(self, job: Job) -> None:
        job.watch(lambda: self._leave(job))
        job.after(self._left(job, self.settings.slice), lambda: self._sliced(job))

    def _left(self, job: Job, limit: float) -> float:
        return job.began + limit - asyncio.get_running_loop().time()

    def _sliced(self, job: Job) -> None:
        """The slice has passed: the query is heavy, whatever was guessed."""
        if job.lane is Lane.LIGHT:
            self._make_heavy(job)
        else:
            self._learn_heavy(job)
            job.after(self._left(job, self.settings.time_limit), lambda: self._due(job))

    def _due(self, job: Job) -> None:
        """The time limit has passed."""
        limit = self.settings.time_limit
        self._fail(job, TimeLimit(f"the query ran longer than {limit:g} s; narrow it, or add a LIMIT"))

    def _learn_heavy(self, job: Job) -> None:
        job.untried = False
        self._shapes.learn(job.shape, Lane.HEAVY)
        self._lanes.settle(job.shape)

    def _make_heavy(self, job: Job) -> bool:
        """Go on in a heavy slot, else queue again from the start; nothing has been sent yet."""
        self._learn_heavy(job)
        promoted = self._lanes.promote(job)
        self._outcomes["_promoted" if promoted else "_requeued"] += 1
        if promoted:
            job.after(self._left(job, self.settings.time_limit), lambda: self._due(job))
        else:
            self._stop(job)
            self._requeue(job)
        self._dispatch()
        return promoted

    def _requeue(self, job: Job) -> None:
        job.lane = Lane.HEAVY
        self._lanes.return_to_queue(job)
        self._wait(job)

    def _stop(self, job: Job) -> None:
        """Take a running job from its worker by ending that."""
        hand, job.hand = job.hand, None
        if hand is not None:
            hand.job = None
            self._lanes.free(job)
            self._crew.kill(hand)

    def _fail(self, job: Job, error: BaseException) -> None:
        """End a job, running or queued, with an error."""
        if not job.end():
            return
        self._jobs.discard(job)
        self._outcomes["gone" if isinstance(error, ClientGone) else type(error).__name__] += 1
        self._lanes.drop(job)
        self._stop(job)
        job.fail(error)
        self._dispatch()

    def _leave(self, job: Job) -> None:
        self._fail(job, ClientGone("the client has gone"))

    def _release(self, job: Job) -> None:
        """The worker has finished with the job, well or not, and is idle."""
        hand, job.hand = job.hand, None
        self._jobs.discard(job)
        job.end()
        if hand is not None:
            hand.job = None
            hand.warm = hand.warm or job.lane is Lane.HEAVY
            hand.hold(False)
            self._lanes.free(job)
            self._lanes.rest(hand)
        self._learn(job)
        self._dispatch()

    def _learn(self, job: Job) -> None:
        quick = job.stream is None and self._left(job, self.settings.slice / 4) > 0
        if quick and (job.lane is Lane.HEAVY or job.untried):
            self._shapes.learn(job.shape, Lane.LIGHT)

    # What workers tell.

    def arrived(self, hand: Hand) -> None:
        """A worker process exists."""
        self._crew.arrived(hand)

    def unborn(self) -> None:
        """A worker that was asked for does not come."""
        self._crew.unborn()

    def frame(self, hand: Hand, kind: bytes, payload: bytes) -> None:
        """A worker sent a frame."""
        job = hand.job
        if kind == frames.READY:
            self._crew.ready(hand)
            self._lanes.rest(hand)
            self._dispatch()
        elif job is None:
            self._crew.refused(failure.received(payload))
        elif kind == frames.WHOLE:
            self._outcomes["ok"] += 1
            job.deliver(Answer(payload))
            self._release(job)
        elif kind == frames.START:
            self._open_stream(job, hand)
        elif kind == frames.CHUNK and job.stream is not None:
            job.stream.push(payload)
        elif kind == frames.END and job.stream is not None:
            self._outcomes["ok"] += 1
            job.stream.finish()
            self._release(job)
        elif kind == frames.ERROR:
            self._report(job, failure.received(payload))

    def _open_stream(self, job: Job, hand: Hand) -> None:
        """A large answer begins. It lasts as long as its reader takes, up to the time limit: not in the light lane."""
        if job.lane is Lane.LIGHT and not self._make_heavy(job):
            return
        job.watch(lambda: self._leave(job))
        job.stream = Answer(buffer=self.settings.buffer)
        job.stream.attach(hand.hold, lambda: self._leave(job))
        job.deliver(job.stream)

    def _report(self, job: Job, error: KgError) -> None:
        self._outcomes[type(error).__name__] += 1
        job.fail(error)
        self._release(job)

    def lost(self, hand: Hand) -> None:
        """A worker ended without being told to."""
        self._lanes.forget(hand)
        self._crew.lost(hand)
        job, hand.job = hand.job, None
        if job is not None:
            job.hand = None
            job.rest()
            self._lanes.free(job)
            inquest = asyncio.ensure_future(self._inquire(job, hand))
            self._inquests.add(inquest)
            inquest.add_done_callback(self._inquests.discard)
        self._dispatch()

    def barren(self) -> None:
        """The process that forks workers has ended."""
        self._crew.barren()

    async def _inquire(self, job: Job, hand: Hand) -> None:
        """Find out how a worker ended and tell whoever waits for its query."""
        try:
            code = await asyncio.wait_for(asyncio.shield(hand.exit), _INQUEST)
        except TimeoutError:
            code = None
        self._fail(job, failure.of_exit(code))

    def _over_memory(self, hand: Hand) -> None:
        if hand.job is not None:
            self._fail(hand.job, MemoryLimit("all queries together need more memory than the service may use"))
