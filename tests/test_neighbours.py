"""The neighbours of an agreement over the real records."""

from __future__ import annotations

from api import dossier, neighbours


def read(snapshot, slug: str):
    return neighbours.read(snapshot, dossier.find(snapshot, slug))


def test_the_baltic_day_in_brussels(snapshot):
    found = {
        (one.shared, one.official): [row["agreement"] for row in one.agreements]
        for one in read(snapshot, "ukr-ltu-2024")
    }
    assert found[neighbours.DAY, ""] == ["ukr-est-2024", "ukr-eu-2024"]
    assert "ukr-bel-2024" in found[neighbours.PLACE, ""]
    assert len(found["", "volodymyr-zelenskyy"]) > 20


def test_no_agreement_is_its_own_neighbour(snapshot):
    for row in dossier.rows(snapshot, "agreements"):
        for one in neighbours.read(snapshot, row):
            assert row["agreement"] not in [other["agreement"] for other in one.agreements]
            assert one.agreements
