"""All that the public tables say about one agreement, ready for its page and its JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from api import locators, rivalry, wording
from kg import tables
from kg.errors import UnknownName
from kg.store import Snapshot
from kg.tables import Row

# Tables with rows about an agreement, and the column that names it.
PARTS = {
    "signatures": "agreement",
    "clauses": "agreement",
    "provisions": "agreement",
    "coverage": "agreement",
    "commitments": "agreement",
    "events": "instrument",
}
# Facts of the page's head: label, column of `agreements`, kind of clause that says why a cell is empty, unit.
_FACTS = (
    ("Term", "term_years", "term", "year"),
    ("Extension", "extension", "extension", ""),
    ("Review", "review", "review", ""),
    ("If Ukraine joins NATO", "nato_clause", "nato-accession", ""),
    ("Notice of termination", "termination_notice_months", "termination", "month"),
    ("Consultation within", "consultation_hours", "consultation", "hour"),
    ("In force", "in_force", "entry-into-effect", ""),
    ("Legal effect", "legal_effect", "", ""),
)
_AFTER = {
    "term_years": ("from", "term_from"),
    "termination_notice_months": ("from notice", "notice_from"),
    "consultation_hours": ("upon", "consultation_trigger"),
}
NOT_CODED = "not-coded"
_TRUTH = {"true": "yes", "false": "no"}


class Fact(NamedTuple):
    """One line of the head: a cell with its unit, ``link`` and ``after`` (from what), or ``summary`` in its place.

    ``state`` (absent, not-coded) tells why there is neither.
    """

    label: str
    cell: str
    unit: str
    link: str
    after: str
    summary: str
    state: str
    locator: str
    sources: str


class Rivalry(NamedTuple):
    """Claims that differ over one property of one thing; ``part`` and ``slug`` are empty for the agreement itself."""

    part: str
    slug: str
    property: str
    claims: list[Row]


@dataclass(frozen=True)
class Dossier:
    """One agreement with the rows of every table that are about it."""

    agreement: Row
    parts: dict[str, list[Row]]
    claims: list[Row]
    furthered: list[Row]
    annexes: list[Row]
    sources: list[Row]

    @property
    def slug(self) -> str:
        """The name of the agreement."""
        return self.agreement["agreement"]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number that each source has in the list at the end of the page."""
        return {source["source"]: place for place, source in enumerate(self.sources, 1)}

    @property
    def facts(self) -> list[Fact]:
        """What the agreement's head says, and for each thing it does not say, why."""
        clauses = {row["clause"]: row for row in self.parts["clauses"]}
        return [
            _fact(self.agreement, clauses.get(kind, {}), column, label, unit) for label, column, kind, unit in _FACTS
        ]

    @property
    def clauses(self) -> dict[str, list[Row]]:
        """Clauses by state: present, absent, not-coded."""
        return _grouped(self.parts["clauses"], "state")

    @property
    def topics(self) -> dict[str, list[Row]]:
        """Topics by coverage: committed, mentioned, absent, not-coded."""
        return _grouped(self.parts["coverage"], "coverage")

    @property
    def commitments(self) -> dict[str, list[Row]]:
        """Commitments and reports by their first topic."""
        rows = [row | {"first": (wording.items(row["topic"]) or [""])[0]} for row in self.parts["commitments"]]
        return _grouped(sorted(rows, key=lambda row: locators.order(row["locator"])), "first")

    @property
    def rivalries(self) -> list[Rivalry]:
        """Where sources differ: several values of one property, some ranked above others."""
        by_property = _grouped([row | {"about": f"{row['subject']} {row['property']}"} for row in self.claims], "about")
        return [_rivalry(self.slug, rows) for rows in by_property.values() if rivalry.differ(rows)]

    def publisher(self, source: str) -> str:
        """Who published a source, or its title where that is not known."""
        row = self.sources[self.numbers[source] - 1]
        return row["publisher"] or row["title"]

    def anchor(self, commitment: str) -> str:
        """Where a commitment is described: on this page, or on that of its own agreement."""
        own = {row["commitment"] for row in self.parts["commitments"]}
        place = f"#commitment-{wording.tail(commitment)}"
        owner, slash, _ = commitment.partition("/")
        return place if commitment in own or not slash else f"/agreements/{owner}{place}"

    def document(self) -> dict[str, Row | list[Row]]:
        """The rows as one JSON document."""
        return {"agreement": self.agreement, **self.parts, "claims": self.claims, "sources": self.sources}


