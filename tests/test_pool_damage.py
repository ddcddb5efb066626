"""Whatever is damaged, a pool answers rightly or not at all."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pool_world import COUNT, QUADS, SMALL, ask, descendants, make_snapshot, quick, until, within
from test_integrity import flip, pieces, truncate

from kg import integrity, store
from kg.errors import MemoryLimit, SnapshotDamaged, TimeLimit
from kg.pool import Keeper, Pool

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.usefixtures("processes_of_this_test"),
]


@pytest.mark.parametrize("way", ["fork", "spawn", "shared"])
@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
def test_damaged_quads_are_refused(tmp_path: Path, damage: Callable[[Path], None], way: str) -> None:
    snapshot = make_snapshot(tmp_path / "s")
    damage(snapshot.folder / store.QUADS)

    async def work() -> None:
        with Keeper() as keeper:
            method, door = ("fork", keeper.door) if way == "shared" else (way, None)
            with pytest.raises(SnapshotDamaged, match=r"graph.nq.*kg build"):
                await Pool(snapshot, quick(start_method=method), door).start()
        assert not descendants()

    within(30, work)


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize("damage", ["truncated", "flipped", "missing", "unsealed"])
def test_a_damaged_store_on_disk_is_mended_before_it_answers(tmp_path: Path, method: str, damage: str) -> None:
    snapshot = make_snapshot(tmp_path / "s", on_disk=True)
    folder = snapshot.folder / store.STORE
    if damage == "missing":
        shutil.rmtree(folder)
    elif damage == "unsealed":
        (folder / "seal.json").unlink()
    else:
        (truncate if damage == "truncated" else flip)(pieces(folder)[2])

    async def work() -> None:
        async with Pool(snapshot, quick(start_method=method)) as pool:
            assert str(QUADS).encode() in await ask(pool, COUNT)
            assert (await ask(pool, SMALL)).count(b"\r\n") == 11

    within(30, work)
    assert integrity.is_whole(folder)


def test_a_store_on_disk_that_is_damaged_while_it_serves_never_gives_half_an_answer(tmp_path: Path) -> None:
    """Long values, so that the answer is larger than what the engine holds in memory and than one frame."""
    snapshot = make_snapshot(tmp_path / "s", 40_000, on_disk=True)
    folder = snapshot.folder / store.STORE
    everything = "SELECT * { ?s ?p ?o }"

    async def work() -> None:
        async with Pool(snapshot, quick()) as pool:
            await until(lambda: pool.stats().idle == pool.settings.workers)
            for path in folder.glob("*.sst"):
                content = bytearray(path.read_bytes())
                for place in range(len(content) // 3, len(content) * 2 // 3, 997):
                    content[place] ^= 4
                with path.open("r+b") as opened:  # in place: the workers hold this very file
                    opened.write(content)
            with pytest.raises(SnapshotDamaged):
                await ask(pool, everything)
            # While it counts the engine may meet the same error for ever: then a bound of the pool ends it.
            with pytest.raises((SnapshotDamaged, MemoryLimit, TimeLimit)):
                await ask(pool, COUNT.replace("?p ?o", "?p ?o FILTER(STRLEN(?o) > 2)"))

    within(30, work)
