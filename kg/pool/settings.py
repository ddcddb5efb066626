"""The bounds of the pool."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class PoolSettings:
    """Numbers of workers and bounds on each query. Seconds and bytes throughout.

    Keep ``heavy`` below the number of cores, so that one stays free for small queries. The
    in-memory store is copied into each worker as it is read: plan (workers + 1) × its size.
    """

    time_limit: float = 20.0  # from the hand-over to a worker to the last byte of the answer
    memory_budget: int = 512 * MIB  # what one query may take beyond the opened store
    queue_limit: float = 30.0  # the longest wait for a worker
    queue_length: int = 64  # how many queries may wait in each lane
    light: int = 2  # workers for small queries
    heavy: int = 1  # workers for all others
    spare: int = 1  # idle workers that replace killed or promoted ones
    slice: float = 0.1  # a light query that runs longer is treated as heavy
    settle: float = 0.05  # a running query's client is watched from then on
    first_bytes: int = MIB  # gathered before anything is sent: up to here an answer is whole or an error
    chunk: int = 64 * 1024  # pieces of a larger answer
    buffer: int = 512 * 1024  # read ahead of a slow client before its worker is held
    stack: int = 256 * MIB  # of the thread that parses and evaluates
    machine_memory: int = 0  # all workers together; 0 = no bound, measured only where /proc has it
    machine_poll: float = 0.5  # between two looks at it
    shapes: int = 4_096  # query shapes whose lane is remembered
    start_limit: float = 60.0  # for opening the store
    start_method: str = "auto"  # "fork" (Linux), "spawn" (anywhere), "auto" = fork where it can be

    @property
    def workers(self) -> int:
        """All workers that are kept."""
        return self.light + self.heavy + self.spare

    @property
    def forks(self) -> bool:
        """Whether workers are forked from a zygote."""
        able = sys.platform == "linux" and hasattr(os, "pidfd_open")
        return able if self.start_method == "auto" else self.start_method == "fork"
