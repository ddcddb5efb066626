"""The schema: ontology/*.ttl read into frozen classes, shapes and lists. The one way into rdflib's parser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from rdflib import RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from kg.errors import ContentError, Finding
from kg.names import BASE, ONTOLOGY_IRI, SA, local_name

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


@dataclass(frozen=True)
class PropertyShape:
    """What one shape says of one property. ``key`` is its name in records, ``path`` its IRI."""

    key: str
    path: str
    order: int = 999
    datatype: str | None = None
    class_iri: str | None = None
    is_date: bool = False
    may_span: bool = False
    is_part: bool = False
    languages: tuple[str, ...] = ()
    min_count: int = 0
    max_count: int | None = None
    pattern: str | None = None
    derived_from: str | None = None
    from_slug: bool = False
    message: str = ""


@dataclass(frozen=True)
class Shape:
    """The properties that records and parts of one class may have, by key."""

    iri: str
    target: str
    properties: dict[str, PropertyShape]

    @cached_property
    def writable(self) -> dict[str, PropertyShape]:
        """What a curator may write: neither derived nor taken from the slug."""
        return {key: prop for key, prop in self.properties.items() if not (prop.derived_from or prop.from_slug)}

    @cached_property
    def automatic(self) -> tuple[PropertyShape, ...]:
        """What the slug gives."""
        return tuple(prop for prop in self.properties.values() if prop.from_slug)

    def derived(self, path: str) -> tuple[PropertyShape, ...]:
        """What is computed from the values of ``path``."""
        return tuple(prop for prop in self.properties.values() if prop.derived_from == path)


@dataclass(frozen=True)
class Schema:
    """The whole ontology: its graph, and what the loader and the tables need of it, by IRI."""

    graph: Graph = field(repr=False, compare=False)
    shapes: dict[str, Shape]
    folders: dict[str, str]
    ancestors: dict[str, tuple[str, ...]]
    concepts: dict[str, dict[str, str]]
    prefixes: dict[str, str]

    def shape_of(self, class_iri: str) -> Shape:
        """The shape of a class, its own or the nearest ancestor's."""
        for known in (class_iri, *self.ancestors.get(class_iri, ())):
            if known in self.shapes:
                return self.shapes[known]
        raise ContentError([Finding("ontology", 1, local_name(class_iri), "no shape targets this class")])

    def subclasses(self, class_iri: str) -> dict[str, str]:
        """A class and its descendants in this ontology, by local name."""
        known = [c for c, above in self.ancestors.items() if c == class_iri or class_iri in above]
        return {local_name(c): c for c in sorted(known)}

    @cached_property
    def edges(self) -> frozenset[str]:
        """The properties worth drawing as edges of a network."""
        return self._marked(SA.edge)

    @cached_property
    def own_words(self) -> frozenset[str]:
        """The properties whose values must be words of this project."""
        return self._marked(SA.ownWords)

    @cached_property
    def ranges(self) -> dict[str, str]:
        """The class or datatype of each property that has the same one in every shape; dates have two and so none."""
        found: dict[str, set[str]] = {}
        for prop in (prop for shape in self.shapes.values() for prop in shape.properties.values()):
            if not prop.is_date:
                found.setdefault(prop.path, set()).add(prop.class_iri or prop.datatype or "")
        return {path: next(iter(kinds)) for path, kinds in sorted(found.items()) if len(kinds) == 1 and "" not in kinds}

    def _marked(self, mark: URIRef) -> frozenset[str]:
        return frozenset(str(s) for s, value in self.graph.subject_objects(mark) if str(value) == "true")

    def text(self, subject: str, predicate: URIRef = RDFS.label, language: str = "en") -> str:
        """A label or definition in one language; empty when there is none."""
        values = self.graph.objects(URIRef(subject), predicate)
        return next((str(v) for v in values if getattr(v, "language", None) == language), "")


def files(ontology: Path) -> list[Path]:
    """The Turtle files of the ontology, sorted."""
    return sorted(ontology.rglob("*.ttl"))


def read(ontology: Path) -> Schema:
    """The schema in a folder of Turtle files; raises ContentError for one that cannot be parsed."""
    graph = Graph()
    findings = [finding for path in files(ontology) if (finding := _parse(graph, path, ontology.parent))]
    if findings:
        raise ContentError(findings)
    return of_graph(graph)


