"""The process that workers are forked from: loads a small store once and waits.

It has one thread and no event loop, so a fork of it is safe at any moment; and what it has
loaded, each worker has from its first millisecond.

::

    door    from whoever started it: each message carries one end of a new line
    line    one a pool: the pool asks for workers here and hears how they end
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

from kg import store
from kg.errors import KgError
from kg.pool import failure, limits, opening, worker

# To a pool. BORN carries the worker's socket and its pidfd, opened here because only the
# parent of a process can be sure that its id has not been given away again.
MESSAGE = struct.Struct("!cii")
LOADED = b"L"
BORN = b"B"
UNBORN = b"U"
ENDED = b"E"
FAILED = b"F"
# From a pool.
FORK = b"f"
# Through the door, with a line.
LINE = b"l"

# Seconds without any line after which a zygote ends: one that has loaded the store, so that a
# pool that comes back finds it, and one that could not, so that a mended snapshot is seen.
_LINGER = 10.0
_LINGER_FAILED = 0.5


class Line:
    """One pool's connection and the workers that it has been given."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.children: set[int] = set()
        connection.setblocking(False)

    def tell(self, message: bytes, *descriptors: int) -> None:
        """Send one message; raises OSError when the pool has gone or does not listen any more."""
        socket.send_fds(self.connection, [message], descriptors)


class Zygote:
    """The loop: fork when asked, tell who has ended, stop when nobody may ask any more."""

    def __init__(self, door: socket.socket, folder: Path, terms: worker.Terms) -> None:
        self._door = door
        self._folder = folder
        self._terms = terms
        self._loaded: worker.Opened | None = None
        self._greeting = MESSAGE.pack(LOADED, 0, 0)
        self._linger = _LINGER
        self._lines: dict[int, Line] = {}
        self._poll = select.poll()
        self._wake, self._bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Serve until the door closes, or until there has been no line for a while."""
        try:
            self._load()
        except KgError as error:
            self._greeting = FAILED + failure.written(error)
            self._linger = _LINGER_FAILED
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        for descriptor in (self._door.fileno(), self._wake):
            self._poll.register(descriptor, select.POLLIN)
        while self._serve():
            pass
        for line in list(self._lines.values()):
            self._drop(line)

    def _load(self) -> None:
        if store.read(self._folder).on_disk:
            opening.prepare(self._folder)
        else:
            self._loaded = worker.open_snapshot(self._folder)
        gc.collect()
        gc.freeze()

    def _serve(self) -> bool:
        """What there is to do now; False when there is nobody left to do it for."""
        ready = [descriptor for descriptor, _ in self._poll.poll(self._linger * 1000)]
        if not ready and not self._lines:
            return False
        if self._wake in ready:
            os.read(self._wake, 4096)
            self._report()
        for line in [self._lines[descriptor] for descriptor in ready if descriptor in self._lines]:
            self._attend(line)
        return self._door.fileno() not in ready or self._receive()

    def _receive(self) -> bool:
        """A new line comes through the door; False when the door has closed."""
        message, descriptors, _, _ = socket.recv_fds(self._door, len(LINE), 1)
        for descriptor in descriptors:
            line = Line(socket.socket(fileno=descriptor))
            self._lines[descriptor] = line
            self._poll.register(descriptor, select.POLLIN)
            try:
                line.tell(self._greeting)
            except OSError:
                self._drop(line)
        return bool(message)

    def _attend(self, line: Line) -> None:
        """Fork when the pool asks for it; a pool that has gone takes its workers with it."""
        try:
            if line.connection.recv(1):
                self._try(line)
                return
        except OSError:
            pass  # reset, or a pool that hears nothing: as good as gone
        self._drop(line)

    def _try(self, line: Line) -> None:
        try:
            pid, ours = self._fork()
        except OSError:  # no more processes or files for now
            line.tell(MESSAGE.pack(UNBORN, 0, 0))
            return
        line.children.add(pid)
        pidfd = os.pidfd_open(pid)
        try:
            with ours:
                line.tell(MESSAGE.pack(BORN, pid, 0), ours.fileno(), pidfd)
        finally:
            os.close(pidfd)

    def _fork(self) -> tuple[int, socket.socket]:
        ours, theirs = socket.socketpair()
        me = os.getpid()
        with theirs:
            try:
                pid = os.fork()
            except OSError:
                ours.close()
                raise
            if pid == 0:
                ours.close()
                self._become_worker(theirs, me)
        return pid, ours

    def _become_worker(self, theirs: socket.socket, parent: int) -> None:
        """The child's side of the fork; never returns."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        limits.die_with_parent(parent)
        lines = [line.connection.detach() for line in self._lines.values()]
        for descriptor in (*lines, self._door.detach(), self._wake, self._bell):
            os.close(descriptor)
        own = theirs.detach()
        try:
            worker.live(own, own, self._terms, lambda: self._loaded or worker.open_snapshot(self._folder))
        finally:
            os._exit(0)

    def _report(self) -> None:
        """Tell each pool which of its workers have ended."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                for line in [line for line in self._lines.values() if pid in line.children]:
                    line.children.discard(pid)
                    try:
                        line.tell(MESSAGE.pack(ENDED, pid, status))
                    except OSError:
                        self._drop(line)

    def _drop(self, line: Line) -> None:
        """End the workers of a pool that has gone, then hang up: the pool may wait for that."""
        for pid in line.children:
            os.kill(pid, signal.SIGKILL)
        for pid in line.children:
            os.waitpid(pid, 0)
        self._poll.unregister(line.connection)
        del self._lines[line.connection.fileno()]
        line.connection.close()


def main(arguments: list[str]) -> None:
    """Number of the door's descriptor, snapshot's folder, id of the parent process, worker terms as JSON."""
    door = socket.socket(fileno=int(arguments[0]))
    limits.die_with_parent(int(arguments[2]))
    limits.ignore_interrupts()
    Zygote(door, Path(arguments[1]), worker.Terms(*json.loads(arguments[3]))).run()


if __name__ == "__main__":
    main(sys.argv[1:])
