"""The shapes of nodes and the signs of a legend, as SVG elements."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.picture import look
from kg.picture.look import Kinds

Point = tuple[float, float]

# Number of corners, angle of the first, and reach in radii: shapes of one size look equally large.
_CORNERS = {
    "square": (4, pi / 4, 1.2),
    "diamond": (4, 0.0, 1.3),
    "triangle": (3, -pi / 2, 1.35),
    "triangleDown": (3, pi / 2, 1.35),
    "hexagon": (6, 0.0, 1.15),
}


def pixels(value: float) -> str:
    """A number of pixels, to a tenth."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def draw_shape(parent: Element, known: Kinds, kind: str, middle: Point, radius: float) -> None:
    """A node of that kind; ``middle`` and ``radius`` in pixels."""
    rank = known.rank(kind) % len(look.LIGHT)
    looks = {"class": f"k{rank}", "fill": look.LIGHT[rank]}
    corners = _corners(known.shape(kind), radius)
    if corners:
        points = " ".join(f"{pixels(middle[0] + x)},{pixels(middle[1] + y)}" for x, y in corners)
        SubElement(parent, "polygon", looks | {"points": points})
    else:
        SubElement(parent, "circle", looks | {"cx": pixels(middle[0]), "cy": pixels(middle[1]), "r": pixels(radius)})


def draw_line(parent: Element, points: Sequence[Point], dash: str, strong: bool = False) -> Element:
    """An edge through two or more points in pixels; a strong one is heavier."""
    line = SubElement(parent, "polyline", {"class": "edge", "stroke": look.LINE[0]})
    line.set("points", " ".join(f"{pixels(x)},{pixels(y)}" for x, y in points))
    if dash:
        line.set("stroke-dasharray", dash)
    if strong:
        line.set("stroke-width", "3")
    return line


def sign(known: Kinds, kind: str) -> str:
    """The sign of a kind of node for a legend in HTML: an ``<svg>`` element of 18 by 18 pixels."""
    root = Element("svg", {"class": "network-sign", "viewBox": "-9 -9 18 18", "width": "18", "height": "18"})
    root.set("aria-hidden", "true")
    draw_shape(root, known, kind, (0.0, 0.0), 6.5)
    return tostring(root, encoding="unicode")


def _corners(shape: str, radius: float) -> list[Point]:
    """The corners of a shape around its middle; none for a circle."""
    if shape == "star":
        pairs = zip(_polygon(5, -pi / 2, 1.4 * radius), _polygon(5, -3 * pi / 10, 0.6 * radius), strict=True)
        return [corner for pair in pairs for corner in pair]
    if shape not in _CORNERS:
        return []
    count, first, reach = _CORNERS[shape]
    return _polygon(count, first, reach * radius)


def _polygon(count: int, first: float, radius: float) -> list[Point]:
    angles = [first + 2 * pi * corner / count for corner in range(count)]
    return [(radius * cos(angle), radius * sin(angle)) for angle in angles]
