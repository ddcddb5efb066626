"""The errors that this package raises on purpose.

::

    KgError
    ├── ContentError            records or ontology are at fault; carries every Finding of the run
    ├── SnapshotError
    │   ├── SnapshotMissing     there is no snapshot yet
    │   ├── SnapshotDamaged     its files do not match its manifest
    │   ├── BuildBusy           another process is building here
    │   └── TablesMissing       it was imported, and holds quads only
    ├── UnknownName             no such record, table, view, query or format
    ├── LibraryMissing          an optional library is not installed
    ├── QueryError              the query is at fault
    │   ├── QueryTooLarge       longer than the guard allows
    │   ├── QueryRefused        a form, a service or a nesting the guard does not let through
    │   ├── QuerySyntaxError    the engine cannot parse it
    │   └── AnswerUnwritable    the asked format cannot hold this answer
    └── EngineError             the query may be fine; the engine could not finish it
        ├── TimeLimit           over the wall-clock limit
        ├── MemoryLimit         over the memory limit
        ├── QueueFull           too many queries are waiting
        ├── QueueTimeout        waited too long for a worker
        ├── ServiceStopping     it is asked of a service that is ending
        ├── RowLimit            the engine by address gives no more rows
        ├── EngineAway          it cannot be reached, or has no time
        ├── EngineFailed        it failed, or its answer cannot be trusted
        └── WorkerDied          the worker ended for another reason

Each message says where, what is wrong, and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class KgError(Exception):
    """Root of every error raised on purpose."""


@dataclass(frozen=True, order=True)
class Finding:
    """One fault in a record or an ontology file.

    ``file`` is relative to the contents root, ``line`` counts from 1, ``key`` is the
    property as the curator wrote it (empty when the fault is not in one key).
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return place + (f"{self.key}: {self.message}" if self.key else self.message)


class ContentError(KgError):
    """Records or ontology files are at fault; ``findings`` lists all faults of the run, sorted."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(sorted(set(findings)))
        super().__init__("\n".join(map(str, self.findings)))


class SnapshotError(KgError):
    """A snapshot cannot be read or written."""


class SnapshotMissing(SnapshotError):
    """There is no snapshot yet; ``kg build`` makes one."""


class SnapshotDamaged(SnapshotError):
    """Files of a snapshot do not match its manifest."""


class BuildBusy(SnapshotError):
    """Another process is building into the same folder."""


class TablesMissing(SnapshotError):
    """The snapshot was imported and holds quads only."""


class UnknownName(KgError):
    """No such record, table, view, query or format; ``near`` holds similar known names."""

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        self.kind = kind
        self.name = name
        self.near: tuple[str, ...] = tuple(get_close_matches(name, known, n=3, cutoff=0.5))
        super().__init__(f"no {kind} '{name}'{suggest(name, known)}")


class LibraryMissing(KgError):
    """A library that this form needs is not installed; the message says how to get it."""


class QueryError(KgError):
    """The query is at fault. ``line`` and ``column`` count from 1; None when no place is known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        place = "" if line is None else f"line {line}, column {column}: "
        super().__init__(place + message)


class QueryTooLarge(QueryError):
    """The query text is longer than the guard allows."""


class QueryRefused(QueryError):
    """The guard does not let this query through."""


class QuerySyntaxError(QueryError):
    """The engine cannot parse the query."""


class AnswerUnwritable(QueryError):
    """The asked format cannot hold this answer."""


class EngineError(KgError):
    """The engine could not finish the query. ``limit`` names what stopped it."""

    limit = "worker"


class TimeLimit(EngineError):
    """Over the wall-clock limit."""

    limit = "time"


class MemoryLimit(EngineError):
    """Over the memory limit."""

    limit = "memory"


class QueueFull(EngineError):
    """Too many queries are waiting already."""

    limit = "queue"


class QueueTimeout(EngineError):
    """Waited too long for a free worker."""

    limit = "queue"


class ServiceStopping(EngineError):
    """The service is ending; another, or the same a moment later, may answer."""

    limit = "stop"


class RowLimit(EngineError):
    """The engine at the address gives no more than these ``rows`` (0 where it does not say how many)."""

    limit = "rows"

    def __init__(self, message: str, rows: int = 0) -> None:
        self.rows = rows
        super().__init__(message)


class EngineAway(EngineError):
    """The engine at the address cannot be reached, or says that it has no time."""

    limit = "engine"


class EngineFailed(EngineError):
    """The engine at the address failed, or what it answered is incomplete or cannot be read."""

    limit = "engine"


class WorkerDied(EngineError):
    """The worker process ended for a reason of its own."""


def suggest(word: str, known: Sequence[str], most: int = 12) -> str:
    """Say which known word may be meant: the nearest one, or the list when it is short."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    if 0 < len(known) <= most:
        return "; known: " + ", ".join(sorted(known))
    return ""
