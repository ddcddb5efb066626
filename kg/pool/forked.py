"""Workers forked from a zygote (Linux)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import cast

from kg.errors import KgError, WorkerDied
from kg.pool import failure, zygote
from kg.pool.door import Door, Wish
from kg.pool.hand import Events, Hand
from kg.pool.interpreter import command, environment
from kg.pool.worker import Terms

# Seconds for the zygote to end by itself when its pool closes.
_GRACE = 2.0


class ForkedHand(Hand, asyncio.Protocol):
    """A worker at the other end of a socket, ended by its pidfd only."""

    _transport: asyncio.Transport

    def __init__(self, pid: int, pidfd: int, events: Events) -> None:
        super().__init__(pid, events)
        self._pidfd = pidfd

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio calls this."""
        self._transport = cast("asyncio.Transport", transport)
        self._events.arrived(self)

    def data_received(self, data: bytes) -> None:
        """Asyncio calls this."""
        self.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio calls this."""
        self.closed()
        os.close(self._pidfd)

    def send(self, data: bytes) -> None:
        """Send bytes to the worker."""
        self._transport.write(data)

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._transport.abort()

    def _set_reading(self, on: bool) -> None:
        (self._transport.resume_reading if on else self._transport.pause_reading)()


class _Process(asyncio.SubprocessProtocol):
    """Only tells when the zygote has ended."""

    def __init__(self) -> None:
        self.ended = asyncio.get_running_loop().create_future()

    def process_exited(self) -> None:
        """Asyncio calls this."""
        if not self.ended.done():
            self.ended.set_result(None)


class ForkNursery:
    """A pool's end of the line to a zygote: one of its own, or through a door one that it shares."""

    def __init__(self, folder: Path, terms: Terms, events: Events, door: Door | None = None) -> None:
        self._wish = Wish(folder, terms)
        self._events = events
        self._door = door
        self._hands: dict[int, Hand] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._line: socket.socket | None = None
        self._process: _Process | None = None
        self._closing = False

    async def start(self) -> None:
        """Get a line to a zygote and wait until that has loaded the store."""
        self._loop = asyncio.get_running_loop()
        self._loaded: asyncio.Future[None] = self._loop.create_future()
        self._hung_up: asyncio.Future[None] = self._loop.create_future()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setblocking(False)
        with theirs:
            if self._door is None:
                self._own_door = await self._launch()
                socket.send_fds(self._own_door, [zygote.LINE], [theirs.fileno()])
            else:
                self._enter(self._door, theirs)
        self._loop.add_reader(self._line, self._listen)
        await self._loaded

    def _enter(self, door: Door, theirs: socket.socket) -> None:
        try:
            door.pass_on(self._wish, theirs)
        except OSError as error:
            raise WorkerDied(f"the process that keeps the workers cannot be reached: {error.strerror}") from error

    async def _launch(self) -> socket.socket:
        # Through a fresh interpreter: a fork of this one, with its threads, would not be safe.
        # The zygote ends with the thread that starts it, so that must be the event loop's own.
        terms = json.dumps(astuple(self._wish.terms))
        door, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inside:
            self._transport, self._process = await self._loop.subprocess_exec(
                _Process,
                *command("kg.pool.zygote", str(inside.fileno()), str(self._wish.folder), str(os.getpid()), terms),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=None,
                pass_fds=(inside.fileno(),),
                env=environment(),
            )
        self._pidfd = os.pidfd_open(self._transport.get_pid())
        return door

    def ask(self) -> None:
        """One more worker, please."""
        if self._line is not None:
            with suppress(OSError):  # the zygote has gone; _listen will notice
                self._line.send(zygote.FORK)

    def _listen(self) -> None:
        while self._line is not None:
            try:
                message, descriptors, _, _ = socket.recv_fds(self._line, 4096, 2)
            except BlockingIOError:
                return
            except ConnectionResetError:
                message, descriptors = b"", []
            self._hear(message, descriptors)

    def _hear(self, message: bytes, descriptors: list[int]) -> None:
        if not message:
            self._gone()
        elif message.startswith(zygote.FAILED):
            self._fail(failure.received(message[1:]))
        else:
            kind, pid, status = zygote.MESSAGE.unpack(message)
            if kind == zygote.LOADED:
                if not self._loaded.done():
                    self._loaded.set_result(None)
            elif kind == zygote.UNBORN:
                self._events.unborn()
            elif kind == zygote.BORN:
                self._adopt(pid, *descriptors)
            elif pid in self._hands:
                self._hands.pop(pid).ended(os.waitstatus_to_exitcode(status))

    def _adopt(self, pid: int, line: int, pidfd: int) -> None:
        hand = ForkedHand(pid, pidfd, self._events)
        self._hands[pid] = hand
        sock = socket.socket(fileno=line)
        sock.setblocking(False)
        task = asyncio.ensure_future(self._connect(hand, sock))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, hand: ForkedHand, sock: socket.socket) -> None:
        await self._loop.create_unix_connection(lambda: hand, sock=sock)

    def _fail(self, error: KgError) -> None:
        if not self._loaded.done():
            self._loaded.set_exception(error)

    def _gone(self) -> None:
        """The zygote has hung up: it has ended this pool's workers, or has ended itself."""
        self._hang_up()
        for hand in self._hands.values():
            hand.ended(-signal.SIGKILL)
        self._hands.clear()
        if not self._loaded.done():
            self._fail(WorkerDied("the process that opens the store ended"))
        elif not self._closing:
            self._events.barren()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._loop.remove_reader(self._line)
            self._line.close()
            self._line = None
        if not self._hung_up.done():
            self._hung_up.set_result(None)

    async def close(self) -> None:
        """Have the zygote end this pool's workers, and end with them if it is the pool's own; wait for it."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_WR)
            await asyncio.wait((self._hung_up,), timeout=_GRACE)
            self._hang_up()
        if self._process is not None:
            await self._end_own()

    async def _end_own(self) -> None:
        process, self._process = cast("_Process", self._process), None
        self._own_door.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(process.ended), _GRACE)
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        await process.ended
        os.close(self._pidfd)
        self._transport.close()
