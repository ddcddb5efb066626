"""The pool answers, bounds every query, outlives every worker, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pool_world import (
    BOMB,
    COUNT,
    CROSS,
    LARGE,
    QUADS,
    SMALL,
    answered,
    ask,
    descendants,
    make_snapshot,
    past_the_guard,
    quick,
    resident,
    until,
    within,
)

from kg import evaluate
from kg.errors import (
    AnswerUnwritable,
    MemoryLimit,
    QueryRefused,
    QuerySyntaxError,
    QueueFull,
    QueueTimeout,
    ServiceStopping,
    SnapshotDamaged,
    SnapshotMissing,
    TimeLimit,
    UnknownName,
    WorkerDied,
)
from kg.guard import Inspected
from kg.pool import ClientGone, Pool, PoolSettings
from kg.pool.answer import Answer
from kg.pool.frames import FrameReader, frame
from kg.pool.lanes import Lane, ShapeMemory
from kg.pool.settings import MIB
from kg.store import Snapshot, memory_store

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.usefixtures("processes_of_this_test"),
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return make_snapshot(tmp_path_factory.mktemp("snapshot"))


@pytest.fixture(params=["fork", "spawn", "disk"])
def pool(request: pytest.FixtureRequest, snapshot: Snapshot, tmp_path: Path) -> Pool:
    if request.param == "disk":
        return Pool(make_snapshot(tmp_path / "disk", on_disk=True), quick(time_limit=4.0, memory_budget=64 * MIB))
    return Pool(snapshot, quick(start_method=request.param, time_limit=4.0, memory_budget=64 * MIB))


def test_answers_errors_and_limits(pool: Pool) -> None:
    async def work() -> None:
        async with pool:
            assert (await ask(pool, SMALL)).count(b"\r\n") == 11
            assert b"value 51" in await ask(pool, SMALL, "xml")
            assert str(QUADS).encode() in await ask(pool, COUNT, "json")
            assert (await answered(pool, SMALL)).body is not None
            for text, name, error in [
                ("SELECT * {\n ?s ?p x:y }", "json", QuerySyntaxError),
                ("SELECT (<http://f/>(1) AS ?x) {}", "json", QueryRefused),
                (SMALL, "turtle", AnswerUnwritable),
                (SMALL, "word", UnknownName),
                (CROSS, "json", TimeLimit),
                (BOMB, "json", MemoryLimit),
            ]:
                with pytest.raises(error) as caught:
                    await ask(pool, text, name)
                if error is QuerySyntaxError:
                    assert (caught.value.line, caught.value.column) == (2, 11)  # type: ignore[attr-defined]
            large = await answered(pool, LARGE + "40000")
            assert large.body is None
            assert b"".join([piece async for piece in large.chunks()]).count(b"\r\n") == 40_001
            assert b"value 51" in await ask(pool, SMALL)
            stats = pool.stats()
            assert stats.outcomes["ok"] == 6
            assert stats.outcomes["TimeLimit"] == stats.outcomes["MemoryLimit"] == 1
            assert stats.restarts >= 2
            await until(lambda: pool.stats().idle == pool.settings.workers)
        assert not descendants()

    within(30, work)


@pytest.mark.parametrize("name", ["csv", "json"])
def test_the_pool_answers_what_the_store_answers(snapshot: Snapshot, name: str) -> None:
    opened = memory_store(snapshot.folder / "graph.nq")

    async def work() -> None:
        async with Pool(snapshot, quick()) as pool:
            for text in (SMALL, COUNT, "ASK { ?s ?p 'value 7' }", "SELECT * { ?s ?p ?o } ORDER BY ?o"):
                assert await ask(pool, text, name) == evaluate.answer(opened, text, name)

    within(20, work)


def test_under_uvloop(snapshot: Snapshot) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def work() -> None:
        async with asyncio.timeout(20), Pool(snapshot, quick(time_limit=0.5)) as pool:
            assert b"value 51" in await ask(pool, SMALL)
            assert len(await ask(pool, LARGE + "40000")) > 1_000_000
            with pytest.raises(TimeLimit):
                await ask(pool, CROSS)
            async with Pool(snapshot, quick(start_method="spawn", time_limit=0.5)) as other:
                assert b"value 51" in await ask(other, SMALL)
                with pytest.raises(TimeLimit):
                    await ask(other, CROSS)
        assert not descendants()

    uvloop.run(work())


def test_many_at_once_from_a_cold_start(snapshot: Snapshot) -> None:
    script = """
