"""Memory and processor time of a server with all its processes, read from /proc."""

from __future__ import annotations

import os
import re
from pathlib import Path

MIB = 1024 * 1024
_PSS = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)
_RSS = re.compile(r"^VmRSS:\s+(\d+)", re.MULTILINE)


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += family(int(child))
    return found


def resident(pid: int) -> float:
    """MiB that one process holds in memory."""
    found = _RSS.search(Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def shared_out(pid: int) -> float:
    """MiB of a process and all that it started, each shared page counted once (proportional set size)."""
    total = 0.0
    for member in family(pid):
        try:
            found = _PSS.search(Path(f"/proc/{member}/smaps_rollup").read_text())
        except OSError:  # it has just ended
            continue
        total += int(found[1]) / 1024 if found else 0.0
    return total


def processor_seconds(pid: int) -> float:
    """Seconds that a process and all that it started have run on a core; those that have ended do not count."""
    total = 0
    for member in family(pid):
        try:
            numbers = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:  # it has just ended
            continue
        total += int(numbers[11]) + int(numbers[12])
    return total / os.sysconf("SC_CLK_TCK")
