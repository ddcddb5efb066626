"""What the public tables say about one record: rows that name it, by table and by the part it has in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api import wording
from api.columns import MEASURES
from api.registers import REGISTERS, Shown
from kg import tables
from kg.store import Snapshot
from kg.tables import Row

MOST = 15
# Folder of the record → table, column that names it there, and what it is in those rows.
PARTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "parties": (
        ("signatures", "party", "Signatures"),
        ("officials", "of", "Officials"),
        ("commitments", "obligor", "What it undertakes"),
        ("commitments", "beneficiary", "What it is promised"),
        ("statements", "about", "Statements about it"),
        ("memberships", "member", "Memberships"),
        ("memberships", "body", "Members"),
        ("events", "parties", "Events"),
        ("instruments", "parties", "Other instruments"),
        ("sets", "counter", "Counts it made"),
    ),
    "officials": (
        ("officials", "official", "Offices held"),
        ("signatures", "official", "Signatures"),
        ("statements", "speaker", "Statements"),
    ),
    "instruments": (
        ("signatures", "agreement", "Signatures"),
        ("events", "instrument", "Events"),
        ("commitments", "agreement", "Commitments"),
        ("provisions", "agreement", "Provisions"),
        ("memberships", "body", "Who joined"),
        ("statements", "about", "Statements about it"),
    ),
    "initiatives": (("memberships", "body", "Leads and members"), ("statements", "about", "Statements about it")),
    "places": (("signatures", "place", "Signatures here"), ("events", "place", "Events here")),
    "sources": (
        ("statements", "sources", "Statements"),
        ("events", "sources", "Events"),
        ("signatures", "sources", "Signatures"),
        ("clauses", "sources", "Clauses"),
        ("commitments", "sources", "Commitments"),
        ("memberships", "sources", "Memberships"),
        ("officials", "sources", "Tenures"),
        ("instruments", "sources", "Instruments"),
        ("claims", "source", "Claims"),
    ),
}


AGREEMENTS = "Agreements"
_SIGNED = ("signed", "agreement", "title", "place", "term_years", "sources")


@dataclass(frozen=True)
class Part:
    """Rows of one table that name the record. ``total`` counts all, ``rows`` holds the first of them."""

    title: str
    shown: Shown
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    more: str  # the address of all of them, empty where the table cannot be limited so


def read(snapshot: Snapshot, folder: str, slug: str) -> list[Part]:
    """The parts of a record's page, in order; those without rows are left out."""
    return list(_parts(snapshot, folder, slug))


def _parts(snapshot: Snapshot, folder: str, slug: str) -> Iterator[Part]:
    known = tables.of(snapshot)
    if folder == "parties" and {"agreements", "signatures"} <= known:
        yield from _agreements(snapshot, slug)
    for table, column, title in PARTS.get(folder, ()):
        if table not in known:
            continue
        rows = [row for row in tables.rows(snapshot, table) if slug in wording.items(row[column])]
        if rows:
            yield _part(title, REGISTERS[table], column, slug, rows)


def _agreements(snapshot: Snapshot, party: str) -> Iterator[Part]:
    """The agreements that a party signed, by day."""
    signed = {row["agreement"] for row in tables.rows(snapshot, "signatures") if row["party"] == party}
    rows = [row for row in tables.rows(snapshot, "agreements") if row["agreement"] in signed]
    rows.sort(key=lambda row: (row["signed"], row["partner"]))
    if rows:
        columns = tuple(column for column in _SIGNED if column != "title" or len(rows) <= MOST)
        yield Part(AGREEMENTS, REGISTERS["agreements"], columns, tuple(rows), len(rows), "")


def _part(title: str, shown: Shown, column: str, slug: str, rows: list[Row]) -> Part:
    """The first rows, those with a measure before others; a column that says no more than the title is left out."""
    rows.sort(key=lambda row: not any(row.get(measure) for measure in MEASURES))
    first = rows[:MOST]
    columns = [name for name in shown.filled(first) if name != column or {row[name] for row in first} != {slug}]
    facets = {facet.column for facet in shown.register.facets}
    more = f"{shown.address}?{column}={slug}" if column in facets else ""
    return Part(title, shown, tuple(columns), tuple(first), len(rows), more)
