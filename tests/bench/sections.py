"""Measured times and rates as tables of ratios."""

from __future__ import annotations

from collections.abc import Sequence

from bench import report
from bench.latency import Times
from bench.servers import KG, OXIGRAPH, Server
from bench.throughput import CONNECTIONS, Rates


def latency_table(data: str, present: Sequence[Server], times: Times) -> str:
    """Median and 95th percentile of each query, and the service against each peer."""
    names = [server.name for server in present]
    peers = [name for name in names if name != KG]
    columns = ["query", *(f"{name} p50 ms (p95)" for name in names), *(f"kg ÷ {peer}" for peer in peers)]
    rows = []
    for query in dict.fromkeys(query for _, query in times.by):
        cells = [f"{report.ms(times.middle(n, query))} ({report.ms(times.high(n, query))})" for n in names]
        ratios = [report.ratio(times.middle(KG, query), times.middle(peer, query)) for peer in peers]
        rows.append([query, *cells, *ratios])
    return report.table(f"{data}: latency on one connection, uncached", columns, rows)


def throughput_table(data: str, rates: Rates) -> str:
    """Requests a second of the light mix."""
    rows = []
    for name in dict.fromkeys(name for name, _ in rates):
        found = [rates[name, connections] for connections in CONNECTIONS]
        peers = [rates.get((peer, 8)) for peer in (OXIGRAPH, "raw")]
        eight = found[CONNECTIONS.index(8)]
        beside = [report.ratio(eight.requests, peer and peer.requests) for peer in peers]
        rows.append([name, *(f"{rate.requests:,.0f}" for rate in found), *beside, f"{eight.work * 1e6:.0f}"])
    columns = ["server", *(f"@{number}" for number in CONNECTIONS), "@8 ÷ oxigraph", "@8 ÷ raw", "core µs each @8"]
    return report.table(f"{data}: light mix, requests a second by connections", columns, rows)
