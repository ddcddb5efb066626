"""What the pool has done and is doing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stats:
    """Counts for metrics. ``outcomes`` counts ended queries: ``ok``, ``gone``, or an error's class name."""

    workers: int
    idle: int
    running_light: int
    running_heavy: int
    queued_light: int
    queued_heavy: int
    restarts: int  # workers started beyond the first ones
    promoted: int  # light queries that went on as heavy in place
    requeued: int  # light queries that were ended and queued as heavy
    outcomes: dict[str, int]