import asyncio, sys
from pathlib import Path
from pool_world import ask, COUNT
from kg import store
from kg.pool import Pool, PoolSettings

async def main():
    async with Pool(store.read(Path(sys.argv[1])), PoolSettings(queue_length=400)) as pool:
        texts = [f"SELECT * {{ <http://ex/a{n % 200}> ?p ?o }}" for n in range(290)] + [COUNT] * 10
        answers = await asyncio.gather(*(ask(pool, text) for text in texts))
        assert all(answer.count(b"value") == 10 for answer in answers[:290])
        print(len(answers))

asyncio.run(main())
"""
    here = Path(__file__).parent
    paths = os.pathsep.join((str(here), str(here.parent)))
    done = subprocess.run(
        [sys.executable, "-c", script, str(snapshot.folder)],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout == "300\n", done.stderr


def test_small_queries_answer_beside_heavy_ones(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=1.5, queue_limit=0.4)) as pool:
            began = time.monotonic()
            heavy = [asyncio.ensure_future(ask(pool, CROSS + f" LIMIT {n}")) for n in range(1, 21)]
            await asyncio.sleep(0.05)
            times = []
            while not heavy[0].done():
                start = time.monotonic()
                assert b"value 51" in await ask(pool, SMALL)
                times.append(time.monotonic() - start)
                await asyncio.sleep(0.01)
            assert 1.4 < time.monotonic() - began < 5
            assert len(times) > 30
            assert sorted(times)[len(times) // 2] < 0.1
            ends = await asyncio.gather(*heavy, return_exceptions=True)
            assert isinstance(ends[0], TimeLimit)
            assert all(isinstance(end, QueueTimeout) for end in ends[1:])

    within(20, work)


def test_a_wrong_guess_is_put_right(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=0.8)) as pool:
            first = asyncio.ensure_future(past_the_guard(pool, CROSS, light=True))
            await until(lambda: pool.stats().running_heavy == 1)
            second = asyncio.ensure_future(past_the_guard(pool, CROSS + " LIMIT 1", light=True))
            await until(lambda: pool.stats().queued_heavy == 1)
            assert pool.stats().running_light == 0
            for query in (first, second):
                with pytest.raises(TimeLimit):
                    await query
            assert (pool.stats().promoted, pool.stats().requeued) == (1, 1)
            third = asyncio.ensure_future(past_the_guard(pool, CROSS, light=True))
            await asyncio.sleep(0.01)
            assert pool.stats().running_heavy == 1
            third.cancel()

    within(20, work)


def test_a_long_stream_leaves_the_light_lane(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick()) as pool:
            seen = evaluate.Request(LARGE + "100000", "csv")
            streams = [await pool.run(seen, Inspected("SELECT", False, "x", True))]
            assert streams[0].body is None
            assert pool.stats().running_heavy == 1
            waiting = asyncio.ensure_future(pool.run(seen, Inspected("SELECT", False, "y", True)))
            await until(lambda: pool.stats().queued_heavy == 1)
            assert b"value 51" in await ask(pool, SMALL)
            streams[0].close()
            second = await waiting
            assert sum([len(piece) async for piece in second.chunks()]) > 3_000_000

    within(20, work)


def test_a_quick_query_that_looks_heavy_does_not_wait_for_a_heavy_one(snapshot: Snapshot) -> None:
    """The guess is no verdict: beside a busy heavy slot each shape has one slice in a light slot."""
    looks_heavy = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?n LIMIT 1"
    other = CROSS.replace("?a", "?z")

    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=30)) as pool:
            running = asyncio.ensure_future(ask(pool, CROSS))
            await until(lambda: pool.stats().running_heavy == 1)
            waiting = [asyncio.ensure_future(ask(pool, f"{other} # {n}")) for n in range(3)]
            assert b"200" in await asyncio.wait_for(ask(pool, looks_heavy), 10)
            assert not running.done()
            assert not any(job.done() for job in waiting)
            assert b"value 51" in await ask(pool, SMALL)
            for job in (running, *waiting):
                job.cancel()

    within(30, work)


def test_deep_nesting_costs_nothing(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick()) as pool:
            with pytest.raises(QueryRefused, match="deep"):
                await ask(pool, "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}")
            # Past the guard and past its size: whatever the engine makes of it, the pool lives.
            for depth in (20_000, 400_000):
                try:
                    await past_the_guard(pool, "SELECT (" + "(" * depth + "1" + ")" * depth + " AS ?x) {}")
                except (QueryRefused, TimeLimit, MemoryLimit, WorkerDied) as error:
                    assert depth == 400_000, error
            assert b"value 51" in await ask(pool, SMALL)

    within(30, work)


def test_a_client_that_leaves_stops_the_work(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=30)) as pool:
            await until(lambda: pool.stats().idle == pool.settings.workers)
            before = descendants()
            gone, later = asyncio.Event(), asyncio.get_running_loop().create_future()
            running = asyncio.ensure_future(ask(pool, CROSS, gone=gone))
            await until(lambda: pool.stats().running_heavy == 1)
            await asyncio.sleep(0.2)  # from here on the shape is known to be heavy: no trial in the light lane
            queued = asyncio.ensure_future(ask(pool, CROSS, gone=later))
            cancelled = asyncio.ensure_future(ask(pool, CROSS))
            await until(lambda: pool.stats().queued_heavy == 2)
            later.set_result(None)
            with pytest.raises(ClientGone):
                await queued
            cancelled.cancel()
            with pytest.raises(asyncio.CancelledError):
                await cancelled
            assert (pool.stats().queued_heavy, pool.stats().restarts) == (0, 0)
            gone.set()
            with pytest.raises(ClientGone):
                await running
            await until(lambda: len(before - descendants()) == 1)
            running = asyncio.ensure_future(ask(pool, CROSS))
            await until(lambda: pool.stats().running_heavy == 1)
            running.cancel()
            await until(lambda: len(before - descendants()) == 2 or pool.stats().restarts == 2)
            assert pool.stats().running_heavy == 0
            assert pool.stats().outcomes == {"gone": 4}

    within(20, work)


def test_gone_is_left_alone_by_queries_that_end(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick()) as pool:
            future = asyncio.get_running_loop().create_future()
            assert await ask(pool, SMALL, gone=future)
            assert await ask(pool, LARGE + "40000", gone=future)
            assert not future.done()
            never = asyncio.Event()
            assert await ask(pool, SMALL, gone=never.wait())

    within(20, work)


def test_leaving_in_mid_stream_ends_the_worker(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=30)) as pool:
            for way in ("close", "break", "gone"):
                gone = asyncio.Event()
                answer = await answered(pool, LARGE + "3000000", gone=gone)
                chunks = answer.chunks()
                assert await anext(chunks)
                if way == "close":
                    answer.close()
                elif way == "break":
                    await chunks.aclose()
                else:
                    gone.set()
                    with pytest.raises(ClientGone):
                        while True:
                            await anext(chunks)
                assert pool.stats().running_heavy == 0
            assert pool.stats().restarts == 3

    within(20, work)


def test_a_stream_over_its_limit_breaks_off(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=1.0)) as pool:
            answer = await answered(pool, LARGE + "3000000")
            with pytest.raises(TimeLimit):
                async for _ in answer.chunks():
                    await asyncio.sleep(0.02)
            assert b"value 51" in await ask(pool, SMALL)

    within(20, work)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_slow_reader_costs_no_memory(snapshot: Snapshot, method: str) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=60, start_method=method)) as pool:
            assert await ask(pool, LARGE + "40000")
            answer = await answered(pool, LARGE + "1000000", "json")
            before, most, size, calls = resident(), 0, 0, 0
            async for piece in answer.chunks():
                size += len(piece)
                calls += 1
                if calls % 20 == 0:
                    await asyncio.sleep(0.02)
                    most = max(most, resident() - before)
            assert size > 100_000_000
            assert most < 10 * MIB, most

    within(60, work)


def test_service_past_the_guard_reaches_nobody(snapshot: Snapshot, tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[object] = []

    def accept() -> None:
        while True:
            try:
                line, address = listener.accept()
            except OSError:
                return
            seen.append(address)
            line.close()

    threading.Thread(target=accept, daemon=True).start()
    port = listener.getsockname()[1]
    text = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/sparql> {{ ?s ?p ?o }} }}"

    async def work() -> None:
        for folder in (snapshot, make_snapshot(tmp_path / "disk", on_disk=True)):
            async with Pool(folder, quick(time_limit=3)) as pool:
                with pytest.raises(WorkerDied):
                    await past_the_guard(pool, text)
                assert b"value 51" in await ask(pool, SMALL)

    try:
        within(20, work)
        assert not seen
        with pytest.raises(OSError):  # the same query reaches the listener where nothing prevents it
            evaluate.answer(memory_store(snapshot.folder / "graph.nq"), "ASK {}")
            evaluate.write(memory_store(snapshot.folder / "graph.nq"), evaluate.Request(text), _Sink())
        assert seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.mark.parametrize("call", ["syscalls.refuse_network()", "limits._close_all_doors()"])
def test_each_of_two_walls_holds_alone(call: str) -> None:
    script = f"""
