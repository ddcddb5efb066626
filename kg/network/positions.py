"""Where the nodes stand: rings around a centre, forces, or one circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import networkx as nx

from kg.network.projection import Network

Positions = dict[str, tuple[float, float]]
SortKey = Callable[[str], tuple[str, ...]]

# Forces are computed up to this many nodes; a plain circle serves above it.
MOST_BY_FORCE = 2_000
# Up to this many nodes of one component the slower forces, which keep to graph distance, serve better.
_MOST_BY_DISTANCE = 150
_MOST_RINGS = 4
# Room between components, where a node of its own takes two.
_APART = 1.0
_DIGITS = 4


def layout(network: Network, seed: int = 1, centre: str | None = None, date: str = "signed") -> Positions:
    """A position for each node: x to the right, y downwards, both from -1 to 1.

    A network that is tree-like around a node of the highest degree gets rings: each ring holds the
    nodes at one graph distance from the middle, clockwise from the top by the attribute ``date``, then
    by kind and label. ``centre`` names the middle where several nodes have that degree. Others get a
    force layout up to MOST_BY_FORCE nodes, and a circle above.
    The order of the answer is the order to read the nodes in; the same network and seed give the same answer.
    """
    plain = nx.Graph(network)
    key = _sort_key(network, date)
    middle = _middle(plain, centre)
    if middle is not None:
        return _rounded(_rings(plain, middle, key))
    order = sorted(plain, key=key)
    found = _forces(plain, seed) if len(order) <= MOST_BY_FORCE else _circle(order)
    return _rounded(_fitted({node: found[node] for node in order}))


def _sort_key(network: Network, date: str) -> SortKey:
    nodes = network.nodes

    def key(node: str) -> tuple[str, ...]:
        data = nodes[node]
        return str(data.get(date, "")), str(data["kind"]), str(data["label"]), node

    return key


def _middle(plain: nx.Graph[str], wished: str | None) -> str | None:
    """The node that all others surround; None where there is no such node.

    It touches at least three and a quarter of the others, all lie within a few steps of it, and the network has at
    most twice the edges of a tree.
    """
    others = len(plain) - 1
    if others < 3 or plain.number_of_edges() > 2 * others or not nx.is_connected(plain):
        return None
    centre = min(plain, key=lambda node: (-plain.degree(node), node != wished, node))
    steps = nx.single_source_shortest_path_length(plain, centre)
    near = plain.degree(centre) >= max(3, others / 4) and max(steps.values()) <= _MOST_RINGS
    return centre if near else None


@dataclass(frozen=True)
class _Tree:
    """A spanning tree: ``depth`` in steps from the root, ``children`` in their order around it."""

    root: str
    depth: dict[str, int]
    children: dict[str, list[str]]

    def leaves(self) -> int:
        return sum(not children for children in self.children.values())

    def angles(self) -> dict[str, float]:
        """Each node's angle in radians, clockwise from the top; leaves stand evenly, parents amid their children."""
        step = 2 * pi / max(self.leaves(), 1)
        turn = iter(range(len(self.children)))
        angles: dict[str, float] = {}
        for node in self._upwards(self.root):
            below = self.children[node]
            angles[node] = (angles[below[0]] + angles[below[-1]]) / 2 if below else next(turn) * step
        return angles

    def _upwards(self, node: str) -> Iterator[str]:
        for child in self.children[node]:
            yield from self._upwards(child)
        yield node


def _rings(plain: nx.Graph[str], centre: str, key: SortKey) -> Positions:
    depth = dict(nx.single_source_shortest_path_length(plain, centre))
    hubs = sorted((node for node in plain if _is_second_hub(plain, depth, centre, node)), key=key)
    tree = _tree(plain, centre, {node: d for node, d in depth.items() if node not in hubs}, key)
    angles = tree.angles()
    outermost = max(tree.depth.values())
    order = sorted(tree.depth, key=lambda node: (tree.depth[node], angles[node]))
    found = {node: _at(angles[node], tree.depth[node] / outermost) for node in order}
    return found | _inner(hubs, 0.5 / outermost, pi / max(tree.leaves(), 1))


def _is_second_hub(plain: nx.Graph[str], depth: dict[str, int], centre: str, node: str) -> bool:
    """Whether a node off the centre binds half as many as the centre does, and nothing hangs on it alone."""
    many = depth[node] > 1 and 2 * plain.degree(node) >= plain.degree(centre)
    return many and all(depth[other] < depth[node] for other in plain[node])


def _tree(plain: nx.Graph[str], root: str, depth: dict[str, int], key: SortKey) -> _Tree:
    children: dict[str, list[str]] = {node: [] for node in depth}
    for node in sorted(depth, key=key):
        above = [other for other in plain[node] if depth.get(other, depth[node]) < depth[node]]
        if above:
            children[min(above, key=key)].append(node)
    return _Tree(root, depth, children)


def _inner(hubs: list[str], radius: float, first: float) -> Positions:
    """Further hubs stand around the centre, inside the first ring, between two spokes."""
    return {hub: _at(first + 2 * pi * place / len(hubs), radius) for place, hub in enumerate(hubs)}


def _at(angle: float, radius: float) -> tuple[float, float]:
    return radius * sin(angle), -radius * cos(angle)


def _forces(plain: nx.Graph[str], seed: int) -> Positions:
    """Each component by forces of its own, the components in rows, the largest first."""
    parts = sorted(nx.connected_components(plain), key=lambda part: (-len(part), min(part)))
    return _packed([_component(plain.subgraph(sorted(part)), seed) for part in parts])


def _component(part: nx.Graph[str], seed: int) -> Positions:
    """One component, in a square whose half side is the root of its size."""
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(part))
    ordered.add_edges_from(sorted(part.edges()))
    near = 1 < len(ordered) <= _MOST_BY_DISTANCE
    found = nx.kamada_kawai_layout(ordered) if near else nx.spring_layout(ordered, seed=seed, iterations=100)
    half = sqrt(len(ordered)) if len(ordered) > 1 else 0.0
    fitted = _fitted({node: (float(x), float(y)) for node, (x, y) in found.items()})
    return {node: (half * x, half * y) for node, (x, y) in fitted.items()}


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


def _circle(order: list[str]) -> Positions:
    return {node: _at(2 * pi * place / len(order), 1) for place, node in enumerate(order)}


def _fitted(positions: Positions) -> Positions:
    """The same figure, moved and scaled to fill the square from -1 to 1."""
    if not positions:
        return {}
    xs, ys = zip(*positions.values(), strict=True)
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    half = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 or 1
    return {node: ((x - middle[0]) / half, (y - middle[1]) / half) for node, (x, y) in positions.items()}


def _rounded(positions: Positions) -> Positions:
    return {node: (round(x, _DIGITS) + 0.0, round(y, _DIGITS) + 0.0) for node, (x, y) in positions.items()}
