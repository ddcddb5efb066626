"""The catalogue of examples through real engines by address: Oxigraph's server and Virtuoso."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Server, free_port, wait_ready

from kg import catalogue, evaluate, guard, paths
from kg.errors import EngineFailed, KgError, QueryRefused, QuerySyntaxError, RowLimit, TimeLimit
from kg.evaluate import Request
from kg.pool import PoolSettings
from kg.remote import Remote, RemoteSettings
from kg.store import Snapshot, Store, open_store

pytestmark = pytest.mark.slow
OXIGRAPH = Path(sysconfig.get_path("scripts")) / "oxigraph"
VIRTUOSO = shutil.which("virtuoso-t")
EXAMPLES = catalogue.of_kind(paths.queries(), "examples")
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SEARCH = "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER (?a = ?f && ?c = ?e) }"
PRODUCT = CROSS.replace("(COUNT(*) AS ?n)", "*")
EVERYTHING = "{ ?s ?p ?o }"
ROWS = 10_000  # what Virtuoso gives at most
# Where Virtuoso 7 departs from SPARQL 1.1, and how.
DEPARTS = {
    "in-force-between-two": "gives a malformed date where an expression over unbound variables is an error",
    "terms": "fails with 22007 where an expression over unbound variables is an error",
    "members-without-an-agreement": "finds no step of talks; the cause was not found",
    "promised-for-a-year": "counts but leaves out the rows that are not counted; the cause was not found",
}
# What ends its process (7.2.5), so that it is not asked here.
ENDS = ("what-a-count-may-hold",)
_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = {data}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
"""


@dataclass(frozen=True)
class Running:
    """An engine that holds the snapshot."""

    url: str
    departs: dict[str, str]
    ends: tuple[str, ...] = ()
    system_triples: int = 0

    def ask(self, snapshot: Snapshot, text: str, name: str = "json", **bounds: Any) -> bytes:
        """The whole answer to one query."""
        (answer,) = self.ask_all(snapshot, [text], name, **bounds)
        if isinstance(answer, KgError):
            raise answer
        return answer

    def ask_all(
        self, snapshot: Snapshot, texts: Iterable[str], name: str = "json", **bounds: Any
    ) -> list[bytes | KgError]:
        """The answers to queries, one after the other, or what each ended with."""
        settings = PoolSettings(**{"time_limit": 60.0} | bounds)

        async def one(made: Remote, text: str) -> bytes | KgError:
            seen = guard.inspect(text)
            try:
                answer = await made.run(Request(text, name, has_dataset=seen.has_dataset), seen)
                return b"".join([piece async for piece in answer.chunks()])
            except KgError as error:
                return error

        async def work() -> list[bytes | KgError]:
            async with Remote(snapshot, RemoteSettings(self.url), settings) as made:
                return [await one(made, text) for text in texts]

        return asyncio.run(work())


