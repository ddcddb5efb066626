"""The timeline: days to places, lanes by kind, labels that do not touch."""

from __future__ import annotations

from itertools import combinations, pairwise

from api import timeline
from kg import tables


def row(day: str, kind: str = "signature", parties: str = "LTU;UKR", name: str = "") -> dict[str, str]:
    return {"date": day, "kind": kind, "parties": parties, "event": name or day, "instrument": "x", "summary": ""}


def test_without_days_there_is_no_picture():
    assert timeline.read([]) is None
    assert timeline.read([row("")]) is None


def test_days_stand_in_their_order_and_inside():
    drawn = timeline.read([row(f"2024-{month:02}-15", name=str(month)) for month in range(1, 13)])
    places = [mark.x for mark in drawn.lanes[0].marks]
    assert all(before < after for before, after in pairwise(places))
    assert drawn.left <= places[0]
    assert places[-1] <= drawn.width


def test_marks_never_touch(snapshot):
    drawn = timeline.read(tables.rows(snapshot, "events"))
    for lane in drawn.lanes:
        for one, other in combinations(lane.marks, 2):
            assert abs(one.x - other.x) >= 36 or abs(one.y - other.y) >= 17
        assert all(lane.y < mark.y < lane.y + lane.height for mark in lane.marks)
    for above, below in pairwise(drawn.lanes):
        assert above.y + above.height < below.y
    assert drawn.lanes[-1].y + drawn.lanes[-1].height < drawn.height


def test_every_dated_event_is_drawn_once(snapshot):
    rows = [row for row in tables.rows(snapshot, "events") if row["date"]]
    drawn = timeline.read(rows)
    assert sorted(mark.row["event"] for lane in drawn.lanes for mark in lane.marks) == sorted(r["event"] for r in rows)


def test_signatures_come_first_and_the_partner_labels_them():
    drawn = timeline.read([row("2024-01-01", "approval"), row("2024-05-01"), row("2024-06-01", parties="A;B;UKR")])
    assert [lane.kind for lane in drawn.lanes] == ["signature", "approval"]
    assert [mark.label for mark in drawn.lanes[0].marks] == ["LTU", ""]


def test_a_long_span_has_years_only():
    ticks = timeline.read([row("1994-01-01"), row("2026-01-01")]).ticks
    assert all(tick.strong for tick in ticks)
    assert len(ticks) <= 18
