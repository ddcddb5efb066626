"""What a record's page says of it, from the tables."""

from __future__ import annotations

from api import profile


def parts(snapshot, folder: str, slug: str) -> dict[str, profile.Part]:
    return {part.title: part for part in profile.read(snapshot, folder, slug)}


def test_ukraine_has_every_agreement_first(snapshot):
    first = profile.read(snapshot, "parties", "UKR")[0]
    assert first.title == profile.AGREEMENTS
    assert first.total == len(first.rows) > 20
    assert [row["signed"] for row in first.rows] == sorted(row["signed"] for row in first.rows)


def test_a_partner_has_its_agreement_then_its_officials_then_its_commitments(snapshot):
    titles = list(parts(snapshot, "parties", "LTU"))
    wished = [profile.AGREEMENTS, "Officials", "What it undertakes", "Memberships"]
    assert [title for title in titles if title in wished] == wished


def test_columns_without_a_value_are_left_out(snapshot):
    shown = parts(snapshot, "parties", "LTU")["Officials"]
    assert "of" not in shown.columns, "it is Lithuania in each row"
    for part in profile.read(snapshot, "parties", "LTU"):
        empty = [column for column in part.columns if column != "value" and not any(row[column] for row in part.rows)]
        assert empty in ([], ["partner"]), part.title


def test_rows_with_a_measure_come_first(snapshot):
    rows = parts(snapshot, "parties", "LTU")["What it undertakes"].rows
    measured = [bool(row["value"] or row["percent_of_gdp"] or row["quantity"]) for row in rows]
    assert measured == sorted(measured, reverse=True)
    assert measured[0]
