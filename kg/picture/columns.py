"""Columns on the sheet: as wide as their captions, rows far enough apart to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from textwrap import wrap

from kg.network import Positions
from kg.picture.labels import Label, Mark
from kg.picture.look import CHARACTER, LINE_HEIGHT

_WIDEST = 44
_MOST_LINES = 2
_GAP = 5.0
_BETWEEN = 70.0
_ROW = 9.0  # space between the labels of two rows


def stretched(positions: Positions, captions: Mapping[str, str]) -> Positions:
    """The same columns in pixels: each as far from the one before as its captions need, rows at one distance."""
    xs = sorted({x for x, _ in positions.values()})
    rows = max((sum(x == column for x, _ in positions.values()) for column in xs), default=1)
    pitch = LINE_HEIGHT * max(map(len, map(lines, captions.values())), default=1) + _ROW
    places = dict(zip(xs, _centred(_places(xs, positions, captions)), strict=True))
    return {node: (places[x], y * rows * pitch / 2) for node, (x, y) in positions.items()}


def lines(caption: str) -> tuple[str, ...]:
    """A caption in the lines it takes in a column."""
    return tuple(wrap(caption, _WIDEST, max_lines=_MOST_LINES, placeholder=" …"))


def labels(marks: Mapping[str, Mark]) -> dict[str, Label]:
    """A label for each node: to its left in the first column, to its right in others. None can cover another one."""
    first = min((mark.x for mark in marks.values()), default=0.0)
    return {node: _beside(mark, -1 if mark.x == first else 1) for node, mark in marks.items()}


def _beside(mark: Mark, side: int) -> Label:
    x = mark.x + side * (mark.radius + _GAP)
    return Label(x, mark.y, "start" if side > 0 else "end", lines(mark.text))


def _places(xs: list[float], positions: Positions, captions: Mapping[str, str]) -> list[float]:
    """Where the columns stand; the captions of the first lie to its left and take no room between two."""
    places = [0.0]
    for number, (before, _) in enumerate(pairwise(xs)):
        held = (captions[node] for node, (x, _) in positions.items() if x == before)
        places.append(places[-1] + _BETWEEN + (_width(held) if number else _BETWEEN))
    return places


def _centred(places: list[float]) -> Iterable[float]:
    middle = (places[0] + places[-1]) / 2
    return [round(place - middle, 1) for place in places]


def _width(captions: Iterable[str]) -> float:
    return max((CHARACTER * len(line) for caption in captions for line in lines(caption)), default=0.0)
