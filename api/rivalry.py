"""Where sources disagree: claims of different values for one property of one thing, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

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
