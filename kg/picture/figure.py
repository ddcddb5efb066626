"""A network as one SVG: every node a link, no script, no style attribute, readable in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, tostring

from kg.network import Network, Positions
from kg.picture import look
from kg.picture.labels import Label
from kg.picture.look import CHARACTER, LINE_HEIGHT, Frame, Kinds
from kg.picture.shapes import draw_line, draw_shape, pixels
from kg.picture.sheet import Box, Point, Sheet, sheet

_MARGIN = 14.0
_LEGEND_STEP = 22.0
_SIGN = 34.0


def svg(network: Network, positions: Positions, frame: Frame, standalone: bool = False) -> str:
    """The picture of a network as an ``<svg>`` element; ``positions`` are those of ``kg.network.layout``.

    Nodes are drawn, and reached by the Tab key, in the order of ``positions``. To stand in a page the
    element has classes and presentation attributes only, and takes its colours from ``network.css``.
    ``standalone`` makes a file of it: with a style element for light and dark, the title written on
    top and the credit below.
    """
    root = _root(frame)
    if frame.columns:
        root.set("class", "network-picture network-columns")
    box = _draw(root, sheet(network, positions, frame))
    if standalone:
        box = _finished(root, box, frame)
    _set_size(root, box)
    return tostring(root, encoding="unicode")


def _root(frame: Frame) -> Element:
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "network-picture", "role": "group"})
    root.set("aria-labelledby", f"{frame.prefix}-title")
    root.set("font-family", "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif")
    root.set("font-size", "13")
    root.set("fill", "currentColor")
    SubElement(root, "title", {"id": f"{frame.prefix}-title"}).text = frame.title
    if frame.description:
        root.set("aria-describedby", f"{frame.prefix}-desc")
        SubElement(root, "desc", {"id": f"{frame.prefix}-desc"}).text = frame.description
    return root


def _draw(root: Element, drawing: Sheet) -> Box:
    _draw_edges(root, drawing)
    _draw_nodes(root, drawing)
    return _draw_legend(root, drawing.box(), drawing.known, drawing.frame.strong)


def _draw_edges(root: Element, drawing: Sheet) -> None:
    group = SubElement(root, "g", {"class": "edges", "fill": "none", "stroke-width": "1.2"})
    nodes = drawing.network.nodes
    for (source, target, data), route in zip(drawing.network.edges(data=True), drawing.routes(), strict=True):
        kind = str(data["kind"])
        line = draw_line(group, route, drawing.known.dash(kind), kind in drawing.frame.strong)
        words = (nodes[source]["label"], drawing.known.name(kind), nodes[target]["label"])
        SubElement(line, "title").text = " – ".join(map(str, words))


def _draw_nodes(root: Element, drawing: Sheet) -> None:
    group = SubElement(root, "g", {"class": "nodes"})
    for node, mark in drawing.marks.items():
        link = SubElement(group, "a", {"class": "node", "href": drawing.frame.href(node)})
        if drawing.frame.target:
            link.set("target", drawing.frame.target)
        SubElement(link, "title").text = look.spoken(
            node, drawing.network.nodes[node], drawing.known, drawing.frame.date
        )
        draw_shape(link, drawing.known, mark.kind, drawing.point(node), mark.radius)
        if node in drawing.labels:
            _draw_label(link, drawing.labels[node])


def _draw_label(parent: Element, label: Label) -> None:
    """The lines of a label, centred on its anchor point; outside its node with a rim in the colour of the paper."""
    text = SubElement(parent, "text", _inside() if label.inside else _halo())
    text.set("text-anchor", label.anchor)
    if label.turn:
        text.set("transform", f"rotate({pixels(label.turn)} {pixels(label.x)} {pixels(label.y)})")
    top = label.y - (len(label.lines) - 1) * LINE_HEIGHT / 2 + 4.5
    for number, line in enumerate(label.lines):
        SubElement(text, "tspan", {"x": pixels(label.x), "y": pixels(top + number * LINE_HEIGHT)}).text = line


def _inside() -> dict[str, str]:
    return {"class": "inside", "fill": look.PAPER[0], "font-weight": "600"}


def _halo() -> dict[str, str]:
    rim = {"stroke": look.PAPER[0], "stroke-width": "3", "stroke-linejoin": "round"}
    return {"class": "halo", "paint-order": "stroke"} | rim


def _draw_legend(root: Element, box: Box, known: Kinds, strong: frozenset[str]) -> Box:
    """Lines of signs and names under the drawing; answers the box that holds both."""
    group = SubElement(root, "g", {"class": "network-key"})
    bottom = box.bottom
    for kind, is_node, (x, y) in _legend_places(box, known):
        if is_node:
            draw_shape(group, known, kind, (x + 16, y), 7.0)
        else:
            draw_line(group, ((x, y), (x + 26, y)), known.dash(kind), kind in strong)
        _write(group, (x + _SIGN, y + 4.5), _legend_words(known, kind, is_node), {})
        bottom = y
    return replace(box, bottom=bottom + _LEGEND_STEP)


def _legend_places(box: Box, known: Kinds) -> Iterator[tuple[str, bool, Point]]:
    """Each kind of node, then of edge, with its place: side by side while the width holds them."""
    first = x = box.left + _MARGIN
    y = box.bottom + _LEGEND_STEP
    for kind, is_node in [*((kind, True) for kind in known.nodes), *((kind, False) for kind in known.edges)]:
        width = _SIGN + CHARACTER * len(_legend_words(known, kind, is_node)) + 12
        if x > first and x + width > box.right:
            x, y = first, y + _LEGEND_STEP
        yield kind, is_node, (x, y)
        x += width


def _legend_words(known: Kinds, kind: str, is_node: bool) -> str:
    return f"{known.name(kind)} ({(known.nodes if is_node else known.edges)[kind]})"


def _finished(root: Element, box: Box, frame: Frame) -> Box:
    """A file that stands alone: paper, title and credit around the drawing."""
    _write(root, (box.left + _MARGIN, box.top + 4), frame.title, {"font-size": "17", "font-weight": "600"})
    _write(root, (box.left + _MARGIN, box.bottom + 4), frame.credit, {"font-size": "11"})
    whole = replace(box, top=box.top - 2 * _MARGIN, bottom=box.bottom + _LEGEND_STEP)
    style = Element("style")
    style.text = _rules()
    root.insert(0, style)
    root.insert(1, Element("rect", {"class": "paper", "fill": look.PAPER[0]} | _size(whole)))
    return whole


def _rules() -> str:
    """The rules of ``network.css``, for a file that stands alone."""
    ink, line, paper = look.INK[1], look.LINE[1], look.PAPER[1]
    dark = [f"svg{{color:{ink}}}.paper,.inside{{fill:{paper}}}.halo{{stroke:{paper}}}.edge{{stroke:{line}}}"]
    dark += [f".k{rank}{{fill:{colour}}}" for rank, colour in enumerate(look.DARK)]
    return f"svg{{color:{look.INK[0]}}}@media (prefers-color-scheme:dark){{{''.join(dark)}}}"


def _write(parent: Element, start: Point, words: str, looks: dict[str, str]) -> None:
    SubElement(parent, "text", {"x": pixels(start[0]), "y": pixels(start[1])} | looks).text = words


def _size(box: Box) -> dict[str, str]:
    width, height = pixels(box.right - box.left), pixels(box.bottom - box.top)
    return {"x": pixels(box.left), "y": pixels(box.top), "width": width, "height": height}


def _set_size(root: Element, box: Box) -> None:
    size = _size(box)
    root.set("viewBox", " ".join(size.values()))
    root.set("width", size["width"])
    root.set("height", size["height"])
