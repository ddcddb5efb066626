"""Requests a second at several numbers of connections, server after server in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median

from bench import client, process
from bench.mix import Mix
from bench.servers import KG, Server

CONNECTIONS = (1, 8, 32)
CACHED = "kg, cached"
_serial = count()


@dataclass(frozen=True)
class Rate:
    """Requests a second, and seconds on a core that all processes of the server took for one request."""

    requests: float
    work: float


Rates = dict[tuple[str, int], Rate]


def measure(servers: Sequence[Server], mix: Mix, rounds: int, seconds: int) -> Rates:
    """Medians over ``rounds`` of the light mix; the service also with every answer cached."""
    taken: dict[tuple[str, int], list[Rate]] = {}
    for _ in range(rounds):
        for connections in CONNECTIONS:
            for server in servers:
                rate = _load(server, mix, connections, seconds, fresh=f"{next(_serial)}.")
                taken.setdefault((server.name, connections), []).append(rate)
                if server.name == KG:
                    _load(server, mix, connections, 1, fresh="")
                    rate = _load(server, mix, connections, seconds, fresh="")
                    taken.setdefault((CACHED, connections), []).append(rate)
    return {key: _middle(rates) for key, rates in taken.items()}


def _middle(rates: Sequence[Rate]) -> Rate:
    return Rate(median(rate.requests for rate in rates), median(rate.work for rate in rates))


def _load(server: Server, mix: Mix, connections: int, seconds: int, fresh: str) -> Rate:
    before = process.processor_seconds(server.pid)
    rate = client.throughput(server.port, server.path, mix.light, connections, seconds, fresh)
    return Rate(rate, (process.processor_seconds(server.pid) - before) / (rate * seconds))
