"""From the command to the first answer."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bench import report, servers
from bench.dataset import Dataset

_IMPORTS = "import fastapi, pyoxigraph"


def table(data: Dataset, rounds: int) -> str:
    """The service, its peers, and an interpreter that only imports what the service stands on; in turn."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", _IMPORTS], check=True)
        taken.setdefault(_IMPORTS, []).append(time.perf_counter() - began)
        for server in (servers.kg(data), servers.oxigraph(data)):
            if server is not None:
                with server:
                    taken.setdefault(server.name, []).append(server.started)
    middles = {name: statistics.median(values) for name, values in taken.items()}
    rows = [[name, report.ms(middle), report.ratio(middle, middles[_IMPORTS])] for name, middle in middles.items()]
    return report.table(f"{data.name}: start to the first answer", ["what", "ms", "÷ imports"], rows)
