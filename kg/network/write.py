"""A network as bytes: node-link JSON, GraphML, GEXF, and its edges as CSV. No clock, no chance."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO, StringIO

import networkx as nx

from kg.network.projection import Network
from kg.network.rings import Positions

# GEXF keeps these names for its own use.
_GEXF_NAMES = {"start": "from", "end": "until"}
_EDGE_COLUMNS = ("source", "source_label", "kind", "target", "target_label")
_SHOWN = frozenset(("iri", "label"))
# GEXF states the day of writing, which no file of ours does, and the version of networkx.
_GEXF_META = re.compile(rb"\s*<meta.*?</meta>", re.DOTALL)


def to_json(network: Network, positions: Positions) -> bytes:
    """Node-link JSON as networkx and d3 read it; nodes carry ``x`` and ``y`` (-1 to 1, y downwards)."""
    data = nx.node_link_data(_placed(network, positions), edges="edges")
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def to_graphml(network: Network, positions: Positions) -> bytes:
    """GraphML with ``x`` and ``y`` as node attributes; networkx reads the same network back."""
    out = BytesIO()
    nx.write_graphml_xml(_placed(network, positions), out, named_key_ids=True)
    return out.getvalue() + b"\n"


def to_gexf(network: Network, positions: Positions) -> bytes:
    """GEXF for Gephi, without the day of writing; ``x`` and ``y`` are node attributes.

    ``start`` and ``end`` are called ``from`` and ``until``.
    """
    out = BytesIO()
    placed = _placed(network, positions)
    everything = [data for _, data in placed.nodes(data=True)] + [data for _, _, data in placed.edges(data=True)]
    for data in everything:
        for name in sorted(_GEXF_NAMES.keys() & data.keys()):
            data[_GEXF_NAMES[name]] = data.pop(name)
    nx.write_gexf(placed, out)
    return _GEXF_META.sub(b"", out.getvalue()) + b"\n"


def to_csv(network: Network) -> bytes:
    """One row an edge, UTF-8: both ends with label and kind of edge, then attributes of the edge, then of the ends.

    The last are named ``source_…`` and ``target_…``; a cell is empty where there is no such attribute.
    """
    own = sorted({name for _, _, data in network.edges(data=True) for name in data} - {"kind", *_SHOWN})
    extra = _extra_columns(network)
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*_EDGE_COLUMNS, *own, *(f"{end}_{name}" for end, name in extra)])
    writer.writerows(_rows(network, own, extra))
    return out.getvalue().encode()


def _rows(network: Network, own: list[str], extra: list[tuple[str, str]]) -> Iterable[list[object]]:
    for source, target, data in network.edges(data=True):
        ends = {"source": network.nodes[source], "target": network.nodes[target]}
        first = [source, ends["source"]["label"], data["kind"], target, ends["target"]["label"]]
        yield first + [data.get(name, "") for name in own] + [ends[end].get(name, "") for end, name in extra]


def _extra_columns(network: Network) -> list[tuple[str, str]]:
    names = {
        (end, name)
        for source, target in network.edges()
        for end, node in (("source", source), ("target", target))
        for name in network.nodes[node]
    }
    return sorted(pair for pair in names if pair[1] not in _SHOWN)


def _placed(network: Network, positions: Positions) -> Network:
    """A copy in which each node carries its position and nothing that XML cannot hold."""
    placed: Network = nx.MultiDiGraph()
    for node, data in network.nodes(data=True):
        x, y = positions[node]
        placed.add_node(node, **_clean(data), x=x, y=y)
    for source, target, key, data in network.edges(keys=True, data=True):
        placed.add_edge(source, target, key=key, **_clean(data))
    return placed


def _clean(data: Mapping[str, object]) -> dict[str, str | int | float]:
    """Attributes that every format holds: no None, no list, no control character."""
    return {name: _cell(value) for name, value in sorted(data.items()) if value is not None}


def _cell(value: object) -> str | int | float:
    if isinstance(value, int | float):
        return value
    return _CONTROL.sub("\ufffd", str(value))


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

WRITERS: dict[str, Callable[[Network, Positions], bytes]] = {
    "json": to_json,
    "graphml": to_graphml,
    "gexf": to_gexf,
    "csv": lambda network, positions: to_csv(network),
}
