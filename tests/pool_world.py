"""A small snapshot and ways to ask a pool, for the tests of the pool."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from kg import guard, integrity, store
from kg.evaluate import Request
from kg.pool import Answer, Pool, PoolSettings
from kg.store import Snapshot

QUADS = 2_000
SMALL = "SELECT * { <http://ex/a5> ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT "
DOUBLINGS = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
BOMB = "SELECT (STRLEN(?x40) AS ?n) { BIND('abcdefgh' AS ?x0) " + DOUBLINGS + " }"


def make_snapshot(folder: Path, quads: int = QUADS, *, on_disk: bool = False) -> Snapshot:
    """A snapshot folder made by hand; ``on_disk`` says that it is large."""
    folder.mkdir(exist_ok=True)
    lines = (f'<http://ex/a{n // 10}> <http://ex/p{n % 10}> "value {n}" <http://ex/g{n % 3}> .\n' for n in range(quads))
    (folder / store.QUADS).write_text("".join(lines))
    told = store.MEMORY_QUADS + 1 if on_disk else quads
    files = {store.QUADS: integrity.described(folder / store.QUADS)}
    manifest = {"id": "i", "version": "v", "released": "r", "quads": told, "files": files}
    (folder / store.MANIFEST).write_text(json.dumps(manifest))
    if on_disk:
        integrity.write_store(folder / store.QUADS, folder / store.STORE)
    return store.read(folder)


def within(seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run to the end, but no longer than this."""

    async def bounded() -> None:
        async with asyncio.timeout(seconds):
            await work()

    asyncio.run(bounded())


async def answered(
    pool: Pool, text: str, name: str = "csv", gone: asyncio.Event | Awaitable[Any] | None = None
) -> Answer:
    """The answer to a query, by way of the guard."""
    seen = guard.inspect(text)
    return await pool.run(Request(text, name, has_dataset=seen.has_dataset), seen, gone)


async def ask(pool: Pool, text: str, name: str = "csv", gone: asyncio.Event | Awaitable[Any] | None = None) -> bytes:
    """The whole answer."""
    return b"".join([piece async for piece in (await answered(pool, text, name, gone)).chunks()])


async def past_the_guard(pool: Pool, text: str, *, light: bool = False) -> bytes:
    """The answer to a query that the guard never saw."""
    seen = guard.Inspected(form="SELECT", has_dataset=False, shape=text, light=light)
    return b"".join([piece async for piece in (await pool.run(Request(text, "csv"), seen)).chunks()])


async def until(true: Callable[[], bool], seconds: float = 5) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


def children(pid: int) -> set[int]:
    """The processes that one has started, as /proc tells; those that only wait to be reaped count too."""
    found: set[int] = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            found |= set(map(int, path.read_text().split()))
    return found


# Children from before the test, such as the server of other tests in this process: none of its business.
others: set[int] = set()


def descendants(pid: int | None = None) -> set[int]:
    """All processes that this test has started, and theirs."""
    found = children(pid or os.getpid()) - others
    return found.union(*map(descendants, found))


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def quick(**more: Any) -> PoolSettings:
    """Settings for tests: nothing lasts long."""
    return PoolSettings(**{"time_limit": 5.0, "queue_limit": 10.0} | more)
