"""The processes of a service, as /proc tells."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import Server, free_port, wait_ready


def children(pid: int) -> set[int]:
    found: set[int] = set()
    try:
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, path.read_text().split()):
                found |= {child} | children(child)
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
        return found
    return found


def runs(pid: int) -> bool:
    """Whether a process still does; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def http_processes(server: Server) -> set[int]:
    return {pid for pid in children(server.process.pid) if "multiprocessing.spawn" in command_of(pid)}


def zygotes(server: Server) -> set[int]:
    """Those forked from a zygote have its command too; a zygote's parent has not."""
    forked = {pid for pid in children(server.process.pid) if "kg.pool.zygote" in command_of(pid)}
    return forked - {child for pid in forked for child in children(pid)}


def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def none_left(pids: set[int], seconds: float = 5) -> None:
    until(lambda: not any(map(runs, pids)), seconds)


@contextmanager
def serving(snapshots: Path, *options: str, **environment: str) -> Iterator[Server]:
    """A server of its own for one test, which may end any of its processes."""
    port = free_port()
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, env={**os.environ, "KG_SNAPSHOTS": str(snapshots), **environment})
    server = Server(f"http://127.0.0.1:{port}", process, snapshots)
    try:
        wait_ready(server.url, process)
        yield server
    finally:
        started = {process.pid} | children(process.pid)
        process.terminate()
        process.wait(30)
        none_left(started)
