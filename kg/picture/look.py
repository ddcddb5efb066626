"""How nodes and edges look: a shape, a colour and a dash for each kind, and what is written beside a node.

Kinds are told apart by shape and by dash, never by colour alone. The colours stand a second time in
``api/static/network.css``, which gives them to pages; a test holds the two together.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kg.network import Network

# Contrast of at least 4.5:1 with white, and with #121212 in the dark row.
LIGHT = ("#a34a00", "#0b5c9e", "#8a2f85", "#00705a", "#b3261e", "#00697a", "#5d6b00", "#515a66")
DARK = ("#f5a85a", "#6cb6f5", "#dd9ad6", "#4fd0a5", "#ff8f85", "#5fd3df", "#c8cf5a", "#b3bdc7")
# Named as vis-network names them.
SHAPES = ("square", "dot", "diamond", "triangle", "hexagon", "triangleDown", "star")
DASHES = ("", "6 4", "2 4", "10 4 2 4")
LINE = ("#6b7683", "#8d98a5")
INK = ("#1b2430", "#e6eaee")
PAPER = ("#ffffff", "#121212")

Order = tuple[tuple[str, ...], tuple[str, ...]]

_WORD_END = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST = 40
# A node of so many edges is a hub; a caption of so many characters stands inside it.
_HUB = 8
_SHORT = 10
# Estimated width of a character and height of a line, in pixels at 13 px.
CHARACTER = 7.3
LINE_HEIGHT = 15.0


@dataclass(frozen=True)
class Kinds:
    """The kinds of nodes (by name) and of edges (most frequent first) in one network, with counts and names to show."""

    nodes: dict[str, int]
    edges: dict[str, int]
    names: Mapping[str, str]
    order: Order = ((), ())

    def rank(self, kind: str) -> int:
        """The place of a kind of node: it chooses shape and colour."""
        return list(dict.fromkeys((*self.order[0], *self.nodes))).index(kind)

    def shape(self, kind: str) -> str:
        """The shape of a kind of node."""
        return SHAPES[self.rank(kind) % len(SHAPES)]

    def dash(self, kind: str) -> str:
        """The dashes of a kind of edge; empty for a full line."""
        return DASHES[list(dict.fromkeys((*self.order[1], *self.edges))).index(kind) % len(DASHES)]

    def name(self, kind: str) -> str:
        """What the legend calls a kind: the name given, else its local name in words."""
        return self.names.get(kind) or spaced(kind)


def kinds(network: Network, names: Mapping[str, str], order: Order = ((), ())) -> Kinds:
    """The kinds in a network. ``names`` maps kinds to names to show; ``order`` may rank more kinds than there are."""
    nodes = Counter(str(data["kind"]) for _, data in network.nodes(data=True))
    edges = Counter(str(data["kind"]) for _, _, data in network.edges(data=True))
    return Kinds(
        dict(sorted(nodes.items())), dict(sorted(edges.items(), key=lambda item: (-item[1], item[0]))), names, order
    )


def spaced(name: str) -> str:
    """A local name in words: ``InternationalOrganisation`` → ``international organisation``."""
    return _WORD_END.sub(" ", name).lower()


def caption(node: str, data: Mapping[str, object], date: str = "signed", roomy: bool = False) -> str:
    """What is written beside a node: its label if it is short or there is room, else its date, else its id's end."""
    label = str(data["label"])
    if roomy or len(label) <= _LONGEST:
        return label
    return str(data.get(date) or node.rsplit("/", 1)[-1])


def spoken(node: str, data: Mapping[str, object], known: Kinds, date: str = "signed") -> str:
    """What a node is called in full: caption, label where it differs, and kind."""
    parts = dict.fromkeys((caption(node, data, date), str(data["label"])))
    return ": ".join(parts) + ", " + known.name(str(data["kind"]))


def radius(degree: int, text: str) -> float:
    """Half the size of a node in pixels: it grows with the root of its degree; a hub holds a short caption."""
    inside = len(text) * CHARACTER / 2 + 8 if degree >= _HUB and len(text) <= _SHORT else 0.0
    return round(max(min(6 + 1.6 * math.sqrt(degree), 22.0), inside), 1)


def own_page(node: str) -> str:
    """The page of a node on this site: its id is its path."""
    return node if node.startswith(("https://", "http://")) else "/" + node.lstrip("/")


@dataclass(frozen=True)
class Frame:
    """What is said around a picture.

    ``href`` gives the link of a node id, ``names`` the name to show for a kind of node or edge, ``prefix`` what
    ids in the element begin with (one for each picture of a page), ``credit`` the line below a standalone file,
    ``target`` the window in which links open.
    ``date`` is the attribute that holds a node's day, ``columns`` says that the positions are columns, ``whole``
    that labels are written whole however long, ``strong`` which kinds of edges are drawn heavier. ``order`` lists the
    kinds of nodes and of edges of the network that this one is a part of, so that a kind looks the same in each part.
    """

    title: str
    description: str = ""
    href: Callable[[str], str] = own_page
    names: Mapping[str, str] = field(default_factory=dict)
    prefix: str = "network"
    credit: str = ""
    target: str = ""
    date: str = "signed"
    columns: bool = False
    whole: bool = False
    order: Order = ((), ())
    strong: frozenset[str] = frozenset()
