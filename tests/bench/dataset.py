"""The data that is served: one N-Quads file as a snapshot, and as a store of each peer."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import generator
from kg import build, paths, store
from kg.importers import rdf

_DISK = store.MEMORY_QUADS + 1


@dataclass(frozen=True)
class Dataset:
    """``snapshots`` is served by ``kg serve`` (in memory or from disk), ``peer`` by ``oxigraph``."""

    name: str
    quads: Path
    count: int
    snapshots: Path
    peer: Path


def corpus(work: Path) -> Dataset:
    """The real contents."""
    snapshot = build.build(paths.contents(), work / "corpus" / "snapshots")
    quads = snapshot.folder / store.QUADS
    return Dataset("corpus", quads, snapshot.quads, snapshot.folder.parent, work / "corpus" / "peer")


def generated(work: Path, size: int, on_disk: bool) -> Dataset:
    """That many invented quads; ``on_disk`` has the service open them from disk, whatever their number."""
    folder = work / f"generated-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    quads = folder / store.QUADS
    if not quads.is_file():
        generator.write(quads, size)
    where = "disk" if on_disk or size >= _DISK else "memory"
    snapshots = folder / where
    _write_snapshot(quads, snapshots, max(size, _DISK) if where == "disk" else size)
    return Dataset(f"{size:.0e} quads, {where}".replace("e+0", "e"), quads, size, snapshots, folder / "peer")


def _write_snapshot(quads: Path, snapshots: Path, told: int) -> None:
    """A snapshot of quads only. The number of quads that its manifest tells decides how it is opened."""
    if (snapshots / store.CURRENT).is_file():
        return
    made = rdf.build([quads], snapshots, rdf.Reading(released="2030-01-01"))
    path = made.folder / store.MANIFEST
    path.write_text(json.dumps({**made.manifest, "quads": told}), "utf-8")


def load_peer(dataset: Dataset, oxigraph: str) -> None:
    """Load the quads into Oxigraph's own store."""
    if not dataset.peer.exists():
        command = [oxigraph, "load", "--location", str(dataset.peer), "--file", str(dataset.quads)]
        subprocess.run(command, check=True, capture_output=True)
        subprocess.run([oxigraph, "optimize", "--location", str(dataset.peer)], check=True, capture_output=True)
