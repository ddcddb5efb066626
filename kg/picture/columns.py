"""Columns on the sheet: as wide as their captions, rows far enough apart to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from textwrap import wrap

from kg.network import Network, Positions
from kg.picture.labels import Label, Mark
from kg.picture.look import CHARACTER, LINE_HEIGHT

_WIDEST = 34
_MOST_LINES = 3
_GAP = 5.0
_ROW = 9.0  # space between the labels of two rows
# Between two columns lies this part of the way that their edges climb, within these bounds.
_SLOPE = 0.6
_NARROWEST, _FARTHEST = 60.0, 160.0


def stretched(network: Network, positions: Positions, captions: Mapping[str, str]) -> Positions:
    """The same columns in pixels: rows as high as their captions, columns as far apart as captions and edges need."""
    groups: dict[float, list[str]] = {x: [] for x in sorted({x for x, _ in positions.values()})}
    for node, (x, _) in positions.items():
        groups[x].append(node)
    # What is a part of a larger picture has gaps: the two rows that stand nearest decide.
    half = max((_height(positions, captions, group) for group in groups.values()), default=0.0)
    ys = {node: y * half for node, (_, y) in positions.items()}
    places = dict(zip(groups, _places(network, list(groups.values()), ys, captions), strict=True))
    return {node: (places[x], ys[node]) for node, (x, _) in positions.items()}


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


def ends(marks: Mapping[str, Mark]) -> dict[str, tuple[float, float]]:
    """Where the label of each node ends, and where those of its whole column do: edges to the right begin there."""
    first = min((mark.x for mark in marks.values()), default=0.0)
    own = {
        node: mark.x if mark.x == first else mark.x + mark.radius + 2 * _GAP + _width([mark.text])
        for node, mark in marks.items()
    }
    whole: dict[float, float] = {}
    for node, mark in marks.items():
        whole[mark.x] = max(whole.get(mark.x, own[node]), own[node])
    return {node: (own[node], whole[mark.x]) for node, mark in marks.items()}


def _places(
    network: Network, groups: list[list[str]], ys: Mapping[str, float], captions: Mapping[str, str]
) -> list[float]:
    """Where the columns stand; the captions of the first lie to its left and take no room between two."""
    places = [0.0]
    for number, (before, after) in enumerate(pairwise(groups)):
        width = _width(captions[node] for node in before) if number else 0.0
        places.append(places[-1] + width + _between(network, set(before), set(after), ys))
    return places


def _between(network: Network, before: set[str], after: set[str], ys: Mapping[str, float]) -> float:
    climbs = [
        abs(ys[s] - ys[t]) for s, t in network.edges() if (s in before and t in after) or (s in after and t in before)
    ]
    mean = sum(climbs) / len(climbs) if climbs else 0.0
    return min(max(_NARROWEST, _SLOPE * mean), _FARTHEST)


def _height(positions: Positions, captions: Mapping[str, str], group: list[str]) -> float:
    """Half the height at which no two captions of a column meet."""
    gaps = [after - before for before, after in pairwise(sorted(positions[node][1] for node in group))]
    highest = max(LINE_HEIGHT * len(lines(captions[node])) + _ROW for node in group)
    return highest / max(min(gaps, default=2.0), 1e-3)


def _width(captions: Iterable[str]) -> float:
    return max((CHARACTER * len(line) for caption in captions for line in lines(caption)), default=0.0)
