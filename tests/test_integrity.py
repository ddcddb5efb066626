"""What is damaged is found before it answers, and what can be mended is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pool_world import make_snapshot

from kg import integrity, store
from kg.errors import SnapshotDamaged
from kg.store import Snapshot

Damage = Callable[[Path], None]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


@pytest.fixture
def copy(world_snapshot: Snapshot, tmp_path: Path) -> Snapshot:
    shutil.copytree(world_snapshot.folder, tmp_path / "copy")
    return store.read(tmp_path / "copy")


@pytest.fixture
def on_disk(tmp_path: Path) -> Snapshot:
    return make_snapshot(tmp_path / "disk", on_disk=True)


def test_what_a_build_writes_is_sound(world_snapshot: Snapshot) -> None:
    integrity.check(world_snapshot)
    assert integrity.is_whole(world_snapshot.folder / store.STORE)


@pytest.mark.parametrize("name", ["graph.nq", "tables/parties.csv"])
@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
def test_answers_are_made_from_whole_files_only(copy: Snapshot, name: str, damage: Damage) -> None:
    damage(copy.folder / name)
    with pytest.raises(SnapshotDamaged, match=rf"{name}.*; run 'kg build' again"):
        integrity.check(copy)


@pytest.mark.parametrize("damage", [truncate, Path.unlink])
def test_every_file_has_its_size(copy: Snapshot, damage: Damage) -> None:
    damage(copy.folder / "graph.ttl")
    with pytest.raises(SnapshotDamaged, match=r"graph\.ttl"):
        integrity.check(copy)


@pytest.mark.parametrize("files", [None, {}, [], {"graph.nq": 5}, {"graph.nq": {}}])
def test_a_manifest_that_describes_nothing_is_damaged(copy: Snapshot, files: object) -> None:
    path = copy.folder / store.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"files": files}))
    with pytest.raises(SnapshotDamaged, match="kg build"):
        integrity.check(copy)


def pieces(folder: Path) -> list[Path]:
    return sorted(path for pattern in ("*.sst", "MANIFEST-*", "CURRENT") for path in folder.glob(pattern))


@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
def test_each_damage_to_the_store_is_seen_and_mended(on_disk: Snapshot, damage: Damage) -> None:
    folder = on_disk.folder / store.STORE
    for number in range(len(pieces(folder))):
        damage(pieces(folder)[number])
        assert not integrity.is_whole(folder)
        integrity.mend_store(on_disk)
        assert integrity.is_whole(folder)
    assert len(store.open_store(on_disk)) == 2_000
    assert integrity.is_whole(folder)  # reading changes nothing that was sealed


def test_a_missing_store_is_written_and_a_whole_one_left(on_disk: Snapshot) -> None:
    folder = on_disk.folder / store.STORE
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    integrity.mend_store(on_disk)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    shutil.rmtree(folder)
    (on_disk.folder / ".store-1").mkdir()  # of a process that was ended
    integrity.mend_store(on_disk)
    assert integrity.is_whole(folder)
    assert not list(on_disk.folder.glob(".store-*"))


def test_a_store_that_cannot_be_mended_is_refused(on_disk: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(quads: Path, folder: Path) -> None:
        raise OSError("No space left on device")

    flip(pieces(on_disk.folder / store.STORE)[0])
    monkeypatch.setattr(integrity, "write_disk", full)
    with pytest.raises(SnapshotDamaged, match="No space left"):
        integrity.mend_store(on_disk)
