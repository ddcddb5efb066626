"""A constructed RDF graph → a network: which triples become nodes, edges and attributes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import networkx as nx
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from rdflib import RDF, XSD

from kg.errors import AnswerUnwritable
from kg.names import BASE, local_name

Network: TypeAlias = "nx.MultiDiGraph[str]"
Fact = tuple[str, str, NamedNode | Literal]
Values = dict[str, list[NamedNode | Literal]]
Attributes = dict[str, str | int | float]


class Link(NamedTuple):
    """An edge before it is drawn, by whole IRIs."""

    source: str
    predicate: str
    target: str
    attributes: Attributes


_TYPE = str(RDF.type)
# An edge with something to say of itself is stated in these terms.
_STATEMENT, _SUBJECT, _PREDICATE, _OBJECT = map(str, (RDF.Statement, RDF.subject, RDF.predicate, RDF.object))
_ENDS = (_SUBJECT, _PREDICATE, _OBJECT)
_UNTYPED = "Resource"
_PLAIN_LANGUAGES = (None, "en")
# Names of attributes that every node has; a property of the same name gets a trailing underscore.
_RESERVED = frozenset(("id", "iri", "kind", "x", "y"))
_NUMBERS: dict[str, type[int] | type[float]] = {
    str(XSD.integer): int,
    str(XSD.decimal): float,
    str(XSD.double): float,
}


def project(triples: bytes, edges: Collection[str], classes: Sequence[str] = ()) -> Network:
    """The network in a constructed graph.

    ``triples`` is N-Triples in UTF-8, ``edges`` holds the IRIs of the properties to draw, and
    ``classes`` lists class IRIs from the most to the least specific, for nodes with several types.

    Every subject, and every object of an edge, is a node. Its id is the path of its IRI under the
    base (``parties/LTU``), or the whole IRI of a thing elsewhere; its attributes are ``iri``,
    ``label`` (in English), ``kind`` (the local name of its class) and one for each other property:
    text, a number for numeric literals, values joined by ``; `` where there are several, and
    ``label_uk`` for what is said in another language. An edge has a ``kind``, the local name of its
    property. An ``rdf:Statement`` is no node but an edge, from its subject to its object: its kind is the local
    name of its predicate, its other properties are attributes of the edge, ``iri`` is its own.
    Nodes stand by id, edges by source, property and target: equal graphs give equal networks.

    Raises AnswerUnwritable for a blank node and SyntaxError for bytes that are not N-Triples.
    """
    facts = sorted(_facts(triples), key=str)
    stated = _stated(facts)
    plain = [(s, p, o) for s, p, o in facts if s not in stated]
    links = [Link(s, p, o.value, {}) for s, p, o in plain if _links(p, o, edges)]
    links = sorted([*links, *_statements(fact for fact in facts if fact[0] in stated)], key=lambda link: link[:3])
    described = _described(fact for fact in plain if not _links(fact[1], fact[2], edges))
    network: Network = nx.MultiDiGraph()
    for iri in sorted({end for link in links for end in (link.source, link.target)} | set(described)):
        network.add_node(_short(iri), **_attributes(iri, described.get(iri, {}), classes))
    for number, link in enumerate(links, start=1):
        source, target, key = _short(link.source), _short(link.target), f"e{number}"
        network.add_edge(source, target, key=key, kind=local_name(link.predicate))
        network.edges[source, target, key].update(link.attributes)
    return network


def _stated(facts: Iterable[Fact]) -> set[str]:
    return {s for s, p, o in facts if p == _TYPE and o.value == _STATEMENT}


def _statements(facts: Iterable[Fact]) -> Iterator[Link]:
    """The edges that are stated with attributes of their own; one without both ends is none."""
    ends: dict[str, dict[str, str]] = defaultdict(dict)
    own: dict[str, Values] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in facts:
        if predicate in _ENDS:
            ends[subject][predicate] = str(value.value)
        elif predicate != _TYPE:
            own[subject][_name(predicate, value)].append(value)
    for iri in sorted(ends):
        if len(ends[iri]) == len(_ENDS):
            said: Attributes = {name: _joined(values) for name, values in sorted(own[iri].items())}
            source, predicate, target = (ends[iri][end] for end in _ENDS)
            yield Link(source, predicate, target, {"iri": iri, **said})


def _links(predicate: str, value: NamedNode | Literal, edges: Collection[str]) -> bool:
    return predicate in edges and isinstance(value, NamedNode)


def _facts(triples: bytes) -> set[Fact]:
    return {_fact(t.subject, t.predicate, t.object) for t in parse(triples, RdfFormat.N_TRIPLES)}


def _fact(subject: object, predicate: NamedNode, value: object) -> Fact:
    if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
        kind = "blank node" if BlankNode in (type(subject), type(value)) else "triple term"
        raise AnswerUnwritable(f"a network has no {kind}; give the thing an IRI in the CONSTRUCT template")
    return subject.value, predicate.value, value


def _described(facts: Iterable[Fact]) -> dict[str, Values]:
    """What is said of each subject beside its edges: attribute name → values."""
    described: dict[str, Values] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in facts:
        described[subject][_name(predicate, value)].append(value)
    return described


def _name(predicate: str, value: NamedNode | Literal) -> str:
    if predicate == _TYPE:
        return _TYPE
    name = local_name(predicate)
    if isinstance(value, Literal) and value.language not in _PLAIN_LANGUAGES:
        return f"{name}_{value.language}"
    return name + "_" if name in _RESERVED else name


def _attributes(iri: str, values: Values, classes: Sequence[str]) -> Attributes:
    types = [str(term.value) for term in values.get(_TYPE, ())]
    own = {name: _joined(values[name]) for name in sorted(values) if name != _TYPE}
    return {"iri": iri, "kind": _kind(types, classes), "label": _short(iri)} | own


def _kind(types: Sequence[str], classes: Sequence[str]) -> str:
    """The local name of the first of ``classes`` among the types, else of the first type by IRI."""
    ranked = [name for name in classes if name in types] or sorted(types)
    return local_name(ranked[0]) if ranked else _UNTYPED


def _joined(values: Sequence[NamedNode | Literal]) -> str | int | float:
    if len(values) == 1:
        return _plain(values[0])
    return "; ".join(str(_plain(value)) for value in values)


def _plain(value: NamedNode | Literal) -> str | int | float:
    if isinstance(value, NamedNode):
        return _short(value.value)
    as_number = _NUMBERS.get(value.datatype.value)
    return as_number(value.value) if as_number else value.value


def _short(iri: str) -> str:
    return iri.removeprefix(BASE)
