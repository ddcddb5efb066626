"""An answer as bars: which column is measured, which name the bars, and how long each is. Geometry only."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from api.bindings import Bindings, Cell

MOST = 60
WIDTH = 420
_NAMED_BY = 3  # columns
_LONGEST = 90  # characters of a name
Row = tuple[Cell | None, ...]


class Bar(NamedTuple):
    """One bar: its name, where that leads, the value as written, and from where to where it reaches in SVG units."""

    name: str
    href: str
    value: str
    x: float
    width: float


@dataclass(frozen=True)
class Bars:
    """Bars over one scale. ``column`` is what is measured, empty where rows are counted."""

    bars: tuple[Bar, ...]
    column: str
    total: int
    zero: float = 0.0
    width: int = WIDTH


def read(bindings: Bindings) -> Bars | None:
    """The bars of a table: its first column of numbers, or rows counted by its first column; None where it is empty."""
    if not bindings.rows:
        return None
    numbers = measured(bindings)
    if not numbers:
        counted = Counter(row[0] for row in bindings.rows if row[0] is not None)
        return _drawn([(cell.text, cell.href, float(n), str(n)) for cell, n in counted.most_common()], "")
    at = numbers[0]
    named = [place for place in range(len(bindings.columns)) if place not in numbers][:_NAMED_BY]
    return _drawn([_entry(row, at, named) for row in bindings.rows if row[at] is not None], bindings.columns[at])


def measured(bindings: Bindings) -> list[int]:
    """The columns that hold numbers only."""
    return [place for place in range(len(bindings.columns)) if _is_measured(bindings, place)]


def _is_measured(bindings: Bindings, place: int) -> bool:
    cells = [cell for row in bindings.rows if (cell := row[place]) is not None]
    return bool(cells) and all(value(cell) is not None for cell in cells)


def value(cell: Cell) -> float | None:
    """The number that a cell holds; None where it holds none."""
    try:
        found = float(cell.text) if not cell.iri else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _entry(row: Row, at: int, named: Sequence[int]) -> tuple[str, str, float, str]:
    cells = [cell for number in named if (cell := row[number]) is not None]
    name = " · ".join(cell.text for cell in cells)
    measure = row[at] or Cell("0")
    href = next((cell.href for cell in cells if cell.href), "")
    return (name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"), href, value(measure) or 0.0, measure.text


def _drawn(entries: Sequence[tuple[str, str, float, str]], column: str) -> Bars | None:
    if not entries:
        return None
    shown = entries[:MOST]
    low, high = min(0.0, *(entry[2] for entry in shown)), max(0.0, *(entry[2] for entry in shown))
    scale = WIDTH / ((high - low) or 1)
    zero = round(-low * scale, 1)
    bars = tuple(
        Bar(name, href, text, round(zero + min(number, 0) * scale, 1), round(abs(number) * scale, 1))
        for name, href, number, text in shown
    )
    return Bars(bars, column, len(entries), zero)
