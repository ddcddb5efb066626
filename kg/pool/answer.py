"""An answer on its way from a worker to whoever reads it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable


class ClientGone(Exception):
    """Nobody waits for this answer any more; not an error to report to anyone."""


class Answer:
    """Whole (``body``) or, where it is larger, a stream (``chunks``; ``body`` is None).

    Close a stream that is not read to its end: that ends its worker.
    """

    def __init__(self, body: bytes | None = None, buffer: int = 0) -> None:
        self.body = body
        self._buffer = buffer
        self._pieces: deque[bytes] = deque()
        self._held = 0  # bytes in _pieces
        self._complete = body is not None
        self._error: BaseException | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._hold: Callable[[bool], None] = _nothing
        self._abandon: Callable[[], None] | None = None

    def attach(self, hold: Callable[[bool], None], abandon: Callable[[], None]) -> None:
        """For the pool: how to hold the worker and how to give the stream up."""
        self._hold, self._abandon = hold, abandon

    def push(self, piece: bytes) -> None:
        """For the pool: a piece has arrived."""
        self._pieces.append(piece)
        self._held += len(piece)
        if self._held > self._buffer:
            self._hold(True)
        self._wake()

    def finish(self) -> None:
        """For the pool: the stream is complete; its worker is no longer this answer's."""
        self._complete = True
        self._hold, self._abandon = _nothing, None
        self._wake()

    def fail(self, error: BaseException) -> None:
        """For the pool: the stream ends here, incomplete."""
        self._error = error
        self._pieces.clear()
        self.finish()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The answer piece by piece; raises EngineError when it breaks off, ClientGone when told so."""
        if self.body is not None:
            yield self.body
            return
        try:
            while await self._wait():
                piece = self._pieces.popleft()
                self._held -= len(piece)
                if self._held <= self._buffer // 2:
                    self._hold(False)
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Give up what has not been read; the worker of an unfinished stream is ended."""
        if self._abandon is not None:
            self._abandon()

    async def _wait(self) -> bool:
        """Wait for a piece; False at the end."""
        while not self._pieces:
            if self._error is not None:
                raise self._error
            if self._complete:
                return False
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        return True

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


def _nothing(_: bool) -> None:
    """Hold nobody."""
