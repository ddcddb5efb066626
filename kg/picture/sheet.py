"""A network on a sheet: a place in pixels for each node and label, and the box that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kg.network import Network, Positions
from kg.picture import columns, look
from kg.picture.labels import Label, Mark, place
from kg.picture.look import Frame, Kinds

Point = tuple[float, float]

_MARGIN = 14.0
_SMALLEST = 240.0
_BEND = 26.0


@dataclass(frozen=True)
class Box:
    """What a drawing covers, in pixels from its middle."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    """A network with a mark for each node, in the order of reading, and a label for each that has room for one."""

    network: Network
    marks: dict[str, Mark]
    labels: dict[str, Label]
    known: Kinds
    frame: Frame

    def point(self, node: str) -> Point:
        """The middle of a node."""
        return self.marks[node].x, self.marks[node].y

    def routes(self) -> list[list[Point]]:
        """The points of each edge: straight from node to node, but in columns from the end of a label."""
        ends = columns.ends(self.marks) if self.frame.columns else {}
        return [self._route(edge, ends) for edge in self.network.edges()]

    def _route(self, edge: tuple[str, str], ends: dict[str, tuple[float, float]]) -> list[Point]:
        left, right = sorted(edge, key=lambda node: self.marks[node].x)
        start, end = self.point(left), self.point(right)
        if left not in ends:
            return [start, end]
        if start[0] == end[0]:  # within a column, around what stands between
            return [start, (start[0] - _BEND, start[1]), (start[0] - _BEND, end[1]), end]
        return list(dict.fromkeys([*((x, start[1]) for x in ends[left]), end]))

    def box(self) -> Box:
        """What nodes and labels cover, with a margin; as wide to the left as to the right, but for columns."""
        marks = self.marks.values()
        points = [point for label in self.labels.values() for point in label.points()] or [(0.0, 0.0)]
        xs, ys = map(list, zip(*points, strict=True))
        for side in (-1.3, 1.3):
            xs += [mark.x + side * mark.radius for mark in marks]
            ys += [mark.y + side * mark.radius for mark in marks]
        if self.frame.columns:
            return Box(min(xs) - _MARGIN, min(ys) - _MARGIN, max(xs) + _MARGIN, max(ys) + _MARGIN)
        half = max(_SMALLEST, *map(abs, xs)) + _MARGIN
        return Box(-half, min(ys) - _MARGIN, half, max(ys) + _MARGIN)


def sheet(network: Network, positions: Positions, frame: Frame) -> Sheet:
    """The network with its marks and labels placed; it grows with the root of the number of nodes.

    ``positions`` may hold further nodes: what stands for the whole network serves for each part of it.
    """
    known = look.kinds(network, frame.names, frame.order)
    positions = {node: position for node, position in positions.items() if node in network}
    captions = {node: look.caption(node, network.nodes[node], frame.date, frame.whole) for node in positions}
    sizes = _sizes(network, captions, frame.columns)
    if frame.columns:
        placed = columns.stretched(network, positions, captions)
        marks = {node: _mark(network, node, place, sizes[node], captions[node]) for node, place in placed.items()}
        return Sheet(network, marks, columns.labels(marks), known, frame)
    scale = max(_SMALLEST, 42 * len(positions) ** 0.5)
    marks = {
        node: _mark(network, node, (x * scale, y * scale), sizes[node], captions[node])
        for node, (x, y) in positions.items()
    }
    segments = [((marks[s].x, marks[s].y), (marks[t].x, marks[t].y)) for s, t in network.edges()]
    return Sheet(network, marks, place(marks, segments), known, frame)


def _sizes(network: Network, captions: Mapping[str, str], columns: bool) -> dict[str, float]:
    """Half the size of each node; in columns its caption stands beside it, so it needs no room within."""
    # Counted in one go: asking a multigraph node by node takes ten times as long.
    degrees = Counter(end for edge in network.edges() for end in edge)
    return {node: look.radius(degrees[node], "" if columns else text) for node, text in captions.items()}


def _mark(network: Network, node: str, point: Point, size: float, text: str) -> Mark:
    return Mark(round(point[0], 1), round(point[1], 1), size, str(network.nodes[node]["kind"]), text)
