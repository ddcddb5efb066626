"""A worker process: opens no file, talks to nobody but its pool, answers one query after another."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from kg import evaluate, integrity, store
from kg.errors import KgError, MemoryLimit, SnapshotDamaged, WorkerDied
from kg.pool import failure, frames, limits

# Seconds; after a longer query the freed memory is worth giving back.
_LONG = 0.05


@dataclass(frozen=True)
class Terms:
    """What a worker is told at its start; bytes, as in PoolSettings."""

    memory_budget: int
    first_bytes: int
    chunk: int
    stack: int


@dataclass(frozen=True)
class Opened:
    """A store, and whether it reads files while it answers."""

    store: Store
    on_disk: bool


class Gatherer:
    """An answer on its way out: one frame when small, else a start and chunks.

    ``write`` blocks when the reader is slow, which holds the engine itself.
    """

    def __init__(self, outlet: int, terms: Terms) -> None:
        self._outlet = outlet
        self._terms = terms
        self._gathered = bytearray()
        self._bound = terms.first_bytes
        self._started = False

    def write(self, piece: bytes) -> int:
        """Take a piece of the answer."""
        self._gathered += piece
        if len(self._gathered) > self._bound:
            self._send_chunks()
        return len(piece)

    def flush(self) -> None:
        """Nothing: what is gathered goes out by size or at the end."""

    def finish(self) -> None:
        """Send what is left and the end."""
        if not self._started:
            send(self._outlet, frames.WHOLE, self._gathered)
            return
        self._send_chunks()
        send(self._outlet, frames.END)

    def _send_chunks(self) -> None:
        if not self._started:
            send(self._outlet, frames.START)
            self._started, self._bound = True, self._terms.chunk
        with memoryview(self._gathered) as view:
            for at in range(0, len(view), self._terms.chunk):
                send(self._outlet, frames.CHUNK, view[at : at + self._terms.chunk])
        self._gathered = bytearray()


def live(inlet: int, outlet: int, terms: Terms, opener: Callable[[], Opened]) -> None:
    """Run until the pool closes ``inlet``; one thread with a deep stack does all the work."""
    threading.stack_size(terms.stack)
    thread = threading.Thread(target=_serve, args=(inlet, outlet, terms, opener))
    thread.start()
    thread.join()


def _serve(inlet: int, outlet: int, terms: Terms, opener: Callable[[], Opened]) -> None:
    try:
        opened = opener()
        give_back = limits.memory_returner()
        limits.volunteer_first()
        limits.limit_memory(terms.memory_budget)
        limits.shut_in(files_needed=opened.on_disk)
        send(outlet, frames.READY)
        while request := _receive(inlet):
            began = time.monotonic()
            _answer(opened.store, request, outlet, terms)
            if time.monotonic() - began > _LONG:
                give_back(0)
    except KgError as error:
        _send_error(outlet, error)
    except BrokenPipeError:
        return  # the pool has gone


def _answer(opened: Store, request: evaluate.Request, outlet: int, terms: Terms) -> None:
    out = Gatherer(outlet, terms)
    try:
        evaluate.write(opened, request, out)
    except KgError as error:
        _send_error(outlet, error)
    except BrokenPipeError:
        raise
    except OSError as error:
        _send_error(outlet, WorkerDied(f"the engine could not read what the query asks for: {error}"))
    except MemoryError:
        _send_error(outlet, MemoryLimit("the query needs more memory than one query may have"))
    else:
        out.finish()


def _send_error(outlet: int, error: KgError) -> None:
    send(outlet, frames.ERROR, failure.written(error))


def _receive(inlet: int) -> evaluate.Request | None:
    header = _read(inlet, frames.HEADER.size)
    if not header:
        return None
    _, size = frames.HEADER.unpack(header)
    return evaluate.Request(**json.loads(_read(inlet, size)))


def _read(inlet: int, size: int) -> bytes:
    """Exactly ``size`` bytes, or none at the end."""
    got = bytearray()
    while len(got) < size:
        piece = os.read(inlet, size - len(got))
        if not piece:
            return b""
        got += piece
    return bytes(got)


def send(outlet: int, kind: bytes, payload: bytes | bytearray | memoryview = b"") -> None:
    """Write one frame whole; raises BrokenPipeError when the pool has gone."""
    header = frames.HEADER.pack(kind, len(payload))
    with memoryview(header + payload) as data:
        sent = 0
        while sent < len(data):
            sent += os.write(outlet, data[sent:])


def main(arguments: list[str]) -> None:
    """A spawned worker: frames on standard input and output; the snapshot's folder and terms as arguments."""
    folder, parent, terms = Path(arguments[0]), int(arguments[1]), Terms(*json.loads(arguments[2]))
    limits.die_with_parent(parent)
    limits.ignore_interrupts()
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  # only on Windows

        for stream in (0, 1):
            msvcrt.setmode(stream, os.O_BINARY)
    live(0, 1, terms, lambda: open_snapshot(folder))


def open_snapshot(folder: Path) -> Opened:
    """The snapshot's store; raises SnapshotMissing or SnapshotDamaged."""
    try:
        snapshot = store.read(folder)
        if not snapshot.on_disk:  # a store on disk was looked after before any worker
            integrity.check(snapshot)
        return Opened(store.open_store(snapshot), snapshot.on_disk)
    except (OSError, RuntimeError) as error:  # the engine raises either
        raise SnapshotDamaged(f"{folder}: {error}; run 'kg build' again") from error


if __name__ == "__main__":
    main(sys.argv[1:])
