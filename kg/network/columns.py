"""Columns: nodes of one layer stand under one another, near what they are linked to."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx

from kg.network.projection import Network
from kg.network.rings import Key, Positions

_SWEEPS = 8


def columns(
    network: Network, plain: nx.Graph[str], centre: str, layers: Sequence[frozenset[str]], key: Key
) -> Positions:
    """A column for each layer from left to right, x and y from -1 to 1; read column by column, downwards.

    ``layers`` holds the kinds of each column; without them a column holds what is so many edges from ``centre``. What
    belongs in none stands in a last one.
    """
    held = _by_kind(network, layers) if layers else _by_distance(plain, centre)
    groups = [sorted(group, key=key) for group in held if group]
    _untangle(plain, groups, key)
    found: Positions = {}
    for number, group in enumerate(groups):
        x = 2 * number / (len(groups) - 1) - 1 if len(groups) > 1 else 0.0
        found |= {node: (x, 2 * share - 1) for node, share in _shares(group).items()}
    return found


def _by_kind(network: Network, layers: Sequence[frozenset[str]]) -> list[list[str]]:
    kinds = {node: data["kind"] for node, data in network.nodes(data=True)}
    held = [[node for node in kinds if kinds[node] in layer] for layer in layers]
    placed = {node for group in held for node in group}
    return [*held, [node for node in kinds if node not in placed]]


def _by_distance(plain: nx.Graph[str], centre: str) -> list[list[str]]:
    steps = dict(nx.single_source_shortest_path_length(plain, centre)) if centre in plain else {}
    last = max(steps.values(), default=-1) + 1
    held: list[list[str]] = [[] for _ in range(last + 1)]
    for node in plain:
        held[steps.get(node, last)].append(node)
    return held


def _untangle(plain: nx.Graph[str], groups: list[list[str]], key: Key) -> None:
    """Sort each column by where its neighbours stand in the one before, there and back: fewer lines cross."""
    order = list(range(1, len(groups))) + list(range(len(groups) - 2, -1, -1))
    for _ in range(_SWEEPS):
        before = 0
        for number in order:
            beside = _shares(groups[before])
            groups[number].sort(key=lambda node: (_mean(plain, node, beside), key(node)))  # used at once
            before = number


def _mean(plain: nx.Graph[str], node: str, beside: dict[str, float]) -> float:
    """The mean place of a node's neighbours in another column; the middle for one that has none."""
    places = [beside[other] for other in plain[node] if other in beside]
    return round(sum(places) / len(places), 6) if places else 0.5


def _shares(group: Sequence[str]) -> dict[str, float]:
    return {node: (place + 0.5) / len(group) for place, node in enumerate(group)}
