"""Pools that share a zygote: one store for all, each with workers of its own, and whoever dies is replaced."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from pool_world import COUNT, CROSS, QUADS, SMALL, ask, children, descendants, make_snapshot, quick, until, within

from kg import store
from kg.errors import TimeLimit, WorkerDied
from kg.pool import Door, Keeper, Pool, PoolSettings, zygote
from kg.pool.memory import held
from kg.store import Snapshot

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.usefixtures("processes_of_this_test"),
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return make_snapshot(tmp_path_factory.mktemp("snapshot"), 50_000)


def zygotes() -> set[int]:
    """Processes of this test that have a parent outside of their kind."""
    return {pid for pid in descendants() if pid in children(os.getpid()) and "zygote" in command(pid)}


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


async def whole(*pools: Pool) -> None:
    await until(lambda: all(pool.stats().idle == pool.settings.workers for pool in pools), 20)


def test_two_pools_share_a_store_and_nothing_else(snapshot: Snapshot) -> None:
    async def work() -> None:
        with Keeper() as keeper:
            settings = quick(time_limit=1.0)
            async with Pool(snapshot, settings, keeper.door) as one, Pool(snapshot, settings, keeper.door) as two:
                await whole(one, two)
                (shared,) = zygotes()
                assert len(children(shared)) == 2 * settings.workers
                ours, theirs = ({hand.pid for hand in pool._crew.hands} for pool in (one, two))
                assert not ours & theirs
                alone = held(shared) + sum(map(held, children(shared)))
                assert alone < 0.5 * (2 * settings.workers + 1) * resident(shared)
                heavy = asyncio.ensure_future(ask(one, CROSS))
                await asyncio.sleep(0.1)
                assert str(50_000).encode() in await ask(two, COUNT)
                assert b"value 51" in await ask(one, SMALL)
                with pytest.raises(TimeLimit):
                    await heavy
                assert (one.stats().restarts, two.stats().restarts) == (1, 0)
        assert not descendants()

    within(30, work)


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_a_pool_that_closes_takes_its_workers_and_no_others(snapshot: Snapshot) -> None:
    async def work() -> None:
        with Keeper() as keeper:
            async with Pool(snapshot, quick(), keeper.door) as one:
                async with Pool(snapshot, quick(), keeper.door) as two:
                    await whole(one, two)
                    theirs = {hand.pid for hand in two._crew.hands}
                assert not theirs & descendants()
                assert b"value 51" in await ask(one, SMALL)
                assert one.stats().restarts == 0
            async with Pool(snapshot, quick(), keeper.door) as three:  # while the zygote lingers
                assert b"value 51" in await ask(three, SMALL)
                assert len(zygotes()) == 1
        assert not descendants()

    within(30, work)


def test_a_killed_zygote_is_started_again_for_both(snapshot: Snapshot) -> None:
    async def work() -> None:
        with Keeper() as keeper:
            async with Pool(snapshot, quick(), keeper.door) as one, Pool(snapshot, quick(), keeper.door) as two:
                for _ in range(2):
                    await whole(one, two)
                    (old,) = zygotes()
                    running = asyncio.ensure_future(ask(one, CROSS))
                    await asyncio.sleep(0.1)
                    began = time.monotonic()
                    os.kill(old, signal.SIGKILL)
                    with pytest.raises(WorkerDied):
                        await running
                    await until(lambda old=old: bool(zygotes() - {old}), 10)  # type: ignore[misc]  # bound early
                    await whole(one, two)
                    assert time.monotonic() - began < 10
                    assert len(zygotes()) == 1
                    for pool in (one, two):
                        assert b"value 51" in await ask(pool, SMALL)
        assert not descendants()

    within(60, work)


def test_a_new_snapshot_has_a_zygote_of_its_own_and_the_old_one_ends(snapshot: Snapshot, tmp_path: Path) -> None:
    fresh = make_snapshot(tmp_path / "fresh")

    async def work() -> None:
        with Keeper() as keeper:
            async with Pool(snapshot, quick(), keeper.door) as old:
                (first,) = zygotes()
                async with Pool(fresh, quick(), keeper.door) as new:
                    assert len(zygotes()) == 2
                    assert str(QUADS).encode() in await ask(new, COUNT)
                    assert b"50000" in await ask(old, COUNT)
                    await old.close()
                    await until(lambda: first not in descendants(), zygote._LINGER + 5)
                    assert b"value 51" in await ask(new, SMALL)
        assert not descendants()

    within(40, work)


def test_without_a_keeper_a_pool_says_so(snapshot: Snapshot) -> None:
    with Keeper() as keeper:
        door = keeper.door
    door.close()

    async def work() -> None:
        with pytest.raises(WorkerDied, match="cannot be reached"):
            await Pool(snapshot, quick(), door).start()

    within(10, work)


def _answer_elsewhere(door: Door, folder: Path, end: bool) -> None:
    """In a process of its own: ask once, then end with or without a word."""

    async def work() -> None:
        async with Pool(store.read(folder), PoolSettings(), door) as pool:
            assert b"value 51" in await ask(pool, SMALL)
            if not end:
                running = asyncio.ensure_future(ask(pool, CROSS))  # a worker that sees nothing until it is ended
                await asyncio.sleep(0.2)
                assert not running.done()
                os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(work())


@pytest.mark.parametrize("end", [True, False], ids=["ends", "killed"])
def test_a_door_reaches_into_other_processes_and_theirs_end_with_them(snapshot: Snapshot, end: bool) -> None:
    async def work() -> None:
        with Keeper() as keeper:
            async with Pool(snapshot, quick(), keeper.door) as pool:
                await whole(pool)
                before = {hand.pid for hand in pool._crew.hands} | zygotes()
                spawn = multiprocessing.get_context("spawn")
                others = [
                    spawn.Process(target=_answer_elsewhere, args=(keeper.door, snapshot.folder, end)) for _ in "12"
                ]
                for other in others:
                    other.start()
                for other in others:
                    await asyncio.to_thread(other.join, 20)
                    assert other.exitcode == (0 if end else -signal.SIGKILL)
                (shared,) = zygotes()
                await until(lambda: {shared} | children(shared) == before)
                assert b"value 51" in await ask(pool, SMALL)

    within(60, work)
