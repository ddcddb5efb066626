"""An answer on the map: by the codes of parties in it, in four steps of one column of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from api import bars, wording
from api.atlas import Atlas, Told
from api.atlas import read as atlas_of
from api.bindings import Bindings, Cell
from api.geometry import Geometry
from api.labels import Labels
from kg import names

STEPS = 4
_PARTIES = f"{names.BASE}parties/"


@dataclass(frozen=True)
class AnswerMap:
    """A map of an answer. ``column`` is what is shown, empty where rows are counted; ``steps`` are (look, from, to).

    ``added`` tells that the values of several rows of one party have been added up.
    """

    atlas: Atlas
    column: str
    steps: tuple[tuple[str, float, float], ...]
    added: bool = False


def read(bindings: Bindings, geometry: Geometry, labels: Labels) -> AnswerMap | None:
    """The map of an answer; None where no column of it names parties."""
    at = _place(bindings, labels)
    if at is None:
        return None
    rows = [(code, row) for row in bindings.rows for code in codes(row[at], labels)]
    columns = bars.measured(bindings)
    values = [(code, number) for code, row in rows if columns and (number := _number(row[columns[0]])) is not None]
    repeated = len({code for code, _ in values}) < len(values)
    # Whole numbers are added up; of shares and the like a sum would mean nothing, so rows are counted instead.
    if not values or (repeated and not all(number.is_integer() for _, number in values)):
        return _drawn(_summed((code, 1.0) for code, _ in rows), "", geometry, labels)
    return _drawn(_summed(values), bindings.columns[columns[0]], geometry, labels, added=repeated)


def _number(cell: Cell | None) -> float | None:
    return bars.value(cell) if cell else None


def _summed(values: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for code, number in values:
        found[code] = found.get(code, 0.0) + number
    return found


def codes(cell: Cell | None, labels: Labels) -> list[str]:
    """The codes of parties in a cell: that of an IRI, or of each part of a text joined with ";"."""
    if cell is None:
        return []
    parts = [cell.iri.removeprefix(_PARTIES)] if cell.iri else wording.items(cell.text)
    return [part for part in parts if labels.has(f"parties/{part}")]


def _place(bindings: Bindings, labels: Labels) -> int | None:
    """The column that names most parties."""
    held = [sum(bool(codes(row[at], labels)) for row in bindings.rows) for at in range(len(bindings.columns))]
    return held.index(max(held)) if any(held) else None


def _drawn(
    found: Mapping[str, float], column: str, geometry: Geometry, labels: Labels, *, added: bool = False
) -> AnswerMap | None:
    if not found:
        return None
    steps = _steps(sorted(set(found.values())))
    told = {}
    for code, number in found.items():
        shown = wording.number(f"{number:g}")
        look = next(look for look, low, high in steps if low <= number <= high)
        told[code] = Told(look, f"{labels.of(code, 'parties')}: {shown}", shown)
    return AnswerMap(atlas_of(geometry, told), column, steps, added)


def _steps(values: list[float]) -> tuple[tuple[str, float, float], ...]:
    """Up to four steps with as many distinct values in each."""
    many = min(STEPS, len(values))
    edges = [len(values) * step // many for step in range(many + 1)]
    bounds = [(values[low], values[high - 1]) for low, high in pairwise(edges)]
    return tuple((f"step{STEPS - many + at}", low, high) for at, (low, high) in enumerate(bounds, start=1))
