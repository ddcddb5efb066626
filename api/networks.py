"""The networks of one snapshot: each view constructed, projected and laid out once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from api.service import Service
from kg import catalogue, names, paths
from kg.catalogue import Query

if TYPE_CHECKING:
    from kg.network import Network, Positions

_EDGES = f"SELECT ?property {{ ?property <{names.SA.edge}> true }} ORDER BY ?property"
_CLASSES = [str(names.SA[name]) for name in ("Agreement", "Country", "InternationalOrganisation", "Group")]


@dataclass(frozen=True)
class Drawn:
    """One view, drawn: its query, its triples, the network and where its nodes stand."""

    view: Query
    triples: bytes
    network: Network
    positions: Positions


class Networks:
    """Draws views on demand and keeps them as long as the snapshot is served."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._kept: dict[str, asyncio.Task[Drawn]] = {}

    async def drawn(self, name: str) -> Drawn:
        """One view by name; raises UnknownName. Asked at once by many, it is drawn once."""
        view = catalogue.find(paths.queries(), "views", name)
        task = self._kept.get(name)
        if task is None or (task.done() and task.exception()):
            task = self._kept[name] = asyncio.create_task(self._draw(view))
        return await asyncio.shield(task)

    async def _draw(self, view: Query) -> Drawn:
        triples = await self._service.answer(view.body, "ntriples")
        found = json.loads(await self._service.answer(_EDGES))
        edges = [row["property"]["value"] for row in found["results"]["bindings"]]
        return await asyncio.to_thread(_draw, view, triples, edges)


def of(connection: HTTPConnection) -> Networks:
    """The networks of the service that a request came to."""
    networks: Networks = connection.app.state.networks
    return networks


def _draw(view: Query, triples: bytes, edges: list[str]) -> Drawn:
    # Imported here: networkx and scipy take longer to import than the service to start.
    from kg.network import layout, project  # noqa: PLC0415

    network = project(triples, edges, _CLASSES)
    return Drawn(view, triples, network, layout(network, centre="parties/UKR"))
