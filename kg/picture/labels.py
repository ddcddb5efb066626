"""Where labels stand, so that none covers another label or a node.

The labels of one ring are first tried in one manner (level, along the ray from the middle of the
picture, or beside it) and the manner that covers least is taken: regular pictures stay regular.
A label that still collides is moved on its own, and left out when no place is free.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import atan2, ceil, cos, degrees, hypot, pi, radians, sin
from textwrap import wrap

from kg.picture.look import CHARACTER, LINE_HEIGHT

# No more labels than this on one picture, and on one of more nodes than are _CROWDED, where most would cover others.
MOST = 400
_CROWDED, _MOST_IN_A_CROWD = 1_000, 60
# With more edges than this, no label can keep clear of them.
_MOST_LINES = 1_000

_GAP = 5.0
_WIDEST = 18
_CELL = 5.0
_COLLISION = 1_000
# What a turned label costs, in crossed lines.
_TURNED = 1
# So many nodes at one distance from the middle are a ring.
_RING = 5
_NO_RING = -1
# A picture with more distances than this has no rings.
_MOST_RINGS = 8
_TURNS = (0, 1, -1, 2, -2, 3, -3, 4)  # eighths of a circle

Cell = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """A node on the sheet, in pixels from the middle of the picture; ``text`` is to stand beside it."""

    x: float
    y: float
    radius: float
    kind: str
    text: str


@dataclass(frozen=True)
class Label:
    """A label: its anchor point in pixels and its lines.

    ``turn`` is in degrees clockwise around that point; ``inside`` says that it stands in its node.
    """

    x: float
    y: float
    anchor: str
    lines: tuple[str, ...]
    turn: float = 0.0
    inside: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Estimated width and height in pixels."""
        return CHARACTER * max(map(len, self.lines), default=0), LINE_HEIGHT * len(self.lines)

    def points(self) -> Iterator[Point]:
        """Points that cover the label, no further apart than a cell."""
        width, height = self.size
        right, down = cos(radians(self.turn)), sin(radians(self.turn))
        start = {"start": 0.0, "middle": -width / 2, "end": -width}[self.anchor]
        for along in _steps(start, start + width):
            for across in _steps(-height / 2, height / 2):
                yield self.x + along * right - across * down, self.y + along * down + across * right


Manner = Callable[[Mark], Label]


@dataclass
class _Sheet:
    """What is taken: ``lines`` counts edges in a cell, ``discs`` names the node there, ``taken`` holds labels."""

    lines: Counter[Cell]
    discs: dict[Cell, str]
    taken: set[Cell] = field(default_factory=set)

    def cost(self, node: str, cells: set[Cell], taken: set[Cell]) -> int:
        """Collisions by the thousand, crossed lines by the piece."""
        discs = sum(self.discs.get(cell, node) != node for cell in cells)
        return _COLLISION * (discs + len(cells & taken)) + sum(self.lines[cell] for cell in cells)


def place(marks: Mapping[str, Mark], segments: Sequence[tuple[Point, Point]]) -> dict[str, Label]:
    """A label for each node that has a free place, for the MOST largest nodes; ``segments`` are the edges.

    In a crowd only the large nodes are kept clear of labels.
    """
    crowded = len(marks) > _CROWDED
    largest = dict(sorted(marks.items(), key=lambda item: -item[1].radius)[: _MOST_IN_A_CROWD if crowded else MOST])
    discs = {cell: node for node, mark in (largest if crowded else marks).items() for cell in _disc(mark)}
    sheet = _Sheet(_lines(segments) if len(segments) <= _MOST_LINES else Counter(), discs)
    placed: dict[str, Label] = {}
    for distance, group in sorted(_rings(largest).items()):
        manners = (_level,) if distance == _NO_RING else (_level, _along, _beside)
        placed |= _best_manner(group, manners, sheet)
    return {node: placed[node] for node in marks if node in placed}


def _rings(marks: Mapping[str, Mark]) -> dict[int, dict[str, Mark]]:
    """Nodes by their distance from the middle; those that are no part of a ring together, first, as -1."""
    sizes = Counter(_distance(mark) for mark in marks.values())
    rings = {distance for distance, size in sizes.items() if size >= _RING} if len(sizes) <= _MOST_RINGS else set()
    found: dict[int, dict[str, Mark]] = defaultdict(dict)
    for node, mark in marks.items():
        found[_distance(mark) if _distance(mark) in rings else _NO_RING][node] = mark
    return found


def _distance(mark: Mark) -> int:
    return round(hypot(mark.x, mark.y) / 2)


