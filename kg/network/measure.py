"""What a node's place in a network is: degree, betweenness, component."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from kg.network.projection import Network

# Above this many nodes betweenness is estimated, from so many nodes drawn with a fixed seed.
EXACT = 1_000
PIVOTS = 100


@dataclass(frozen=True)
class Measure:
    """One node's place in its network; edges count whichever way they point.

    ``degree`` counts the edges that touch it. ``betweenness`` is the share, 0 to 1, of shortest
    paths between other nodes that lead through it; parallel edges count once. ``component`` numbers
    the separate parts of the network, the largest being 1.
    """

    id: str
    label: str
    kind: str
    degree: int
    betweenness: float
    component: int


def measures(network: Network) -> list[Measure]:
    """A row for each node, by falling degree, then betweenness, then id.

    Betweenness is exact up to EXACT nodes and estimated above.
    """
    plain = nx.Graph(network)
    between = _betweenness(plain)
    part = _components(plain)
    rows = [
        Measure(node, str(data["label"]), str(data["kind"]), network.degree(node), round(between[node], 6), part[node])
        for node, data in network.nodes(data=True)
    ]
    return sorted(rows, key=lambda row: (-row.degree, -row.betweenness, row.id))


def _betweenness(plain: nx.Graph[str]) -> dict[str, float]:
    pivots = PIVOTS if len(plain) > EXACT else None
    found: dict[str, float] = nx.betweenness_centrality(plain, k=pivots, seed=1)
    return found


def _components(plain: nx.Graph[str]) -> dict[str, int]:
    parts = sorted(nx.connected_components(plain), key=lambda part: (-len(part), min(part)))
    return {node: number for number, part in enumerate(parts, start=1) for node in part}
