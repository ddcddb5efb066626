"""Workers and their zygote are killed again and again while people ask: a query may be lost, never an answer wrong."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import threading
import time

import httpx
import pytest
from conftest import serving
from processes import children, runs

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]
SECONDS = 4.0
QUERY = "SELECT (COUNT(*) AS ?n) ({0} AS ?mine) {{ ?s ?p ?o }}"
STREAM = "SELECT ?s ?o ({0} AS ?mine) {{ ?s ?p ?o . ?x ?y ?z }} LIMIT 30000"


class Crowd:
    """Clients who ask without pause, each with a query of its own, and check what they get."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.over = threading.Event()
        self.statuses: list[int] = []
        self.wrong: list[str] = []
        self.threads = [threading.Thread(target=self._ask, args=(name,)) for name in range(4)]

    def _ask(self, name: int) -> None:
        number = name * 1_000_000
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self.over.is_set():
                number += 1
                text, rows = (STREAM, 30_000) if number % 5 == 0 else (QUERY, 1)
                with contextlib.suppress(httpx.RemoteProtocolError, httpx.ReadError):  # visibly cut short
                    answer = client.get("/sparql", params={"query": text.format(number), "format": "json"})
                    self.statuses.append(answer.status_code)
                    if answer.status_code == 200:
                        self._check(answer, number, rows)

    def _check(self, answer: httpx.Response, number: int, rows: int) -> None:
        bindings = answer.json()["results"]["bindings"]
        if len(bindings) != rows or {row["mine"]["value"] for row in bindings} != {str(number)}:
            self.wrong.append(f"{number}: {len(bindings)} rows")


def test_killed_again_and_again(world_snapshot):
    with serving(world_snapshot.folder.parent, KG_CACHE_MIB="1", KG_RATE_LIMIT="off") as server:
        crowd, chance = Crowd(server.url), random.Random(3)
        for thread in crowd.threads:
            thread.start()
        end, killed = time.monotonic() + SECONDS, 0
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.02, 0.3))
            victims = sorted(children(server.process.pid))
            if victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
                    killed += 1
        crowd.over.set()
        for thread in crowd.threads:
            thread.join(40)
        assert killed > 5
        assert crowd.wrong == []
        assert set(crowd.statuses) <= {200, 500, 503}
        assert crowd.statuses.count(200) > 10
        assert server.process.poll() is None
        time.sleep(1)
        assert {server.ask(QUERY.format(-number)).status_code for number in range(1, 20)} == {200}
        assert len(list(filter(runs, children(server.process.pid)))) < 8
