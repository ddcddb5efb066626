"""The triples of a constructed graph that a part of its network still shows."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import RDF, RDFS, XSD

from kg.names import BASE, SA
from kg.network.projection import Network

_PREFIXES = {"rdf": str(RDF), "rdfs": str(RDFS), "sa": str(SA), "xsd": str(XSD)}


def to_turtle(triples: bytes, whole: Network, part: Network) -> bytes:
    """The graph behind a part of a network as Turtle.

    ``triples`` is the graph behind the whole, as N-Triples; what the part has not is left out.
    """
    written = serialize(_kept(triples, whole, part), format=RdfFormat.TURTLE, prefixes=_PREFIXES)
    return bytes(written or b"")


def _kept(triples: bytes, whole: Network, part: Network) -> Iterator[Triple]:
    gone = set(whole.edges()) - set(part.edges())
    shown = {str(data["iri"]) for _, data in part.nodes(data=True)}
    shown |= {str(data["iri"]) for _, _, data in part.edges(data=True) if "iri" in data}
    for triple in sorted(parse(triples, RdfFormat.N_TRIPLES), key=str):
        subject, value = str(getattr(triple.subject, "value", "")), triple.object
        ends = (subject.removeprefix(BASE), value.value.removeprefix(BASE) if isinstance(value, NamedNode) else "")
        if subject in shown and ends not in gone:
            yield triple
