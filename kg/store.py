"""A snapshot opened for reading, and the one way into pyoxigraph's store."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from kg.errors import SnapshotDamaged, SnapshotMissing

__all__ = ["Snapshot", "Store", "current", "lines_store", "memory_store", "open_store", "read", "write_disk"]

MANIFEST = "manifest.json"
CURRENT = "current"
QUADS = "graph.nq"
STORE = "store"
# Above this many quads a worker's private copy costs more than the disk does.
MEMORY_QUADS = 1_000_000


@dataclass(frozen=True)
class Snapshot:
    """An immutable folder of one build. ``id`` names the bytes, ``version`` the data release."""

    folder: Path
    id: str
    version: str
    released: str
    quads: int

    @property
    def manifest(self) -> dict[str, Any]:
        """The whole manifest: counts, and size and SHA-256 of every file."""
        return _read_manifest(self.folder)

    @property
    def on_disk(self) -> bool:
        """Whether the store is opened from disk rather than loaded into memory."""
        return self.quads > MEMORY_QUADS


def current(snapshots: Path) -> Snapshot:
    """The snapshot that ``snapshots/current`` names; raises SnapshotMissing or SnapshotDamaged."""
    try:
        name = (snapshots / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise SnapshotMissing(f"no snapshot in {snapshots}; 'kg build' makes one") from error
    return read(snapshots / name)


def read(folder: Path) -> Snapshot:
    """The snapshot in one folder; raises SnapshotMissing or SnapshotDamaged."""
    manifest = _read_manifest(folder)
    try:
        return Snapshot(folder, manifest["id"], manifest["version"], manifest["released"], manifest["quads"])
    except KeyError as missing:
        raise SnapshotDamaged(f"{folder / MANIFEST}: no {missing}; run 'kg build' again") from missing


def open_store(snapshot: Snapshot) -> Store:
    """The snapshot's quads as a store: in memory when small, read-only on disk when not.

    A store on disk starts threads, so a process that forks must open it after the fork.
    """
    if snapshot.on_disk:
        return Store.read_only(str(snapshot.folder / STORE))
    return memory_store(snapshot.folder / QUADS)


def memory_store(quads: Path) -> Store:
    """An in-memory store of one N-Quads file; raises SnapshotDamaged."""
    store = Store()
    try:
        store.load(path=str(quads), format=RdfFormat.N_QUADS)
    except (OSError, SyntaxError) as error:
        raise SnapshotDamaged(f"{quads}: {error}; run 'kg build' again") from error
    return store


def lines_store(lines: Iterable[str]) -> Store:
    """An in-memory store of N-Quads lines."""
    store = Store()
    store.load(BytesIO("".join(lines).encode()), RdfFormat.N_QUADS)
    return store


def write_disk(quads: Path, folder: Path) -> None:
    """Load one N-Quads file into a new store on disk."""
    store = Store(str(folder))
    store.bulk_load(path=str(quads), format=RdfFormat.N_QUADS)
    store.flush()


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SnapshotMissing(f"no snapshot in {folder}; 'kg build' makes one") from error
    except ValueError as error:
        raise SnapshotDamaged(f"{path}: {error}; run 'kg build' again") from error
    if not isinstance(manifest, dict):
        raise SnapshotDamaged(f"{path}: no manifest; run 'kg build' again")
    return manifest
