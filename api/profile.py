"""What the public tables say about one record: rows that name it, by table and by the part it has in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api import wording
from api.registers import REGISTERS, Shown
from kg import tables
from kg.store import Snapshot
from kg.tables import Row

MOST = 25
# Folder of the record → table, column that names it there, and what it is in those rows.
PARTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "parties": (
        ("signatures", "party", "Signatures"),
        ("commitments", "obligor", "What it undertakes"),
        ("commitments", "beneficiary", "What it is promised"),
        ("officials", "of", "Officials"),
        ("statements", "about", "Statements about it"),
        ("events", "parties", "Events"),
        ("instruments", "parties", "Other instruments"),
        ("memberships", "member", "Memberships"),
        ("memberships", "body", "Members"),
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


@dataclass(frozen=True)
class Part:
    """Rows of one table that name the record. ``total`` counts all, ``rows`` holds the first of them."""

    title: str
    shown: Shown
    rows: tuple[Row, ...]
    total: int
    more: str  # the address of all of them, empty where the table cannot be limited so


def read(snapshot: Snapshot, folder: str, slug: str) -> list[Part]:
    """The parts of a record's page, in order; those without rows are left out."""
    return list(_parts(snapshot, folder, slug))


def _parts(snapshot: Snapshot, folder: str, slug: str) -> Iterator[Part]:
    known = tables.of(snapshot)
    for table, column, title in PARTS.get(folder, ()):
        if table not in known:
            continue
        rows = [row for row in tables.rows(snapshot, table) if slug in wording.items(row[column])]
        if rows:
            shown = REGISTERS[table]
            facets = {facet.column for facet in shown.register.facets}
            more = f"{shown.address}?{column}={slug}" if column in facets else ""
            yield Part(title, shown, tuple(rows[:MOST]), len(rows), more)
