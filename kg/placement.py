"""How a snapshot comes into its place: written beside it, sealed by its manifest, moved there in one rename.

::

    <snapshots>/current                a file that names the current one, replaced by one rename
    <snapshots>/<id>/manifest.json     written last
                     graph.nq …        what the manifest lists, with size and SHA-256
                     store/            the engine's own files: a cache, outside the manifest

Whatever ends a writer at any moment leaves the old snapshot in place and whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kg.errors import BuildBusy, SnapshotError
from kg.integrity import described
from kg.store import CURRENT, MANIFEST, read


@contextmanager
def lock(snapshots: Path) -> Iterator[None]:
    """One writer at a time; the lock ends with the process that holds it. Raises BuildBusy."""
    snapshots.mkdir(parents=True, exist_ok=True)
    held = FileLock(snapshots / ".lock", timeout=0)
    try:
        held.acquire()
    except Timeout as error:
        raise BuildBusy(f"another process is building in {snapshots}; wait for it or use another folder") from error
    try:
        yield
    finally:
        held.release()


@contextmanager
def partial(folder: Path) -> Iterator[Path]:
    """An empty folder beside ``folder``; it takes its place at the end, or is gone when an error ends it."""
    for left in folder.parent.glob(".partial-*"):  # of a writer that was killed
        shutil.rmtree(left, ignore_errors=True)
    made = folder.with_name(f".partial-{folder.name}")
    made.mkdir(parents=True)
    try:
        yield made
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def whole(folder: Path) -> bool:
    """Whether a snapshot is there with every file as its manifest describes it; else it is written anew."""
    try:
        told = read(folder).manifest["files"]
        return bool(told == {name: described(folder / name) for name in told})
    except (SnapshotError, KeyError, TypeError, OSError):
        return False


def seal(folder: Path, facts: dict[str, Any]) -> None:
    """Write the manifest: these facts, and each file's size and checksum."""
    told = {path.relative_to(folder).as_posix(): described(path) for path in files(folder)}
    path = folder / MANIFEST
    path.write_text(json.dumps({**facts, "files": told}, indent=1, sort_keys=True) + "\n", "utf-8")
    for written in (*files(folder), path):
        _sync(written)


def switch(snapshots: Path, folder: Path) -> None:
    """Make the snapshot in ``folder`` the current one."""
    fresh = snapshots / f".{CURRENT}-{os.getpid()}"
    fresh.write_text(folder.name + "\n", "utf-8")
    _sync(fresh)
    fresh.replace(snapshots / CURRENT)


def files(folder: Path) -> list[Path]:
    """The files that a manifest describes: all but the engine's own, sorted."""
    return sorted(p for p in (*folder.glob("*"), *folder.glob("tables/*")) if p.is_file())


def _sync(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
