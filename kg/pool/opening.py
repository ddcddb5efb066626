"""Makes a snapshot whose store lies on disk ready for workers: checked, and mended where that can be.

That is a process of its own: writing a store starts threads, and a process that forks must have none.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from kg import integrity, store
from kg.errors import KgError, WorkerDied
from kg.pool import failure, limits
from kg.pool.interpreter import command, environment


def prepare(folder: Path) -> None:
    """Wait until the snapshot is ready; raises SnapshotError or WorkerDied."""
    done = subprocess.run(  # noqa: S603  # this very interpreter, and arguments of our own
        _command(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment(), check=False
    )
    _judge(done.returncode, done.stdout)


async def prepared(folder: Path) -> None:
    """As ``prepare``, without holding the event loop."""
    process = await asyncio.create_subprocess_exec(
        *_command(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment()
    )
    try:
        told, _ = await process.communicate()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    _judge(process.returncode, told)


def _command(folder: Path) -> tuple[str, ...]:
    return command("kg.pool.opening", str(folder), str(os.getpid()))


def _judge(code: int | None, told: bytes) -> None:
    if told:
        raise failure.received(told)
    if code:
        raise WorkerDied(f"the process that looks after the store ended ({code})")


def main(arguments: list[str]) -> None:
    """Snapshot's folder and the parent's process id; an error is written to standard output."""
    limits.die_with_parent(int(arguments[1]))
    limits.ignore_interrupts()
    try:
        snapshot = store.read(Path(arguments[0]))
        integrity.check(snapshot)
        integrity.mend_store(snapshot)
    except KgError as error:
        sys.stdout.buffer.write(failure.written(error))


if __name__ == "__main__":
    main(sys.argv[1:])
