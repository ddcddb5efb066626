"""Where states lie on the map: outlines that have been built, and the tiles that stand in for them."""

from __future__ import annotations

import json
import re
from math import cos, radians, sin, sqrt

import pytest

from api import built, geometry

CRIMEA = (34.1, 44.95)
OUTLINES = built.read(built.folder()).outlines
needs_outlines = pytest.mark.skipif(OUTLINES is None, reason="no outlines: make assets builds them")


def projected(lon: float, lat: float) -> tuple[float, float]:
    """Lambert's azimuthal equal-area projection as the frame of Europe states it."""
    frame = json.loads(OUTLINES.read_text("utf-8"))["frames"][0]
    away, up = radians(lon - frame["centre"][0]), radians(lat)
    middle = radians(frame["centre"][1])
    stretch = sqrt(2 / (1 + sin(middle) * sin(up) + cos(middle) * cos(up) * cos(away)))
    east = stretch * cos(up) * sin(away)
    north = stretch * (cos(middle) * sin(up) - sin(middle) * cos(up) * cos(away))
    return frame["x"] + frame["scale"] * east, frame["y"] - frame["scale"] * north


def rings(path: str) -> list[list[tuple[float, float]]]:
    pieces = [re.findall(r"(-?[\d.]+),(-?[\d.]+)", piece) for piece in path.split("Z") if piece]
    return [[(float(x), float(y)) for x, y in piece] for piece in pieces]


def inside(point: tuple[float, float], path: str) -> bool:
    x, y = point
    crossings = 0
    for ring in rings(path):
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            crossings += (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    return crossings % 2 == 1


@needs_outlines
def test_crimea_lies_in_ukraine_and_nowhere_else():
    shapes = geometry.read(OUTLINES).shapes
    point = projected(*CRIMEA)
    holders = {code for code, found in shapes.items() if any(inside(point, shape.path) for shape in found)}
    assert holders == {"UKR"}


@needs_outlines
@pytest.mark.parametrize(("place", "code"), [((25.3, 54.7), "LTU"), ((37.6, 55.75), "RUS"), ((15.0, 62.0), "SWE")])
def test_the_projection_of_this_test_is_that_of_the_map(place, code):
    shapes = geometry.read(OUTLINES).shapes
    assert any(inside(projected(*place), shape.path) for shape in shapes[code])


@needs_outlines
def test_outlines_fit_a_page():
    assert OUTLINES.stat().st_size < 80_000


def test_tiles_stand_apart_and_inside():
    whole = geometry.read(None)
    assert not whole.outlined
    places = [(shape.x, shape.y) for found in whole.shapes.values() for shape in found]
    assert len(set(places)) == len(places)
    assert all(0 < x < whole.width and 0 < y < whole.height for x, y in places)


def test_a_code_without_a_place_gets_a_tile_below():
    whole = geometry.tiles()
    more = whole.holding(["LTU", "ZZZ", "nowhere"])
    assert set(more.shapes) - set(whole.shapes) == {"ZZZ", "nowhere"}
    assert whole.height < more.shapes["ZZZ"][0].y < more.height
    assert whole.holding(["LTU"]) is whole
