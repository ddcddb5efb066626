"""Whatever is killed and whenever, and however full the disk: the old snapshot or the new one, never half of one."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_build import change_a_record, is_whole
from world.edits import HANDBOOK, edit

from kg import store
from kg.build import build
from kg.errors import SnapshotMissing
from kg.store import Snapshot

ROOT = Path(__file__).parent.parent
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, limits and mounts"),
]


@pytest.fixture
def snapshots(world_snapshot: Snapshot, tmp_path: Path) -> Path:
    """A folder with a snapshot of the unchanged invented world."""
    return shutil.copytree(world_snapshot.folder.parent, tmp_path / "snapshots")


def builder(world: Path, snapshots: Path, largest: int = resource.RLIM_INFINITY) -> subprocess.Popen[str]:
    """A build in a process of its own that can write no file over ``largest`` bytes."""
    program = f"""
import resource, signal
from pathlib import Path
from kg.build import build
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, {largest}))
build(Path({str(world)!r}), Path({str(snapshots)!r}))
"""
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def current(snapshots: Path) -> Snapshot | None:
    try:
        return store.current(snapshots)
    except SnapshotMissing:
        return None


@pytest.mark.parametrize("share", [0.02, 0.25, 0.5, 0.75, 0.9])
def test_a_build_killed_at_any_time_leaves_the_old_snapshot_or_the_new(
    world: Path, snapshots: Path, world_snapshot: Snapshot, tmp_path: Path, share: float
) -> None:
    began = time.monotonic()
    fresh = build(world, tmp_path / "measured")
    whole = time.monotonic() - began + 0.5  # and the imports of another process
    change_a_record(world)
    with builder(world, snapshots) as process:
        time.sleep(whole * share)
        process.kill()
    found = current(snapshots)
    assert found is not None
    assert is_whole(found)
    assert found.id == world_snapshot.id or found.id != fresh.id
    assert is_whole(build(world, snapshots))


@pytest.mark.parametrize("size", [0, 1, 100, 5_000, 20_000, 60_000, 150_000])
def test_a_full_disk_leaves_the_old_snapshot(world: Path, snapshots: Path, world_snapshot: Snapshot, size: int) -> None:
    """No file of the builder may grow over a size, which is what it sees of a full disk."""
    change_a_record(world)

    with builder(world, snapshots, size) as process:
        told = process.communicate(timeout=120)[1]
    found = current(snapshots)
    assert found is not None
    assert is_whole(found)
    if process.returncode != 0:
        assert found.id == world_snapshot.id
        assert "File too large" in told or "kg.errors" in told
    fresh = build(world, snapshots)
    assert is_whole(fresh)
    assert fresh.id != world_snapshot.id
    assert [path.name for path in snapshots.glob(".partial-*")] == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room; only root can make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if not done or done.returncode:
        pytest.skip("no right to mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full(world: Path, small_disk: Path) -> None:
    first = build(world, small_disk)
    (small_disk / "ballast").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 200_000))
    change_a_record(world)
    with builder(world, small_disk) as process:
        told = process.communicate(timeout=120)[1]
    assert process.returncode != 0
    assert "No space left" in told
    assert store.current(small_disk).id == first.id
    assert is_whole(store.current(small_disk))
    (small_disk / "ballast").unlink()
    assert is_whole(build(world, small_disk))


def test_many_builders_killed_at_random_never_leave_half(world: Path, snapshots: Path) -> None:
    """Builders over one another, each killed when chance wants it; a reader looks all the time."""
    chance = random.Random(7)
    for number in range(8):
        edit(world, HANDBOOK, ("note:",), f"note: Changed {number}")
        builders = [builder(world, snapshots) for _ in range(2)]
        end = time.monotonic() + chance.uniform(0.3, 1.5)
        while time.monotonic() < end:
            found = current(snapshots)
            assert found is not None
            assert os.access(found.folder / store.QUADS, os.R_OK)
            time.sleep(0.01)
        for process in builders:
            process.kill()
            process.communicate(timeout=20)
        found = current(snapshots)
        assert found is not None, number
        assert is_whole(found)
    assert is_whole(build(world, snapshots))