import socket
from kg.pool import limits, syscalls
{call}
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    print(error.errno)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.stdout in (f"{errno.EACCES}\n", f"{errno.EMFILE}\n"), done.stderr


def test_closing_twice_and_signals_to_the_group_do_no_harm(snapshot: Snapshot) -> None:
    async def work() -> None:
        pool = Pool(snapshot, quick())
        async with pool:
            for pid in descendants():
                os.kill(pid, signal.SIGTERM)
                os.kill(pid, signal.SIGINT)
            await asyncio.sleep(0.1)
            assert b"value 51" in await ask(pool, SMALL)
            assert pool.stats().restarts == 0
        await pool.close()
        assert not descendants()

    within(20, work)


class _Sink:
    def write(self, piece: bytes) -> int:
        return len(piece)

    def flush(self) -> None:
        pass


def test_a_full_queue_refuses(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(queue_length=2, time_limit=30)) as pool:
            await until(lambda: pool.stats().idle == pool.settings.workers)
            queries = [asyncio.ensure_future(ask(pool, CROSS)) for _ in range(5)]  # one runs, one is tried, two wait
            done, _ = await asyncio.wait(queries, timeout=1)
            assert len(done) == 1
            assert isinstance(done.pop().exception(), QueueFull)
            assert b"value 51" in await ask(pool, SMALL)
            assert pool.stats().queued_heavy == 3  # the tried one waits again
        ends = await asyncio.gather(*queries, return_exceptions=True)
        assert sum(isinstance(end, ServiceStopping) for end in ends) == 4
        with pytest.raises(ServiceStopping):
            await ask(pool, SMALL)

    within(20, work)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_whoever_is_killed_from_outside_is_replaced(snapshot: Snapshot, method: str) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(start_method=method)) as pool:
            for _ in range(2):
                running = asyncio.ensure_future(ask(pool, CROSS))
                await until(lambda: pool.stats().running_heavy == 1)
                for pid in descendants():  # with "fork" the zygote is one of them
                    os.kill(pid, signal.SIGKILL)
                with pytest.raises(WorkerDied):
                    await running
                while True:  # an idle worker's end may not be known yet when it gets the query
                    with contextlib.suppress(WorkerDied):
                        assert b"value 51" in await ask(pool, SMALL)
                        break
                await until(lambda: pool.stats().idle == pool.settings.workers)
        assert not descendants()

    within(30, work)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_snapshot_that_cannot_be_opened(tmp_path: Path, method: str) -> None:
    damaged = make_snapshot(tmp_path / "damaged")
    (damaged.folder / "graph.nq").write_text("<http://ex/a> <broken")
    missing = Snapshot(tmp_path / "nowhere", "i", "v", "r", 5)

    async def work() -> None:
        for folder, error in ((damaged, SnapshotDamaged), (missing, SnapshotMissing)):
            with pytest.raises(error):
                await Pool(folder, quick(start_method=method)).start()
        assert not descendants()

    within(20, work)