def of_graph(graph: Graph) -> Schema:
    """The schema that one parsed graph holds."""
    ancestors = _ancestors(graph)
    return Schema(
        graph=graph,
        shapes={shape.target: shape for shape in _shapes(graph)},
        folders={str(folder): str(class_iri) for class_iri, folder in sorted(graph.subject_objects(SA.folder))},
        ancestors=ancestors,
        concepts=_concepts(graph),
        prefixes=_prefixes(graph),
    )


def _parse(graph: Graph, path: Path, root: Path) -> Finding | None:
    try:
        graph.parse(path, format="turtle")
    except SyntaxError as error:
        line = getattr(error, "lines", 0) + 1
        return Finding(str(path.relative_to(root)), line, "", f"no Turtle: {getattr(error, '_why', error)}")
    return None


def _ancestors(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Every class of this ontology with its ancestors in it, nearest first."""
    own = {c for c in graph.subjects(RDF.type, None) if isinstance(c, URIRef) and c.startswith(BASE)}
    return {
        str(c): tuple(str(a) for a in graph.transitive_objects(c, RDFS.subClassOf) if a != c and a in own)
        for c in sorted(own)
        if (c, RDF.type, URIRef("http://www.w3.org/2002/07/owl#Class")) in graph
    }


def _shapes(graph: Graph) -> Iterator[Shape]:
    for node, target in sorted(graph.subject_objects(SH.targetClass)):
        merged: dict[str, PropertyShape] = {}
        for prop in sorted((_property(graph, p) for p in graph.objects(node, SH.property)), key=_full_first):
            merged[prop.key] = _merge(merged[prop.key], prop) if prop.key in merged else prop
        ordered = sorted(merged.values(), key=lambda prop: (prop.order, prop.key))
        yield Shape(str(node), str(target), {prop.key: prop for prop in ordered})


def _full_first(prop: PropertyShape) -> tuple[str, int, int]:
    return (prop.key, prop.order, prop.min_count)


def _merge(one: PropertyShape, other: PropertyShape) -> PropertyShape:
    """Two shapes for one path hold together: the second may only narrow the counts of the first."""
    return replace(one, min_count=max(one.min_count, other.min_count), max_count=one.max_count or other.max_count)


def _property(graph: Graph, node: Node) -> PropertyShape:
    path = graph.value(node, SH.path)
    part = DCTERMS.hasPart in set(graph.transitive_objects(path, RDFS.subPropertyOf))
    languages = graph.value(node, SH.languageIn)
    return PropertyShape(
        key=local_name(str(path)),
        path=str(path),
        order=_integer(graph, node, SH.order, 999),
        datatype=_text(graph, node, SH.datatype),
        class_iri=_text(graph, node, SH["class"]),
        is_date=graph.value(node, SH.node) in (SA.Date, SA.DateOrSpan),
        may_span=graph.value(node, SH.node) == SA.DateOrSpan,
        is_part=part,
        languages=tuple(map(str, Collection(graph, languages))) if languages else (),
        min_count=_integer(graph, node, SH.minCount, 0),
        max_count=_integer(graph, node, SH.maxCount, 0) or None,
        pattern=_text(graph, node, SH.pattern),
        derived_from=_text(graph, node, SA.derivedFrom),
        from_slug=_text(graph, node, SA.fromSlug) == "true",
        message=_text(graph, node, SH.message) or "",
    )


def _text(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    value = graph.value(node, predicate)
    return None if value is None else str(value)


def _integer(graph: Graph, node: Node, predicate: URIRef, default: int) -> int:
    value = graph.value(node, predicate)
    return default if value is None else int(str(value))


def _concepts(graph: Graph) -> dict[str, dict[str, str]]:
    """Concept class → notation → concept."""
    found: dict[str, dict[str, str]] = {}
    for scheme, class_iri in graph.subject_objects(SA.conceptClass):
        members = graph.subjects(SKOS.inScheme, scheme)
        found[str(class_iri)] = {str(graph.value(c, SKOS.notation)): str(c) for c in sorted(members, key=str)}
    return found


def _prefixes(graph: Graph) -> dict[str, str]:
    declared = graph.objects(URIRef(ONTOLOGY_IRI), SH.declare)
    pairs = ((graph.value(d, SH.prefix), graph.value(d, SH.namespace)) for d in declared)
    return {str(prefix): str(namespace) for prefix, namespace in sorted(pairs, key=str)}
