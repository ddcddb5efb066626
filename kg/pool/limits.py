"""What a worker takes from itself before it meets a query: memory, files, sockets, its parent's absence."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from kg.pool.syscalls import refuse_network

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9


def die_with_parent(parent: int) -> None:
    """End this process when the thread that started it ends; ``parent`` is that process's id. Linux only."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent:  # it ended before the call above
        os._exit(0)


def ignore_interrupts() -> None:
    """Signals to a whole process group are for the service; it lets queries end before it ends its workers."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def volunteer_first() -> None:
    """When the machine runs out of memory, let the kernel take this process before others. Linux only."""
    score = Path("/proc/self/oom_score_adj")
    if score.exists():
        score.write_text("1000")


def limit_memory(budget: int) -> None:
    """No more than ``budget`` bytes beyond what the process holds now, and no core file.

    An allocation over the limit ends the process by SIGABRT. Without /proc there is no such limit.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = Path("/proc/self/status")
    if status.exists():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        limit = int(fields["VmData"].split()[0]) * 1024 + budget
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def shut_in(*, files_needed: bool) -> None:
    """No socket from now on, and no file either unless the store needs files.

    A store on disk where the system has no call filter (not Linux) is left with the guard alone.
    """
    refuse_network()
    if not files_needed:
        _close_all_doors()


def _close_all_doors() -> None:
    """Use up the file descriptors: no socket, pipe or file can be opened from now on.

    Gaps are filled too; one free number would be enough for a query's SERVICE to wait on.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not on Windows

    top = os.dup(0)
    os.close(top)
    highest = max([top, *_open_descriptors()])
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, highest + 1))
    try:
        while True:
            os.open(os.devnull, os.O_RDONLY)
    except OSError as error:
        if error.errno != errno.EMFILE:
            raise


def _open_descriptors() -> list[int]:
    folder = Path("/dev/fd")
    return [int(entry.name) for entry in folder.iterdir()] if folder.exists() else []


def memory_returner() -> Callable[[int], object]:
    """A function that gives freed memory back to the system where the C library can."""
    if sys.platform != "linux":
        return lambda _: None
    trim: Callable[[int], object] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim or (lambda _: None)
