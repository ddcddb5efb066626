"""The servers that are compared, each a process of its own on loopback."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from bench import dataset
from bench.client import Client
from bench.dataset import Dataset

KG, OXIGRAPH, RDFLIB = "kg", "oxigraph", "rdflib-endpoint"
_START = 180.0  # seconds that a server may take to its first answer
_HERE = Path(__file__).parent


@dataclass
class Server:
    """One server to start: ``with server:``."""

    name: str
    command: list[str]
    port: int
    path: str = "/sparql"
    environment: tuple[tuple[str, str], ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0  # seconds to the first answer

    def __enter__(self) -> Server:
        began = time.perf_counter()
        environment = os.environ | {"PYTHONPATH": str(_HERE.parent)} | dict(self.environment)
        self.process = subprocess.Popen(
            self.command, env=environment, cwd=_HERE.parent.parent, stderr=subprocess.DEVNULL
        )
        self._wait(began)
        self.started = time.perf_counter() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def pid(self) -> int:
        """The process that answers HTTP."""
        assert self.process is not None
        return self.process.pid

    def client(self, timeout: float = 60.0) -> Client:
        """A new connection to it."""
        return Client(self.port, self.path, timeout)

    def _wait(self, began: float) -> None:
        while time.perf_counter() - began < _START:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}")
            try:
                if self.client().ask("ASK {}").status == 200:
                    return
            except OSError:
                time.sleep(0.005)
        raise RuntimeError(f"{self.name} gave no answer in {_START:g} s")


def kg(data: Dataset, **settings: object) -> Server:
    """This service; settings by their names."""
    port = free_port()
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(port)]
    told = {"snapshots": data.snapshots, "log": "off"} | settings
    return Server(KG, command, port, environment=tuple((f"KG_{name.upper()}", str(told[name])) for name in told))


def oxigraph(data: Dataset) -> Server | None:
    """Oxigraph's own server on its own store; None where it is not installed."""
    beside = Path(sys.executable).parent / "oxigraph"
    program = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if program is None:
        return None
    dataset.load_peer(data, program)
    port = free_port()
    options = ["--location", str(data.peer), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    return Server(OXIGRAPH, [program, "serve-read-only", *options], port, "/query")


def rdflib_endpoint(data: Dataset) -> Server | None:
    """rdflib-endpoint in memory; None where it is not installed."""
    if importlib.util.find_spec("rdflib_endpoint") is None:
        return None
    port = free_port()
    return Server(RDFLIB, [sys.executable, "-m", "bench.rdflib_server", str(data.quads), str(port)], port)


def floor(kind: str, size: int) -> Server:
    """``raw`` or ``fastapi``: a constant body of that size."""
    port = free_port()
    return Server(kind, [sys.executable, "-m", "bench.floors", kind, str(size), str(port)], port)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
