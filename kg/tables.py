"""The public flat tables: one SELECT each in queries/tables, as CSV. A contract with R, pandas and spreadsheets."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from kg import catalogue, evaluate
from kg.errors import TablesMissing, UnknownName
from kg.store import Snapshot, Store

FOLDER = "tables"
Row = dict[str, str]


def names(queries: Path) -> list[str]:
    """The tables there are, sorted."""
    return sorted(catalogue.of_kind(queries, "tables"))


def write(store: Store, queries: Path, name: str) -> bytes:
    """One table as CSV in UTF-8 with a header row; raises UnknownName."""
    return evaluate.answer(store, catalogue.find(queries, "tables", name).body, "csv")


def file(snapshot: Snapshot, name: str) -> Path:
    """The file of one table in a snapshot; raises UnknownName, or TablesMissing where there are none at all."""
    path = snapshot.folder / FOLDER / f"{name}.csv"
    known = sorted(p.stem for p in path.parent.glob("*.csv"))
    if not known:
        raise TablesMissing("this snapshot was imported and holds quads only; ask it in SPARQL, at /sparql")
    if name not in known:
        raise UnknownName("table", name, known)
    return path


def of(snapshot: Snapshot) -> frozenset[str]:
    """The tables that a snapshot has; none where it was made of other people's triples."""
    return frozenset(path.stem for path in (snapshot.folder / FOLDER).glob("*.csv"))


def header(snapshot: Snapshot, name: str) -> list[str]:
    """The columns of one table, in order; raises UnknownName."""
    with file(snapshot, name).open(encoding="utf-8", newline="") as opened:
        return next(csv.reader(opened))


# The tables of the snapshot that is served, and of the one before it while that has readers.
@lru_cache(maxsize=32)
def rows(snapshot: Snapshot, name: str) -> tuple[Row, ...]:
    """One table of a snapshot as rows by column name; empty cells are empty strings. Read once a snapshot."""
    with file(snapshot, name).open(encoding="utf-8", newline="") as opened:
        return tuple(csv.DictReader(opened))
