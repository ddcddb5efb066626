"""Forces: what is linked stands near; separate parts stand side by side. The one way into igraph, which is optional."""

from __future__ import annotations

from hashlib import sha256
from importlib.util import find_spec
from math import pi, sqrt
from random import Random

import networkx as nx

from kg.network.rings import Key, Positions, at, middle, rings

# Forces are computed in Python up to this many nodes of one component, by igraph above, where it is installed.
MOST_BY_FORCE = 2_000
# Up to this many nodes of one component the slower forces, which keep to graph distance, serve better.
_MOST_BY_DISTANCE = 150
# Room between components, where a node of its own takes two.
_APART = 1.0


def forces(plain: nx.Graph[str], seed: int, key: Key) -> Positions:
    """Each component by itself, the components in rows, the largest first.

    A component with a middle has rings; another one forces, or a circle where it is too large for what is installed.
    """
    parts = sorted(nx.connected_components(plain), key=lambda part: (-len(part), max(key(node) for node in part)))
    return _packed([_component(plain.subgraph(sorted(part)), seed, key) for part in parts])


def _component(part: nx.Graph[str], seed: int, key: Key) -> Positions:
    """One component, in a square whose half side is the root of its size."""
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(part))
    ordered.add_edges_from(sorted((min(s, t), max(s, t)) for s, t in part.edges()))
    half = sqrt(len(ordered)) if len(ordered) > 1 else 0.0
    return {node: (half * x, half * y) for node, (x, y) in fitted(_placed(ordered, seed, key)).items()}


def _placed(part: nx.Graph[str], seed: int, key: Key) -> Positions:
    centre = middle(part, None)
    if centre is not None:
        return rings(part, centre, key)
    if 1 < len(part) <= _MOST_BY_DISTANCE:
        found = nx.kamada_kawai_layout(part)
    elif len(part) <= MOST_BY_FORCE:
        found = nx.spring_layout(part, pos=_first(part), seed=seed, iterations=100)
    else:
        return _by_igraph(part, seed) if find_spec("igraph") else circle(sorted(part, key=key))
    return {node: (float(x), float(y)) for node, (x, y) in found.items()}


def _by_igraph(part: nx.Graph[str], seed: int) -> Positions:
    import igraph  # noqa: PLC0415  # optional

    place = {node: number for number, node in enumerate(part)}
    drawn = igraph.Graph(len(place), [(place[s], place[t]) for s, t in part.edges()])
    first = _first(part)
    start = [[sqrt(len(place)) * value for value in first[node]] for node in part]
    # Its chance is one for the whole process, so it is set before each use.
    igraph.set_random_number_generator(Random(seed))  # noqa: S311  # no secret
    found = drawn.layout_fruchterman_reingold(seed=start, niter=200, grid=True)
    return {node: (float(x), float(y)) for node, (x, y) in zip(part, found.coords, strict=True)}


def _first(part: nx.Graph[str]) -> Positions:
    """Where the forces begin: a point for each node that depends on its name alone, so that others do not move it."""
    digests = {node: sha256(node.encode()).digest() for node in part}
    return {node: (_share(digest[:4]), _share(digest[4:8])) for node, digest in digests.items()}


def _share(digits: bytes) -> float:
    return int.from_bytes(digits, "big") / 2**31 - 1


def _packed(parts: list[Positions]) -> Positions:
    """Components side by side, row under row, in about a square."""
    found: Positions = {}
    widest = 2.5 * sqrt(sum((2 * sqrt(len(part)) + _APART) ** 2 for part in parts) / 4)
    x = y = height = 0.0
    for part in parts:
        side = 2 * sqrt(len(part)) + _APART
        if x and x + side > widest:
            x, y, height = 0.0, y + height, 0.0
        found |= {node: (x + side / 2 + px, y + side / 2 + py) for node, (px, py) in part.items()}
        x, height = x + side, max(height, side)
    return found


def circle(order: list[str]) -> Positions:
    """All on one circle, in that order."""
    return {node: at(2 * pi * place / len(order), 1) for place, node in enumerate(order)}


def fitted(positions: Positions) -> Positions:
    """The same figure, moved and scaled to fill the square from -1 to 1."""
    if not positions:
        return {}
    xs, ys = zip(*positions.values(), strict=True)
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    half = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 or 1
    return {node: ((x - middle[0]) / half, (y - middle[1]) / half) for node, (x, y) in positions.items()}
