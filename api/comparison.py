"""Agreements compared: a matrix of topics and partners, and a few of them side by side.

A cell keeps four things apart: committed, mentioned, read and absent, not coded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from api import wording
from api.errors import BadRequest
from api.labels import Labels
from kg import tables
from kg.errors import UnknownName
from kg.store import Snapshot
from kg.tables import Row

MOST = 4
STATES = ("committed", "mentioned", "absent", "not-coded")
_LONGEST = 9  # letters of a heading in the matrix
SIGNS = {"committed": "●", "mentioned": "○", "absent": "∅", "not-coded": "?"}
_NOTHING: Row = {"coverage": "not-coded", "modality": "", "locator": "", "summary": "", "sources": "", "depth": ""}


class Cell(NamedTuple):
    """What one agreement says on one topic."""

    agreement: str
    state: str
    modality: str
    locator: str
    summary: str
    sources: str
    depth: str

    @property
    def place(self) -> str:
        """The first of its locators, long headings cut, and how many more there are: ``IV/account…/1 +3``."""
        first, *more = wording.items(self.locator) or [""]
        cut = "/".join(part if len(part) <= _LONGEST else f"{part[: _LONGEST - 2]}…" for part in first.split("/"))
        return f"{cut} +{len(more)}" if more else cut


class Line(NamedTuple):
    """One topic with a cell for each agreement."""

    topic: str
    cells: tuple[Cell, ...]

    def count(self, state: str) -> int:
        """How many agreements are in a state."""
        return sum(cell.state == state for cell in self.cells)


@dataclass(frozen=True)
class Comparison:
    """Agreements in columns, topics in rows."""

    agreements: tuple[Row, ...]
    lines: tuple[Line, ...]

    @property
    def columns(self) -> list[str]:
        """The columns of the comparison as a table, one row a cell."""
        return ["topic", "agreement", "partner", "state", "modality", "depth", "locator", "summary", "sources"]

    @property
    def rows(self) -> list[Row]:
        """The comparison as a table, one row a cell."""
        partners = {row["agreement"]: row["partner"] for row in self.agreements}
        return [
            {"topic": line.topic, "partner": partners[cell.agreement], **cell._asdict()}
            for line in self.lines
            for cell in line.cells
        ]


def read(snapshot: Snapshot, slugs: Sequence[str] = (), topics: Sequence[str] = ()) -> Comparison:
    """Some agreements on some topics; all where none is named. Raises UnknownName, and BadRequest for too many."""
    if len(slugs) > MOST:
        raise BadRequest(400, f"{len(slugs)} agreements side by side; at most {MOST} fit, the matrix has them all")
    every = sorted(tables.rows(snapshot, "agreements"), key=lambda row: (row["signed"], row["partner"]))
    coverage = {(row["agreement"], row["topic"]): row for row in tables.rows(snapshot, "coverage")}
    known = sorted({topic for _, topic in coverage})
    _check("agreement", slugs, [row["agreement"] for row in every])
    _check("topic", topics, known)
    chosen = tuple(row for row in every if not slugs or row["agreement"] in slugs)
    wished = [topic for topic in known if not topics or topic in topics]
    lines = (Line(topic, tuple(_cell(coverage, row["agreement"], topic) for row in chosen)) for topic in wished)
    return Comparison(chosen, tuple(lines))


def _check(kind: str, asked: Iterable[str], known: Sequence[str]) -> None:
    for name in asked:
        if name not in known:
            raise UnknownName(kind, name, known)


def _cell(coverage: dict[tuple[str, str], Row], slug: str, topic: str) -> Cell:
    row = coverage.get((slug, topic), _NOTHING)
    found = (row["modality"], row["locator"], row["summary"], row["sources"], row["depth"])
    return Cell(slug, row["coverage"], *found)


def to_markdown(comparison: Comparison, labels: Labels) -> str:
    """The comparison as a Markdown table: a line a topic, a column an agreement."""
    head = ["", *(_partner(row, labels) for row in comparison.agreements)]
    lines = [head, ["---"] * len(head)]
    lines += [
        [labels.of(line.topic, "topic"), *(_words(cell, labels) for cell in line.cells)] for line in comparison.lines
    ]
    return "".join(f"| {' | '.join(map(_piped, line))} |\n" for line in lines)


def to_latex(comparison: Comparison, labels: Labels) -> str:
    """The comparison as a LaTeX table in booktabs style."""
    head = " & ".join(["", *(_escaped(_partner(row, labels)) for row in comparison.agreements)])
    body = "".join(
        " & ".join(
            _escaped(text) for text in (labels.of(line.topic, "topic"), *(_words(c, labels) for c in line.cells))
        )
        + " \\\\\n"
        for line in comparison.lines
    )
    columns = "l" * (len(comparison.agreements) + 1)
    return f"\\begin{{tabular}}{{{columns}}}\n\\toprule\n{head} \\\\\n\\midrule\n{body}\\bottomrule\n\\end{{tabular}}\n"


def _piped(text: str) -> str:
    return text.replace("|", r"\|")


def _partner(row: Row, labels: Labels) -> str:
    return f"{labels.all(row['partner'], 'parties')}, {row['signed']}"


def _words(cell: Cell, labels: Labels) -> str:
    state = labels.of(cell.state, "coverage")
    detail = ", ".join(
        part for part in (labels.all(cell.modality, "modality"), cell.locator.replace(";", "; ")) if part
    )
    return f"{state} ({detail})" if detail else state


_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_LATEX |= {sign: f"\\{sign}" for sign in "&%$#_{}"}


def _escaped(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
