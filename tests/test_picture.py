"""Pictures of an invented network: well formed, escaped, linked, the same each time, no label on another."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from jinja2 import Environment
from test_network import BASE, EDGES, SA, star, thing

from kg import network as networks
from kg import picture
from kg.picture import look
from kg.picture.sheet import sheet

SVG = "{http://www.w3.org/2000/svg}"
STATIC = Path(__file__).parent.parent / "api" / "static"
EVIL = "</script><script>alert(1)</script><!--"
FRAME = picture.Frame(title="Pacts & <friends>", description="Invented", credit="Version 1")
TEMPLATE = Environment(autoescape=True).from_string(
    "<h1>{{ title }}</h1>{% for kind in legend %}{{ kind.sign }}{% endfor %}"
    '<script type="application/json">{{ data|tojson }}</script>'
)


@pytest.fixture
def network():
    return networks.project(star(), EDGES)


def drawn(network, **options):
    return ElementTree.fromstring(picture.svg(network, networks.layout(network), FRAME, **options))


def evil():
    lines = thing("parties/AAA", "Country", EVIL, f"<{SA}party> <{BASE}parties/BBB>")
    lines += thing("parties/BBB", "Country", "Bord & uria")
    return networks.project("\n".join(lines).encode(), EDGES)


def embedded(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[1])


def test_every_node_is_a_link_to_its_page_and_says_what_it_is(network):
    links = drawn(network).findall(f".//{SVG}a")
    assert {link.get("href") for link in links} == {f"/{node}" for node in network}
    titles = {link.get("href"): link.findtext(f"{SVG}title") for link in links}
    assert titles["/parties/AAA"] == "Aland, country"
    pact = "2020-01-20: Pact of lasting friendship between the Hub and Aland, agreement"
    assert titles["/agreements/hub-aaa"] == pact


def test_the_picture_is_a_named_group(network):
    root = drawn(network)
    assert root.get("role") == "group"
    assert root.find(f"{SVG}title").get("id") == root.get("aria-labelledby")
    assert root.findtext(f"{SVG}title") == "Pacts & <friends>"
    assert root.findtext(f"{SVG}desc") == "Invented"


def test_in_a_page_it_has_no_style_and_no_script(network):
    text = picture.svg(network, networks.layout(network), FRAME)
    assert "style" not in text
    assert "script" not in text
    assert "Version 1" not in text


def test_a_file_of_its_own_has_style_title_and_credit(network):
    root = drawn(network, standalone=True)
    assert "prefers-color-scheme:dark" in root.findtext(f"{SVG}style")
    assert {"Pacts & <friends>", "Version 1"} <= {text.text for text in root.findall(f"{SVG}text")}


def test_kinds_differ_in_shape_and_edges_in_dash(network):
    network.add_edge("parties/AAA", "parties/BBB", key="e99", kind="furthers")
    known = look.kinds(network, {"party": "is party"})
    assert known.shape("Agreement") != known.shape("Country")
    assert (known.dash("party"), bool(known.dash("furthers"))) == ("", True)
    assert (known.name("party"), known.name("InternationalOrganisation")) == ("is party", "international organisation")


@pytest.mark.parametrize("count", [60, 600])
def test_no_label_covers_another(count):
    network = tangle(count)
    found = sheet(network, networks.layout(network), FRAME)
    for one, other in combinations((label for label in found.labels.values() if not label.turn), 2):
        assert not overlap(extent(one), extent(other))


def test_every_label_of_a_star_is_drawn(network):
    assert set(sheet(network, networks.layout(network), FRAME).labels) == set(network)


def tangle(count):
    shape = nx.barabasi_albert_graph(count, 2, seed=1)
    lines = [f"<{BASE}parties/{s}> <{SA}party> <{BASE}parties/{t}> ." for s, t in shape.edges()]
    return networks.project("\n".join(lines).encode(), EDGES)


def extent(label):
    xs, ys = zip(*label.points(), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def overlap(one, other):
    slack = 6.0  # one cell of the grid on which labels are placed
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across > slack and along > slack


def test_labels_are_escaped_in_the_picture():
    text = picture.svg(evil(), networks.layout(evil()), FRAME, standalone=True)
    assert "<script" not in text
    assert "<!--" not in text
    assert EVIL in {a.findtext(f"{SVG}title").rsplit(",", 1)[0] for a in ElementTree.fromstring(text).iter(f"{SVG}a")}


def test_labels_are_escaped_in_the_interactive_page():
    html = picture.interactive(evil(), networks.layout(evil()), FRAME, TEMPLATE)
    assert html.count("<script") == 1
    assert "<!--" not in html
    assert "<h1>Pacts &amp; &lt;friends&gt;</h1>" in html
    assert embedded(html)["nodes"][0]["caption"] == EVIL


def test_a_link_never_leaves_for_another_scheme():
    assert picture.own_page("parties/AAA") == "/parties/AAA"
    assert picture.own_page("https://example.org/a") == "https://example.org/a"
    assert picture.own_page("javascript:alert(1)") == "/javascript:alert(1)"
    assert picture.own_page("//example.org") == "/example.org"


def test_the_interactive_page_draws_the_same_figure(network):
    html = picture.interactive(network, networks.layout(network), FRAME, TEMPLATE)
    data = embedded(html)
    found = sheet(network, networks.layout(network), FRAME)
    assert {node["id"]: (node["x"], node["y"]) for node in data["nodes"]} == {n: found.point(n) for n in network}
    assert len(data["edges"]) == network.number_of_edges()
    assert data["options"]["physics"]["enabled"] is False


def test_pictures_are_the_same_each_time(network):
    positions = networks.layout(network)
    assert picture.svg(network, positions, FRAME) == picture.svg(network, positions, FRAME)
    first, second = (picture.interactive(network, positions, FRAME, TEMPLATE) for _ in range(2))
    assert first == second


def test_an_empty_network_is_drawn():
    empty = networks.project(b"", EDGES)
    assert ElementTree.fromstring(picture.svg(empty, {}, FRAME)).findall(f".//{SVG}a") == []


def test_vis_network_is_served_from_the_package():
    assets = picture.vis_assets()
    assert set(assets) == {"vis-network.min.js", "vis-network.css"}
    assert b"@version 9.1.2" in assets["vis-network.min.js"].read_bytes()[:400]


def test_the_style_sheet_has_the_colours_of_the_figure():
    text = (STATIC / "network.css").read_text("utf-8")
    for colours in (look.LIGHT, look.DARK):
        for rank, colour in enumerate(colours):
            assert f"--k{rank}: {colour};" in text
    for colour in look.LINE:
        assert f"--edge: {colour};" in text
