"""Whether a snapshot's files are what its manifest says, and its store on disk what was once written."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from kg.errors import SnapshotDamaged
from kg.store import MANIFEST, QUADS, STORE, Snapshot, write_disk

# In the store's own folder: it describes the engine's files, which are no part of the manifest.
_SEAL = "seal.json"
# The engine's own log and lock change when it only reads.
_SEALED = ("*.sst", "*.blob", "*.log", "MANIFEST-*", "CURRENT")
_REMEDY = "run 'kg build' again"


def described(path: Path) -> dict[str, Any]:
    """A file as manifests describe it: its size in bytes and its SHA-256."""
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256")
    return {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def check(snapshot: Snapshot) -> None:
    """Every file has its size; the quads and the tables, from which answers are made, their checksum too.

    Takes about a second a gigabyte of quads. Raises SnapshotDamaged, which names the file.
    """
    files = snapshot.manifest.get("files")
    if not isinstance(files, dict) or QUADS not in files:
        raise SnapshotDamaged(f"{snapshot.folder / MANIFEST}: it does not describe {QUADS}; {_REMEDY}")
    for name, told in files.items():
        path = snapshot.folder / name
        try:
            _check_file(path, told, whole=name.endswith((QUADS, ".csv")))
        except (OSError, KeyError, TypeError) as error:
            raise SnapshotDamaged(f"{path}: {error}; {_REMEDY}") from error


def _check_file(path: Path, told: dict[str, Any], *, whole: bool) -> None:
    size = path.stat().st_size
    if size != told["bytes"]:
        raise SnapshotDamaged(f"{path}: {size:,} bytes instead of {told['bytes']:,}; {_REMEDY}")
    if whole and described(path)["sha256"] != told["sha256"]:
        raise SnapshotDamaged(f"{path}: its SHA-256 is not that of the manifest; {_REMEDY}")


def write_store(quads: Path, folder: Path) -> None:
    """Load one N-Quads file into a new store on disk, and seal it."""
    write_disk(quads, folder)
    seal_store(folder)


def seal_store(folder: Path) -> None:
    """Note which files, with which bytes, a closed store on disk has."""
    (folder / _SEAL).write_text(json.dumps(_sealed(folder), indent=1, sort_keys=True) + "\n", "utf-8")


def is_whole(folder: Path) -> bool:
    """Whether a store on disk has the files, with the bytes, that it was sealed with."""
    try:
        return bool(json.loads((folder / _SEAL).read_text("utf-8")) == _sealed(folder))
    except (OSError, ValueError):
        return False


def _sealed(folder: Path) -> dict[str, Any]:
    return {path.name: described(path) for pattern in _SEALED for path in folder.glob(pattern)}


def mend_store(snapshot: Snapshot) -> None:
    """Write the store on disk anew from the quads if it is missing or damaged; raises SnapshotDamaged."""
    folder = snapshot.folder / STORE
    if is_whole(folder):
        return
    for left in snapshot.folder.glob(f".{STORE}-*"):  # of a process that was ended
        shutil.rmtree(left, ignore_errors=True)
    fresh = snapshot.folder / f".{STORE}-{os.getpid()}"
    try:
        write_store(snapshot.folder / QUADS, fresh)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError as error:
        if not is_whole(folder):  # another process may have been quicker
            raise SnapshotDamaged(f"{folder}: missing or damaged, and not to be mended: {error}; {_REMEDY}") from error
