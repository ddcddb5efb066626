"""A network as a page to move about in: vis-network from the pyvis package, without the pyvis template."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kg.network import Network, Positions
from kg.picture import look
from kg.picture.look import Frame, Kinds
from kg.picture.shapes import sign
from kg.picture.sheet import Sheet, sheet

if TYPE_CHECKING:
    from jinja2 import Template

_VIS = "templates/lib/vis-9.1.2"


def vis_assets() -> dict[str, Path]:
    """The files of vis-network 9.1.2 to serve, by name; they lie in the pyvis package, which is not imported."""
    found = find_spec("pyvis")
    folders = [Path(place) for place in (found.submodule_search_locations or ())] if found else []
    names = ("vis-network.min.js", "vis-network.css")
    return {name: folder / _VIS / name for folder in folders for name in names if (folder / _VIS / name).is_file()}


def interactive(network: Network, positions: Positions, frame: Frame, template: Template, **context: object) -> str:
    """The interactive page of a network.

    ``template`` must escape by itself; it gets ``title``, ``description``, ``legend`` (for each kind of node
    ``name``, ``count``, ``rank`` and ``sign``, an ``<svg>`` element), ``data`` (for the ``tojson`` filter:
    ``nodes``, ``edges`` and ``options`` of vis-network, and the ``box`` to show) and whatever ``context`` adds. Nodes
    and labels stand where the figure has them; nothing moves by itself.
    """
    drawn = sheet(network, positions, frame)
    return template.render(
        title=frame.title,
        description=frame.description,
        legend=[_entry(drawn.known, kind) for kind in drawn.known.nodes],
        data=_data(drawn),
        **context,
    )


def _entry(known: Kinds, kind: str) -> dict[str, object]:
    # The sign is an element built by ElementTree, which escapes all it holds.
    shape = Markup(sign(known, kind))  # noqa: S704  # escaped by ElementTree
    return {"name": known.name(kind), "count": known.nodes[kind], "rank": known.rank(kind), "sign": shape}


def _data(drawn: Sheet) -> dict[str, Any]:
    # Imported here: pyvis imports IPython.
    from pyvis.network import Network as Drawing  # noqa: PLC0415  # imports IPython

    drawing = Drawing(directed=True)
    drawing.toggle_physics(False)
    drawing.options.edges.smooth.enabled = False
    # Filled as a whole: add_node and add_edge search all nodes for each one added.
    drawing.nodes = [_node(drawn, node) for node in drawn.marks]
    drawing.edges = _edges(drawn)
    nodes, edges, *_, options = drawing.get_network_data()
    return {"nodes": nodes, "edges": edges, "options": json.loads(options), "box": asdict(drawn.box())}


def _node(drawn: Sheet, node: str) -> dict[str, object]:
    mark, label = drawn.marks[node], drawn.labels.get(node)
    return {
        "id": node,
        "caption": mark.text,
        "spoken": look.spoken(node, drawn.network.nodes[node], drawn.known, drawn.frame.date),
        "page": drawn.frame.href(node),
        "rank": drawn.known.rank(mark.kind),
        "shape": drawn.known.shape(mark.kind),
        "size": mark.radius,
        "x": mark.x,
        "y": mark.y,
        "text": asdict(label) if label else None,
    }


def _edges(drawn: Sheet) -> list[dict[str, object]]:
    looks = {
        kind: {"dashes": _dashes(drawn.known.dash(kind)), "width": 3 if kind in drawn.frame.strong else 1}
        for kind in drawn.known.edges
    }
    return [
        {"from": source, "to": target, "id": key, **looks[str(data["kind"])]}
        for source, target, key, data in drawn.network.edges(keys=True, data=True)
    ]


def _dashes(dash: str) -> list[int] | bool:
    return [int(length) for length in dash.split()] or False
