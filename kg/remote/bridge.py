"""Between the event loop, which reads the engine and feeds the answer, and the thread that rewrites it.

Each side waits for the other: what lies between them is one piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
_TAIL = 512


class BridgeClosed(Exception):
    """The loop has given the answer up; ends the thread."""


class Bridge:
    """``read`` and ``write`` for the thread; both wait for the loop."""

    def __init__(self, pieces: AsyncIterator[bytes], push: Callable[[bytes], Awaitable[None]], first: int) -> None:
        self._pieces = pieces
        self._push = push
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._waiting: Future[Any] | None = None
        self._arrived = b""
        self._at = 0
        self._gathered = bytearray()
        self._bound = first
        self.error: BaseException | None = None  # what ended the reading
        self.tail = b""  # the last bytes read

    def read(self, size: int = -1) -> bytes:
        """At most so many of the engine's bytes; none at the end."""
        if self._at >= len(self._arrived):
            self._arrived, self._at = self._ask(self._next()), 0
            self.tail = (self.tail + self._arrived)[-_TAIL:]
        end = len(self._arrived) if size < 0 else self._at + size
        piece, self._at = self._arrived[self._at : end], min(end, len(self._arrived))
        return piece

    def write(self, piece: bytes) -> int:
        """Take a piece of the rewritten answer; the first ones are gathered longer, so that errors come before them."""
        self._gathered += piece
        if len(self._gathered) > self._bound:
            self._ask(self._push(bytes(self._gathered)))
            self._gathered.clear()
            self._bound = min(self._bound, 64 * 1024)
        return len(piece)

    def flush(self) -> None:
        """Nothing: what is gathered goes out by size or at the end."""

    def rest(self) -> bytes:
        """What has not been pushed."""
        return bytes(self._gathered)

    def close(self) -> None:
        """For the loop: end the thread's waiting, now and from now on."""
        self._closed = True
        if self._waiting is not None:
            self._waiting.cancel()

    async def _next(self) -> bytes:
        """The next piece that is not empty; empty at the end."""
        async for piece in self._pieces:
            if piece:
                return piece
        return b""

    def _ask(self, what: Awaitable[T] | Coroutine[Any, Any, T]) -> T:
        self._waiting = asyncio.run_coroutine_threadsafe(what, self._loop)  # type: ignore[arg-type]  # all are coroutines
        if self._closed:
            self._waiting.cancel()
        try:
            return self._waiting.result()  # type: ignore[no-any-return]  # the coroutine's own
        except FutureCancelled:
            self.error = self.error or BridgeClosed()
            raise OSError("given up") from None
        except BaseException as error:  # it passes through the parser, which may change it: kept, and raised again
            self.error = error
            raise
