"""An answer as a network: the triples of a CONSTRUCT, or the first two columns of a table as ends of edges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from api.bindings import Bindings, Cell
from api.labels import Labels
from kg import names

MOST = 120  # edges; their layout takes about half a second
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_VALUE = "urn:value:"


@dataclass(frozen=True)
class AnswerNetwork:
    """A drawn network: the ``<svg>`` element, and how many of all lines it is drawn from."""

    picture: Markup
    shown: int
    total: int


def of_table(bindings: Bindings, labels: Labels) -> AnswerNetwork | None:
    """Edges between the first two columns that hold things; None where there are no two columns."""
    if len(bindings.columns) < 2:
        return None
    ends = _ends(bindings)
    rows = [(row[ends[0]], row[ends[1]]) for row in bindings.rows]
    pairs = [(first, second) for first, second in rows if first is not None and second is not None]
    if not pairs:
        return None
    columns = (bindings.columns[ends[0]], bindings.columns[ends[1]])
    edge = f"{names.BASE}column/{quote(columns[1])}"
    lines = sorted({line for pair in pairs[:MOST] for line in _lines(pair, columns, edge, labels)})
    return _drawn("\n".join(lines).encode(), {edge}, min(len(pairs), MOST), len(pairs))


def of_triples(triples: bytes) -> AnswerNetwork | None:
    """Every triple between two things as an edge, N-Triples in UTF-8; raises AnswerUnwritable for blank nodes."""
    lines = [line for line in triples.split(b"\n") if line.strip()]
    kept = lines[:MOST]
    predicates = {line.split(b" ", 2)[1].strip(b"<>").decode() for line in kept}
    return _drawn(b"\n".join(kept), predicates - {_TYPE}, len(kept), len(lines)) if kept else None


def _ends(bindings: Bindings) -> tuple[int, int]:
    """The first two columns that hold IRIs; where there are no two, the first two of all."""
    things = [
        at
        for at in range(len(bindings.columns))
        if any(cell is not None and cell.iri for cell in _column(bindings, at))
    ]
    first, second = (things + [at for at in range(len(bindings.columns)) if at not in things])[:2]
    return min(first, second), max(first, second)


def _column(bindings: Bindings, at: int) -> Iterator[Cell | None]:
    return (row[at] for row in bindings.rows)


def _lines(pair: tuple[Cell, Cell], columns: tuple[str, str], edge: str, labels: Labels) -> Iterator[str]:
    iris = [_iri(cell) for cell in pair]
    for cell, iri, column in zip(pair, iris, columns, strict=True):
        path = iri.removeprefix(names.BASE)
        label = labels.path(path) if labels.has(path) else cell.text
        yield f"<{iri}> <{_LABEL}> {_literal(label)} ."
        yield f"<{iri}> <{_TYPE}> <{names.BASE}column/{quote(column)}> ."
    yield f"<{iris[0]}> <{edge}> <{iris[1]}> ."


def _iri(cell: Cell) -> str:
    return cell.iri or _VALUE + quote(cell.text, safe="")


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _drawn(triples: bytes, edges: set[str], shown: int, total: int) -> AnswerNetwork | None:
    from kg import picture  # noqa: PLC0415  # its first import takes long
    from kg.network import layout, project  # noqa: PLC0415  # its first import takes long

    network = project(triples, edges)
    if not network.number_of_edges():
        return None
    frame = picture.Frame("The answer as a network", href=lambda node: _href(node, picture.own_page))
    drawing = picture.svg(network, layout(network), frame)
    return AnswerNetwork(Markup(drawing), shown, total)  # noqa: S704  # built by ElementTree, which escapes all it holds


def _href(node: str, page: Callable[[str], str]) -> str:
    return "#answer" if node.startswith(_VALUE) else page(node)
