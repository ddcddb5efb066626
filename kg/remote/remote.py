"""The engine at an address: the same interface and bounds as the pool, over HTTP."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import httpx

from kg import evaluate
from kg.errors import EngineAway, KgError, ServiceStopping, TimeLimit
from kg.evaluate import Request
from kg.formats import Content, Format, named
from kg.guard import Inspected
from kg.pool.answer import Answer, ClientGone
from kg.pool.job import Gone
from kg.pool.lanes import Lane, ShapeMemory
from kg.pool.settings import PoolSettings
from kg.pool.stats import Stats
from kg.remote import dialect, exchange, probe
from kg.remote.call import Call
from kg.remote.rewriter import Task
from kg.remote.settings import RemoteSettings
from kg.remote.turns import Turns
from kg.store import Snapshot

_DEFAULT = PoolSettings()
_TRIPLES = ("CONSTRUCT", "DESCRIBE")


class Remote:
    """Answers queries by asking another engine; lives in one event loop.

    ``light`` and ``heavy`` of the bounds are the numbers of queries that are at the engine at once.
    ``snapshot`` is what the engine is said to hold. A query over its time is given up and its
    connection closed; whether the engine stops then is the engine's affair, so set its own limit too.
    """

    def __init__(self, snapshot: Snapshot, settings: RemoteSettings, bounds: PoolSettings = _DEFAULT) -> None:
        self.snapshot = snapshot
        self.settings = settings
        self.bounds = bounds
        self._turns = Turns(bounds)
        self._shapes = ShapeMemory(bounds.shapes)
        self._outcomes: Counter[str] = Counter()
        self._calls: set[Call] = set()
        self._client: httpx.AsyncClient | None = None
        self._threads = ThreadPoolExecutor(bounds.light + bounds.heavy, "kg-remote")
        self._known = probe.Known(dialect.OTHER)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    async def start(self) -> None:
        """Learn what engine it is and whether it reads the union; raises EngineAway or EngineFailed."""
        self._client = _client(self.settings, self.bounds)
        try:
            async with asyncio.timeout(self.bounds.start_limit):
                self._known = await probe.engine(self._client, self.settings)
        except TimeoutError:
            await self.close()
            seconds = self.bounds.start_limit
            raise EngineAway(f"{self.settings.shown}: no answer within {seconds:g} s") from None
        except BaseException:  # whatever it was, cancelling too: nothing started is left behind, and it goes on
            await self.close()
            raise

    async def close(self) -> None:
        """Give up what runs, which fails with ServiceStopping, and close every connection."""
        client, self._client = self._client, None
        tasks = [
            call.give_up(ServiceStopping("the service is stopping; try again in a moment"))
            for call in list(self._calls)
        ]
        await asyncio.gather(*tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
        if client is not None:
            await client.aclose()

    async def run(self, request: Request, inspected: Inspected, gone: Gone | None = None) -> Answer:
        """The answer to a query that the guard has let through.

        ``gone`` comes true when the client leaves: the query is then dropped or its connection
        closed, and ClientGone raised. Cancelling does the same. Raises QueryError, EngineError, or
        UnknownName of the format.
        """
        form = named(request.format_name)
        evaluate.check_holds(form, triples=inspected.form in _TRIPLES)
        shape = hash(inspected.shape)
        call = Call(self._shapes.lane(shape, inspected.light), shape, gone)
        self._calls.add(call)
        call.begin(self._work(call, request, form))
        try:
            return await call.answer
        except asyncio.CancelledError:
            call.give_up(ClientGone("the client has gone"))
            raise

    def stats(self) -> Stats:
        """Counts up to now; a worker is a query that may be at the engine."""
        turns = self._turns
        running = sum(turns.running.values())
        return Stats(
            workers=sum(turns.slots.values()),
            idle=sum(turns.slots.values()) - running,
            running_light=turns.running[Lane.LIGHT],
            running_heavy=turns.running[Lane.HEAVY],
            queued_light=len(turns.waiting[Lane.LIGHT]),
            queued_heavy=len(turns.waiting[Lane.HEAVY]),
            restarts=0,
            promoted=self._outcomes["_promoted"],
            requeued=0,
            outcomes={name: count for name, count in self._outcomes.items() if name[0] != "_"},
        )

    # What happens to a call, in order.

    async def _work(self, call: Call, request: Request, form: Format) -> None:
        outcome = "ok"
        try:
            await self._in_turn(call, request, form)
        except asyncio.CancelledError:
            error = call.reason or ClientGone("the client has gone")
            outcome = "gone" if isinstance(error, ClientGone) else type(error).__name__
            call.fail(error)
        except KgError as error:
            outcome = type(error).__name__
            call.fail(error)
        finally:
            self._outcomes[outcome] += 1
            self._calls.discard(call)

    async def _in_turn(self, call: Call, request: Request, form: Format) -> None:
        await self._turns.enter(call.lane)
        call.after(self.bounds.slice, lambda: self._sliced(call))
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self.bounds.time_limit):
                await self._ask(call, request, form)
        except TimeoutError:
            seconds = self.bounds.time_limit
            raise TimeLimit(f"the query ran longer than {seconds:g} s; narrow it, or add a LIMIT") from None
        finally:
            call.rest()
            self._turns.leave(call.lane)
        if asyncio.get_running_loop().time() - began < self.bounds.slice / 4:
            self._shapes.learn(call.shape, Lane.LIGHT)

    def _sliced(self, call: Call) -> None:
        """The slice has passed: its shape is heavy, and it goes on in a heavy slot if one is free."""
        self._shapes.learn(call.shape, Lane.HEAVY)
        if call.lane is Lane.LIGHT and self._turns.promote():
            call.lane = Lane.HEAVY
            self._outcomes["_promoted"] += 1

    async def _ask(self, call: Call, request: Request, form: Format) -> None:
        client, known, union = self._client, self._known, self.settings.union
        if client is None:
            raise ServiceStopping("the service is stopping; try again in a moment")
        content = Content.BINDINGS if form.content is Content.BINDINGS else Content.GRAPH
        asked = exchange.Asked(
            self.settings.url,
            dialect.parameters(known.dialect, union, request),
            dialect.fields(known.dialect, request, self.bounds.time_limit),
            content,
        )
        task = Task(request, form, known.most)
        try:
            async with exchange.sent(client, asked) as response:
                await exchange.rewritten(response, task, call.outlet(self.bounds), self._threads)
        except httpx.TransportError as error:
            raise exchange.broken(error, begun=call.stream is not None) from error


def _client(settings: RemoteSettings, bounds: PoolSettings) -> httpx.AsyncClient:
    """A client that follows nobody and takes nothing from its surroundings but the system's certificates."""
    auth = httpx.BasicAuth(settings.user, settings.password) if settings.user else None
    headers = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
    return httpx.AsyncClient(
        auth=auth,
        headers=headers | {"Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=bounds.light + bounds.heavy, max_keepalive_connections=None),
        timeout=None,  # noqa: S113  # each query's whole exchange is bounded by the time limit
        trust_env=False,
        verify=ssl.create_default_context() if settings.url.startswith("https:") else False,
    )
