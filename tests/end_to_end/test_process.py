"""The service as a process: how it starts and ends."""

from __future__ import annotations

import concurrent.futures
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from conftest import free_port
from processes import children, none_left, serving
from test_limits import CROSS

from kg import store
from kg.build import build
from kg.paths import contents

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
# Some seconds of work that ends by itself.
SECONDS = "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?s ?p ?a } LIMIT 6000 } { SELECT ?b { ?s ?p ?b } LIMIT 6000 } }"


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    build(contents(), folder)
    return folder


@pytest.fixture(params=[(), ("--workers", "2")], ids=["one", "two"])
def options(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return request.param


def stopped_while_asking(server, query: str) -> tuple[httpx.Response, float]:
    """The answer to a query that is running when the service is told to stop, and how long the stop took."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        asked = pool.submit(server.ask, query)
        time.sleep(0.7)
        assert not asked.done()
        began = time.monotonic()
        os.kill(server.process.pid, signal.SIGTERM)
        time.sleep(1)  # the launcher looks twice a second
        with pytest.raises(httpx.ConnectError):
            server.ask("ASK {}")
        answer = asked.result()
        server.process.wait(20)
        return answer, time.monotonic() - began


def test_a_running_query_may_end_before_the_service_does(snapshots, options):
    with serving(snapshots, *options, KG_STOP_LIMIT="60", KG_TIME_LIMIT="60") as server:
        everyone = children(server.process.pid)
        answer, _ = stopped_while_asking(server, SECONDS)
        assert answer.status_code == 200
        assert "36000000" in answer.text
        none_left(everyone)


def test_a_query_that_outlasts_the_stop_is_told_so(snapshots, options):
    with serving(snapshots, *options, KG_STOP_LIMIT="2") as server:
        everyone = children(server.process.pid)
        answer, lasted = stopped_while_asking(server, CROSS)
        assert answer.status_code == 503
        assert answer.json()["limit"] == "stop"
        assert int(answer.headers["retry-after"]) > 0
        assert 2 <= lasted < 7
        none_left(everyone)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
@pytest.mark.parametrize("name", ["graph.nq", "tables/parties.csv"])
def test_a_damaged_snapshot_is_refused_with_a_word(snapshots, tmp_path, name, damage, options):
    shutil.copytree(snapshots, tmp_path / "copy")
    damage(store.current(tmp_path / "copy").folder / name)
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(free_port()), *options]
    done = subprocess.run(
        command,
        env={**os.environ, "KG_SNAPSHOTS": str(tmp_path / "copy")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode not in (0, None)
    assert name in done.stderr
    assert "kg build" in done.stderr
    assert "Traceback" not in done.stderr
