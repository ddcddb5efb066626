"""Events on a scale of time: lanes by kind, marks of one day stacked. Geometry only; the template draws it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from api import wording
from kg.tables import Row

WIDTH = 1080
LEFT = 150  # room for the names of lanes
_TOP = 26
_STEP = 17  # between marks of one day
_LANE = 20  # least height of a lane
_GAP = 8
_NEAR = 36  # marks closer than this are stacked, so that their labels stay apart
_ALWAYS = "signature"


class Mark(NamedTuple):
    """One event in the picture."""

    x: float
    y: float
    label: str
    href: str
    row: Row


class Lane(NamedTuple):
    """The events of one kind."""

    kind: str
    y: float
    height: float
    marks: tuple[Mark, ...]


class Tick(NamedTuple):
    """The first day of a year or a quarter."""

    x: float
    label: str
    strong: bool


@dataclass(frozen=True)
class Timeline:
    """A picture of events: lanes from top to bottom, ticks from left to right, sizes in SVG units."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    height: float
    width: int = WIDTH
    left: int = LEFT


def read(rows: Iterable[Row]) -> Timeline | None:
    """The timeline of rows of the table ``events``; None where none of them has a day."""
    dated = [row for row in rows if row["date"]]
    if not dated:
        return None
    days = [date.fromisoformat(row["date"]) for row in dated]
    first = date(min(days).year, 1, 1)
    scale = _Scale(first, date(max(days).year + 1, 1, 1))
    lanes: list[Lane] = []
    top = float(_TOP)
    for kind in _kinds(dated):
        lane = _lane(kind, [row for row in dated if row["kind"] == kind], scale, top)
        lanes.append(lane)
        top += lane.height + _GAP
    return Timeline(tuple(lanes), tuple(scale.ticks()), top + _TOP)


def _kinds(rows: list[Row]) -> list[str]:
    """Signatures first, then by how early a kind begins."""
    firsts: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row["date"]):
        firsts.setdefault(row["kind"], row["date"])
    return sorted(firsts, key=lambda kind: (kind != _ALWAYS, firsts[kind], kind))


def _lane(kind: str, rows: list[Row], scale: _Scale, top: float) -> Lane:
    """Marks of a kind; one that would touch another stands a step lower."""
    marks: list[Mark] = []
    for row in sorted(rows, key=lambda row: (row["date"], row["event"])):
        x = scale.place(date.fromisoformat(row["date"]))
        taken = {mark.y for mark in marks if x - mark.x < _NEAR}
        y = top + _STEP / 2
        while y in taken:
            y += _STEP
        marks.append(Mark(x, y, _label(row), _href(row), row))
    lowest = max(mark.y for mark in marks)
    return Lane(kind, top, max(_LANE, lowest - top + _STEP / 2), tuple(marks))


def _label(row: Row) -> str:
    """The partner's code where there is one beside Ukraine."""
    others = [code for code in wording.items(row["parties"]) if code != "UKR"]
    return others[0] if len(others) == 1 else ""


def _href(row: Row) -> str:
    first = next(iter(wording.items(row["instrument"])), "")
    return f"#event-{row['event'].replace('/', '-')}" if not first else f"/agreements/{first}"


@dataclass(frozen=True)
class _Scale:
    """Days → places from left to right."""

    first: date
    last: date

    def place(self, day: date) -> float:
        """Where a day stands."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(LEFT + share * (WIDTH - LEFT - 30), 1)

    def ticks(self) -> list[Tick]:
        """Years; quarters too where there is room."""
        years = range(self.first.year, self.last.year + 1)
        months = (1, 4, 7, 10) if len(years) <= 5 else (1,)
        every = max(1, len(years) // 12)
        days = [date(year, month, 1) for year in years for month in months if (year - years[0]) % every == 0]
        shown = [day for day in days if day <= self.last]
        return [Tick(self.place(day), str(day.year) if day.month == 1 else "", day.month == 1) for day in shown]
