"""An engine by address: the same bounds and errors as the pool, and no cut answer that looks whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from engine_fake import JSON, NT, Asked, engine, rows
from pool_world import make_snapshot, resident, until, within

from kg import guard
from kg.errors import (
    AnswerUnwritable,
    EngineAway,
    EngineFailed,
    KgError,
    MemoryLimit,
    QueryRefused,
    QuerySyntaxError,
    QueueFull,
    QueueTimeout,
    RowLimit,
    ServiceStopping,
    TimeLimit,
    UnknownName,
)
from kg.evaluate import Request
from kg.pool import Answer, ClientGone, PoolSettings
from kg.remote import Remote, RemoteSettings
from kg.store import Snapshot

SELECT = "SELECT ?x { <http://ex/a> ?p ?x }"
pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
TRIPLE = b'<http://ex/s> <http://ex/p> "o" .\n'


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return make_snapshot(tmp_path_factory.mktemp("snapshot"), 10)


@asynccontextmanager
async def remote(snapshot: Snapshot, url: str, **bounds: Any) -> AsyncIterator[Remote]:
    settings = RemoteSettings(url)
    async with Remote(snapshot, settings, PoolSettings(**{"time_limit": 5.0} | bounds)) as made:
        yield made
        await until(lambda: made.stats().idle == made.stats().workers)


async def begun(made: Remote, text: str, name: str = "json", gone: Any = None, **more: Any) -> Answer:
    seen = guard.inspect(text)
    return await made.run(Request(text, name, has_dataset=seen.has_dataset, **more), seen, gone)


async def ask(made: Remote, text: str = SELECT, name: str = "json", **more: Any) -> bytes:
    return b"".join([piece async for piece in (await begun(made, text, name, **more)).chunks()])


def refuses(snapshot: Snapshot, answerer: Any, error: type[Exception], text: str = SELECT, **more: Any) -> Exception:
    """The error that a query ends with."""
    caught: list[Exception] = []

    async def work() -> None:
        server = more.pop("server", "Word")
        name = more.pop("name", "json")
        async with engine(answerer, server) as (url, _), remote(snapshot, url, **more) as made:
            with pytest.raises(error) as raised:
                await ask(made, text, name)
            assert type(raised.value) is error
            assert made.stats().outcomes == {error.__name__: 1}
            caught.append(raised.value)

    within(20, work)
    return caught[0]


def replies(body: bytes, media_type: str = JSON, status: int = 200, **headers: str) -> Any:
    async def answerer(asked: Asked) -> None:
        await asked.send(body, media_type, status, **headers)

    return answerer


@pytest.mark.parametrize(
    ("name", "body", "media_type", "text", "expected"),
    [
        ("csv", rows(2), JSON, SELECT, b"x\r\nvalue 0\r\nvalue 1\r\n"),
        ("tsv", rows(1), "application/json; charset=utf-8", SELECT, b'?x\n"value 0"\n'),
        ("json", b'{"head": {}, "boolean": true}', JSON, "ASK { ?s ?p ?o }", b'{"head":{},"boolean":true}'),
        ("turtle", TRIPLE, NT, f"PREFIX e: <http://ex/> {CONSTRUCT}", b'@prefix e: <http://ex/> .\ne:s e:p "o" .\n'),
        ("nquads", TRIPLE, "text/turtle;charset=UTF-8", CONSTRUCT, TRIPLE),
    ],
)
def test_what_the_engine_writes_is_written_anew(snapshot, name, body, media_type, text, expected) -> None:
    async def work() -> None:
        async with engine(replies(body, media_type)) as (url, _), remote(snapshot, url) as made:
            assert await ask(made, text, name) == expected

    within(10, work)


@pytest.mark.parametrize(
    ("answerer", "error", "words"),
    [
        (replies(b"error at 1:4: expected x", "text/plain", 400), QuerySyntaxError, "line 1, column 4: expected x"),
        (replies(b"No.\nReally.\n\n" + b"<stack>" * 900, "text/plain", 400), QueryRefused, "No. Really."),
        (replies(b"x" * 9000, "text/plain", 400), QueryRefused, "x" * 299 + "…"),
        (replies(b"<html>secret", "text/html", 400), QueryRefused, "the engine refuses the query"),
        (replies(b"secret", "text/plain", 401), EngineFailed, "the engine refuses this service"),
        (replies(b"secret", "text/plain", 500), EngineFailed, "the engine failed: status 500"),
        (replies(b"Virtuoso S1T00 Error SR171: out", "text/plain", 500), TimeLimit, "own time limit"),
        (replies(b"java.lang.OutOfMemoryError", "text/plain", 500), MemoryLimit, "out of memory"),
        (replies(b"", "text/plain", 503), EngineAway, "no time now"),
        (replies(b"", "text/plain", 302, location="http://127.0.0.1:1/"), EngineFailed, "status 302"),
        (replies(b"<html>", "text/html"), EngineFailed, "'text/html', which is no format"),
        (replies(rows(3), X_SPARQL_MaxRows="3"), RowLimit, "no more than 3 rows"),
        (replies(rows(3), X_SQL_State="S1TAT"), TimeLimit, "own time limit"),
        (replies(rows(3, closed=False)), EngineFailed, "breaks off or cannot be read"),
        (replies(rows(3, closed=False) + b"The SPARQL operation has been cancelled"), TimeLimit, "own time limit"),
        (replies(rows(3) + b"sorry"), EngineFailed, "breaks off or cannot be read"),
    ],
)
def test_each_failure_of_the_engine_has_its_error(snapshot, answerer, error, words) -> None:
    said = str(refuses(snapshot, answerer, error))
    assert words in said
    assert "secret" not in said


async def _dies(asked: Asked, body: bytes, media_type: str = JSON) -> None:
    """Ends in the middle of a chunked answer."""
    await asked.begin({"content-type": media_type, "transfer-encoding": "chunked"})
    await asked.chunk(body)
    asked.writer.close()


def test_an_engine_that_dies_in_mid_answer_gives_an_error(snapshot) -> None:
    for body, media_type, text in ((rows(9), JSON, SELECT), (TRIPLE, NT, CONSTRUCT)):
        name = "json" if text == SELECT else "ntriples"

        async def dies(asked: Asked, body: bytes = body, media_type: str = media_type) -> None:
            await _dies(asked, body, media_type)

        assert "broke its answer off" in str(refuses(snapshot, dies, EngineFailed, text, name=name))


def test_a_long_answer_that_breaks_off_raises_after_its_first_pieces(snapshot) -> None:
    async def work() -> None:
        async def dies(asked: Asked) -> None:
            await _dies(asked, rows(100_000, closed=False))

        async with engine(dies) as (url, _), remote(snapshot, url) as made:
            answer = await begun(made, SELECT)
            assert answer.body is None
            with pytest.raises(EngineFailed):
                async for _ in answer.chunks():
                    pass

    within(10, work)


def test_triples_without_a_told_end_are_refused(snapshot) -> None:
    async def endless(asked: Asked) -> None:
        await asked.begin({"content-type": NT, "connection": "close"})
        asked.writer.write(TRIPLE)
        await asked.writer.drain()

    assert "where its answer ends" in str(refuses(snapshot, endless, EngineFailed, CONSTRUCT, name="ntriples"))


def test_an_engine_that_cuts_graphs_silently_is_found_out(snapshot) -> None:
    cut = b"".join(b"<http://ex/s> <http://ex/p> <http://ex/%d> .\n" % n for n in range(50))
    refused = refuses(snapshot, replies(cut, NT), RowLimit, CONSTRUCT, name="ntriples", server="Virtuoso/07")
    assert "at most 50 triples" in str(refused)

    async def work() -> None:
        answerer = replies(cut[: cut.rindex(b"<http://ex/s>")], NT)
        async with engine(answerer, "Virtuoso/07") as (url, _), remote(snapshot, url) as made:
            assert (await ask(made, CONSTRUCT, "ntriples")).count(b"\n") == 49

    within(10, work)


def test_xml_stays_well_formed_or_is_refused(snapshot) -> None:
    returned = rb'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "a\rb"}}]}}'

    async def work() -> None:
        async with engine(replies(returned)) as (url, _), remote(snapshot, url) as made:
            assert b"a&#xD;b" in await ask(made, SELECT, "xml")

    within(10, work)
    refuses(snapshot, replies(returned.replace(rb"\r", rb"\u0001")), AnswerUnwritable, name="xml")


def test_a_format_that_cannot_hold_the_answer_is_never_asked_for(snapshot) -> None:
    async def work() -> None:
        async with engine(replies(rows(1))) as (url, arrived), remote(snapshot, url) as made:
            with pytest.raises(AnswerUnwritable):
                await ask(made, SELECT, "turtle")
            with pytest.raises(UnknownName):
                await ask(made, SELECT, "word")
            assert not arrived

    within(10, work)


def test_the_dataset_and_the_union_are_told(snapshot) -> None:
    async def work() -> None:
        async with engine(replies(rows(1)), "Oxigraph/0.5") as (url, arrived), remote(snapshot, url + "?key=1") as made:
            await ask(made)
            await ask(made, "SELECT ?x FROM <http://ex/g> { ?s ?p ?x }")
            await ask(made, SELECT, default_graphs=("http://ex/g",), named_graphs=("http://ex/h", "http://ex/i"))
        assert [asked.target for asked in arrived] == [
            "/sparql?key=1&union-default-graph=true",
            "/sparql?key=1",
            "/sparql?key=1",
        ]
        assert arrived[2].form["default-graph-uri"] == ["http://ex/g"]
        assert arrived[2].form["named-graph-uri"] == ["http://ex/h", "http://ex/i"]

    within(10, work)


def test_virtuoso_is_told_the_time_and_its_own_functions_are_refused(snapshot) -> None:
    async def work() -> None:
        async with engine(replies(rows(1)), "Virtuoso/07") as (url, arrived), remote(snapshot, url) as made:
            await ask(made)
            assert arrived[0].form["timeout"] == ["5000"]
            for text in ("ASK { FILTER (bif:delay(9) = 1) }", "ASK { FILTER (<bif:delay>(9) = 1) }"):
                with pytest.raises(QueryRefused, match=r"line 1, column 15: .* beyond SPARQL"):
                    await ask(made, text)
            assert len(arrived) == 1

    within(10, work)


def test_over_its_time_the_connection_is_closed(snapshot) -> None:
    async def work() -> None:
        async def sleeps(asked: Asked) -> None:
            await asyncio.sleep(60)

        async with engine(sleeps) as (url, arrived), remote(snapshot, url, time_limit=0.3) as made:
            start = time.monotonic()
            with pytest.raises(TimeLimit, match=r"longer than 0\.3 s"):
                await ask(made)
            assert 0.3 <= time.monotonic() - start < 2
            await asyncio.wait_for(arrived[0].gone.wait(), 2)

    within(10, work)


@pytest.mark.parametrize("begins", [False, True])
def test_a_client_that_leaves_closes_the_connection(snapshot, begins) -> None:
    async def work() -> None:
        async def endless(asked: Asked) -> None:
            await asked.begin({"content-type": JSON, "transfer-encoding": "chunked"})
            await asked.chunk(rows(1, closed=False))
            while begins:
                await asked.chunk(b', {"x": {"type": "literal", "value": "' + b"x" * 60_000 + b'"}}')
            await asyncio.sleep(60)

        gone = asyncio.Event()
        async with engine(endless) as (url, arrived), remote(snapshot, url) as made:
            running = asyncio.ensure_future(begun(made, SELECT, gone=gone))
            if begins:
                answer = await running
                gone.set()
                with pytest.raises(ClientGone):
                    async for _ in answer.chunks():
                        pass
            else:
                await until(lambda: bool(arrived))
                await asyncio.sleep(0.2)  # the answer has begun, and its reader waits for more
                gone.set()
                with pytest.raises(ClientGone):
                    await asyncio.wait_for(running, 2)
            await asyncio.wait_for(arrived[0].gone.wait(), 2)
            await until(lambda: made.stats().outcomes == {"gone": 1})

    within(10, work)


def test_lanes_and_queues_are_bounded(snapshot) -> None:
    async def work() -> None:
        opened = asyncio.Event()

        async def waits(asked: Asked) -> None:
            await opened.wait()
            await asked.send(rows(1))

        bounds = {"light": 1, "heavy": 1, "queue_length": 1, "queue_limit": 0.4, "slice": 9.0}
        heavy = "SELECT ?x { ?s ?p ?x OPTIONAL { ?x ?q ?y } } ORDER BY ?x"
        async with engine(waits) as (url, arrived), remote(snapshot, url, **bounds) as made:
            first = [asyncio.ensure_future(ask(made, text)) for text in (heavy, heavy)]
            await asyncio.sleep(0.1)
            with pytest.raises(QueueFull):
                await ask(made, heavy)
            light = asyncio.ensure_future(ask(made))  # a lane of its own
            await until(lambda: len(arrived) == 2)
            stats = made.stats()
            assert (stats.running_light, stats.running_heavy, stats.queued_heavy) == (1, 1, 1)
            with pytest.raises(QueueTimeout):
                await first[1]
            opened.set()
            assert await first[0] == await light
        assert made.stats().outcomes == {"ok": 2, "QueueFull": 1, "QueueTimeout": 1}

    within(10, work)


def test_a_light_query_that_runs_on_moves_to_the_heavy_lane(snapshot) -> None:
    async def work() -> None:
        async def slow(asked: Asked) -> None:
            await asyncio.sleep(0.3)
            await asked.send(rows(1))

        async with engine(slow) as (url, _), remote(snapshot, url, light=1, slice=0.05) as made:
            running = asyncio.ensure_future(ask(made))
            await until(lambda: made.stats().running_heavy == 1)
            assert (made.stats().running_light, made.stats().promoted) == (0, 1)
            await running

    within(10, work)


def test_a_slow_reader_holds_the_engine_and_costs_no_memory(snapshot) -> None:
    piece = b', {"x": {"type": "literal", "value": "' + b"x" * 60_000 + b'"}}'

    async def work() -> None:
        sent = [0]

        async def pours(asked: Asked) -> None:
            await asked.begin({"content-type": JSON, "transfer-encoding": "chunked"})
            await asked.chunk(rows(1, closed=False))
            while sent[0] < 3000:  # 180 MB
                await asked.chunk(piece)
                sent[0] += 1

        async with engine(pours) as (url, _), remote(snapshot, url, time_limit=20.0) as made:
            before = resident()
            answer = await begun(made, SELECT)
            await asyncio.sleep(1)
            stopped = sent[0]
            await asyncio.sleep(0.5)
            assert sent[0] == stopped < 1000
            assert resident() - before < 20 * 1024 * 1024
            answer.close()

    within(30, work)


def test_the_event_loop_stays_free_while_a_large_answer_is_rewritten(snapshot) -> None:
    body = b"".join(b'<http://ex/s%d> <http://ex/p> "o" .\n' % n for n in range(200_000))

    async def work() -> None:
        longest = 0.0

        async def beats() -> None:
            nonlocal longest
            while True:
                start = time.monotonic()
                await asyncio.sleep(0.01)
                longest = max(longest, time.monotonic() - start)

        async with engine(replies(body, NT)) as (url, _), remote(snapshot, url) as made:
            heart = asyncio.ensure_future(beats())
            assert len(await ask(made, CONSTRUCT, "turtle")) > 1_000_000
            heart.cancel()
        assert longest < 0.5

    within(20, work)


def test_nobody_there_and_a_graph_that_is_no_union(snapshot) -> None:
    async def work() -> None:
        with pytest.raises(EngineAway, match=r"http://127\.0\.0\.1:9/x: "):
            await Remote(snapshot, RemoteSettings("http://127.0.0.1:9/x?key=secret")).start()

    within(10, work)

    async def other() -> None:
        async with engine(replies(b""), apart=True) as (url, _):
            with pytest.raises(EngineFailed, match="not the union of its graphs; set KG_ENGINE_UNION"):
                await Remote(snapshot, RemoteSettings(url)).start()

    within(10, other)


def test_credentials_are_sent_and_never_shown(snapshot) -> None:
    async def work() -> None:
        async with engine(replies(b"no", "text/plain", 401)) as (url, arrived):
            for settings, expected in (
                (RemoteSettings(url, user="ann", password="secret"), "Basic YW5uOnNlY3JldA=="),
                (RemoteSettings(url, token="secret"), "Bearer secret"),
            ):
                async with Remote(snapshot, settings) as made:
                    with pytest.raises(KgError) as caught:
                        await ask(made)
                assert arrived[-1].headers["authorization"] == expected
                assert "secret" not in repr(settings) + str(caught.value)

    within(10, work)
    for url in ("http://ann:secret@host/", "file:///etc", "sparql"):
        with pytest.raises(EngineAway) as caught:
            RemoteSettings(url)
        assert "secret" not in str(caught.value)


def test_closing_ends_what_runs(snapshot: Snapshot, tmp_path: Path) -> None:
    async def work() -> None:
        async def sleeps(asked: Asked) -> None:
            await asyncio.sleep(60)

        async with engine(sleeps) as (url, arrived):
            made = Remote(snapshot, RemoteSettings(url))
            await made.start()
            running = asyncio.ensure_future(ask(made))
            await until(lambda: bool(arrived))
            await made.close()
            with pytest.raises(ServiceStopping, match="stopping"):
                await running
            with pytest.raises(ServiceStopping):
                await ask(made)

    within(10, work)
