"""What can be set from outside: read once from KG_* variables and passed in, never assigned to."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from api import built
from kg import paths
from kg.errors import KgError


class SettingError(KgError):
    """A KG_* variable holds what it cannot hold."""


@dataclass(frozen=True)
class Settings:
    """Settings of one service, with their defaults. Each is read from ``KG_`` and its name in capitals."""

    snapshots: Path = field(default_factory=paths.snapshots, metadata={"help": "Folder of the snapshots."})
    assets: Path = field(default_factory=built.folder, metadata={"help": "Folder of what `make assets` has built."})
    time_limit: float = field(default=20.0, metadata={"help": "Seconds a query may run."})
    queue_limit: float = field(default=30.0, metadata={"help": "Seconds a query may wait for a worker."})
    queue_length: int = field(default=64, metadata={"help": "Queries that may wait at once."})
    memory_mib: int = field(default=512, metadata={"help": "MiB a query may take beside the store."})
    query_kib: int = field(default=64, metadata={"help": "KiB a query may be long."})
    light_workers: int = field(default=2, metadata={"help": "Workers for small queries."})
    heavy_workers: int = field(default=1, metadata={"help": "Workers for large queries."})
    cache_mib: int = field(default=64, metadata={"help": "MiB of ready answers that are kept."})
    poll: float = field(default=2.0, metadata={"help": "Seconds between two looks for a new snapshot."})
    rate_limit: str = field(
        default="auto",
        metadata={
            "help": "Requests a client may make, as `600/minute`; `off`; `auto` is off on loopback, else 600/minute."
        },
    )
    log: str = field(default="slow", metadata={"help": "`off`, `slow` (slow queries, snapshots, faults) or `all`."})
    slow_query: float = field(default=1.0, metadata={"help": "Seconds from which a query is logged with its text."})


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from an environment; raises SettingError that names the variable and what it takes."""
    given = os.environ if environment is None else environment
    values = {}
    for setting in fields(Settings):
        name = f"KG_{setting.name.upper()}"
        if given.get(name):
            values[setting.name] = _value(name, given[name], str(setting.type))
    return Settings(**values)  # type: ignore[arg-type]  # each value is made for its own field above


def _value(name: str, text: str, kind: str) -> Path | float | int | str:
    if kind == "Path":
        return Path(text)
    if kind == "str":
        return text
    try:
        number = int(text) if kind == "int" else float(text)
    except ValueError as error:
        raise SettingError(f"{name}: '{text}' is no number") from error
    if not (math.isfinite(number) and number > 0):
        raise SettingError(f"{name}: '{text}' is no number above 0")
    return number
