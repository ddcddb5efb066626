"""Sorted quads → files: N-Quads, N-Triples, Turtle, JSON-LD. The same quads always give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple, parse, serialize
from rdflib import OWL, RDFS

from kg import formats
from kg.errors import UnknownName
from kg.evaluate import XmlOutput
from kg.names import ONTOLOGY_GRAPH, ONTOLOGY_IRI, SA

SHACL = "http://www.w3.org/ns/shacl#"
_RDF = {form.name: RdfFormat.from_media_type(form.media_type) for form in formats.FORMATS}
# The exports of a snapshot: file name and format. The graph is written without the ontology, which has its own file.
EXPORTS = {"graph.nq": "nquads", "graph.nt": "ntriples", "graph.ttl": "turtle", "graph.jsonld": "jsonld"}


def ontology_lines(paths: Iterable[Path]) -> list[str]:
    """The ontology's Turtle files as sorted N-Quads lines in its graph, blank nodes named canonically."""
    dataset = Dataset(_in_graph(paths))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad} .\n" for quad in dataset)


def write(lines: Iterable[str], target: IO[bytes], format_name: str, prefixes: dict[str, str]) -> None:
    """Write sorted N-Quads lines as a format; formats without graphs get each triple once."""
    form = _form(format_name)
    if form == RdfFormat.N_QUADS:
        target.writelines(line.encode() for line in lines)
        return
    quads = _quads(lines)
    if form.supports_datasets:
        serialize(quads, target, form, prefixes=prefixes)
    else:
        serialize(_each_once(quad.triple for quad in quads), target, form, prefixes=prefixes)


def converted(path: Path, format_name: str, prefixes: dict[str, str]) -> bytes:
    """A Turtle file in another RDF format; raises UnknownName, and AnswerUnwritable for what XML cannot hold."""
    out = BytesIO()
    triples = parse(path=str(path), format=RdfFormat.TURTLE)
    form = _form(format_name)
    guarded = cast("IO[bytes]", XmlOutput(out) if form == RdfFormat.RDF_XML else out)
    serialize((quad.triple for quad in triples), guarded, form, prefixes=prefixes)
    return out.getvalue()


def data_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines of the records, without the ontology's."""
    return (line for line in lines if not line.endswith(f"<{ONTOLOGY_GRAPH}> .\n"))


def shape_lines(lines: Iterable[str]) -> list[str]:
    """The ontology's lines, shapes included."""
    return [line for line in lines if line.endswith(f"<{ONTOLOGY_GRAPH}> .\n")]


def published_ontology(lines: Iterable[str], ranges: Mapping[str, str], version: str) -> list[str]:
    """The ontology without SHACL and without blank nodes, so that OWL tools read it.

    What the shapes say of ranges stands as ``rdfs:range`` instead, where a term has none of its own.
    """
    ours = shape_lines(lines)
    shapes = {line.split(" ", 1)[0] for line in ours if f"<{SHACL}" in line and "Shape> " in line}
    kept = [line for line in ours if _is_plain(line) and line.split(" ", 1)[0] not in shapes]
    ranged = {line.split(" ", 1)[0] for line in kept if f" <{RDFS.range}> " in line}
    derived = [_ontology_line(path, str(RDFS.range), f"<{kind}>") for path, kind in ranges.items()]
    own = [line for line in derived if line.startswith(f"<{SA}") and line.split(" ", 1)[0] not in ranged]
    return sorted([*kept, *own, _ontology_line(ONTOLOGY_IRI, str(OWL.versionInfo), f'"{version}"')])


def _form(format_name: str) -> RdfFormat:
    form = _RDF.get(formats.named(format_name).name)
    if form is None:
        raise UnknownName("RDF format", format_name, [name for name, known in _RDF.items() if known])
    return form


def _ontology_line(subject: str, predicate: str, term: str) -> str:
    return f"<{subject}> <{predicate}> {term} <{ONTOLOGY_GRAPH}> .\n"


def _is_plain(line: str) -> bool:
    subject, predicate, rest = line.split(" ", 2)
    return not (subject.startswith("_:") or rest.startswith("_:") or predicate.startswith(f"<{SHACL}"))


def _in_graph(paths: Iterable[Path]) -> Iterator[Quad]:
    graph = NamedNode(ONTOLOGY_GRAPH)
    for path in paths:
        for quad in parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _each_once(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Sorted triples without those that stand in a second graph."""
    last = None
    for triple in triples:
        if triple != last:
            yield triple
        last = triple


def _quads(lines: Iterable[str]) -> Iterator[Quad]:
    return iter(parse("".join(lines).encode(), format=RdfFormat.N_QUADS))
