"""Where states lie on the map: their outlines as `make assets` has projected them, else a grid of tiles.

Both are the same to a page: a path, and a point to write the code at, for each ISO 3166 alpha-3 code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_TILE = 52
_GAP = 4
_WIDTH = 900
# Rough places, north above south and west left of east; a code that stands nowhere gets a tile of its own below.
_GRID = """
CAN .   ISL .   .   NOR SWE FIN EST .   RUS .   .   JPN
USA .   .   IRL GBR .   DNK .   LVA LTU BLR .   .   PRK
.   .   .   .   NLD DEU POL .   .   UKR .   .   .   .
.   .   .   BEL LUX CZE SVK .   .   MDA .   .   .   .
.   .   .   FRA CHE AUT HUN ROU .   .   .   .   .   .
.   PRT ESP .   ITA SVN HRV SRB BGR .   .   .   .   .
.   .   .   .   .   .   MNE MKD .   TUR .   .   IRN .
.   .   .   .   MLT .   ALB GRC CYP .   .   .   AUS NZL
"""


class Shape(NamedTuple):
    """One state in one frame: an SVG path, where its code is written, and its size in square units."""

    path: str
    x: float
    y: float
    area: float


@dataclass(frozen=True)
class Geometry:
    """What a map is drawn from: shapes by code, frames as (x, y, width, height), sizes in SVG units."""

    width: int
    height: int
    shapes: dict[str, tuple[Shape, ...]]
    frames: tuple[tuple[float, float, float, float], ...] = ()
    credit: str = ""

    @property
    def outlined(self) -> bool:
        """Whether these are outlines; else they are tiles."""
        return bool(self.credit)

    def holding(self, codes: Iterable[str]) -> Geometry:
        """The same map with a tile below it for each code that has no shape."""
        missing = sorted(set(codes) - set(self.shapes))
        if not missing:
            return self
        across = self.width // (_TILE + _GAP)
        top = self.height + 2 * _GAP
        added = {code: (_tile(place % across, place // across, top),) for place, code in enumerate(missing)}
        rows = (len(missing) - 1) // across + 1
        return replace(self, shapes=self.shapes | added, height=top + rows * (_TILE + _GAP))


@lru_cache(maxsize=8)
def read(outlines: Path | None) -> Geometry:
    """The outlines in a file that `make assets` has written; the tiles where there is none."""
    if outlines is None:
        return tiles()
    document = json.loads(outlines.read_text("utf-8"))
    shapes = {
        code: tuple(Shape(one["path"], one["x"], one["y"], one["area"]) for one in found)
        for code, found in document["shapes"].items()
    }
    frames = tuple(
        (left, top, right - left, bottom - top) for left, top, right, bottom in (f["box"] for f in document["frames"])
    )
    return Geometry(document["width"], document["height"], shapes, frames, document["credit"])


def tiles() -> Geometry:
    """A grid with a tile for each code, in rough geographic order."""
    shapes: dict[str, tuple[Shape, ...]] = {}
    rows = [line.split() for line in _GRID.strip().splitlines()]
    for down, row in enumerate(rows):
        for across, code in enumerate(row):
            if code != ".":
                shapes[code] = (_tile(across, down, _GAP),)
    return Geometry(_WIDTH, len(rows) * (_TILE + _GAP) + _GAP, shapes)


def _tile(across: int, down: int, top: float = 0) -> Shape:
    x, y = across * (_TILE + _GAP) + _GAP, top + down * (_TILE + _GAP)
    path = f"M{x} {y}h{_TILE}v{_TILE}h-{_TILE}Z"
    return Shape(path, x + _TILE / 2, y + _TILE / 2, _TILE * _TILE)
