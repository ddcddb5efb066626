"""Which amounts of money among some commitments may be added, their sums by currency, and why the rest may not.

Added are promises of an exact amount for a whole period that neither is part of another amount nor repeats one.
Promises with a lower bound are summed apart. Nothing is converted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from api import wording
from kg.tables import Row

EXACT, AT_LEAST = "exactly", "at-least"
# Why an amount is left out, most telling first: the reason as a page says it, and the test.
REASONS = {
    "report": "they report what was done and promise nothing",
    "restates": "they say again what another one says",
    "part": "they are part of another amount",
    "by-year": "they are given for each year, not in total",
    "vague": "they are stated as about, nearly, more than, up to or similar to",
    "span": "they are a range, not one amount",
    "no-currency": "they are given without a currency",
}


@dataclass
class Sums:
    """Sums by currency: exact amounts and lower bounds apart; how many rows each holds, how many are left out why."""

    exact: dict[str, Decimal] = field(default_factory=dict)
    at_least: dict[str, Decimal] = field(default_factory=dict)
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> list[tuple[str, str, str, int]]:
        """Comparator, currency, sum and number of rows, exact ones first."""
        found = [(EXACT, currency, amount) for currency, amount in sorted(self.exact.items())]
        found += [(AT_LEAST, currency, amount) for currency, amount in sorted(self.at_least.items())]
        return [(kind, currency, f"{amount:f}", self.rows[kind, currency]) for kind, currency, amount in found]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why how many rows are left out, in the order of ``REASONS``."""
        return [(REASONS[key], self.left_out[key]) for key in REASONS if self.left_out[key]]


def read(rows: Iterable[Row]) -> Sums:
    """The sums over the rows that have an amount."""
    found = Sums()
    for row in rows:
        if not row["value"]:
            continue
        reason = _reason(row)
        if reason:
            found.left_out[reason] += 1
            continue
        sums = found.exact if row["comparator"] == EXACT else found.at_least
        sums[row["currency"]] = sums.get(row["currency"], Decimal()) + Decimal(row["value"])
        found.rows[row["comparator"], row["currency"]] += 1
    return found


def _reason(row: Row) -> str:
    """Why an amount may not be added; empty where it may."""
    tests = {
        "report": wording.is_report(row),
        "restates": bool(row["restates"]),
        "part": bool(row["part_of"]),
        "by-year": row["per"] != "total",
        "vague": row["comparator"] not in (EXACT, AT_LEAST),
        "span": bool(row["value_max"]),
        "no-currency": not row["currency"],
    }
    return next((reason for reason, holds in tests.items() if holds), "")


def bars(rows: Iterable[Row], column: str, most: int = 10) -> list[tuple[str, int]]:
    """The values of a column that may hold several, with the number of rows each has, most first."""
    counted = Counter(item for row in rows for item in wording.items(row[column]))
    return sorted(counted.items(), key=lambda held: (-held[1], held[0]))[:most]
