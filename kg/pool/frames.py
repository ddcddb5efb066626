"""The wire between the pool and a worker: frames of five bytes of header, then a payload."""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEADER = struct.Struct("!cI")

QUERY = b"Q"  # to the worker: the request as JSON
READY = b"R"  # the store is open
WHOLE = b"A"  # the whole answer
START = b"S"  # a larger answer begins
CHUNK = b"C"  # a piece of it, passed on as it arrives
END = b"E"  # it is complete
ERROR = b"X"  # JSON: class name, message, line, column


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame."""
    return HEADER.pack(kind, len(payload)) + payload


class FrameReader:
    """Bytes as they arrive → frames. Pieces of a CHUNK come out at once, not gathered."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._kind = b""
        self._left = 0

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames that are complete with this data."""
        self._buffer += data
        while self._kind or len(self._buffer) >= HEADER.size:
            if not self._kind:
                self._kind, self._left = HEADER.unpack_from(self._buffer)
                del self._buffer[: HEADER.size]
            if self._kind == CHUNK:
                if not self._buffer:
                    return
                yield CHUNK, self._take(min(self._left, len(self._buffer)))
            elif len(self._buffer) < self._left:
                return
            else:
                kind = self._kind
                yield kind, self._take(self._left)

    def _take(self, size: int) -> bytes:
        piece = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        self._left -= size
        if not self._left:
            self._kind = b""
        return piece
