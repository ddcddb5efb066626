"""Several HTTP processes on one port that share one store: uvicorn's supervisor beside a keeper of zygotes.

::

    kg serve --workers 2 ── zygote ── workers      the launcher: starts, restarts and ends the others
       ├── HTTP process      (api.app, a pool)
       └── HTTP process      (api.app, a pool)
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.connection import BoundedConnection
from kg.pool import Door, Keeper, limits

Application = Callable[[Door | None], ASGIApp]

# Seconds for an HTTP process to answer the supervisor; it answers nothing while it is imported.
_PATIENCE = 10
# Seconds that an HTTP process has, beyond its own bound, to end its workers.
_GRACE = 5.0


class Supervisor(Multiprocess):
    """Starts and restarts HTTP processes; their end is bounded."""

    def terminate_all(self) -> None:
        """Take no more connections, and tell every process to end."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for every process; end those that are late."""
        due = time.monotonic() + (self.config.timeout_graceful_shutdown or 0) + _GRACE
        for process in self.processes:
            process.process.join(max(0.0, due - time.monotonic()))
            process.process.kill()
        super().join_all()

    @property
    def failed(self) -> bool:
        """Whether a process could not start at all."""
        return any(process.exitcode == STARTUP_FAILURE for process in self.processes)


def run(application: Application, listening: socket.socket, processes: int, stop_limit: int, *, share: bool) -> bool:
    """Serve until a signal ends it; False when the service could not start.

    ``application`` is pickled and called in each process with the door to the workers, None
    unless they ``share`` a store (where workers are forked).
    """
    if not share:
        return _supervise(partial(_started, application, None, os.getpid()), listening, processes, stop_limit)
    with Keeper() as keeper:
        made = partial(_started, application, keeper.door, os.getpid())
        return _supervise(made, listening, processes, stop_limit)


def _supervise(made: Callable[[], ASGIApp], listening: socket.socket, processes: int, stop_limit: int) -> bool:
    config = Config(
        made,
        factory=True,
        http=BoundedConnection,
        ws="none",
        workers=processes,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=stop_limit,
        timeout_worker_healthcheck=_PATIENCE,
    )
    supervisor = Supervisor(config, [listening])
    supervisor.run()
    return not supervisor.failed


def _started(application: Application, door: Door | None, launcher: int) -> ASGIApp:
    """In an HTTP process: the application, which never outlives its launcher."""
    limits.die_with_parent(launcher)
    return application(door)
