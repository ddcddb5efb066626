"""What other processes tell about a failure → the error to raise."""

from __future__ import annotations

import json
import signal

from kg import errors
from kg.errors import EngineError, KgError, MemoryLimit, QueryError, QueryRefused, SnapshotError, WorkerDied


def of_exit(code: int | None) -> KgError:
    """What the end of a worker says about its query; ``code`` as in subprocess, None when unknown."""
    if code == -signal.SIGABRT:
        return MemoryLimit("the query needs more memory than one query may have; narrow it, or add a LIMIT")
    if code == -signal.SIGSEGV:
        return QueryRefused("the query nests too deep for the engine")
    return WorkerDied(f"the worker that ran the query ended ({code})")


def written(error: KgError) -> bytes:
    """An error as JSON: class name, message, line, column."""
    place = (error.line, error.column) if isinstance(error, QueryError) else (None, None)
    return json.dumps([type(error).__name__, str(error), *place]).encode()


def received(payload: bytes) -> KgError:
    """The error that ``written`` wrote; one of an unexpected class becomes WorkerDied."""
    name, message, line, column = json.loads(payload)
    kind = getattr(errors, name, WorkerDied)
    if not issubclass(kind, QueryError | EngineError | SnapshotError):
        return WorkerDied(message)
    error: KgError = kind(message)
    if isinstance(error, QueryError):
        error.line, error.column = line, column
    return error
