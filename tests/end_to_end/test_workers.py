"""Several HTTP processes: one store, and whoever dies is replaced and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from processes import children, http_processes, none_left, runs, serving, until, zygotes
from test_limits import CROSS, SMALL

from kg.build import build
from kg.paths import contents
from kg.pool.memory import held

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    build(contents(), folder)
    return folder


@pytest.fixture(scope="module")
def pair(snapshots):
    with serving(snapshots, "--workers", "2", KG_TIME_LIMIT="3") as server:
        until(lambda: len(http_processes(server)) == 2 and workers_of(server) == 6)
        yield server


def workers_of(server) -> int:
    return sum(len(children(zygote)) for zygote in zygotes(server))


class Load:
    """Small queries one after the other from several threads, each on a new connection."""

    def __init__(self, server) -> None:
        self.seen: Counter[int | str] = Counter()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(server,)) for _ in range(3)]

    def _ask(self, server) -> None:
        while not self._stop.is_set():
            try:
                self.seen[server.ask(SMALL).status_code] += 1
            except httpx.TransportError as error:
                self.seen[type(error).__name__] += 1

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def answered(self, more: int) -> None:
        """Wait until so many more queries have been answered."""
        wanted = self.seen[200] + more
        until(lambda: self.seen[200] >= wanted)


def test_two_processes_share_one_store(pair, record_property):
    assert len(zygotes(pair)) == 1
    (zygote,) = zygotes(pair)
    record_property("summed_pss_mib", sum(map(held, {pair.process.pid} | children(pair.process.pid))) // 2**20)
    # Six workers and a zygote hold the store together: by far less than a store each.
    family = {zygote} | children(zygote)
    status = Path(f"/proc/{zygote}/status").read_text()
    alone = 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    assert len(family) == 7
    assert sum(map(held, family)) < 0.5 * len(family) * alone


def test_an_http_process_killed_under_load_is_replaced_and_its_workers_end(pair):
    with Load(pair) as load:
        load.answered(20)
        before = http_processes(pair)
        victim = min(before)
        (zygote,) = zygotes(pair)
        workers = children(zygote)
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(workers & children(zygote)) == 3)  # those of the other process
        until(lambda: len(http_processes(pair) - {victim}) == 2 and workers_of(pair) == 6)
        load.answered(20)
        assert zygotes(pair) == {zygote}
    # What the dead process had accepted is lost, and nothing else.
    assert load.seen[200] > 40
    assert sum(load.seen.values()) - load.seen[200] <= 3, load.seen


def test_a_killed_zygote_is_started_again(pair):
    with Load(pair) as load:
        load.answered(20)
        (zygote,) = zygotes(pair)
        workers = children(zygote)
        began = time.monotonic()
        os.kill(zygote, signal.SIGKILL)
        none_left({zygote} | workers)
        until(lambda: zygotes(pair) - {zygote} and workers_of(pair) == 6)
        assert time.monotonic() - began < 10
        load.answered(20)
        assert len(zygotes(pair)) == 1
    assert set(load.seen) <= {200, 500, 503}, load.seen
    assert len(http_processes(pair)) == 2


def test_heavy_queries_do_not_keep_others_from_an_answer(pair):
    heavy = [threading.Thread(target=pair.ask, args=(CROSS + f" LIMIT {n}",)) for n in range(1, 5)]
    for thread in heavy:
        thread.start()
    time.sleep(0.3)
    assert {pair.ask(SMALL).status_code for _ in range(20)} == {200}
    for thread in heavy:
        thread.join()


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["one", "two"])
def test_a_killed_launcher_takes_everyone_with_it(snapshots, options):
    with serving(snapshots, *options) as server:
        everyone = children(server.process.pid)
        assert len(everyone) >= 5
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(5)
        none_left(everyone)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_process(snapshots, number):
    with serving(snapshots, "--workers", "2") as server:
        everyone = children(server.process.pid)
        os.kill(server.process.pid, number)
        server.process.wait(20)
        none_left(everyone)


def test_without_fork_each_process_has_workers_of_its_own(snapshots, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import os\ndel os.pidfd_open\n")
    path = os.pathsep.join((str(tmp_path), str(Path(__file__).parents[2])))
    with serving(snapshots, "--workers", "2", PYTHONPATH=path) as server:
        assert not zygotes(server)
        until(lambda: len(http_processes(server)) == 2)
        assert server.ask(SMALL).status_code == 200
        everyone = children(server.process.pid)
    assert not any(map(runs, everyone))