def rows(snapshot: Snapshot, name: str) -> tuple[Row, ...]:
    """A table's rows; none where the snapshot was built before there was such a table."""
    if f"{tables.FOLDER}/{name}.csv" not in snapshot.manifest["files"]:
        return ()
    return tables.rows(snapshot, name)


def party_names(snapshot: Snapshot) -> dict[str, str]:
    """English names by party code."""
    return {row["party"]: row["name_en"] for row in rows(snapshot, "parties")}


def find(snapshot: Snapshot, slug: str) -> Row:
    """The row of one agreement; raises UnknownName with near matches."""
    known = {row["agreement"]: row for row in rows(snapshot, "agreements")}
    if slug not in known:
        raise UnknownName("agreement", slug, sorted(known))
    return known[slug]


def read(snapshot: Snapshot, slug: str) -> Dossier:
    """Everything about one agreement; raises UnknownName."""
    agreement = find(snapshot, slug)
    parts = {
        name: [row for row in rows(snapshot, name) if slug in wording.items(row[column])]
        for name, column in PARTS.items()
    }
    parts["provisions"].sort(key=lambda row: locators.order(row["locator"]))
    claims = [row for row in rows(snapshot, "claims") if slug in row["subject"].split("/")]
    furthers = wording.items(agreement["furthers"])
    instruments = rows(snapshot, "instruments")
    furthered = [row for row in instruments if row["instrument"] in furthers]
    annexes = [row for row in instruments if row["parent"] == slug]
    cited = [agreement["sources"], *(row["sources"] for found in parts.values() for row in found)]
    cited += [row["source"] for row in claims]
    return Dossier(agreement, parts, claims, furthered, annexes, _sources(snapshot, cited))


def _sources(snapshot: Snapshot, cells: Iterable[str]) -> list[Row]:
    """The sources that these cells name: agreement texts first, else in the order of first mention."""
    known = {row["source"]: row for row in rows(snapshot, "sources")}
    cited = dict.fromkeys(slug for cell in cells for slug in wording.items(cell))
    found = [known.get(slug, _unlisted(slug)) for slug in cited]
    return sorted(found, key=lambda row: row["kind"] != "agreement-text")


def _unlisted(slug: str) -> Row:
    columns = ("title", "publisher", "published", "language", "kind", "read_via", "url", "retrieved")
    return {"source": slug} | dict.fromkeys(columns, "") | {"title": slug}


def _fact(agreement: Row, clause: Row, column: str, label: str, unit: str) -> Fact:
    state = clause.get("state", "") or NOT_CODED
    cell = agreement[column]
    if cell in {"absent", NOT_CODED, "present"}:
        state, cell = cell, ""
    cell = _TRUTH.get(cell, cell)
    link, of = _AFTER.get(column, ("", ""))
    after = agreement[of] if cell and of else ""
    summary = clause["summary"] if not cell and state == "present" else ""
    told = "" if cell or summary else state
    return Fact(label, cell, unit, link, after, summary, told, clause.get("locator", ""), clause.get("sources", ""))


def _grouped(found: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """Rows by what stands in a column, in the order of first appearance."""
    groups: dict[str, list[Row]] = {}
    for row in found:
        groups.setdefault(row[column], []).append(row)
    return groups


def _rivalry(slug: str, claims: list[Row]) -> Rivalry:
    segments = claims[0]["subject"].split("/")
    below = segments[segments.index(slug) + 1 :]
    part = below[0] if len(below) > 1 else ""
    ranked = list(rivalry.ranked(claims))
    return Rivalry(part, below[-1] if below else "", wording.tail(claims[0]["property"]), ranked)
