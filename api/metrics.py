"""What the service counts, in Prometheus's text format. The one way into prometheus_client.

Each process counts for itself. No label holds anything that a client sent.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.current import Current

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_KINDS = frozenset(("sparql", "graphs", "downloads", "tables", "networks", "static", "assets", "health", "metrics"))


class Meters:
    """The meters of one application."""

    def __init__(self, current: Current) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kg_requests", "Requests beyond the cache.", ["kind", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "kg_request_seconds", "Time to the last byte.", ["kind"], buckets=_SECONDS, registry=self._registry
        )
        self._queries = Counter("kg_queries", "Queries by outcome.", ["outcome"], registry=self._registry)
        self._query_seconds = Histogram(
            "kg_query_seconds", "Time of a query to its last byte.", buckets=_SECONDS, registry=self._registry
        )
        # The library looks each label up under a lock; there are few, and they stay.
        self._counted, self._timed = cache(self._requests.labels), cache(self._seconds.labels)
        self._ended = cache(self._queries.labels)
        self._registry.register(_Gauges(current))

    def request(self, path: str, status: int, seconds: float) -> None:
        """A request has been answered."""
        first = path.split("/", 2)[1]
        kind = first if first in _KINDS else "page"
        self._counted(kind, str(status)).inc()
        self._timed(kind).observe(seconds)

    def query(self, outcome: str, seconds: float) -> None:
        """A query at the endpoint has ended: ``ok``, ``gone`` or the name of an error."""
        self._ended(outcome).inc()
        self._query_seconds.observe(seconds)

    def text(self) -> bytes:
        """All of it as a page for Prometheus."""
        return generate_latest(self._registry)


class _Gauges(Collector):
    """What the pool and the cache know already, read when asked."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def collect(self) -> Iterator[Metric]:
        """Prometheus calls this."""
        service = self._current.service
        snapshot = GaugeMetricFamily("kg_snapshot_quads", "Quads of the snapshot.", labels=["id", "version"])
        if service is not None:
            snapshot.add_metric([service.snapshot.id, service.snapshot.version], service.snapshot.quads)
            yield from _pool(asdict(service.pool.stats()))
            cache = service.cache
            yield CounterMetricFamily("kg_cache_hits", "Answers given from the cache.", cache.hits)
            yield CounterMetricFamily("kg_cache_misses", "Answers that the cache did not have.", cache.misses)
            yield GaugeMetricFamily("kg_cache_bytes", "Bytes that the cache holds.", cache.size)
        yield snapshot


def _pool(stats: dict[str, int]) -> Iterator[Metric]:
    for name in ("workers", "idle"):
        yield GaugeMetricFamily(f"kg_pool_{name}", f"Worker processes: {name}.", stats[name])
    for what in ("running", "queued"):
        lanes = GaugeMetricFamily(f"kg_pool_{what}", f"Queries {what}, by lane.", labels=["lane"])
        for lane in ("light", "heavy"):
            lanes.add_metric([lane], stats[f"{what}_{lane}"])
        yield lanes
    for name in ("restarts", "promoted", "requeued"):
        yield CounterMetricFamily(f"kg_pool_{name}", f"Since the snapshot was opened: {name}.", stats[name])


class Metered:
    """Times every request that reaches it."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it ended; one that raises counts as 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            self.meters.request(scope["path"], status, time.perf_counter() - began)
