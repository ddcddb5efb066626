"""How long each page takes on the server, with a cold answer cache and with a warm one, beside a constant FastAPI page.

Run ``PYTHONPATH=tests python -m bench.pages [ROUNDS]``; prints Markdown. A page counts as cold when its Accept header
has not been seen: a quality of its own for each request makes it another key of the cache.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

import httpx

from bench import dataset, report, servers

PAGES = (
    *("/", "/agreements", "/agreements/ukr-ltu-2024", "/agreements/ukr-pol-2024/commitments", "/commitments"),
    *("/commitments?currency=EUR&period_start=2024", "/compare", "/networks", "/networks/ukraine-twenty"),
    *("/networks/officials-and-signatures", "/map", "/timeline", "/claims", "/parties/UKR", "/parties/LTU"),
    *(
        "/officials/volodymyr-zelenskyy",
        "/statements",
        "/sources/text-ltu",
        "/sparql",
        "/sparql/examples/shares-of-gdp",
    ),
    *(
        "/sparql/examples/shares-of-gdp",
        "/search?q=lithuania",
        "/downloads",
        "/ontology",
        "/codebook",
        "/docs",
        "/about",
    ),
    "/uk/commitments",
)
_BODY = 50_000  # bytes of the constant page
_numbers = count()


def main(rounds: int) -> None:
    """Measure and print."""
    sys.stdout.write(report.head(datetime.datetime.now(datetime.UTC).date().isoformat(), ", pages"))
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as scratch:
        made = dataset.corpus(Path(scratch))
        with servers.kg(made) as ours, servers.floor("fastapi", _BODY) as floor, httpx.Client() as client:
            constant = _median(client, f"http://127.0.0.1:{floor.port}{floor.path}", rounds, cold=False)
            rows = [_row(client, f"http://127.0.0.1:{ours.port}", path, rounds, constant) for path in PAGES]
    sys.stdout.write(report.note(f"The constant page of {_BODY:,} bytes: {report.ms(constant)} ms."))
    columns = ("page", "kB", "cold ms", "cached ms", "cold / constant", "cached / constant")
    sys.stdout.write(report.table("Pages, medians of times taken one after the other", columns, rows))


def _row(client: httpx.Client, address: str, path: str, rounds: int, constant: float) -> tuple[str, ...]:
    weight = len(client.get(address + path, headers={"Accept": "text/html"}).content) / 1000
    cold = _median(client, address + path, rounds, cold=True)
    warm = _median(client, address + path, rounds, cold=False)
    ratios = (report.ratio(cold, constant), report.ratio(warm, constant))
    return (f"`{path}`", f"{weight:.0f}", report.ms(cold), report.ms(warm), *ratios)


def _median(client: httpx.Client, address: str, rounds: int, *, cold: bool) -> float:
    times = []
    for _ in range(rounds):
        quality = f"0.{next(_numbers) % 900 + 100}" if cold else "1"
        began = time.perf_counter()
        client.get(address, headers={"Accept": f"text/html;q={quality}"}).raise_for_status()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
