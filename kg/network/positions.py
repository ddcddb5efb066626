"""Where the nodes stand: rings around a centre, forces, or columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import networkx as nx

from kg.network.columns import columns
from kg.network.forces import fitted, forces
from kg.network.projection import Network
from kg.network.rings import Key, Positions, middle, rings

_DIGITS = 4


class Form(NamedTuple):
    """How a network is to stand.

    ``centre`` names the node in the middle, or that of the first column. ``columns`` asks for columns, ``layers``
    says which kinds stand in each; without layers, a column holds what is so many edges from the centre.
    """

    centre: str = ""
    columns: bool = False
    layers: tuple[frozenset[str], ...] = ()


def layout(network: Network, seed: int = 1, form: Form = Form(), date: str = "signed") -> Positions:  # noqa: B008  # frozen
    """A position for each node: x to the right, y downwards, both from -1 to 1.

    A network that is tree-like around a node of the highest degree gets rings: each ring holds the
    nodes at one graph distance from the middle, clockwise from the top by the attribute ``date``, then
    by kind and label. The form's centre is the middle where several nodes have that degree. Others get
    forces, each component by itself. Columns are drawn where the form asks for them.
    The order of the answer is the order to read the nodes in; the same network and seed give the same answer.
    """
    plain = nx.Graph(network)
    key = _sort_key(network, date)
    if form.columns:
        return _rounded(columns(network, plain, form.centre, form.layers, key))
    found = middle(plain, form.centre)
    if found is not None:
        return _rounded(rings(plain, found, key))
    order: Sequence[str] = sorted(plain, key=key)
    placed = forces(plain, seed, key)
    return _rounded(fitted({node: placed[node] for node in order}))


def _sort_key(network: Network, date: str) -> Key:
    nodes = network.nodes

    def key(node: str) -> tuple[str, ...]:
        data = nodes[node]
        return str(data.get(date, "")), str(data["kind"]), str(data["label"]), node

    return key


def _rounded(positions: Positions) -> Positions:
    return {node: (round(x, _DIGITS) + 0.0, round(y, _DIGITS) + 0.0) for node, (x, y) in positions.items()}
