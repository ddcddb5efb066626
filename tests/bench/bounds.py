"""Behaviour at the bounds: beside heavy load, over the time limit, with a slow reader."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bench import process
from bench.latency import fresh, percentile
from bench.mix import ENDLESS, LONG, Mix
from bench.servers import Server

_PACE = 0.01  # seconds between two probes
_SLOW = 1_000_000  # bytes a second that the slow reader takes


@dataclass(frozen=True)
class Probe:
    """Seconds of a paced look-up; ``lost`` of them had no answer."""

    middle: float
    high: float
    most: float
    lost: int


def probe(server: Server, mix: Mix, seconds: float) -> Probe:
    """A look-up each hundredth of a second."""
    taken, lost = [], 0
    end = time.perf_counter() + seconds
    queries = mix.by_kind["point"]
    with server.client(timeout=5.0) as client:
        while time.perf_counter() < end:
            began = time.perf_counter()
            try:
                taken.append(client.ask(fresh(queries[len(taken) % len(queries)])).seconds)
            except OSError:
                client.close()
                lost += 1
                taken.append(5.0)
            time.sleep(max(0.0, began + _PACE - time.perf_counter()))
    return Probe(percentile(taken, 0.5), percentile(taken, 0.95), max(taken), lost)


def beside_load(server: Server, mix: Mix, seconds: float, heavy: int = 64) -> tuple[Probe, Probe]:
    """The probe idle, then beside that many clients that ask for what never ends."""
    idle = probe(server, mix, seconds)
    over = threading.Event()
    loads = [threading.Thread(target=_ask_on, args=(server, over)) for _ in range(heavy)]
    for load in loads:
        load.start()
    time.sleep(0.5)
    loaded = probe(server, mix, seconds)
    over.set()
    for load in loads:
        load.join()
    return idle, loaded


def _ask_on(server: Server, over: threading.Event) -> None:
    client = server.client(timeout=4.0)
    while not over.is_set():
        try:
            client.ask(fresh(ENDLESS))
        except (OSError, ValueError):
            client.close()
            over.wait(0.1)
    client.close()


@dataclass(frozen=True)
class Refusal:
    """``late``: seconds beyond the limit until the refusal; ``free``: what a heavy query takes longer right after it.

    ``memory``: MiB that all processes hold more some seconds later.
    """

    status: int
    late: float
    free: float
    memory: float


def refusal(server: Server, mix: Mix, limit: float) -> Refusal:
    """Ask for what never ends, then at once for what does."""
    query = mix.heavy["join"]
    with server.client() as client:
        usual = min(client.ask(fresh(query)).seconds for _ in range(5))
        before = process.shared_out(server.pid)
        reply = client.ask(fresh(ENDLESS))
        after = client.ask(fresh(query)).seconds
        time.sleep(2)
        return Refusal(reply.status, reply.seconds - limit, after - usual, process.shared_out(server.pid) - before)


def slow_reader(server: Server, seconds: float) -> tuple[float, float]:
    """MiB by which the HTTP process grows with a reader of 1 MB/s, and with one that reads 100 MB at full speed."""
    return _growth(server, _paced(seconds)), _growth(server, lambda _: None)


def _growth(server: Server, wait: Callable[[int], None]) -> float:
    before = process.resident(server.pid)
    most = before

    def each(got: int) -> None:
        nonlocal most
        most = max(most, process.resident(server.pid))
        wait(got)

    _read(server, each)
    return most - before


def _paced(seconds: float) -> Callable[[int], None]:
    """Waits until so many bytes may have come; raises TimeoutError in the end."""
    began = time.perf_counter()

    def wait(got: int) -> None:
        gone = time.perf_counter() - began
        if gone > seconds:
            raise TimeoutError
        time.sleep(max(0.0, got / _SLOW - gone))

    return wait


def _read(server: Server, each: Callable[[int], None]) -> None:
    with server.client() as client, suppress(TimeoutError):
        client.ask(fresh(LONG), each)
