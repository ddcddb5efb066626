"""Workers started as fresh interpreters, where there is no fork with pidfd (macOS, Windows)."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import cast

from kg import store
from kg.pool import opening
from kg.pool.hand import Events, Hand
from kg.pool.interpreter import command, environment
from kg.pool.worker import Terms


class SpawnedHand(Hand, asyncio.SubprocessProtocol):
    """A worker behind its standard input and output."""

    _transport: asyncio.SubprocessTransport

    def __init__(self, events: Events) -> None:
        super().__init__(0, events)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio calls this."""
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self.pid = self._transport.get_pid() or 0
        self._events.arrived(self)

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        """Asyncio calls this."""
        self.feed(cast("bytes", data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Asyncio calls this."""
        self.closed()

    def process_exited(self) -> None:
        """Asyncio calls this."""
        code = self._transport.get_returncode()
        self.ended(-1 if code is None else code)
        self.closed()
        self._transport.close()

    def send(self, data: bytes) -> None:
        """Send bytes to the worker."""
        cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0)).write(data)

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            self._transport.kill()

    def _set_reading(self, on: bool) -> None:
        pipe = cast("asyncio.ReadTransport", self._transport.get_pipe_transport(1))
        (pipe.resume_reading if on else pipe.pause_reading)()


class SpawnNursery:
    """Starts one interpreter for each worker."""

    def __init__(self, folder: Path, terms: Terms, events: Events) -> None:
        self._folder = folder
        self._terms = terms
        self._events = events
        self._hands: set[SpawnedHand] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Look after a store on disk, once for all workers."""
        if store.read(self._folder).on_disk:
            await opening.prepared(self._folder)

    def ask(self) -> None:
        """One more worker, please."""
        task = asyncio.ensure_future(self._try())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self) -> None:
        try:
            await self._spawn()
        except OSError:  # the system has no more processes or files to give
            self._events.unborn()

    async def _spawn(self) -> None:
        hand = SpawnedHand(self._events)
        terms = json.dumps(astuple(self._terms))
        await asyncio.get_running_loop().subprocess_exec(
            lambda: hand,
            *command("kg.pool.worker", str(self._folder), str(os.getpid()), terms),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=None,
            env=environment(),
        )
        self._hands.add(hand)
        hand.exit.add_done_callback(lambda _: self._hands.discard(hand))

    async def close(self) -> None:
        """End every worker and wait for that."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        hands = list(self._hands)
        for hand in hands:
            hand.kill()
        await asyncio.gather(*(hand.exit for hand in hands))
