"""Rings around a middle: a node's distance is its ring, its place in the order is its angle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi, sin

import networkx as nx

Positions = dict[str, tuple[float, float]]
Key = Callable[[str], tuple[str, ...]]

_MOST_RINGS = 4


def middle(plain: nx.Graph[str], wished: str | None) -> str | None:
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


def rings(plain: nx.Graph[str], centre: str, key: Key) -> Positions:
    """Each node on the ring of its distance from the centre, inside the circle of radius 1; in order of reading."""
    depth = dict(nx.single_source_shortest_path_length(plain, centre))
    hubs = sorted((node for node in plain if _is_second_hub(plain, depth, centre, node)), key=key)
    tree = _tree(plain, centre, {node: d for node, d in depth.items() if node not in hubs}, key)
    angles = tree.angles()
    outermost = max(tree.depth.values())
    order = sorted(tree.depth, key=lambda node: (tree.depth[node], angles[node]))
    found = {node: at(angles[node], tree.depth[node] / outermost) for node in order}
    return found | _inner(hubs, 0.5 / outermost, pi / max(tree.leaves(), 1))


def _is_second_hub(plain: nx.Graph[str], depth: dict[str, int], centre: str, node: str) -> bool:
    """Whether a node off the centre binds half as many as the centre does, and nothing hangs on it alone."""
    many = depth[node] > 1 and 2 * plain.degree(node) >= plain.degree(centre)
    return many and all(depth[other] < depth[node] for other in plain[node])


def _tree(plain: nx.Graph[str], root: str, depth: dict[str, int], key: Key) -> _Tree:
    children: dict[str, list[str]] = {node: [] for node in depth}
    for node in sorted(depth, key=key):
        above = [other for other in plain[node] if depth.get(other, depth[node]) < depth[node]]
        if above:
            children[min(above, key=key)].append(node)
    return _Tree(root, depth, children)


def _inner(hubs: list[str], radius: float, first: float) -> Positions:
    """Further hubs stand around the centre, inside the first ring, between two spokes."""
    return {hub: at(first + 2 * pi * place / len(hubs), radius) for place, hub in enumerate(hubs)}


def at(angle: float, radius: float) -> tuple[float, float]:
    """A point at an angle clockwise from the top."""
    return radius * sin(angle), -radius * cos(angle)
