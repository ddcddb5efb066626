"""What is made of a part of a network: files, the values of its page, the interactive page. Slow; run in threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

from markupsafe import Markup

from api.networks import Part
from kg.errors import UnknownName

if TYPE_CHECKING:
    from kg.network import Network
    from kg.picture import Frame

TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "csv": "text/csv; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
}
# More nodes than this make a picture that nobody can read, and more a page that no browser draws in time.
MOST_DRAWN = 800
MOST_INTERACTIVE = 10_000
# Rows of the tables of a page; the files have all.
MOST_ROWS = 250


@dataclass(frozen=True)
class Sight:
    """What of a part is shown: all of it, or the nodes with most edges."""

    network: Network
    left_out: int


def seen(part: Part, language: str, most: int = MOST_DRAWN) -> Sight:
    """The nodes of a part that a picture holds, called as in that language."""
    from kg.network import in_language, largest  # noqa: PLC0415  # its first import takes long

    shown = largest(part.network, most)
    return Sight(in_language(shown, language), len(part.network) - len(shown))


def file(part: Part, frame: Frame, suffix: str) -> bytes:
    """A part as a file, in English; raises UnknownName, or LibraryMissing for PNG where that is not installed."""
    from kg.network import WRITERS, to_turtle  # noqa: PLC0415  # its first import takes long

    if suffix not in TYPES:
        raise UnknownName("network format", suffix, sorted(TYPES))
    if suffix == "ttl":
        return to_turtle(part.view.triples, part.view.network, part.network)
    if suffix in WRITERS:
        return WRITERS[suffix](part.network, part.positions)
    return _picture(part, frame, suffix)


def _picture(part: Part, frame: Frame, suffix: str) -> bytes:
    from kg import picture  # noqa: PLC0415  # its first import takes long

    drawn = picture.svg(seen(part, "en").network, part.positions, frame, standalone=True)
    if suffix == "svg":
        return drawn.encode()
    # Read again for its size alone: it was made by us a moment ago.
    root = fromstring(drawn)  # noqa: S314  # our own
    return picture.png(drawn, float(root.get("width", "0")), float(root.get("height", "0")))


def values(part: Part, frame: Frame, language: str) -> dict[str, Any]:
    """What the page of a part shows: picture, first edges and measures, days, kinds, and what is left out."""
    from kg import network as networks  # noqa: PLC0415  # its first import takes long

    told = networks.in_language(part.network, language)
    shown = {
        "edges": edges(told, part.view.dates.since),
        "measures": networks.measures(told)[:MOST_ROWS],
        "known": nodes(networks.in_language(part.view.network, language)),
        "suffixes": tuple(TYPES),
    }
    return embedded(part, frame, language) | choices(part) | shown


def choices(part: Part) -> dict[str, Any]:
    """What the form of a network offers: the days and kinds of the whole view, and what is chosen."""
    from kg import network as networks  # noqa: PLC0415  # its first import takes long

    whole, dates = part.view.network, part.view.dates
    return {
        "view": part.view.query,
        "portion": part.portion,
        "days": networks.days(whole, dates),
        "undated": networks.undated(whole, dates),
        "every": kinds(whole),
    }


def embedded(part: Part, frame: Frame, language: str) -> dict[str, Any]:
    """What the bare page of a part shows: the picture and what it is of."""
    from kg import picture  # noqa: PLC0415  # its first import takes long

    sight = seen(part, language)
    drawing = picture.svg(sight.network, part.positions, frame)
    return {
        "view": part.view.query,
        "portion": part.portion,
        "title": frame.title,
        "description": frame.description,
        # The picture is built by ElementTree, which escapes all it holds.
        "picture": Markup(drawing),  # noqa: S704  # escaped by ElementTree
        "left_out": sight.left_out,
        "kinds": frame.names,
        "href": frame.href,
        "counts": (len(part.network), part.network.number_of_edges()),
        "most": MOST_ROWS,
    }


def edges(network: Network, since: str) -> list[tuple[str, str, str, str, str, str]]:
    """Rows for the first edges: source and its label, kind, target and its label, first day where it has its own."""
    called = {node: str(data["label"]) for node, data in network.nodes(data=True)}
    rows = [
        (s, called[s], str(data["kind"]), t, called[t], str(data.get(since, "")))
        for s, t, data in network.edges(data=True)
    ]
    return rows[:MOST_ROWS]


def kinds(network: Network) -> dict[str, int]:
    """The kinds of node, with how many there are of each."""
    found = sorted(str(data["kind"]) for _, data in network.nodes(data=True))
    return {kind: found.count(kind) for kind in dict.fromkeys(found)}


def nodes(network: Network) -> list[str]:
    """What the nodes are called, in order, for a search field to offer."""
    return sorted({str(data["label"]) for _, data in network.nodes(data=True)})[:MOST_ROWS]
