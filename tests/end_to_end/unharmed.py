"""Others are answered while a test does harm: the law that every test of abuse holds."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator

import httpx

PROBE = (
    "SELECT ?l { <https://w3id.org/security-agreements/parties/LTU> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
)


@contextlib.contextmanager
def unharmed(server, most: float = 1.0) -> Iterator[None]:
    """Ask a small query again and again; at the end the process is the same, and none took longer than ``most`` s."""
    pid, took, over = server.process.pid, [], threading.Event()

    def probe() -> None:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            while not (over.is_set() and took):
                began = time.monotonic()
                # Unlike any before, so that no kept answer answers it.
                answer = client.get("/sparql", params={"query": f"{PROBE} # {began}"})
                took.append((time.monotonic() - began, answer.status_code))
                time.sleep(0.05)

    thread = threading.Thread(target=probe)
    thread.start()
    try:
        yield
    finally:
        time.sleep(0.1)
        over.set()
        thread.join(40)
    assert server.process.poll() is None
    os.kill(pid, 0)
    assert {status for _, status in took} == {200}
    assert max(seconds for seconds, _ in took) < most


class Listener:
    """Counts who connects."""

    def __init__(self) -> None:
        self._line = socket.create_server(("127.0.0.1", 0))
        self._line.settimeout(0.05)
        self.address = f"127.0.0.1:{self._line.getsockname()[1]}"
        self.reached = 0
        self._open = True
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while self._open:
            with contextlib.suppress(TimeoutError):
                self._line.accept()[0].close()
                self.reached += 1

    def close(self) -> None:
        self._open = False
        self._thread.join()
        self._line.close()
