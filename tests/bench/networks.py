"""How long an interactive page takes: on the server against pyvis ``from_nx``, and until a browser has drawn it.

Run ``python tests/bench/networks.py [NODES]``; the browser is Debian's chromium, or the one named in CHROMIUM, and is
left out where there is none.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import networkx as nx
from jinja2 import Environment

from kg import network as networks
from kg import picture
from kg.names import BASE, SA

ROOT = Path(__file__).parent.parent.parent
# What a page needs of network_view.html; scripts and styles are the product's own.
PAGE = """<!doctype html><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/network.css">
<script src="/vis-network.min.js" defer></script><script src="/network.js" defer></script>
<div class="network-tools" hidden><form id="network-find"><input id="network-search"></form></div>
<datalist id="network-names"></datalist>
<ul>{% for kind in legend %}<li data-rank="{{ kind.rank }}">{{ kind.sign }}</li>{% endfor %}</ul>
<div id="network-canvas" class="network-canvas" tabindex="0"></div><p id="network-status"></p>
<script id="network-data" type="application/json">{{ data|tojson }}</script>"""


def triples(nodes: int) -> bytes:
    """An invented graph: new nodes are linked with two that have many links already."""
    drawn = nx.barabasi_albert_graph(nodes, 2, seed=1)
    return "\n".join(f"<{BASE}things/{s}> <{SA}party> <{BASE}things/{t}> ." for s, t in drawn.edges()).encode()


def timed(make: Callable[[], object]) -> tuple[float, object]:
    """Seconds, and what was made."""
    start = time.perf_counter()
    made = make()
    return time.perf_counter() - start, made


def ours(network: networks.Network) -> dict[str, object]:
    """Seconds for layout and for the page, and the page."""
    laid, positions = timed(lambda: networks.layout(network))
    template = Environment(autoescape=True).from_string(PAGE)
    frame = picture.Frame("Bench")
    drawn, html = timed(lambda: picture.interactive(network, positions, frame, template))  # type: ignore[arg-type]
    return {"layout": laid, "page": drawn, "html": html}


def stock(network: networks.Network, directed: bool) -> float:
    """Seconds that pyvis takes for the same in its own way, without any layout; undirected is its default."""
    from pyvis.network import Network  # noqa: PLC0415  # imports IPython

    def make() -> str:
        drawing = Network(directed=directed, cdn_resources="remote")
        drawing.from_nx(nx.MultiDiGraph(network) if directed else nx.Graph(network))
        return str(drawing.generate_html())

    return timed(make)[0]


def first_draw(html: str, chromium: str) -> float:
    """Seconds from asking for the page until the canvas is drawn, in a headless browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only where there is a browser

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text(html, "utf-8")
        for path in (*picture.vis_assets().values(), *(ROOT / "api/static").glob("network.*")):
            shutil.copy(path, folder)
        handler = partial(SimpleHTTPRequestHandler, directory=folder)
        handler.log_message = lambda *_: None  # type: ignore[attr-defined]
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            start = time.perf_counter()
            page.goto(f"http://127.0.0.1:{server.server_port}/", wait_until="commit")
            page.wait_for_selector("[data-ready]", timeout=120_000, state="attached")
            seconds = time.perf_counter() - start
            browser.close()
        server.shutdown()
    return seconds


def main() -> None:
    """Print the seconds of each step and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nodes", type=int, nargs="?", default=5_000)
    network = networks.project(triples(parser.parse_args().nodes), {str(SA.party)})
    ours(networks.project(triples(50), {str(SA.party)}))  # imports what is imported once
    found = ours(network)
    out = sys.stdout.write
    out(f"{len(network)} nodes, {network.number_of_edges()} edges\n")
    out(f"layout (once a snapshot) {found['layout']:.3f} s, page {found['page']:.3f} s, ")
    out(f"{len(str(found['html'])) / 1e6:.1f} MB\n")
    for name, directed in (("by default", False), ("directed", True)):
        theirs = stock(network, directed)
        page, both = float(found["page"]), float(found["page"]) + float(found["layout"])  # type: ignore[arg-type]
        out(f"pyvis from_nx {name} {theirs:.2f} s: page 1/{theirs / page:.0f}, with layout 1/{theirs / both:.0f}; ")
        out("target 1/50\n")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium:
        out(f"first draw {first_draw(str(found['html']), chromium):.2f} s, target 3 s\n")


if __name__ == "__main__":
    main()