def test_all_together_stay_within_the_machine(snapshot: Snapshot) -> None:
    sort = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"

    async def work() -> None:
        bound = 150 * MIB
        async with Pool(snapshot, quick(machine_memory=bound, machine_poll=0.05, time_limit=20)) as pool:
            with pytest.raises(MemoryLimit, match="together"):
                await ask(pool, sort)
            assert b"value 51" in await ask(pool, SMALL)

    within(30, work)


def test_workers_do_not_share_chance(snapshot: Snapshot) -> None:
    async def work() -> None:
        async with Pool(snapshot, quick(light=3)) as pool:
            await until(lambda: pool.stats().idle == pool.settings.workers)
            texts = ["SELECT (STRUUID() AS ?u) { <http://ex/a1> ?p ?o } LIMIT 1"] * 12
            answers = await asyncio.gather(*(ask(pool, text) for text in texts))
            assert len(set(answers)) == 12

    within(20, work)


def test_memory_comes_back(snapshot: Snapshot) -> None:
    """A query that sorts a lot runs in the same worker again and again within one budget."""
    sort = "SELECT ?c { ?a ?b ?c . <http://ex/a1> ?e ?f . <http://ex/a2> ?g ?h } ORDER BY ?f ?h ?c LIMIT 5"

    async def work() -> None:
        async with Pool(snapshot, quick(time_limit=20, light=1, spare=0)) as pool:
            for _ in range(3):
                assert (await ask(pool, sort)).count(b"\r\n") == 6
            assert pool.stats().restarts == 0

    within(60, work)


