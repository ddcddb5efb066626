"""A new snapshot is taken up under load: nothing is dropped, nothing is mixed, nothing is left behind."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import Server, free_port, wait_ready
from processes import children, runs
from world.edits import AGREEMENT, change, line_of, make_world

from kg.build import build
from kg.store import CURRENT, MANIFEST, QUADS, Snapshot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

PREFIXES = (
    "PREFIX sa: <https://w3id.org/security-agreements/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
LABEL = PREFIXES + 'SELECT ?l WHERE { ?a a sa:Agreement ; rdfs:label ?l FILTER (LANG(?l) = "en") }'
# Each of its rows names the snapshot; some 15 MB, more than the buffers on the way hold.
LONG = LABEL.replace("SELECT ?l", "SELECT ?l ?b ?d").replace(" }", " . ?b ?p ?c . ?d ?q ?e } LIMIT 60000")
SWAPS = 6


class World:
    """The invented world, built anew with each label."""

    def __init__(self, folder: Path) -> None:
        self.root = make_world(folder / "world")
        self.snapshots = folder / "snapshots"
        self._at = line_of(self.root, AGREEMENT, "label:")

    def switch(self, label: str) -> Snapshot:
        """Build with that label and make it current."""
        change(self.root, AGREEMENT, self._at, f"label: {{en: {label}, uk: Угода}}")
        return build(self.root, self.snapshots)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("swapped"))
    made.switch("Label 0")
    return made


@pytest.fixture(scope="module")
def served(world: World) -> Iterator[Server]:
    port = free_port()
    told = {"KG_SNAPSHOTS": str(world.snapshots), "KG_POLL": "0.1", "KG_LOG": "off"}
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, **told})
    url = f"http://127.0.0.1:{port}"
    try:
        wait_ready(url, process)
        yield Server(url, process, world.snapshots)
    finally:
        process.terminate()
        process.wait(20)


def label(server: Server) -> str:
    return server.ask(LABEL).json()["results"]["bindings"][0]["l"]["value"]


def until(met: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)


def descendants(server: Server) -> set[int]:
    return {pid for pid in children(server.process.pid) if runs(pid)}


@dataclass
class Reader(threading.Thread):
    """Asks over one connection until told to stop; keeps each (address, tag, label read) and whatever went wrong."""

    port: int
    over: threading.Event
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        addresses = (f"/sparql?query={quote(LABEL)}", "/agreements/aaa-bbb-2030")
        for number in itertools.count():
            if self.over.is_set():
                break
            address = addresses[number % 4 == 0]
            try:
                line.request("GET", address, headers={"Accept": "application/json, text/html;q=0.5"})
                answer = line.getresponse()
                body = answer.read().decode()
            except (OSError, http.client.HTTPException) as error:
                self.faults.append(repr(error))
                return
            if answer.status != 200:
                self.faults.append(f"{answer.status} {body[:200]}")
            self.seen.append((address, answer.headers["ETag"], _label_in(body)))


def _label_in(body: str) -> str:
    """``Label 3``; every mention must be the same."""
    found = set(re.findall(r"Label (\w+)", body))
    return "Label " + " and ".join(sorted(found))


def test_nothing_is_dropped_or_mixed_while_snapshots_change(served, world):
    over = threading.Event()
    readers = [Reader(int(served.url.rsplit(":", 1)[1]), over) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, SWAPS + 1):
        world.switch(f"Label {number}")
        until(lambda wanted=f"Label {number}": label(served) == wanted)
    over.set()
    for reader in readers:
        reader.join()
    assert not [fault for reader in readers for fault in reader.faults]
    seen = [answer for reader in readers for answer in reader.seen]
    assert {found for _, _, found in seen} == {f"Label {number}" for number in range(SWAPS + 1)}
    by_tag: dict[tuple[str, str], set[str]] = {}
    for address, tag, found in seen:
        by_tag.setdefault((address, tag), set()).add(found)
    assert all(len(labels) == 1 for labels in by_tag.values()), by_tag
    assert len({tag for _, tag in by_tag}) == len(by_tag) == 2 * (SWAPS + 1)
    for reader in readers:  # no connection sees an older snapshot after a newer one
        order = [int(found.split()[1]) for _, _, found in reader.seen]
        assert order == sorted(order)


def test_an_answer_begun_on_the_old_snapshot_ends_on_it(served, world):
    before = label(served)
    workers = descendants(served)
    host, port = served.url.removeprefix("http://").split(":")
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        line.settimeout(20)
        line.connect((host, int(port)))
        line.sendall(f"GET /sparql?query={quote(LONG)} HTTP/1.1\r\nHost: {host}\r\nAccept: text/csv\r\n\r\n".encode())
        body = line.recv(65_536)
        world.switch("Label later")
        until(lambda: label(served) == "Label later")
        assert descendants(served) & workers, "the old workers went while one of them was read"
        while not body.endswith(b"\r\n0\r\n\r\n"):  # a row may end in 0 too
            piece = line.recv(1 << 20)
            assert piece, "the answer broke off"
            body += piece
    assert body.count(before.encode() + b",") > 59_000
    assert b"Label later" not in body
    until(lambda: len(descendants(served) & workers) <= len(workers) - 4)


def test_swaps_leave_nothing_behind(served, world):
    number = itertools.count()

    def swap() -> None:
        wanted = f"Label again{next(number)}"
        world.switch(wanted)
        until(lambda: label(served) == wanted)
        assert served.get("/agreements/aaa-bbb-2030").status_code == 200

    for _ in range(4):
        swap()
    until(lambda: len(descendants(served)) <= 6)
    processes, memory = len(descendants(served)), served.resident
    for _ in range(8):
        swap()
    until(lambda: len(descendants(served)) <= processes)
    assert served.resident - memory < 4 * 1024 * 1024


def test_a_damaged_snapshot_is_refused_and_the_old_one_stays(served, world):
    before = label(served)
    whole = world.switch("Label mended")
    until(lambda: label(served) == "Label mended")
    damaged = world.snapshots / "damaged"
    damaged.mkdir()
    manifest = (whole.folder / MANIFEST).read_text().replace(whole.id, "damaged")
    (damaged / QUADS).write_bytes((whole.folder / QUADS).read_bytes()[:-100])
    (damaged / MANIFEST).write_text(manifest)
    (world.snapshots / CURRENT).write_text("damaged\n")
    time.sleep(1)
    assert label(served) == "Label mended" != before
    assert served.get("/health/ready").status_code == 200
    processes = len(descendants(served))
    time.sleep(1)
    assert len(descendants(served)) <= processes
    world.switch("Label after")
    until(lambda: label(served) == "Label after")
