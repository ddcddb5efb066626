"""A network as a small picture beside its name: dots and lines, no words, no links."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from kg.network import Network, Positions
from kg.picture import look
from kg.picture.shapes import pixels

_HALF = (90.0, 60.0)


def thumbnail(network: Network, positions: Positions) -> str:
    """An ``<svg>`` element of 192 by 132 pixels, left out by screen readers; colours as in the figure."""
    root = Element("svg", {"class": "network-thumbnail", "viewBox": "-96 -66 192 132", "width": "192", "height": "132"})
    root.set("aria-hidden", "true")
    places = {node: f"{pixels(x * _HALF[0])} {pixels(y * _HALF[1])}" for node, (x, y) in positions.items()}
    lines = dict.fromkeys(f"M{places[s]}L{places[t]}" for s, t in network.edges() if s != t)
    SubElement(root, "path", {"class": "edge", "fill": "none", "stroke": look.LINE[0], "d": "".join(lines)})
    known = look.kinds(network, {})
    for kind in known.nodes:
        held = [node for node, data in network.nodes(data=True) if data["kind"] == kind]
        # A line of no length is a dot as wide as the line.
        dots = "".join(f"M{places[node]}h0" for node in held)
        rank = known.rank(kind) % len(look.LIGHT)
        looks = {"class": f"l{rank}", "stroke": look.LIGHT[rank], "stroke-width": "5", "stroke-linecap": "round"}
        SubElement(root, "path", looks | {"d": dots})
    return tostring(root, encoding="unicode")
