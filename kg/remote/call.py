"""One query on its way to the engine and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from kg.pool.answer import Answer, ClientGone
from kg.pool.job import Gone
from kg.pool.lanes import Lane
from kg.pool.settings import PoolSettings


class Call:
    """A query, its lane, and who waits for its answer."""

    def __init__(self, lane: Lane, shape: int, gone: Gone | None) -> None:
        self.lane = lane
        self.shape = shape
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.stream: Answer | None = None
        self.reason: BaseException | None = None  # why it was given up
        self._gone = gone
        self._task: asyncio.Task[None] | None = None
        self._watch: asyncio.Future[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Start the work; whoever waits is watched until it ends."""
        self._task = asyncio.create_task(work)
        self._task.add_done_callback(self._ended)
        if self._gone is None:
            return
        gone = self._gone.wait() if isinstance(self._gone, asyncio.Event) else self._gone
        # The caller's own future is shielded, so that the end of this call does not cancel it.
        self._watch = asyncio.shield(gone) if asyncio.isfuture(gone) else asyncio.ensure_future(gone)
        self._watch.add_done_callback(lambda watch: None if watch.cancelled() else self.leave())

    def give_up(self, reason: BaseException) -> asyncio.Future[None]:
        """End the work for this reason; gives what to wait for."""
        self.reason = self.reason or reason
        task = self._task
        if task is None:
            raise RuntimeError("the call has not begun")
        task.cancel()
        return task

    def after(self, delay: float, what: Callable[[], None]) -> None:
        """Do this after so many seconds, unless the call has ended."""
        self._timer = asyncio.get_running_loop().call_later(delay, what)

    def rest(self) -> None:
        """Plan nothing."""
        if self._timer is not None:
            self._timer.cancel()

    def fail(self, error: BaseException) -> None:
        """Tell whoever waits."""
        if self.stream is not None:
            self.stream.fail(error)
        elif not self.answer.done():
            self.answer.set_exception(error)

    def outlet(self, bounds: PoolSettings) -> Outlet:
        """Where the answer goes."""
        return Outlet(self, bounds)

    def leave(self) -> None:
        """Nobody waits any more."""
        self.give_up(ClientGone("the client has gone"))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.rest()
        if self._watch is not None:
            self._watch.cancel()
        elif asyncio.iscoroutine(self._gone):
            self._gone.close()
        if task.cancelled():  # before its first step
            self.fail(self.reason or ClientGone("the client has gone"))
        elif task.exception() is not None:
            self.fail(task.exception() or RuntimeError())


class Outlet:
    """The answer as it comes: whole when small, else a stream that waits for its reader."""

    def __init__(self, call: Call, bounds: PoolSettings) -> None:
        self.first = bounds.first_bytes
        self._call = call
        self._buffer = bounds.buffer
        self._room = asyncio.Event()
        self._room.set()

    async def push(self, piece: bytes) -> None:
        """Pass a piece on; returns when there is room for the next."""
        call = self._call
        if call.stream is None:
            call.stream = Answer(buffer=self._buffer)
            call.stream.attach(self._hold, call.leave)
            if not call.answer.done():
                call.answer.set_result(call.stream)
        call.stream.push(piece)
        await self._room.wait()

    def finish(self, rest: bytes) -> None:
        """The answer is complete with this."""
        call = self._call
        if call.stream is None:
            if not call.answer.done():
                call.answer.set_result(Answer(rest))
            return
        if rest:
            call.stream.push(rest)
        call.stream.finish()

    def _hold(self, held: bool) -> None:
        if held:
            self._room.clear()
        else:
            self._room.set()
