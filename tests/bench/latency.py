"""How long one query takes on one connection, server after server in turn, so that noise meets all alike."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from bench.mix import Mix
from bench.servers import RDFLIB, Server

_serial = count()


@dataclass
class Times:
    """Seconds by server and query."""

    by: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(self, server: str, query: str, seconds: float) -> None:
        """Note one."""
        self.by.setdefault((server, query), []).append(seconds)

    def middle(self, server: str, query: str) -> float | None:
        """The median, None where there is none."""
        taken = self.by.get((server, query))
        return statistics.median(taken) if taken else None

    def high(self, server: str, query: str) -> float | None:
        """The 95th percentile."""
        taken = self.by.get((server, query))
        return percentile(taken, 0.95) if taken else None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def fresh(query: str) -> str:
    """The same query in words that nobody has heard yet."""
    return f"{query}\n#{next(_serial)}"


def measure(servers: Sequence[Server], mix: Mix, light: int, heavy: int) -> Times:
    """``light`` rounds over each kind of small query, ``heavy`` over each large one; all uncached."""
    times = Times()
    for kind, queries in mix.by_kind.items():
        _rounds(times, servers, kind, queries, light)
    for name, query in mix.heavy.items():
        _rounds(times, servers, name, [query], heavy)
    return times


def _rounds(times: Times, servers: Sequence[Server], name: str, queries: Sequence[str], rounds: int) -> None:
    clients = {server.name: server.client() for server in servers}
    for warm in (True, False):
        for number in range(2 if warm else rounds):
            for server in _turned(servers, number):
                slow = server.name == RDFLIB and number >= 5
                if slow:
                    continue
                reply = clients[server.name].ask(fresh(queries[number % len(queries)]))
                if reply.status == 200 and reply.whole and not warm:
                    times.add(server.name, name, reply.seconds)
    for client in clients.values():
        client.close()


def _turned(servers: Sequence[Server], by: int) -> list[Server]:
    by %= len(servers)
    return [*servers[by:], *servers[:by]]


def cached(server: Server, queries: Sequence[str], rounds: int) -> float:
    """The median of a hit, in seconds."""
    with server.client() as client:
        for query in queries:
            client.ask(query)
        return statistics.median(client.ask(queries[number % len(queries)]).seconds for number in range(rounds))
