"""A part of a network: as of one day, of some kinds of node, around one node."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import networkx as nx

from kg.network.projection import Network

Edge = tuple[str, str, str, dict[str, Any]]


class Dates(NamedTuple):
    """The attributes of nodes and edges that hold their first and their last day; empty where a view has none."""

    since: str = ""
    until: str = ""


def days(network: Network, dates: Dates) -> list[str]:
    """The days, in order, on which something begins, and those after which something ended."""
    everything = [data for _, data in network.nodes(data=True)]
    everything += [data for _, _, data in network.edges(data=True)]
    found = {str(data[name]) for data in everything for name in dates if name and name in data}
    return sorted(found)


def undated(network: Network, dates: Dates) -> int:
    """How many edges no day is known for, neither their own nor that of an end."""
    return sum(not _since(network, edge, dates) for edge in network.edges(keys=True, data=True))


def on_day(network: Network, day: str, dates: Dates) -> Network:
    """What had begun by that day (as ``2024-05-01``) and had not ended; nodes keep what they hold.

    An edge begins with its own date, else with the later one of its ends; one without any is left out, and so is a
    node that has a later date, and one that had edges and has none left.
    """
    edges = [edge[:3] for edge in network.edges(keys=True, data=True) if _held(network, edge, day, dates)]
    ends = {end for s, t, _ in edges for end in (s, t)}
    nodes = [
        node
        for node, data in network.nodes(data=True)
        if node in ends or (not network.degree(node) and _present(data, day, dates))
    ]
    return _part(network, nodes, set(edges))


def of_kinds(network: Network, kinds: Collection[str]) -> Network:
    """The nodes of those kinds, and the edges between them."""
    return _part(network, [node for node, data in network.nodes(data=True) if data["kind"] in kinds])


def around(network: Network, node: str, radius: int) -> Network:
    """A node and what lies within so many edges of it, whichever way they point; raises KeyError without the node."""
    if node not in network:
        raise KeyError(node)
    near = nx.single_source_shortest_path_length(nx.Graph(network), node, cutoff=radius)
    return _part(network, near)


def largest(network: Network, most: int) -> Network:
    """The nodes with most edges, at most so many, and the edges between them."""
    ranked = sorted(network, key=lambda node: (-network.degree(node), node))
    return network if len(ranked) <= most else _part(network, ranked[:most])


def in_language(network: Network, language: str) -> Network:
    """The same with labels in a language, where there are any (attribute ``label_uk``)."""
    told: Network = network.copy()
    for _, data in told.nodes(data=True):
        data["label"] = data.get(f"label_{language}", data["label"])
    return told


def _part(network: Network, nodes: Collection[str], edges: set[tuple[str, str, str]] | None = None) -> Network:
    kept = set(nodes)
    part: Network = nx.MultiDiGraph()
    part.add_nodes_from((node, data) for node, data in network.nodes(data=True) if node in kept)
    for s, t, key, data in network.edges(keys=True, data=True):
        if s in kept and t in kept and (edges is None or (s, t, key) in edges):
            part.add_edge(s, t, key=key, **data)
    return part


def _held(network: Network, edge: Edge, day: str, dates: Dates) -> bool:
    source, target, _, data = edge
    since = _since(network, edge, dates)
    parts = (data, network.nodes[source], network.nodes[target])
    return bool(since) and since <= day and all(_present(part, day, dates) for part in parts)


def _since(network: Network, edge: Edge, dates: Dates) -> str:
    own = str(edge[3].get(dates.since, ""))
    return own or max(str(network.nodes[end].get(dates.since, "")) for end in edge[:2])


def _present(data: Mapping[str, object], day: str, dates: Dates) -> bool:
    """Whether nothing said of it speaks against that day."""
    since, until = data.get(dates.since), data.get(dates.until)
    return (since is None or str(since) <= day) and (until is None or str(until) >= day)
