"""One query on its way through the pool."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from kg.evaluate import Request
from kg.guard import Inspected
from kg.pool import frames
from kg.pool.answer import Answer
from kg.pool.lanes import Lane

if TYPE_CHECKING:
    from kg.pool.hand import Hand

Gone = asyncio.Event | Awaitable[Any]


class Job:
    """A query, the lane it is in, the worker it is at, and who waits for it."""

    def __init__(
        self, request: Request, inspected: Inspected, lane: Lane, gone: Gone | None, untried: bool = False
    ) -> None:
        self.message = frames.frame(frames.QUERY, json.dumps(vars(request)).encode())
        self.shape = hash(inspected.shape)
        self.lane = lane
        self.untried = untried  # its lane is a guess from its text, which no run has borne out
        self.began = 0.0  # when a worker got it, by the loop's clock
        self.hand: Hand | None = None
        self.stream: Answer | None = None
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.ended = False
        self._gone = gone
        self._watch: asyncio.Future[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def after(self, delay: float, what: Callable[[], None]) -> None:
        """Do this after so many seconds, instead of what was planned before."""
        self.rest()
        self._timer = asyncio.get_running_loop().call_later(delay, what)

    def rest(self) -> None:
        """Plan nothing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def watch(self, left: Callable[[], None]) -> None:
        """Call ``left`` once nobody waits for the answer; watching costs a task, so not from the start."""
        if self._gone is None or self._watch is not None:
            return
        gone = self._gone.wait() if isinstance(self._gone, asyncio.Event) else self._gone
        # The caller's own future is shielded, so that the end of this job does not cancel it.
        self._watch = asyncio.shield(gone) if asyncio.isfuture(gone) else asyncio.ensure_future(gone)
        self._watch.add_done_callback(lambda watch: None if watch.cancelled() or self.ended else left())

    def end(self) -> bool:
        """Stop timer and watch; False when the job had ended before."""
        if self.ended:
            return False
        self.ended = True
        self.rest()
        if self._watch is not None:
            self._watch.cancel()
        elif asyncio.iscoroutine(self._gone):
            self._gone.close()
        return True

    def deliver(self, answer: Answer) -> None:
        """Give the answer to whoever waits, if they have not been cancelled just now."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, error: BaseException) -> None:
        """Tell whoever waits."""
        if self.stream is not None:
            self.stream.fail(error)
        elif not self.answer.done():
            self.answer.set_exception(error)
