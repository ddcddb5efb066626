"""The service as a process: how it starts and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import free_port, wait_ready

from kg.build import build
from kg.paths import contents

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def children(pid: int) -> set[int]:
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found |= {child} | children(child)
    return found


def runs(pid: int) -> bool:
    """Whether a process still does; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_sigterm_ends_every_process(tmp_path):
    build(contents(), tmp_path)
    port = free_port()
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "KG_SNAPSHOTS": str(tmp_path)})
    wait_ready(f"http://127.0.0.1:{port}", process)
    workers = children(process.pid)
    assert workers
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    end = time.monotonic() + 5
    while any(map(runs, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(runs, workers))
