"""Queries in worker processes that can be ended: bounded in time, memory and number.

::

    this process ── zygote ──fork── worker     Linux: the store is loaded once, workers come in milliseconds
    this process ── line ── zygote     several processes, one zygote: they share it through a Keeper's door
    this process ───────────spawn── worker     elsewhere: each worker opens the store itself

The names are loaded on first use, because the zygote imports this package too and has to stay
small: what it holds, every worker holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.pool.answer import Answer, ClientGone
    from kg.pool.door import Door
    from kg.pool.keeper import Keeper
    from kg.pool.pool import Pool
    from kg.pool.settings import PoolSettings
    from kg.pool.stats import Stats

__all__ = ["Answer", "ClientGone", "Door", "Keeper", "Pool", "PoolSettings", "Stats"]

_HOMES = {
    "Answer": "kg.pool.answer",
    "ClientGone": "kg.pool.answer",
    "Door": "kg.pool.door",
    "Keeper": "kg.pool.keeper",
    "Pool": "kg.pool.pool",
    "PoolSettings": "kg.pool.settings",
    "Stats": "kg.pool.stats",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # what a name of this package may be
    from importlib import import_module  # noqa: PLC0415  # the zygote stays small

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)
