"""JSON-LD for people who read JSON: a context made of the shapes, and one thing's triples as one tree.

The engine writes expanded JSON-LD; this folds it by the context, parts inside their owner. Nothing is
lost: read with the context, the tree gives the same triples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from kg.names import BASE, local_name
from kg.shapes import PropertyShape, Schema

CONTEXT = f"{BASE}context.jsonld"
Node = dict[str, Any]
_OUTER = tuple(str(namespace) for namespace in (SKOS, RDFS, OWL, DCTERMS))
_LABELS = {str(RDFS.label), str(SKOS.prefLabel), str(DCTERMS.title)}
_SUBJECT = str(RDF.subject)
# Datatypes whose values JSON can hold without loss; a decimal would come back as a double.
_NATIVE: dict[str, Callable[[str], Any]] = {str(XSD.integer): int, str(XSD.boolean): "true".__eq__}


def context(schema: Schema) -> dict[str, Any]:
    """The context: every key of a record → its IRI, datatype and number; the prefixes for all else."""
    by_path: dict[str, list[PropertyShape]] = {}
    for shape in schema.shapes.values():
        for prop in shape.properties.values():
            by_path.setdefault(prop.path, []).append(prop)
    named = {props[0].key: _term(path, props) for path, props in sorted(by_path.items()) if path != _SUBJECT}
    others = {key: term for key, term in _ontology_terms(schema.graph).items() if key not in named}
    classes = {local_name(iri): {"@id": iri} for iri in schema.ancestors}
    claims = {"claims": {"@reverse": _SUBJECT, "@container": "@set"}}
    keywords = {"id": "@id", "type": {"@id": "@type", "@container": "@set"}}
    return {"@context": {"@version": 1.1, **keywords, **schema.prefixes, **classes, **others, **named, **claims}}


def _term(path: str, props: list[PropertyShape]) -> dict[str, Any]:
    term: dict[str, Any] = {"@id": path}
    if all(prop.languages for prop in props):
        return term | {"@container": ["@language", "@set"]}
    datatypes = {prop.datatype for prop in props if not prop.is_date}
    if path == str(RDF.predicate) or all(prop.class_iri for prop in props):
        term["@type"] = "@id"
    elif len(datatypes) == 1 and None not in datatypes and not any(prop.is_date or prop.class_iri for prop in props):
        term |= {} if datatypes == {str(XSD.string)} else {"@type": datatypes.pop()}
    return term if all(prop.max_count == 1 for prop in props) else term | {"@container": "@set"}


def _ontology_terms(graph: Graph) -> dict[str, dict[str, Any]]:
    """Keys for what the ontology and the closed lists say with SKOS, RDFS, OWL and DCTERMS."""
    found = {}
    for path in sorted({str(path) for path in graph.predicates()}):
        if not path.startswith(_OUTER):
            continue
        values = set(graph.objects(None, URIRef(path)))
        term: dict[str, Any] = {"@id": path, "@container": "@set"}
        if all(isinstance(value, URIRef) for value in values):
            term["@type"] = "@id"
        elif all(isinstance(value, Literal) and value.language for value in values):
            term["@container"] = ["@language", "@set"]
        found[local_name(path)] = term
    return found


def tree(expanded: Iterable[Mapping[str, Any]], known: Mapping[str, Any], root: str) -> Node:
    """Expanded JSON-LD as one tree below ``root``; what no part of it leads to stands under ``@included``."""
    return _Fold(expanded, known["@context"]).tree(root)


class _Fold:
    """Folds nodes into each other; each is written once, and a mere label wherever it is linked."""

    def __init__(self, expanded: Iterable[Mapping[str, Any]], terms: Mapping[str, Any]) -> None:
        self.nodes = _merged(expanded)
        self.keys = {term["@id"]: key for key, term in terms.items() if isinstance(term, dict) and "@id" in term}
        self.terms = {term["@id"]: term for term in terms.values() if isinstance(term, dict) and "@id" in term}
        self.written: set[str] = set()
        self.claims: dict[str, list[str]] = {}
        for iri, node in self.nodes.items():
            for value in node.get(_SUBJECT, ()):
                self.claims.setdefault(value["@id"], []).append(iri)

    def tree(self, root: str) -> Node:
        made = {"@context": CONTEXT, **self._node(root)}
        left = [
            iri for iri, node in sorted(self.nodes.items()) if iri not in self.written and not node.keys() <= _LABELS
        ]
        included = [self._node(iri) for iri in left if iri not in self.written]
        return {**made, "@included": included} if included else made

    def _node(self, iri: str, claimed: bool = False) -> Node:
        """A node with all that is said of it; a claim under its subject need not name it again."""
        self.written.add(iri)
        node = self.nodes.get(iri, {})
        made: Node = {"id": iri}
        if str(RDF.type) in node:
            made["type"] = sorted(self.keys.get(value["@id"], value["@id"]) for value in node[str(RDF.type)])
        for path in sorted(node, key=self._key):
            if path != str(RDF.type) and not (claimed and path == _SUBJECT):
                made[self._key(path)] = self._values(path, node[path], iri)
        about = [claim for claim in sorted(self.claims.get(iri, ())) if claim not in self.written]
        if about:
            made["claims"] = [self._node(claim, claimed=True) for claim in about]
        return made

    def _key(self, path: str) -> str:
        return self.keys.get(path, path)

    def _values(self, path: str, values: list[Node], owner: str) -> Any:  # noqa: ANN401  # any JSON
        term = self.terms.get(path, {"@container": "@set"})
        container = term.get("@container", ())
        if "@language" in container and all("@language" in value for value in values):
            by_language: dict[str, list[str]] = {}
            for value in sorted(values, key=_order):
                by_language.setdefault(value["@language"], []).append(value["@value"])
            return by_language
        made = [self._value(value, term.get("@type"), owner) for value in sorted(values, key=_order)]
        return made if "@set" in container or len(made) > 1 else made[0]

    def _value(self, value: Node, coerced: str | None, owner: str) -> Any:  # noqa: ANN401  # any JSON
        if "@id" in value:
            return self._link(value["@id"], owner)
        if value.get("@type") != coerced or "@language" in value:
            plain = coerced is None and value.keys() == {"@value"}
            return value["@value"] if plain else value
        return _NATIVE.get(str(coerced), str)(value["@value"])

    def _link(self, iri: str, owner: str) -> Node:
        node = self.nodes.get(iri, {})
        if node and iri not in self.written and iri.startswith(f"{owner}/"):
            return self._node(iri)
        labels = {path: values for path, values in node.items() if path in _LABELS}
        return {"id": iri, **{self._key(path): self._values(path, values, iri) for path, values in labels.items()}}


def _merged(expanded: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, list[Node]]]:
    """Nodes by IRI: the engine may write one in several pieces."""
    nodes: dict[str, dict[str, list[Node]]] = {}
    for piece in expanded:
        node = nodes.setdefault(piece["@id"], {})
        for path, values in piece.items():
            if path == "@type":
                node.setdefault(str(RDF.type), []).extend({"@id": iri} for iri in values)
            elif path != "@id":
                node.setdefault(path, []).extend(values)
    return nodes


def _order(value: Node) -> tuple[str, str]:
    return (value.get("@language", ""), str(value.get("@id", value.get("@value"))))
