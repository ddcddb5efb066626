"""Columns, small pictures, bitmaps, and what stays the same from part to part."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import networkx as nx
import pytest
from test_network import EDGES, star
from test_picture import SVG, extent, overlap

from kg import network as networks
from kg import picture
from kg.errors import LibraryMissing
from kg.network import Dates, Form
from kg.picture import columns, look
from kg.picture.sheet import sheet

FRAME = picture.Frame("Pacts", columns=True, whole=True)
COLUMNS = Form("parties/HUB", columns=True)


@pytest.fixture
def network():
    return networks.project(star(), EDGES)


@pytest.mark.parametrize("day", ["2020-01-16", "2021-01-01"])
def test_no_label_of_columns_covers_another(network, day):
    part = networks.on_day(network, day, Dates("signed"))
    found = sheet(part, networks.layout(network, form=COLUMNS), FRAME)
    assert set(found.labels) == set(part)
    for one, other in combinations(found.labels.values(), 2):
        assert not overlap(extent(one), extent(other))


def test_a_line_begins_where_its_label_ends(network):
    found = sheet(network, networks.layout(network, form=COLUMNS), FRAME)
    onwards = [
        (source, route)
        for (source, target), route in zip(network.edges(), found.routes(), strict=True)
        if found.marks[target].x > found.marks[source].x
    ]
    assert len(onwards) == 7
    for source, route in onwards:
        assert route[0][0] >= extent(found.labels[source])[2]


def test_a_kind_looks_the_same_in_a_part(network):
    order = (tuple(look.kinds(network, {}).nodes), tuple(look.kinds(network, {}).edges))
    part = networks.of_kinds(network, {"Country"})
    assert look.kinds(part, {}).rank("Country") == 0
    assert look.kinds(part, {}, order).rank("Country") == look.kinds(network, {}).rank("Country") == 1


def test_a_strong_edge_is_heavier(network):
    frame = picture.Frame("Pacts", strong=frozenset({"party"}))
    root = ElementTree.fromstring(picture.svg(network, networks.layout(network), frame))
    edges = root.findall(f".//{SVG}g[@class='edges']/{SVG}polyline")
    assert {edge.get("stroke-width") for edge in edges} == {"3"}


def test_a_thumbnail_has_a_dot_for_each_node_and_is_not_read_aloud(network):
    root = ElementTree.fromstring(picture.thumbnail(network, networks.layout(network)))
    assert root.get("aria-hidden") == "true"
    dots = sum(path.get("d", "").count("h0") for path in root.iter("path"))
    assert dots == len(network)


def test_without_its_library_a_png_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr("kg.picture.raster.find_spec", lambda name: None)
    with pytest.raises(LibraryMissing, match=r"pip install 'security-agreements-kg\[networks\]'"):
        picture.png("<svg/>", 10, 10)


def test_a_large_png_is_bounded():
    pytest.importorskip("resvg_py")
    made = picture.png('<svg xmlns="http://www.w3.org/2000/svg" width="12000" height="10"/>', 12_000, 10)
    assert int.from_bytes(made[16:20], "big") <= 6_000


def test_nothing_is_drawn_as_nothing():
    """A view of a snapshot that has none of its things."""
    assert columns.stretched(nx.MultiDiGraph(), {}, {}) == {}
