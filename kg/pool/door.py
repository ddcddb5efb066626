"""The way from several pools, in processes of their own, to zygotes that they share."""

from __future__ import annotations

import json
import socket
from dataclasses import astuple, dataclass
from pathlib import Path

from kg.pool.worker import Terms


@dataclass(frozen=True)
class Wish:
    """Which zygote a pool wants: that of this snapshot, with workers on these terms."""

    folder: Path
    terms: Terms

    def written(self) -> bytes:
        """As JSON."""
        return json.dumps([str(self.folder), *astuple(self.terms)]).encode()

    @staticmethod
    def read(message: bytes) -> Wish:
        """The wish that ``written`` wrote."""
        folder, *terms = json.loads(message)
        return Wish(Path(folder), Terms(*terms))


class Door:
    """A pool's side: give it one end of a line, and the zygote has it.

    One socket serves any number of processes, since each message is whole; it can be given to a
    process that ``multiprocessing`` starts, and leaves nothing in the file system.
    """

    def __init__(self, outside: socket.socket) -> None:
        self._outside = outside

    def pass_on(self, wish: Wish, line: socket.socket) -> None:
        """Hand a line in; raises OSError when nobody listens."""
        socket.send_fds(self._outside, [wish.written()], [line.fileno()], flags=socket.MSG_DONTWAIT)

    def close(self) -> None:
        """No more lines from this process."""
        self._outside.close()
