"""What answers queries for the service: worker processes here, or another engine by its address."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from kg.evaluate import Request
from kg.guard import Inspected
from kg.pool.answer import Answer
from kg.pool.job import Gone
from kg.pool.stats import Stats
from kg.store import Snapshot


class Engine(Protocol):
    """``kg.pool.Pool`` and ``kg.remote.Remote``. One lives in one event loop, and is entered as a context."""

    snapshot: Snapshot

    async def __aenter__(self) -> Self:
        """Start."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""

    async def start(self) -> None:
        """Return when a query can be answered; raises SnapshotError or EngineError."""

    async def close(self) -> None:
        """End what was started; queries that still run fail with WorkerDied."""

    async def run(self, request: Request, inspected: Inspected, gone: Gone | None = None) -> Answer:
        """The answer to a query that the guard has let through.

        ``gone`` comes true when the client leaves: the query is dropped and ClientGone raised.
        Raises QueryError, EngineError, or UnknownName of the format.
        """

    def stats(self) -> Stats:
        """Counts up to now."""
