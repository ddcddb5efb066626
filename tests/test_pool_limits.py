"""Each bound of the pool, timed; and what is left in memory and in processes after it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from pool_world import (
    BOMB,
    COUNT,
    CROSS,
    LARGE,
    SMALL,
    answered,
    ask,
    descendants,
    make_snapshot,
    past_the_guard,
    quick,
    until,
    within,
)

from kg.errors import KgError, MemoryLimit, QueryRefused, TimeLimit, WorkerDied
from kg.evaluate import Request
from kg.guard import inspect
from kg.pool import ClientGone, Pool, failure
from kg.pool.hand import Hand
from kg.pool.lanes import Lane, Lanes
from kg.pool.memory import held
from kg.pool.settings import MIB, PoolSettings
from kg.store import Snapshot

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.usefixtures("processes_of_this_test"),
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return make_snapshot(tmp_path_factory.mktemp("snapshot"))


async def all_idle(pool: Pool) -> None:
    await until(lambda: pool.stats().idle == pool.settings.workers)


def test_a_refusal_comes_at_its_limit_and_the_slot_is_free_at_once(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=0.5)) as pool:
            await all_idle(pool)
            late, next_one = [], []
            for _ in range(7):
                began = time.monotonic()
                with pytest.raises(TimeLimit):
                    await ask(pool, CROSS)
                late.append(time.monotonic() - began - 0.5)
                began = time.monotonic()
                assert pool.stats().running_heavy == 0
                await ask(pool, COUNT)
                next_one.append(time.monotonic() - began)
            # The median, since other work on the machine may hold up single ones.
            assert sorted(late)[3] < 0.2, late
            assert sorted(next_one)[3] < 0.05, next_one

    within(30, work)


# The engine's parser takes time that doubles with each bracket; some take seconds before anything is evaluated.
SLOW_TO_PARSE = "SELECT * { ?s ?p " + "[ ?p " * 400 + "1" + " ]" * 400 + " }"


def test_the_time_of_the_parser_counts(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=0.5)) as pool:
            await all_idle(pool)
            began = time.monotonic()
            with pytest.raises(TimeLimit):
                await past_the_guard(pool, SLOW_TO_PARSE)
            assert time.monotonic() - began < 1.5

    within(20, work)


def test_the_time_in_the_queue_does_not_count(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=0.6)) as pool:
            await all_idle(pool)
            running = [asyncio.ensure_future(ask(pool, CROSS + f" LIMIT {n}")) for n in (1, 2)]
            ends = await asyncio.gather(*running, return_exceptions=True)
            assert [type(end) for end in ends] == [TimeLimit, TimeLimit]

    within(20, work)


@pytest.mark.parametrize("way", ["event", "cancelled"])
def test_clients_that_leave_the_queue_cost_no_worker(snapshot: Snapshot, way: str) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=2)) as pool:
            await all_idle(pool)
            running = asyncio.ensure_future(ask(pool, CROSS))
            await asyncio.sleep(0.2)
            gone = asyncio.Event()
            queued = [asyncio.ensure_future(ask(pool, CROSS, gone=gone)) for _ in range(54)]
            await until(lambda: pool.stats().queued_heavy == 54)
            if way == "event":
                gone.set()
            else:
                for query in queued:
                    query.cancel()
            ends = await asyncio.gather(*queued, return_exceptions=True)
            assert {type(end) for end in ends} == {ClientGone if way == "event" else asyncio.CancelledError}
            assert (pool.stats().queued_heavy, pool.stats().restarts) == (0, 0)
            with pytest.raises(TimeLimit):
                await running

    within(20, work)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_killed_in_mid_frame_leaves_no_trace_in_the_next_answer(snapshot: Snapshot, method: str) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(start_method=method, light=1, spare=0)) as pool:
            await all_idle(pool)
            for _ in range(3):
                before = await ask(pool, LARGE + "40000")
                broken = await answered(pool, LARGE + "3000000")
                chunks = broken.chunks()
                assert await anext(chunks)
                (hand,) = [hand for hand in pool._crew.hands if hand.job is not None]  # which process it is at
                os.kill(hand.pid, signal.SIGKILL)
                with pytest.raises(WorkerDied):
                    async for _ in chunks:
                        pass
                assert hand not in pool._crew.hands
                assert await ask(pool, LARGE + "40000") == before

    within(60, work)


def test_heavy_workers_stay_and_are_taken_last_in_first_out(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(spare=3)) as pool:
            await all_idle(pool)
            used = []
            for number in range(6):
                running = asyncio.ensure_future(past_the_guard(pool, COUNT + f" LIMIT {number + 1}"))
                await asyncio.sleep(0)
                used.append([hand.pid for hand in pool._crew.hands if hand.job is not None])
                await running
            assert len({pid for pids in used for pid in pids}) == 1, used
            assert sum(hand.warm for hand in pool._crew.hands) == 1
            assert pool.stats().restarts == 0
            # A light query leaves the warm one to the heavy, as long as there is another.
            running = asyncio.ensure_future(ask(pool, SMALL))
            await asyncio.sleep(0)
            assert [hand.warm for hand in pool._crew.hands if hand.job is not None] == [False]
            await running

    within(20, work)


class _Still(Hand):
    """A worker that does nothing."""

    def send(self, data: bytes) -> None: ...
    def _kill(self) -> None: ...
    def _set_reading(self, on: bool) -> None: ...


def test_idle_workers_are_stacks() -> None:
    async def work() -> None:
        lanes = Lanes(PoolSettings())
        hands = [_Still(number, None) for number in range(4)]  # type: ignore[arg-type]  # nobody hears it
        hands[0].warm = hands[1].warm = True
        for hand in hands:
            lanes.rest(hand)
        assert [lanes._take(lane).pid for lane in (Lane.HEAVY, Lane.LIGHT, Lane.LIGHT, Lane.LIGHT)] == [1, 3, 2, 0]

    within(5, work)


def memory_of_all() -> int:
    return sum(map(held, descendants()))


def test_memory_comes_back_after_each_way_of_taking_too_much(snapshot: Snapshot) -> None:
    sort = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"

    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=20, memory_budget=64 * MIB)) as pool:
            await all_idle(pool)
            before = memory_of_all()
            most = 0
            for text in (BOMB, sort):
                running = asyncio.ensure_future(ask(pool, text))
                while not running.done():
                    most = max(most, memory_of_all())
                    await asyncio.sleep(0.02)
                with pytest.raises(MemoryLimit):
                    await running
                await all_idle(pool)
                assert memory_of_all() - before < 16 * MIB
            assert most - before < 2 * 64 * MIB

    within(60, work)


def test_no_worker_leaves_a_core_file_or_outgrows_its_budget(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(memory_budget=64 * MIB)) as pool:
            await all_idle(pool)
            for hand in pool._crew.hands:
                limits = Path(f"/proc/{hand.pid}/limits").read_text().splitlines()
                found = {line[:26].strip(): line[26:].split()[:2] for line in limits}
                assert found["Max core file size"] == ["0", "0"]
                status = Path(f"/proc/{hand.pid}/status").read_text()
                data = 1024 * int(status.split("VmData:")[1].split()[0])
                assert data <= int(found["Max data size"][1]) <= data + 64 * MIB
                assert int(found["Max open files"][1]) == len(list(Path(f"/proc/{hand.pid}/fd").iterdir()))

    within(20, work)


@contextmanager
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port, and who has connected to it."""
    listening = socket.create_server(("127.0.0.1", 0))
    seen: list[object] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, address = listening.accept()
                seen.append(address)
                line.close()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1], seen
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@pytest.mark.parametrize("way", ["fork", "spawn", "disk"])
def test_no_query_past_the_guard_reaches_a_listener_or_a_file(snapshot: Snapshot, tmp_path: Path, way: str) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text("<http://secret/s> <http://secret/p> <http://secret/o> .\n")
    opened = make_snapshot(tmp_path / "disk", on_disk=True) if way == "disk" else snapshot
    method = "fork" if way == "disk" else way

    async def work(port: int) -> None:
        places = (f"http://127.0.0.1:{port}/x", f"http://localhost:{port}/x", secret.as_uri())
        async with Pool(opened, quick(time_limit=3, start_method=method)) as pool:
            for place in places:
                for text in (
                    f"SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
                    f"SELECT * {{ SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}",
                    f"SELECT * {{ VALUES ?e {{ <{place}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
                    f"SELECT * FROM <{place}> {{ ?s ?p ?o }}",
                    f"SELECT * FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
                    f"LOAD <{place}>",
                    f"LOAD SILENT <{place}> INTO GRAPH <http://ex/g0>",
                ):
                    with suppress(KgError):
                        assert b"secret/o" not in await past_the_guard(pool, text)
                request = Request("SELECT * { ?s ?p ?o }", "csv", default_graphs=(place,), named_graphs=(place,))
                whole = await pool.run(request, inspect("ASK {}"))
                assert whole.body is not None and b"http" not in whole.body
            assert b"value 51" in await ask(pool, SMALL)

    with listener() as (port, seen):
        within(60, lambda: work(port))
        assert not seen
        socket.create_connection(("127.0.0.1", port)).close()
        until_seen = time.monotonic() + 5
        while not seen and time.monotonic() < until_seen:
            time.sleep(0.01)
        assert seen  # it does listen


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (-signal.SIGABRT, MemoryLimit),
        (-signal.SIGSEGV, QueryRefused),
        (-signal.SIGKILL, WorkerDied),
        (0, WorkerDied),
        (None, WorkerDied),
    ],
)
def test_the_end_of_a_worker_says_what_was_wrong(code: int | None, error: type[KgError]) -> None:
    assert type(failure.of_exit(code)) is error
