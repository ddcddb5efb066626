"""Where sources disagree: claims of different values for one property of one thing, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg import tables
from kg.store import Snapshot
from kg.tables import Row

RANKS = ("preferred", "normal", "deprecated")


class Rivals(NamedTuple):
    """Claims on one property of one thing, the preferred ones first.

    ``record`` is the path of the record it is in,
    ``term`` the local name of the property.
    """

    subject: str
    record: str
    term: str
    claims: tuple[Row, ...]

    @property
    def reasons(self) -> list[str]:
        """Why one is preferred or another is not, each reason once."""
        return list(dict.fromkeys(row["reason"] for row in self.claims if row["reason"]))

    @property
    def anchor(self) -> str:
        """Where it stands on the page of rivalries."""
        return f"{self.subject.replace('/', '-')}-{self.term}"


def differ(claims: Sequence[Row]) -> bool:
    """Several values of a property that may have several are no quarrel: those all have the same rank."""
    return len({row["value"] for row in claims}) > 1 and len({row["rank"] for row in claims}) > 1


def ranked(claims: Iterable[Row]) -> tuple[Row, ...]:
    """Claims, the preferred ones first."""
    return tuple(sorted(claims, key=lambda row: RANKS.index(row["rank"])))


def read(claims: Iterable[Row]) -> list[Rivals]:
    """The rivalries among some claims, in the order of the table."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in claims:
        groups.setdefault((row["subject"], row["property"]), []).append(row)
    return [
        Rivals(subject, "/".join(subject.split("/")[:2]), name, ranked(rows))
        for (subject, name), rows in groups.items()
        if differ(rows)
    ]


@lru_cache(maxsize=2)
def by_subject(snapshot: Snapshot) -> dict[str, list[Rivals]]:
    """Every rivalry by the path of the thing it is about."""
    found: dict[str, list[Rivals]] = {}
    for one in read(tables.rows(snapshot, "claims") if "claims" in tables.of(snapshot) else ()):
        found.setdefault(one.subject, []).append(one)
    return found
