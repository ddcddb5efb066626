"""Keeps the zygotes that several pools share, in the process that has started those pools.

::

    launcher ── zygote ── workers of both        one zygote a snapshot, started when first asked for
       ├── HTTP process ── line to the zygote
       └── HTTP process ── line to the zygote    whoever dies: its line closes, its workers end

A zygote that has died is started again by the next pool that asks; pools ask again by themselves.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import threading
from contextlib import suppress
from dataclasses import astuple
from types import TracebackType
from typing import Self

from kg.pool import zygote
from kg.pool.door import Door, Wish
from kg.pool.interpreter import command, environment

# Seconds for a zygote to end by itself.
_GRACE = 2.0
_MOST = 16_384  # bytes of a wish


class _Zygote:
    """A zygote's process, and the door through which it gets its lines."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.door, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        terms = json.dumps(astuple(wish.terms))
        with inside:
            self.process = subprocess.Popen(  # noqa: S603  # this very interpreter, and arguments of our own
                command("kg.pool.zygote", str(inside.fileno()), str(wish.folder), str(os.getpid()), terms),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(inside.fileno(),),
                env=environment(),
            )

    def end(self) -> None:
        """End it with its workers, and wait for that."""
        self.door.close()
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Keeper:
    """A thread that starts zygotes; ``door`` is for the pools. Linux only."""

    def __init__(self) -> None:
        self._inside, outside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.door = Door(outside)
        self._zygotes: dict[Wish, _Zygote] = {}
        self._selector = selectors.DefaultSelector()
        # A zygote ends with the thread that has started it, so that thread lasts as long as the keeper.
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every zygote and wait for that."""
        self._inside.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._inside.close()
        self.door.close()

    def _run(self) -> None:
        with self._selector:
            self._selector.register(self._inside, selectors.EVENT_READ)
            wanted = True
            while wanted:
                for key, _ in self._selector.select():
                    wanted = self._attend(key) and wanted
        for kept in self._zygotes.values():
            kept.end()

    def _attend(self, key: selectors.SelectorKey) -> bool:
        """A wish, or the end of a zygote; False when the keeper is to end."""
        if key.data is not None:
            self._forget(key.data)
            return True
        message, descriptors, _, _ = socket.recv_fds(self._inside, _MOST, 1)
        for descriptor in descriptors:
            with socket.socket(fileno=descriptor) as line, suppress(OSError):
                self._pass_on(Wish.read(message), line)  # a line that is not passed on closes, and its pool asks again
        return bool(message)

    def _pass_on(self, wish: Wish, line: socket.socket) -> None:
        kept = self._zygotes.get(wish)
        if kept is not None:
            try:
                _send(kept, line)
                return
            except OSError:  # it has just ended, or does not attend
                self._forget(kept)
        _send(self._start(wish), line)

    def _start(self, wish: Wish) -> _Zygote:
        started = self._zygotes[wish] = _Zygote(wish)
        self._selector.register(started.door, selectors.EVENT_READ, started)
        return started

    def _forget(self, kept: _Zygote) -> None:
        if self._zygotes.get(kept.wish) is kept:
            del self._zygotes[kept.wish]
            self._selector.unregister(kept.door)
            kept.end()


def _send(kept: _Zygote, line: socket.socket) -> None:
    socket.send_fds(kept.door, [zygote.LINE], [line.fileno()], flags=socket.MSG_DONTWAIT)