def test_settings_say_how_workers_start() -> None:
    assert PoolSettings(start_method="auto").forks
    assert not PoolSettings(start_method="spawn").forks


def test_frames_survive_any_cut() -> None:
    sent = frame(b"R") + frame(b"A", b"abc") + frame(b"S") + frame(b"C", b"x" * 300) + frame(b"C", b"y") + frame(b"E")
    for step in (1, 2, 7, 64, len(sent)):
        reader, got = FrameReader(), []
        for at in range(0, len(sent), step):
            got += list(reader.feed(sent[at : at + step]))
        chunks = b"".join(payload for kind, payload in got if kind == b"C")
        assert chunks == b"x" * 300 + b"y"
        assert [pair for pair in got if pair[0] != b"C"] == [(b"R", b""), (b"A", b"abc"), (b"S", b""), (b"E", b"")]


def test_shape_memory_is_bounded() -> None:
    memory = ShapeMemory(2)
    for shape in (1, 2):
        memory.learn(shape, Lane.HEAVY)
    assert memory.lane(1, light=True) is Lane.HEAVY
    memory.learn(3, Lane.HEAVY)
    assert memory.lane(2, light=True) is Lane.LIGHT
    assert memory.lane(1, light=True) is Lane.HEAVY


def test_a_whole_answer_streams_too() -> None:
    async def work() -> None:
        assert [piece async for piece in Answer(b"abc").chunks()] == [b"abc"]

    within(5, work)
