"""Structured logs: one JSON object a line on standard error. The one way into structlog.

No line holds a client's address: what people ask is logged by its hash, and by its text only
where it ran longer than ``slow_query``.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog

TEXT = 2_000  # characters of a slow query that are logged


class Log:
    """Writes events; ``level`` is ``off``, ``slow`` (slow queries, snapshots, faults) or ``all`` (each query)."""

    def __init__(self, level: str, slow: float, stream: TextIO | None = None) -> None:
        self._level = level
        self._slow = slow
        processors: list[Any] = [
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=False),
        ]
        self._logger: Any = structlog.wrap_logger(
            structlog.WriteLogger(stream or sys.stderr),
            processors=processors,
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )

    def event(self, event: str, **facts: Any) -> None:  # noqa: ANN401  # what JSON can hold
        """One line, unless logs are off."""
        if self._level != "off":
            self._logger.info(event, **facts)

    def wants(self, seconds: float) -> bool:
        """Whether a query of that duration is logged at all."""
        return self._level == "all" or (self._level != "off" and seconds >= self._slow)

    def query(self, text: str, seconds: float, **facts: Any) -> None:  # noqa: ANN401  # what JSON can hold
        """A query that has ended; its text too where it was slow."""
        if seconds >= self._slow:
            self.event("slow query", seconds=round(seconds, 4), **facts, text=text[:TEXT])
        elif self._level == "all":
            self.event("query", seconds=round(seconds, 4), **facts)
