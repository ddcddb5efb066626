"""The networks of one snapshot: each view constructed, projected, laid out and drawn once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from api import service
from api.service import Service
from kg import catalogue, names, paths
from kg.catalogue import Query

if TYPE_CHECKING:
    from kg.network import Network, Positions
    from kg.picture import Frame

_EDGES = f"SELECT ?property {{ ?property <{names.SA.edge}> true }} ORDER BY ?property"
_SUFFIXES = ("svg", "json", "graphml", "gexf", "csv", "ttl")


@dataclass(frozen=True)
class Drawn:
    """One view, drawn: its query, the network, where its nodes stand, and its files by suffix."""

    view: Query
    network: Network
    positions: Positions
    frame: Frame
    files: dict[str, bytes]


class Networks:
    """Draws views on demand and keeps them as long as the snapshot is served."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._kept: dict[str, asyncio.Task[Drawn]] = {}

    async def drawn(self, name: str) -> Drawn:
        """One view by name; raises UnknownName. Asked for by many at once, it is drawn once."""
        view = catalogue.find(paths.queries(), "views", name)
        task = self._kept.get(name)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._kept[name] = asyncio.create_task(self._draw(view))
        return await asyncio.shield(task)

    async def _draw(self, view: Query) -> Drawn:
        triples = await self._service.answer(view.body, "ntriples")
        turtle = await self._service.answer(view.body, "turtle")
        found = json.loads(await self._service.answer(_EDGES))
        edges = [row["property"]["value"] for row in found["results"]["bindings"]]
        return await asyncio.to_thread(_draw, view, self._credit(), triples, turtle, edges)

    def _credit(self) -> str:
        snapshot = self._service.snapshot
        return f"Security agreements knowledge graph, data {snapshot.version} of {snapshot.released}. CC BY 4.0."


def of(connection: HTTPConnection) -> Networks:
    """The networks of the snapshot that a request is about."""
    return service.of(connection).kept(Networks)


def page_of(node: str) -> str:
    """The page of a node: an agreement's own, a party's agreements."""
    folder, _, slug = node.partition("/")
    if folder == "parties":
        return f"/agreements?partner={slug}"
    return node if node.startswith(("https://", "http://")) else f"/{node}"


def _draw(view: Query, credit: str, triples: bytes, turtle: bytes, edges: list[str]) -> Drawn:
    # Imported here: networkx and scipy take longer to import than the service to start.
    from kg import picture  # noqa: PLC0415  # its first import takes long
    from kg.network import WRITERS, layout, project  # noqa: PLC0415  # its first import takes long

    network = project(triples, edges)
    positions = layout(network, centre=view.centre or None)
    names_shown = {kind: picture.spaced(kind) for kind in _kinds(network)}
    description = " ".join(view.description.split())
    frame = picture.Frame(view.summary, description, _href(view), names_shown, credit=credit)
    files = {suffix: write(network, positions) for suffix, write in WRITERS.items()}
    files["svg"] = picture.svg(network, positions, frame, standalone=True).encode()
    files["ttl"] = turtle
    return Drawn(view, network, positions, frame, {suffix: files[suffix] for suffix in _SUFFIXES})


def _href(view: Query) -> Callable[[str], str]:
    """The page of each node of a view; the one in the middle is in all of them, so it leads to the whole list."""
    return lambda node: "/agreements" if node == view.centre else page_of(node)


def _kinds(network: Network) -> set[str]:
    nodes = {str(data["kind"]) for _, data in network.nodes(data=True)}
    return nodes | {str(data["kind"]) for _, _, data in network.edges(data=True)}
