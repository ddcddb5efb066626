"""The engine's parser in a process of its own, so that a query which ends it ends no test."""

from __future__ import annotations

import json
import select
import subprocess
import sys

_PROGRAM = """
import json, resource, sys, threading
from pyoxigraph import QueryBoolean, QuerySolutions, Store
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
threading.stack_size(256 * 1024 * 1024)
store = Store()

def form(text):
    try:
        found = store.query(text)
    except (SyntaxError, ValueError, RuntimeError):
        return None
    return type(found).__name__

def serve():
    for line in sys.stdin:
        print(json.dumps([form(text) for text in json.loads(line)]), flush=True)

thread = threading.Thread(target=serve)
thread.start()
thread.join()
"""
FORMS = {
    "SELECT": "QuerySolutions",
    "ASK": "QueryBoolean",
    "CONSTRUCT": "QueryTriples",
    "DESCRIBE": "QueryTriples",
}


class EngineProcess:
    """Parses queries one after another; what takes longer than a bound counts as not parsed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def forms(self, *texts: str, seconds: float = 5) -> list[str | None]:
        """The class of the answer to each query, None where the engine takes none of it."""
        if self._process is None or self._process.poll() is not None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            self._process = subprocess.Popen([sys.executable, "-c", _PROGRAM], text=True, **pipes)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(texts) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self.close()
            return [None] * len(texts)
        found: list[str | None] = json.loads(line)
        return found

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe
                pipe.close()
            self._process = None
