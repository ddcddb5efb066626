"""What an engine is found to be when the service starts."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from kg.errors import EngineFailed, RowLimit
from kg.evaluate import Request
from kg.formats import Content
from kg.remote import dialect, exchange
from kg.remote.dialect import Dialect
from kg.remote.settings import RemoteSettings

# True when a triple of a named graph is not in the default graph.
_APART = "ASK { { SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 1 } FILTER NOT EXISTS { ?s ?p ?o } }"
# More rows than most engines that cut are set to give.
_MANY = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 100001"


@dataclass(frozen=True)
class Known:
    """The engine's dialect, and the most triples it gives (0: no bound found)."""

    dialect: Dialect
    most: int = 0


async def engine(client: httpx.AsyncClient, settings: RemoteSettings) -> Known:
    """Ask what it is; raises EngineAway or EngineFailed, with the address for the operator's eyes."""
    try:
        spoken = dialect.OTHER
        async with exchange.sent(client, _asked(settings, spoken, "ASK {}")) as response:
            spoken = dialect.of_server(response.headers.get("server", ""))
        async with exchange.sent(client, _asked(settings, spoken, _APART)) as response:
            apart = (await response.aread()).replace(b" ", b"")
        if b'"boolean":true' in apart or b"<boolean>true" in apart:
            raise EngineFailed("its default graph is not the union of its graphs; set KG_ENGINE_UNION")
        return Known(spoken, await _most(client, settings, spoken) if spoken.cuts_graphs else 0)
    except httpx.TransportError as error:
        raise type(exchange.broken(error, begun=False))(f"{settings.shown}: {error}") from error
    except EngineFailed as error:
        raise EngineFailed(f"{settings.shown}: {error}") from error


async def _most(client: httpx.AsyncClient, settings: RemoteSettings, spoken: Dialect) -> int:
    try:
        async with exchange.sent(client, _asked(settings, spoken, _MANY)):
            return 0
    except RowLimit as cut:
        return cut.rows


def _asked(settings: RemoteSettings, spoken: Dialect, text: str) -> exchange.Asked:
    request = Request(text)
    form = dialect.fields(spoken, request, 60)
    return exchange.Asked(settings.url, dialect.parameters(spoken, settings.union, request), form, Content.BINDINGS)
