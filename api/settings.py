"""What can be set from outside: read once from KG_* variables and passed in, never assigned to."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from api import built
from kg import names, paths
from kg.errors import KgError

# What all HTTP processes of a service have together.
_SHARED = ("light_workers", "heavy_workers", "queue_length")


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
    light_workers: int = field(default=2, metadata={"help": "Workers for small queries, over all HTTP processes."})
    heavy_workers: int = field(
        default=1,
        metadata={"help": "Workers for large queries, over all HTTP processes; keep a core free of them."},
    )
    address: str = field(
        default=names.BASE, metadata={"help": "Address, with its last slash, that descriptions give for the service."}
    )
    cache_mib: int = field(default=64, metadata={"help": "MiB of ready answers that are kept."})
    poll: float = field(default=2.0, metadata={"help": "Seconds between two looks for a new snapshot."})
    rate_limit: str = field(
        default="auto",
        metadata={
            "help": "Requests a client may make of an HTTP process, as `600/minute`; `off`; "
            "`auto` is off on loopback, else 600/minute."
        },
    )
    log: str = field(default="slow", metadata={"help": "`off`, `slow` (slow queries, snapshots, faults) or `all`."})
    slow_query: float = field(default=1.0, metadata={"help": "Seconds from which a query is logged with its text."})
    stop_limit: int = field(default=10, metadata={"help": "Seconds that running queries have when the service stops."})

    def shared_by(self, processes: int) -> Settings:
        """The part of one of several HTTP processes: of every kind of worker, and of the queue, at least one."""
        parts = {name: max(1, getattr(self, name) // processes) for name in _SHARED}
        return replace(self, **parts)

    engine: str = field(default="", metadata={"help": "Address of a SPARQL engine to ask instead of own workers."})
    engine_union: str = field(
        default="auto",
        metadata={"help": "How that engine reads the union of its graphs: auto, parameter or default."},
    )
    engine_user: str = field(default="", repr=False, metadata={"help": "User at that engine."})
    engine_password: str = field(default="", repr=False, metadata={"help": "Password of that user."})
    engine_token: str = field(default="", repr=False, metadata={"help": "Bearer token for that engine."})


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
        return _address(name, text) if name == "KG_ADDRESS" else text
    try:
        number = int(text) if kind == "int" else float(text)
    except ValueError as error:
        raise SettingError(f"{name}: '{text}' is no number") from error
    if not (math.isfinite(number) and number > 0):
        raise SettingError(f"{name}: '{text}' is no number above 0")
    return number


def _address(name: str, text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+/", text):
        raise SettingError(f"{name}: '{text}' is no address; write https://example.org/ with its last slash")
    return text
