"""``python -m bench``: all measurements of one run, written as one Markdown file."""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import bounds, client, dataset, latency, mix, process, report, servers, starting, throughput
from bench.dataset import Dataset
from bench.sections import latency_table, throughput_table
from bench.servers import Server

_RESULTS = Path(__file__).parent / "results"
_LIMIT = 2.0


def main() -> None:
    """Run what is asked for."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as scratch:
        work = Path(asked.work or scratch)
        target = asked.out or _RESULTS / f"{asked.day}{'-quick' if asked.quick else ''}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8") as out:
            for text in _sections(asked, work):
                out.write(text)
                out.flush()
                sys.stdout.write(text)
                sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="the corpus only, short rounds: a few minutes")
    reader.add_argument("--sizes", type=int, nargs="*", default=[1_000_000], help="quads of the generated data")
    reader.add_argument("--only", choices=("latency", "throughput", "bounds", "start"), nargs="*", help="these parts")
    reader.add_argument("--day", default=datetime.datetime.now(datetime.UTC).date().isoformat(), help="for the title")
    reader.add_argument("--work", help="folder for data and stores, kept; else a temporary one")
    reader.add_argument("--out", type=Path, help="the file to write")
    return reader.parse_args()


def _sections(asked: argparse.Namespace, work: Path) -> Iterator[str]:
    yield report.head(asked.day, ", quick" if asked.quick else "")
    corpus = dataset.corpus(work)
    yield from _side_by_side(corpus, asked)
    for size in () if asked.quick else asked.sizes:
        for on_disk in (False, True) if size <= 1_000_000 else (True,):
            yield from _side_by_side(dataset.generated(work, size, on_disk), asked)
    if _wanted(asked, "bounds"):
        yield from _bounds(corpus, asked.quick)
    if _wanted(asked, "start"):
        yield starting.table(corpus, 3 if asked.quick else 7)


def _wanted(asked: argparse.Namespace, part: str) -> bool:
    return not asked.only or part in asked.only


def _side_by_side(data: Dataset, asked: argparse.Namespace) -> Iterator[str]:
    if not (_wanted(asked, "latency") or _wanted(asked, "throughput")):
        return
    queries = mix.mix(data.quads)
    with ExitStack() as running:
        found = [servers.kg(data), servers.oxigraph(data), servers.rdflib_endpoint(data)]
        if data.count > 2_000_000:
            found.pop()  # rdflib would need more than 2 GiB and minutes to load
        present = [running.enter_context(server) for server in found if server is not None]
        if len(present) < len(found):
            yield report.note("Not installed and so left out: see the README for `oxigraph` and `rdflib-endpoint`.")
        if _wanted(asked, "latency"):
            rounds = (60, 5) if asked.quick else (300, 15)
            yield latency_table(data.name, present, latency.measure(present, queries, *rounds))
        if _wanted(asked, "throughput"):
            yield from _throughput(data, present, queries, asked.quick, running)
        memory = [[server.name, f"{process.shared_out(server.pid):.0f}", f"{server.started:.2f}"] for server in present]
        yield report.table(f"{data.name}: memory after that", ["server", "MiB", "seconds to the first answer"], memory)


def _throughput(
    data: Dataset, present: list[Server], queries: mix.Mix, quick: bool, running: ExitStack
) -> Iterator[str]:
    if client.wrk() is None:
        yield report.note("Throughput left out: `wrk` is not installed.")
        return
    with present[0].client() as asking:
        sizes = [asking.ask(query).size for query in queries.light]
    floors = [running.enter_context(servers.floor(kind, sum(sizes) // len(sizes))) for kind in ("raw", "fastapi")]
    rounds, seconds = (3, 1) if quick else (5, 3)
    yield throughput_table(data.name, throughput.measure([*present, *floors], queries, rounds, seconds))


def _bounds(data: Dataset, quick: bool) -> Iterator[str]:
    queries = mix.mix(data.quads)
    seconds = 4.0 if quick else 10.0
    rows = []
    for server in (servers.kg(data, time_limit=_LIMIT), servers.oxigraph(data)):
        if server is None:
            continue
        with server:
            idle, loaded = bounds.beside_load(server, queries, seconds)
        told = (report.ms(x) for x in (idle.high, loaded.middle, loaded.high, loaded.most))
        rows.append([server.name, *told, str(loaded.lost), report.ratio(loaded.high, idle.high)])
    columns = ["server", "idle p95 ms", "p50", "p95", "max", "lost", "p95 ÷ idle"]
    yield report.table(f"{data.name}: a look-up beside 64 clients with endless queries", columns, rows)
    with servers.kg(data, time_limit=_LIMIT) as server:
        seen = [bounds.refusal(server, queries, _LIMIT) for _ in range(3)]
    cells = [[str(s.status), report.ms(s.late), report.ms(s.free), f"{s.memory:.1f}"] for s in seen]
    columns = ["status", "ms beyond the limit", "ms until the slot is free", "MiB kept"]
    yield report.table(f"{data.name}: refused at a limit of {_LIMIT:g} s", columns, cells)
    with servers.kg(data, time_limit=60) as server:
        slow, quickly = bounds.slow_reader(server, seconds)
    yield report.table(
        f"{data.name}: growth of the HTTP process, answer of 100 MB",
        ["reader", "MiB"],
        [["1 MB/s", f"{slow:.1f}"], ["full speed", f"{quickly:.1f}"]],
    )


if __name__ == "__main__":
    main()
