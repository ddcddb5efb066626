"""The neighbours of an agreement: signed on the same day, at the same place, or by the same official."""

from __future__ import annotations

from typing import NamedTuple

from api import dossier
from kg.store import Snapshot
from kg.tables import Row

DAY, PLACE = "same day", "same place"


class Neighbours(NamedTuple):
    """Other agreements that share one thing with an agreement; ``official`` is empty unless that is the thing."""

    shared: str
    official: str
    agreements: list[Row]


def read(snapshot: Snapshot, agreement: Row) -> list[Neighbours]:
    """By day, by place, and by each signatory; what is shared with no other is left out."""
    others = [row for row in dossier.rows(snapshot, "agreements") if row["agreement"] != agreement["agreement"]]
    others.sort(key=lambda row: (row["signed"], row["partner"]))
    found = [
        Neighbours(DAY, "", [row for row in others if row["signed"] == agreement["signed"]]),
        Neighbours(PLACE, "", [row for row in others if agreement["place"] and row["place"] == agreement["place"]]),
        *_by_signatory(snapshot, agreement["agreement"], others),
    ]
    return [one for one in found if one.agreements]


def _by_signatory(snapshot: Snapshot, slug: str, others: list[Row]) -> list[Neighbours]:
    signed: dict[str, set[str]] = {}
    for row in dossier.rows(snapshot, "signatures"):
        signed.setdefault(row["official"], set()).add(row["agreement"])
    mine = [official for official, agreements in signed.items() if official and slug in agreements]
    return [
        Neighbours("", official, [row for row in others if row["agreement"] in signed[official]]) for official in mine
    ]
