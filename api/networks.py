"""The networks of one snapshot: each view constructed and laid out once, and the parts of it that are asked for."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from api import labels, service
from api.labels import Labels
from api.portion import Portion
from api.rendering import translations
from api.service import Service
from kg import catalogue, names, paths
from kg.catalogue import Query
from kg.errors import UnknownName

if TYPE_CHECKING:
    from kg.network import Dates, Network, Positions
    from kg.picture import Frame

_EDGES = f"SELECT ?property {{ ?property <{names.SA.edge}> true }} ORDER BY ?property"
# Nodes and edges of all parts that are kept ready; each takes about a kilobyte.
MOST_KEPT = 100_000
Key = tuple[str, Portion]


@dataclass(frozen=True)
class View:
    """One view in full: its query, the triples it gives (N-Triples), the network, and where its nodes stand."""

    query: Query
    triples: bytes
    network: Network
    positions: Positions
    dates: Dates


@dataclass(frozen=True)
class Part:
    """The part of a view that is asked for. ``portion`` has the id of the node that was meant."""

    view: View
    portion: Portion
    network: Network
    positions: Positions


class Networks:
    """Makes networks on demand, one at a time, and keeps them as long as the snapshot is served."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._views: dict[str, asyncio.Task[View]] = {}
        self._parts: OrderedDict[Key, Part] = OrderedDict()
        self._turn = asyncio.Semaphore(1)

    async def view(self, name: str) -> View:
        """One view by name; raises UnknownName. Asked for by many at once, it is made once."""
        query = catalogue.find(paths.queries(), "views", name)
        task = self._views.get(name)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._views[name] = asyncio.create_task(self._make(query))
        return await asyncio.shield(task)

    async def part(self, name: str, portion: Portion) -> Part:
        """A part of a view; raises UnknownName for a view, a kind or a node that there is not."""
        view = await self.view(name)
        key = (name, portion)
        if key not in self._parts:
            async with self._turn:
                if key not in self._parts:  # another request may have made it while this one waited its turn
                    self._keep(key, await asyncio.to_thread(_part, view, portion))
        self._parts.move_to_end(key)
        return self._parts[key]

    def _keep(self, key: Key, part: Part) -> None:
        """Keep a part, and let go of those longest unused, so that all together stay within MOST_KEPT."""
        self._parts[key] = part
        while len(self._parts) > 1 and sum(map(_size, self._parts.values())) > MOST_KEPT:
            self._parts.popitem(last=False)

    async def _make(self, query: Query) -> View:
        triples = await self._service.answer(query.body, "ntriples")
        found = json.loads(await self._service.answer(_EDGES))
        edges = [row["property"]["value"] for row in found["results"]["bindings"]]
        async with self._turn:
            return await asyncio.to_thread(_view, query, triples, edges)

    def frame(self, part: Part, language: str) -> Frame:
        """What is said around the picture of a part, in a language."""
        from kg import picture  # noqa: PLC0415  # its first import takes long

        query, snapshot = part.view.query, self._service.snapshot
        say = translations(language).gettext
        return picture.Frame(
            say(query.summary),
            # It speaks of the picture of the whole.
            "" if part.portion.node else say(" ".join(query.description.split())),
            _href(query),
            _names(part, labels.of(snapshot, language), say),
            credit=f"Security agreements knowledge graph, data {snapshot.version} of {snapshot.released}. CC BY 4.0.",
            date=query.drawing.since,
            columns=_in_columns(part),
            whole=query.drawing.captions == "whole",
            order=_order(part.view.network),
            strong=query.drawing.strong,
        )


def of(connection: HTTPConnection) -> Networks:
    """The networks of the snapshot that a request is about."""
    return service.of(connection).kept(Networks)


def page_of(node: str) -> str:
    """The page of a node: its id is its path, on this site unless it is a whole address."""
    return node if node.startswith(("https://", "http://")) else f"/{node}"


