"""A map as a template draws it: each land with its look, its words and its link. Geometry is in `api.geometry`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from api.geometry import Geometry, Shape

_SMALL = 230  # square units below which a land gets a ring, so that it can be seen and pointed at


class Told(NamedTuple):
    """What is said of one party: its look (a class of the style sheet), a sentence, a word below its code."""

    look: str
    title: str
    mark: str = ""
    union: bool = False


class Land(NamedTuple):
    """One party on the map."""

    code: str
    shapes: tuple[Shape, ...]
    told: Told

    @property
    def at(self) -> Shape:
        """Where its code is written: in its largest shape."""
        return max(self.shapes, key=lambda shape: shape.area)

    @property
    def small(self) -> bool:
        """Whether it needs a ring to be seen."""
        return self.at.area < _SMALL


@dataclass(frozen=True)
class Atlas:
    """Lands of which something is said, and the plain rest of the map."""

    geometry: Geometry
    lands: tuple[Land, ...]
    rest: tuple[tuple[str, Shape], ...]


def read(geometry: Geometry, told: Mapping[str, Told]) -> Atlas:
    """The map of some parties by code; a code without a shape gets a tile."""
    whole = geometry.holding(told)
    lands = tuple(Land(code, whole.shapes[code], said) for code, said in _ordered(whole, told))
    rest = tuple((code, shape) for code in sorted(set(whole.shapes) - set(told)) for shape in whole.shapes[code])
    return Atlas(whole, lands, rest)


def _ordered(whole: Geometry, told: Mapping[str, Told]) -> Iterable[tuple[str, Told]]:
    """From north to south, as one reads: the order of the Tab key."""
    return sorted(told.items(), key=lambda item: (whole.shapes[item[0]][0].y, whole.shapes[item[0]][0].x))
