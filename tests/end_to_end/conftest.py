"""A real server over the real contents, on loopback, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kg.build import build
from kg.paths import contents

TIME_LIMIT = 2.0


@dataclass(frozen=True)
class Server:
    """A running service: where it listens and which process it is."""

    url: str
    process: subprocess.Popen[bytes]
    snapshots: Path
    time_limit: float = TIME_LIMIT

    def get(self, path: str, **options) -> httpx.Response:
        return httpx.get(self.url + path, timeout=30, **options)

    def ask(self, query: str, accept: str = "application/sparql-results+json", **options) -> httpx.Response:
        return self.get("/sparql", params={"query": query}, headers={"Accept": accept}, **options)

    @property
    def resident(self) -> int:
        """Bytes of memory that the HTTP process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_ready(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(url + "/health/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"not ready in {seconds} s")


@contextlib.contextmanager
def serving(snapshots: Path, **settings: str) -> Iterator[Server]:
    """A service of its own over these snapshots; ``settings`` are KG_* variables."""
    port = free_port()
    environment = {**os.environ, "KG_SNAPSHOTS": str(snapshots), "KG_TIME_LIMIT": str(TIME_LIMIT), **settings}
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_ready(url, process)
        yield Server(url, process, snapshots)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service, with a time limit of two seconds so that tests of limits are short."""
    snapshots = tmp_path_factory.mktemp("served")
    build(contents(), snapshots)
    with serving(snapshots) as made:
        yield made