def _best_manner(group: Mapping[str, Mark], manners: Sequence[Manner], sheet: _Sheet) -> dict[str, Label]:
    inside = {node: label for node, mark in group.items() if (label := _inside(mark)) and _take(node, label, sheet)}
    group = {node: mark for node, mark in group.items() if node not in inside}
    trials = [_trial(group, manner, sheet) for manner in manners]
    _, labels = min(trials, key=lambda trial: trial[0])
    settled = {node: _settled(node, group[node], label, sheet) for node, label in labels.items()}
    return inside | {node: label for node, label in settled.items() if label}


def _trial(group: Mapping[str, Mark], manner: Manner, sheet: _Sheet) -> tuple[int, dict[str, Label]]:
    """The cost of one manner for a whole group, and the labels."""
    taken, cost = set(sheet.taken), 0
    labels = {node: manner(mark) for node, mark in group.items()}
    for node, label in labels.items():
        cells = _cells(label.points())
        cost += sheet.cost(node, cells, taken) + (_TURNED if label.turn else 0)
        taken |= cells
    return cost, labels


def _settled(node: str, mark: Mark, first: Label, sheet: _Sheet) -> Label | None:
    """The first choice, or the free place nearest to it, or None."""
    return next((label for label in (first, *_around(mark)) if _take(node, label, sheet)), None)


def _take(node: str, label: Label, sheet: _Sheet) -> bool:
    """Whether the place of a label was free; it is taken now."""
    cells = _cells(label.points())
    free = sheet.cost(node, cells, sheet.taken) < _COLLISION
    if free:
        sheet.taken |= cells
    return free


def _inside(mark: Mark) -> Label | None:
    """A label that its node has room for."""
    fits = len(mark.text) * CHARACTER < 2 * mark.radius - 4
    return Label(mark.x, mark.y, "middle", (mark.text,), inside=True) if fits else None


def _level(mark: Mark) -> Label:
    return _towards(mark, _outward(mark))


def _around(mark: Mark) -> list[Label]:
    return [_towards(mark, _outward(mark) + turn * pi / 4) for turn in _TURNS]


def _towards(mark: Mark, angle: float) -> Label:
    """A level label that begins in one direction from its node."""
    lines = tuple(wrap(mark.text, _WIDEST, max_lines=3, placeholder=" …"))
    reach, rise = mark.radius + _GAP, LINE_HEIGHT * len(lines) / 2
    right = cos(angle)
    anchor = "middle" if abs(right) < 0.25 else "start" if right > 0 else "end"
    return Label(mark.x + reach * right, mark.y + (reach + rise) * sin(angle), anchor, lines)


def _along(mark: Mark, aside: float = 0.0) -> Label:
    """A label that continues the ray from the middle of the picture, readable from left to right."""
    angle, reach = _outward(mark), mark.radius + _GAP
    left = cos(angle) < -1e-9
    side = -aside if left else aside
    x = mark.x + reach * cos(angle) + side * sin(angle)
    y = mark.y + reach * sin(angle) - side * cos(angle)
    turn = degrees(angle) + (180 if left else 0)
    return Label(x, y, "end" if left else "start", tuple(wrap(mark.text, 2 * _WIDEST, max_lines=1)), turn)


def _beside(mark: Mark) -> Label:
    """Along the ray, but above it: an edge that leads outwards stays free."""
    return _along(mark, LINE_HEIGHT / 2 + 3)


def _outward(mark: Mark) -> float:
    """The angle of the ray from the middle; downwards for what stands in the middle."""
    return atan2(mark.y, mark.x) if hypot(mark.x, mark.y) > 1 else pi / 2


def _lines(segments: Iterable[tuple[Point, Point]]) -> Counter[Cell]:
    return Counter(cell for segment in segments for cell in _cells(_between(*segment)))


def _between(start: Point, end: Point) -> Iterator[Point]:
    steps = max(int(hypot(end[0] - start[0], end[1] - start[1]) / _CELL), 1)
    for step in range(steps + 1):
        share = step / steps
        yield start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _disc(mark: Mark) -> set[Cell]:
    reach = ceil(mark.radius / _CELL)
    steps = range(-reach, reach + 1)
    column, row = round(mark.x / _CELL), round(mark.y / _CELL)
    return {(column + x, row + y) for x in steps for y in steps if x * x + y * y <= reach * reach}


def _cells(points: Iterable[Point]) -> set[Cell]:
    return {(round(x / _CELL), round(y / _CELL)) for x, y in points}


def _steps(start: float, end: float) -> Sequence[float]:
    count = max(int((end - start) / _CELL) + 1, 1)
    return [start + step * (end - start) / count for step in range(count + 1)]
