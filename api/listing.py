"""The list of agreements: filtered, counted, and with the sets in which others have counted them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from api import dossier, wording
from kg.store import Snapshot
from kg.tables import Row

# What the home page counts: label, what is counted, and where the rows are.
COUNTED = {
    "agreements": ("of the signed series", "/agreements"),
    "parties": ("that signed one", "/parties"),
    "signatories": ("each in the office held on the day", "/signatures"),
    "commitments": ("promises coded so far, firm and vague", "/commitments"),
    "reports": ("of what had been done by then", "/commitments?modality=none"),
    "provisions": ("with article or paragraph", "/provisions"),
    "sources": ("texts, releases, press", "/sources"),
}


class Total(NamedTuple):
    """A count of the home page: its label, the number, what is counted, and the address of the rows."""

    label: str
    number: int
    note: str
    address: str


class Listed(NamedTuple):
    """One agreement in the list.

    ``promised`` and ``reported`` count its measures, ``coded`` of ``topics`` have been read for.
    """

    row: Row
    states: dict[str, str]
    modalities: list[tuple[str, int]]
    promised: int
    reported: int
    coded: int
    topics: int


def agreements(snapshot: Snapshot) -> list[Listed]:
    """Every agreement, by day of signature and partner."""
    about = {name: _by_agreement(dossier.rows(snapshot, name)) for name in ("commitments", "clauses", "coverage")}
    found = [
        _listed(row, {name: rows.get(row["agreement"], []) for name, rows in about.items()})
        for row in dossier.rows(snapshot, "agreements")
    ]
    return sorted(found, key=lambda listed: (listed.row["signed"], listed.row["partner"]))


def _by_agreement(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["agreement"], []).append(row)
    return found


def _listed(row: Row, about: dict[str, list[Row]]) -> Listed:
    once = [measure for measure in about["commitments"] if not measure["restates"]]
    promises = [measure for measure in once if not wording.is_report(measure)]
    return Listed(
        row=row,
        states={clause["clause"]: clause["state"] for clause in about["clauses"]},
        modalities=Counter(measure["modality"] for measure in promises).most_common(),
        promised=len(promises),
        reported=len(once) - len(promises),
        coded=sum(topic["coverage"] != dossier.NOT_CODED for topic in about["coverage"]),
        topics=len(about["coverage"]),
    )


def days(found: list[Listed]) -> list[tuple[str, list[Listed]]]:
    """The agreements by day of signature."""
    by_day: dict[str, list[Listed]] = {}
    for listed in found:
        by_day.setdefault(listed.row["signed"], []).append(listed)
    return list(by_day.items())


def sets(snapshot: Snapshot) -> list[Row]:
    """The counts that others have made, by date."""
    return sorted(dossier.rows(snapshot, "sets"), key=lambda row: row["as_of"])


def series(snapshot: Snapshot) -> Row | None:
    """The set that lists the most of the agreements here, the earliest on a tie; None where no set lists any."""
    known = {row["agreement"] for row in dossier.rows(snapshot, "agreements")}
    rated = [(len(known.intersection(wording.items(row["members"]))), row) for row in sets(snapshot)]
    best = max((count for count, _ in rated), default=0)
    return next((row for count, row in rated if count == best and count), None)


def totals(snapshot: Snapshot) -> list[Total]:
    """What is in the snapshot."""
    measures = [row for row in dossier.rows(snapshot, "commitments") if not row["restates"]]
    reports = sum(map(wording.is_report, measures))
    signatures = dossier.rows(snapshot, "signatures")
    counts = {
        "agreements": len(dossier.rows(snapshot, "agreements")),
        "parties": len({row["party"] for row in signatures}),
        "signatories": len({row["official"] for row in signatures}),
        "commitments": len(measures) - reports,
        "reports": reports,
        "provisions": len(dossier.rows(snapshot, "provisions")),
        "sources": len(dossier.rows(snapshot, "sources")),
    }
    return [Total(label, counts[label], note, address) for label, (note, address) in COUNTED.items()]
