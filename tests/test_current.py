"""The change from one snapshot to the next while requests run."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import pytest

from api import prefixes
from api.current import Current
from api.log import Log
from api.service import Service
from api.settings import Settings
from kg import tables
from kg.errors import SnapshotDamaged, WorkerDied
from kg.store import Snapshot


class StubPool:
    def __init__(self) -> None:
        self.closed = False

    async def close(self) -> None:
        self.closed = True


def point(snapshots: Path, name: str) -> None:
    """Make a snapshot current, as a build does last."""
    folder = snapshots / name
    folder.mkdir(parents=True, exist_ok=True)
    told = {"id": name, "version": "1", "released": "2030-01-01", "quads": 1, "files": {}}
    (folder / "manifest.json").write_text(json.dumps(told))
    (snapshots / "current").write_text(name)


async def opened(settings: Settings, snapshot: Snapshot) -> Service:
    if snapshot.id == "dead":
        raise WorkerDied("no worker was ready")
    return Service(settings, snapshot, StubPool())  # type: ignore[arg-type]


def watching(snapshots: Path, words: io.StringIO | None = None) -> Current:
    return Current(Settings(snapshots=snapshots, poll=0.01), opened, Log("slow", 1.0, words or io.StringIO()))


def served(current: Current) -> str:
    return current.service.snapshot.id if current.service else ""


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_new_snapshot_is_taken_up_and_the_old_one_drains(tmp_path):
    async def act() -> None:
        point(tmp_path, "one")
        current = watching(tmp_path)
        await current.start()
        old = current.service
        old.enter()
        point(tmp_path, "two")
        await until(lambda: served(current) == "two")
        await asyncio.sleep(0.03)
        assert not old.pool.closed
        old.leave()
        await until(lambda: old.pool.closed)
        await current.close()

    asyncio.run(act())


def test_without_a_snapshot_it_waits_for_one(tmp_path):
    async def act() -> None:
        current = watching(tmp_path)
        await current.start()
        assert current.service is None
        point(tmp_path, "one")
        await until(lambda: served(current) == "one")
        await current.close()

    asyncio.run(act())


@pytest.mark.parametrize("bad", ["dead", "damaged"])
def test_a_snapshot_that_cannot_be_opened_leaves_the_old_one_and_is_reported_once(tmp_path, bad):
    async def act() -> None:
        words = io.StringIO()
        point(tmp_path, "one")
        current = watching(tmp_path, words)
        await current.start()
        point(tmp_path, bad)
        if bad == "damaged":
            (tmp_path / bad / "manifest.json").write_text("{")
        await asyncio.sleep(0.1)
        assert served(current) == "one"
        assert words.getvalue().count("snapshot refused") == 1
        point(tmp_path, "two")
        await until(lambda: served(current) == "two")
        await current.close()

    asyncio.run(act())


def test_what_is_damaged_is_not_read_again_until_it_is_built_anew(tmp_path):
    async def act() -> list[str]:
        point(tmp_path, "one")
        tried: list[str] = []

        async def opening(settings: Settings, snapshot: Snapshot) -> Service:
            tried.append(snapshot.id)
            if tried == ["one", "two"]:
                raise SnapshotDamaged("cut short")
            return await opened(settings, snapshot)

        current = Current(Settings(snapshots=tmp_path, poll=0.01), opening, Log("off", 1.0))
        await current.start()
        point(tmp_path, "two")
        await asyncio.sleep(0.1)
        assert (tried, served(current)) == (["one", "two"], "one")
        point(tmp_path, "two")
        await until(lambda: served(current) == "two")
        await current.close()
        return tried

    assert asyncio.run(act()) == ["one", "two", "two"]


@pytest.mark.parametrize("kept", [tables.rows, prefixes.of], ids=["tables", "prefixes"])
def test_what_is_kept_of_a_snapshot_is_bounded(kept):
    assert 0 < kept.cache_parameters()["maxsize"] <= 32


def test_a_damaged_snapshot_at_the_start_is_an_error(tmp_path):
    point(tmp_path, "one")
    (tmp_path / "one" / "manifest.json").write_text("{")
    with pytest.raises(SnapshotDamaged):
        asyncio.run(watching(tmp_path).start())


def test_closing_ends_every_pool_even_one_that_is_in_use(tmp_path):
    async def act() -> list[bool]:
        point(tmp_path, "one")
        current = watching(tmp_path)
        await current.start()
        first = current.service
        first.enter()
        point(tmp_path, "two")
        await until(lambda: served(current) == "two")
        second = current.service
        await current.close()
        return [first.pool.closed, second.pool.closed]

    assert asyncio.run(act()) == [True, True]


def test_a_folder_that_cannot_be_read_for_a_while_does_not_end_the_watch(tmp_path):
    async def act() -> None:
        point(tmp_path, "one")
        current = watching(tmp_path)
        await current.start()
        (tmp_path / "current").unlink()
        (tmp_path / "current").mkdir()
        await asyncio.sleep(0.05)
        assert served(current) == "one"
        (tmp_path / "current").rmdir()
        point(tmp_path, "two")
        await until(lambda: served(current) == "two")
        await current.close()

    asyncio.run(act())
