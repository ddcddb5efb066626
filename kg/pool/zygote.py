"""The process that workers are forked from: loads a small store once and waits.

It has one thread and no event loop, so a fork of it is safe at any moment; and what it has
loaded, each worker has from its first millisecond.
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
from pathlib import Path

from kg import store
from kg.errors import KgError
from kg.pool import failure, limits, worker

# To the pool. BORN carries the worker's socket and its pidfd, opened here because only the
# parent of a process can be sure that its id has not been given away again.
MESSAGE = struct.Struct("!cii")
LOADED = b"L"
BORN = b"B"
UNBORN = b"U"
ENDED = b"E"
FAILED = b"F"
# From the pool.
FORK = b"f"


class Zygote:
    """The loop: fork when asked, tell who has ended, stop when the pool has gone."""

    def __init__(self, control: socket.socket, folder: Path, terms: worker.Terms) -> None:
        self._control = control
        self._folder = folder
        self._terms = terms
        self._loaded: worker.Opened | None = None
        self._children: set[int] = set()
        self._wake, self._bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Serve until the pool closes its end."""
        self._load()
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._report()
            if self._control.fileno() in ready and not self._obey():
                break
        self._end_children()

    def _load(self) -> None:
        snapshot = store.read(self._folder)
        if not snapshot.on_disk:
            self._loaded = worker.open_snapshot(self._folder)
        gc.collect()
        gc.freeze()
        self._control.send(MESSAGE.pack(LOADED, 0, 0))

    def _obey(self) -> bool:
        if not self._control.recv(1):
            return False
        try:
            self._fork()
        except OSError:  # no more processes or files for now
            self._control.send(MESSAGE.pack(UNBORN, 0, 0))
        return True

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._become_worker(theirs, me)
        theirs.close()
        self._children.add(pid)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [MESSAGE.pack(BORN, pid, 0)], [ours.fileno(), pidfd])
        ours.close()
        os.close(pidfd)

    def _become_worker(self, theirs: socket.socket, parent: int) -> None:
        """The child's side of the fork; never returns."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        limits.die_with_parent(parent)
        for descriptor in (self._control.detach(), self._wake, self._bell):
            os.close(descriptor)
        line = theirs.detach()
        try:
            worker.live(line, line, self._terms, lambda: self._loaded or worker.open_snapshot(self._folder))
        finally:
            os._exit(0)

    def _report(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self._children.discard(pid)
            self._control.send(MESSAGE.pack(ENDED, pid, status))

    def _end_children(self) -> None:
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in self._children:
            os.waitpid(pid, 0)


def main(arguments: list[str]) -> None:
    """Number of the control socket, snapshot's folder, the pool's process id, worker terms as JSON."""
    control = socket.socket(fileno=int(arguments[0]))
    limits.die_with_parent(int(arguments[2]))
    limits.ignore_interrupts()
    try:
        Zygote(control, Path(arguments[1]), worker.Terms(*json.loads(arguments[3]))).run()
    except KgError as error:
        control.send(FAILED + failure.written(error))
    except (BrokenPipeError, ConnectionResetError):
        return  # the pool has gone; the workers notice by themselves


if __name__ == "__main__":
    main(sys.argv[1:])