def await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        assert process.poll() is None, "the engine ended"
        try:
            if httpx.get(url, params={"query": "ASK {}"}, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("no answer from the engine")


def run(command: list[str], folder: Path, url: str, then: Callable[[], None]) -> Iterator[str]:
    """The engine's process, from its first answer to its end."""
    with (folder / "words.log").open("wb") as words:
        process = subprocess.Popen(command, cwd=folder, stdout=words, stderr=words)
    try:
        await_answer(url, process)
        then()
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def start_oxigraph(snapshot: Snapshot, folder: Path, *more: str) -> Iterator[str]:
    if not OXIGRAPH.exists():
        pytest.skip("Oxigraph's server is not installed (the package oxigraph)")
    port = free_port()
    load = [str(OXIGRAPH), "load", "-l", "store", "-f", str(snapshot.folder / "graph.nq")]
    subprocess.run(load, check=True, cwd=folder, capture_output=True, timeout=120)
    serve = [str(OXIGRAPH), "serve-read-only", "-l", "store", "-b", f"127.0.0.1:{port}", *more]
    yield from run(serve, folder, f"http://127.0.0.1:{port}/query", lambda: None)


def start_virtuoso(snapshot: Snapshot, folder: Path) -> Iterator[str]:
    if VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource)")
    sql, http = free_port(), free_port()
    told = _INI.format(sql=sql, http=http, data=snapshot.folder, rows=ROWS)
    (folder / "virtuoso.ini").write_text(told)
    quads = f"DB.DBA.TTLP(file_to_string_output('{snapshot.folder}/graph.nq'), '', 'urn:none', 513);"
    load = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec=log_enable(2); {quads} checkpoint;"]

    def fill() -> None:
        subprocess.run(load, check=True, capture_output=True, timeout=180)

    command = [VIRTUOSO, "-f", "-c", "virtuoso.ini"]
    yield from run(command, folder, f"http://127.0.0.1:{http}/sparql", fill)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def running(request: pytest.FixtureRequest, snapshot: Snapshot, tmp_path_factory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "oxigraph":
        for url in start_oxigraph(snapshot, folder):
            yield Running(url, {})
    else:
        for url in start_virtuoso(snapshot, folder):
            yield Running(url, DEPARTS, ENDS, system_triples=2_496)


@pytest.fixture(scope="module")
def store(snapshot: Snapshot) -> Store:
    return open_store(snapshot)


def rows(answer: bytes) -> list[str]:
    """The rows of an answer, sorted; numbers by value, since engines write them differently.

    What is joined with ";" is sorted too: the order in which GROUP_CONCAT takes its values is open.
    """
    found = json.loads(answer)["results"]["bindings"]
    return sorted(json.dumps({name: plain(term) for name, term in row.items()}, sort_keys=True) for row in found)


def plain(term: dict[str, str]) -> list[str | float | None]:
    datatype = term.get("datatype")
    number = datatype is not None and datatype.rsplit("#", 1)[-1] in ("decimal", "double", "float", "integer")
    value = float(term["value"]) if number else ";".join(sorted(term["value"].split(";")))
    return [value, None if number else datatype, term.get("xml:lang")]


def test_every_example_gives_the_same_rows_as_the_own_workers(running, snapshot, store) -> None:
    differ = {}
    asked = {name: query for name, query in EXAMPLES.items() if name not in running.ends}
    answers = running.ask_all(snapshot, [query.body for query in asked.values()])
    for (name, query), answer in zip(asked.items(), answers, strict=True):
        expected = rows(evaluate.answer(store, query.body))
        found = [f"{type(answer).__name__}: {answer}"] if isinstance(answer, KgError) else rows(answer)
        if found != expected:
            differ[name] = (len(expected), len(found), [row for row in found if row not in expected][:1])
    assert set(differ) == set(running.departs), json.dumps(differ, indent=1)


def test_a_query_without_a_dataset_reads_the_union(running, snapshot) -> None:
    counted = json.loads(running.ask(snapshot, f"SELECT (COUNT(*) AS ?n) {EVERYTHING}"))
    (row,) = counted["results"]["bindings"]
    assert int(row["n"]["value"]) == snapshot.quads + running.system_triples


def test_graphs_and_formats(running, snapshot, store) -> None:
    graph = "https://w3id.org/security-agreements/data/agreements/ukr-ltu-2024"
    text = f"CONSTRUCT {{ ?s ?p ?o }} FROM <{graph}> WHERE {EVERYTHING}"
    lines = sorted(evaluate.answer(store, text, "ntriples").splitlines())
    assert len(lines) > 100
    assert sorted(running.ask(snapshot, text, "ntriples").splitlines()) == lines
    for name in ("turtle", "rdfxml", "jsonld", "trig"):
        loaded = Store()
        loaded.load(running.ask(snapshot, text, name), evaluate._rdf_format(evaluate.named(name)))
        assert sorted(f"{quad.triple} .".encode() for quad in loaded) == lines
    ask = "ASK { ?s ?p 'no such word' }"
    assert running.ask(snapshot, ask, "csv") == evaluate.answer(store, ask, "csv")
    label = "SELECT ?l { <https://w3id.org/security-agreements/parties/LTU> ?p ?l FILTER (isLiteral(?l)) } ORDER BY ?l"
    for name in ("csv", "tsv", "xml"):
        assert sorted(running.ask(snapshot, label, name)) == sorted(evaluate.answer(store, label, name))


def test_errors_keep_their_kinds(running, snapshot) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        running.ask(snapshot, "SELECT ?s { ?s ?p }")
    assert "SELECT ?s" not in str(caught.value)
    with pytest.raises(QueryRefused, match="SERVICE"):
        running.ask(snapshot, "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_a_query_over_the_time_ends(running, snapshot) -> None:
    start = time.monotonic()
    with pytest.raises(TimeLimit, match="longer than 1 s"):
        running.ask(snapshot, CROSS, "csv", time_limit=1.0)
    assert time.monotonic() - start < 20


def test_an_answer_over_the_time_of_the_engine_itself_is_an_error(snapshot, tmp_path) -> None:
    """Oxigraph's server ends it with words in the body, whole and with status 200."""
    for url in start_oxigraph(snapshot, tmp_path, "--timeout-s", "2"):
        told = httpx.get(url, params={"query": SEARCH, "union-default-graph": "true"}, timeout=60)
        assert told.status_code == 200
        with pytest.raises(TimeLimit, match="the engine stopped"):
            Running(url, {}).ask(snapshot, SEARCH, "csv")


def test_an_answer_that_an_engine_cuts_is_an_error(running, snapshot, store) -> None:
    texts = (f"SELECT * {EVERYTHING}", f"CONSTRUCT {{ ?s ?p ?o }} WHERE {EVERYTHING}")
    for text, name in zip(texts, ("csv", "ntriples"), strict=True):
        if running.system_triples:
            with pytest.raises(RowLimit, match=f"{ROWS:,}"):
                running.ask(snapshot, text, name)
        else:
            # Blank nodes have other labels there, so the lines are counted and not compared.
            assert running.ask(snapshot, text, name).count(b"\n") == evaluate.answer(store, text, name).count(b"\n")


def test_an_engine_that_dies_in_mid_answer_gives_an_error(snapshot, tmp_path) -> None:
    started = start_oxigraph(snapshot, tmp_path)
    url = next(started)

    async def work() -> None:
        seen = guard.inspect(PRODUCT)
        async with Remote(snapshot, RemoteSettings(url)) as made:
            answer = await made.run(Request(PRODUCT, "csv"), seen)
            pieces = answer.chunks()
            await anext(pieces)
            await asyncio.to_thread(lambda: next(started, None))  # ends the process
            with pytest.raises(EngineFailed):
                async for _ in pieces:
                    pass

    asyncio.run(work())


def test_the_service_answers_through_an_engine(server, snapshot, tmp_path) -> None:
    for engine in start_oxigraph(snapshot, tmp_path):
        told = {"KG_ENGINE": engine, "KG_ENGINE_USER": "ann", "KG_ENGINE_PASSWORD": "not-to-be-seen"}
        environment = {**os.environ, "KG_SNAPSHOTS": str(server.snapshots), **told}
        port = free_port()
        command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
        try:
            through = Server(f"http://127.0.0.1:{port}", process, server.snapshots)
            wait_ready(through.url, process)
            query = EXAMPLES["signed-on-the-same-day"].body
            assert rows(through.ask(query).content) == rows(server.ask(query).content)
            assert through.get("/agreements").status_code == 200
            bad = through.ask("SELECT ?x { ?x")
            assert (bad.status_code, bad.json()["title"]) == (400, "The query cannot be parsed")
        finally:
            process.terminate()
            _, words = process.communicate(timeout=20)
        assert b"not-to-be-seen" not in words
