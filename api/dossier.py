"""All that the public tables say about one agreement, ready for its page and its JSON document."""

from __future__ import annotations

from collections import Counter
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
FACTS = (
    ("Term", "term_years", "term", "year"),
    ("Extension", "extension", "extension", ""),
    ("Review", "review", "review", ""),
    ("If Ukraine joins NATO", "nato_clause", "nato-accession", ""),
    ("Notice of termination", "termination_notice_months", "termination", "month"),
    ("Consultation within", "consultation_hours", "consultation", "hour"),
    ("In force", "in_force", "entry-into-effect", ""),
    ("Legal effect", "legal_effect", "", ""),
)
# What a duration is counted from, or upon what: the key of Fact, the column, by which scheme it is labelled.
_START = {"term_years": "term_from", "termination_notice_months": "notice_from"}
_TRIGGER = {"consultation_hours": "consultation_trigger"}
_MEASURED = ("value", "percent_of_gdp", "quantity")
_MOST_LISTED = 60
NOT_CODED = "not-coded"
_TRUTH = {"true": "yes", "false": "no"}


class Fact(NamedTuple):
    """One line of the head: a cell with its unit, ``start`` (from what) and ``trigger``, or ``summary`` in its place.

    ``state`` (absent, not-coded) tells why there is neither.
    """

    label: str
    clause: str
    cell: str
    unit: str
    start: str
    trigger: str
    summary: str
    state: str
    locator: str
    sources: str


class Overview(NamedTuple):
    """One topic of an agreement: its state, how often it is promised in which modality, and what is reported."""

    topic: str
    state: str
    modalities: list[tuple[str, int]]
    reports: int
    first: str  # the topic under which the first of them is listed
    locator: str


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
        return numbered(self.sources)

    @property
    def facts(self) -> list[Fact]:
        """What the agreement's head says, and for each thing it does not say, why."""
        clauses = {row["clause"]: row for row in self.parts["clauses"]}
        return [
            _fact(self.agreement, clauses.get(kind, {}), column, label, unit) for label, column, kind, unit in FACTS
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
    def figures(self) -> list[Row]:
        """Commitments and reports with a sum, a share of GDP or a count, as the text runs."""
        rows = [row for row in self.parts["commitments"] if any(row[column] for column in _MEASURED)]
        return sorted(rows, key=lambda row: locators.order(row["locator"]))

    @property
    def overview(self) -> list[Overview]:
        """What is said on each topic that is committed to or mentioned."""
        held: dict[str, list[Row]] = {}
        for row in self.parts["commitments"]:
            for topic in wording.items(row["topic"]):
                held.setdefault(topic, []).append(row)
        said = [row for row in self.parts["coverage"] if row["coverage"] in ("committed", "mentioned")]
        return [_overview(row, held.get(row["topic"], [])) for row in said]

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
        """Where a commitment is described: in the list of its own agreement."""
        own = {row["commitment"] for row in self.parts["commitments"]}
        place = f"commitments#commitment-{wording.tail(commitment)}"
        owner, slash, _ = commitment.partition("/")
        return f"/agreements/{self.slug if commitment in own or not slash else owner}/{place}"

    def document(self) -> dict[str, Row | list[Row]]:
        """The rows as one JSON document."""
        return {"agreement": self.agreement, **self.parts, "claims": self.claims, "sources": self.sources}


def rows(snapshot: Snapshot, name: str) -> tuple[Row, ...]:
    """A table's rows; none where the snapshot was built before there was such a table. Raises TablesMissing."""
    known = tables.of(snapshot)
    return () if known and name not in known else tables.rows(snapshot, name)


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
    return Dossier(agreement, parts, claims, furthered, annexes, sources(snapshot, cited))


def sources(snapshot: Snapshot, cells: Iterable[str]) -> list[Row]:
    """The sources that these cells name: agreement texts first, else in the order of first mention."""
    known = {row["source"]: row for row in rows(snapshot, "sources")}
    cited = dict.fromkeys(slug for cell in cells for slug in wording.items(cell))
    found = [known.get(slug, _unlisted(slug)) for slug in cited]
    return sorted(found, key=lambda row: row["kind"] != "agreement-text")


def few(found: list[Row]) -> list[Row]:
    """A list of sources that is short enough to stand below a table; else none, and marks lead to their own pages."""
    return found if len(found) <= _MOST_LISTED else []


def numbered(found: Iterable[Row]) -> dict[str, int]:
    """The number that each source has in a list of them."""
    return {source["source"]: place for place, source in enumerate(found, 1)}


def _overview(coverage: Row, rows: list[Row]) -> Overview:
    promises = Counter(row["modality"] for row in rows if not wording.is_report(row))
    reports = sum(map(wording.is_report, rows))
    first = (wording.items(rows[0]["topic"]) if rows else [""])[0]
    first = coverage["topic"] if any(row["topic"].startswith(coverage["topic"]) for row in rows) else first
    return Overview(
        coverage["topic"], coverage["coverage"], promises.most_common(), reports, first, coverage["locator"]
    )


def _unlisted(slug: str) -> Row:
    columns = ("title", "publisher", "published", "language", "kind", "read_via", "url", "retrieved")
    return {"source": slug} | dict.fromkeys(columns, "") | {"title": slug}


def _fact(agreement: Row, clause: Row, column: str, label: str, unit: str) -> Fact:
    state = clause.get("state", "") or NOT_CODED
    cell = agreement[column]
    if cell in {"absent", NOT_CODED, "present"}:
        state, cell = cell, ""
    cell = _TRUTH.get(cell, cell)
    start = agreement[_START[column]] if cell and column in _START else ""
    trigger = agreement[_TRIGGER[column]] if cell and column in _TRIGGER else ""
    summary = clause["summary"] if not cell and state == "present" else ""
    told = "" if cell or summary else state
    return Fact(
        label,
        clause.get("clause", ""),
        cell,
        unit,
        start,
        trigger,
        summary,
        told,
        clause.get("locator", ""),
        clause.get("sources", ""),
    )


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