def _view(query: Query, triples: bytes, edges: list[str]) -> View:
    # Imported here: networkx and scipy take longer to import than the service to start.
    from kg.network import Dates, Form, layout, project  # noqa: PLC0415  # its first import takes long

    how = query.drawing
    network = project(triples, edges)
    form = Form(how.centre, how.form == "columns", how.layers)
    positions = layout(network, form=form, date=how.since)
    return View(query, triples, network, positions, Dates(how.since, how.until))


def _part(view: View, portion: Portion) -> Part:
    """Around a node the picture is laid out anew; otherwise everything stays where it stands in the whole."""
    from kg.network import Form, around, layout, of_kinds, on_day  # noqa: PLC0415  # its first import takes long

    network, positions = view.network, view.positions
    _check_kinds(network, portion.kinds)
    portion = replace(portion, node=_meant(network, portion.node))
    if portion.on:
        network = on_day(network, portion.on, view.dates)
    if portion.kinds:
        network = of_kinds(network, portion.kinds)
    if portion.node:
        if portion.node not in network:
            raise UnknownName("node of this part of the network", portion.node, sorted(network))
        network = around(network, portion.node, portion.radius)
        positions = layout(network, form=Form(portion.node), date=view.query.drawing.since)
    positions = {node: place for node, place in positions.items() if node in network}
    return Part(view, portion, network, positions)


def _check_kinds(network: Network, kinds: tuple[str, ...]) -> None:
    known = sorted({str(data["kind"]) for _, data in network.nodes(data=True)})
    for kind in kinds:
        if kind not in known:
            raise UnknownName("kind of node", kind, known)


def _meant(network: Network, asked: str) -> str:
    """The id of the node that has this id or label, else of the first whose label has it in it."""
    if not asked or asked in network:
        return asked
    words = asked.casefold()
    told = {
        node: " ".join(str(data[name]) for name in sorted(data) if name.startswith("label")).casefold()
        for node, data in network.nodes(data=True)
    }
    exact = [node for node, data in network.nodes(data=True) if str(data["label"]).casefold() == words]
    found = exact or [node for node in network if words in told[node] or words == node.rsplit("/", 1)[-1].casefold()]
    if not found:
        raise UnknownName("node", asked, sorted(str(data["label"]) for _, data in network.nodes(data=True)))
    return min(found, key=lambda node: (len(told[node]), node))


def _in_columns(part: Part) -> bool:
    return part.view.query.drawing.form == "columns" and not part.portion.node


def _order(network: Network) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from kg import picture  # noqa: PLC0415  # its first import takes long

    known = picture.kinds(network, {})
    return tuple(known.nodes), tuple(known.edges)


def _size(part: Part) -> int:
    return len(part.network) + part.network.number_of_edges()


def _href(query: Query) -> Callable[[str], str]:
    """The page of each node of a view; the one in the middle of agreements is in all, so it leads to the whole list."""
    hub = query.drawing.centre if query.drawing.centre.startswith("parties/") else ""
    return lambda node: "/agreements" if node == hub else page_of(node)


def _names(part: Part, known: Labels, say: Callable[[str], str]) -> dict[str, str]:
    """What kinds of nodes and edges are called: as the view says, else by the ontology, else by the schemes."""
    own, network = part.view.query.drawing.names, part.view.network
    nodes = {str(data["kind"]) for _, data in network.nodes(data=True)}
    edges = {str(data["kind"]) for _, _, data in network.edges(data=True)}
    told = {kind: known.path(f"ontology#{kind}") for kind in nodes}
    told |= {kind: _edge_name(kind, known) for kind in edges}
    return told | {kind: say(name) for kind, name in own.items()}


def _edge_name(kind: str, known: Labels) -> str:
    role = f"schemes/role/{kind}"
    return known.path(role) if known.has(role) else known.path(f"ontology#{kind}")
