"""Records to quads, walking the shapes: generic and strict, with no case for any class.

Every fault of a run is kept as a finding with file, line and key; nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rdflib import RDF

from kg import claims, names, terms
from kg.claims import Claim, Fault
from kg.errors import Finding, suggest
from kg.index import Index, class_of, index
from kg.records import SLUG, Mapping, Record, Scalar, Sequence, Value
from kg.shapes import PropertyShape, Schema, Shape
from kg.terms import FormError, Quad

SOURCE = str(names.SA.source)


class Place(NamedTuple):
    """Where a value was written."""

    file: str
    line: int


@dataclass
class Loaded:
    """The quads of all records, where each value was written, and every fault met.

    ``lines`` maps (subject, property) to a place, with an empty property for the node itself;
    ``faulty`` holds the nodes whose quads are incomplete because of a finding.
    """

    quads: list[Quad] = field(default_factory=list)
    lines: dict[tuple[str, str], Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)


def load(records: Iterable[Record], schema: Schema) -> Loaded:
    """Load all records; the findings are in the outcome, sorted, and not raised."""
    every = list(records)
    known, findings = index(every, schema)
    loaded = Loaded(findings=findings)
    for record in every:
        class_iri = class_of(record, schema)
        if not isinstance(class_iri, Finding):
            _Writer(record, schema, known, loaded).record(class_iri)
    loaded.findings.sort()
    return loaded


@dataclass(frozen=True)
class _Node:
    """A node being written: its IRI, its shape and the sources it takes over."""

    iri: str
    shape: Shape
    sources: tuple[str, ...]

    @property
    def class_name(self) -> str:
        return names.local_name(self.shape.target)


class _Writer:
    """Writes one record's quads into ``loaded``."""

    def __init__(self, record: Record, schema: Schema, known: Index, loaded: Loaded) -> None:
        self.file = record.file
        self.slug = record.slug
        self.body = record.body
        self.folder = record.folder
        self.graph = terms.iri(names.graph_iri(record.folder, record.slug))
        self.schema = schema
        self.known = known
        self.loaded = loaded

    def record(self, class_iri: str) -> None:
        """Write the record's own node and everything beneath it."""
        iri = names.record_iri(self.folder, self.slug)
        body = Mapping(tuple(pair for pair in self.body.items if pair[0].text != "type"), self.body.line)
        self.node(iri, class_iri, body, self.slug, ())

    def node(self, iri: str, class_iri: str, body: Mapping, slug: str, inherited: tuple[str, ...]) -> None:
        """Write one node: its types, what its slug gives, its sources and every key."""
        shape = self.schema.shape_of(class_iri)
        before = len(self.loaded.findings)
        node = _Node(iri, shape, self._own_sources(shape, body) or inherited)
        self._mark(iri, "", body.line)
        for known in (class_iri, *self.schema.ancestors[class_iri]):
            self._quad(iri, str(RDF.type), terms.iri(known))
        for prop in shape.automatic:
            self._emit(node, prop, [Scalar(slug, body.line)], body.line)
        self._sources(node)
        self._note_faults(iri, before)
        for key, value in body.items:
            if key.text == "source" and "source" in shape.writable:
                self._mark(iri, SOURCE, key.line)
            else:
                self._watched(node, key, value)

    def _own_sources(self, shape: Shape, body: Mapping) -> tuple[str, ...]:
        prop = shape.properties.get("source")
        return tuple(self._every(prop, body.get("source"))) if prop else ()

    def _every(self, prop: PropertyShape, value: Value | None) -> Iterator[str]:
        """The terms of one value or of a list."""
        for item in value.items if isinstance(value, Sequence) else (value,):
            if item is not None:
                yield from self._terms(prop, item, prop.key)

    def _sources(self, node: _Node) -> None:
        if "source" in node.shape.properties:
            for source in node.sources:
                self._quad(node.iri, SOURCE, source)

    def _watched(self, node: _Node, key: Scalar, value: Value) -> None:
        before = len(self.loaded.findings)
        self._key(node, key, value)
        prop = node.shape.writable.get(key.text)
        if not (prop and prop.is_part):
            self._note_faults(node.iri, before)

    def _note_faults(self, iri: str, before: int) -> None:
        """Remember a node that has met new findings: its quads are incomplete."""
        if len(self.loaded.findings) > before:
            self.loaded.faulty.add(iri)

    def _key(self, node: _Node, key: Scalar, value: Value) -> None:
        prop = node.shape.writable.get(key.text)
        if prop is None:
            return self._unknown(node, key.text, key.line)
        self._mark(node.iri, prop.path, key.line)
        if prop.is_part:
            return self._parts(node, prop, value)
        plain, claimed = claims.split(value, languages=_speaks(prop))
        if len(plain) + len(claimed) > 1 and prop.max_count == 1 and plain:
            return self._fault(key.line, key.text, "one value only; write rival values as {value, source, rank}")
        for text in sorted(_doubled(plain)):
            self._fault(key.line, key.text, f"'{text}' is listed twice")
        self._emit(node, prop, plain, key.line)
        return self._claims(node, prop, claimed)

    def _unknown(self, node: _Node, key: str, line: int) -> None:
        if key in node.shape.properties:
            return self._fault(line, key, f"no property of {node.class_name} to write (derived; leave it out)")
        near = suggest(key, sorted(node.shape.writable))
        return self._fault(line, key, f"no property of {node.class_name}{near}")

    def _parts(self, node: _Node, prop: PropertyShape, value: Value) -> None:
        if not isinstance(value, Mapping):
            self.loaded.faulty.add(node.iri)
            return self._fault(value.line, prop.key, "parts are a mapping from slug to keys")
        for slug, body in value.items:
            if not isinstance(body, Mapping):
                self._fault(slug.line, slug.text, f"a {prop.key} is a mapping of keys to values")
            if not isinstance(body, Mapping) or not SLUG.fullmatch(slug.text):  # a bad slug is a finding of the index
                self.loaded.faulty.add(node.iri)
                continue
            iri = names.part_iri(node.iri, prop.key, slug.text)
            self._quad(node.iri, prop.path, terms.iri(iri))
            placed = Mapping(body.items, slug.line)
            self.node(iri, prop.class_iri or "", placed, slug.text, node.sources)
        return None

    def _emit(self, node: _Node, prop: PropertyShape, values: Iterable[Value], line: int) -> None:
        """Write plain values, and what derives from them."""
        for value in values:
            for term in self._terms(prop, value, prop.key):
                self._quad(node.iri, prop.path, term)
            self._derive(node, prop, value)

    def _derive(self, node: _Node, prop: PropertyShape, value: Value) -> None:
        derived = node.shape.derived(prop.path)
        if not derived or not isinstance(value, Scalar):
            return
        try:
            days = terms.bounds(value.text)
        except FormError:
            return  # already a finding of _terms
        for rule in derived:
            day = days[1] if rule.key.endswith("Latest") else days[0]
            self._quad(node.iri, rule.path, terms.typed(day.isoformat(), rule.datatype or ""))

    def _claims(self, node: _Node, prop: PropertyShape, written: list[Mapping]) -> None:
        outcomes = [claims.read(item) for item in written]
        read = [outcome for outcome in outcomes if isinstance(outcome, Claim)]
        for fault in (outcome for outcome in outcomes if isinstance(outcome, Fault)):
            self._fault(fault.line, fault.key, fault.message)
        for claim in read:
            self._claim(node, prop, claim)
        shown = {tuple(self._terms(prop, claim.value, prop.key, quiet=True)): claim for claim in claims.best(read)}
        shown.pop((), None)  # its form is a finding already
        if len(shown) > 1 and prop.max_count == 1:
            line = read[-1].line
            return self._fault(line, prop.key, "rivals of one rank; mark one as rank: preferred, with a reason")
        for claim in shown.values():
            self._emit_quiet(node, prop, claim)
        return None

    def _emit_quiet(self, node: _Node, prop: PropertyShape, claim: Claim) -> None:
        for term in self._terms(prop, claim.value, prop.key, quiet=True):
            self._quad(node.iri, prop.path, term)
        self._derive(node, prop, claim.value)

    def _claim(self, node: _Node, prop: PropertyShape, claim: Claim) -> None:
        """Write the claim as a node of its own, one for each term its value makes."""
        shape = self.schema.shape_of(str(names.SA.Claim))
        before = len(self.loaded.findings)
        sources = tuple(self._every(shape.properties["source"], claim.parts.get("source")))
        for term in self._terms(prop, claim.value, prop.key):
            iri = names.claim_iri(node.iri, prop.key, claim.digest((term,), sources))
            self._mark(iri, "", claim.line)
            self._quad(iri, str(RDF.type), terms.iri(str(names.SA.Claim)))
            self._quad(iri, str(RDF.subject), terms.iri(node.iri))
            self._quad(iri, str(RDF.predicate), terms.iri(prop.path))
            self._quad(iri, str(RDF.object), term)
            rest = Mapping(tuple(p for p in claim.parts.items if p[0].text in ("locator", "reason")), claim.line)
            self._claim_parts(iri, shape, rest, sources, claim.rank)
            self._note_faults(iri, before)

    def _claim_parts(self, iri: str, shape: Shape, rest: Mapping, sources: tuple[str, ...], rank: str) -> None:
        node = _Node(iri, shape, sources)
        self._sources(node)
        self._emit(node, shape.properties["rank"], [Scalar(rank, rest.line)], rest.line)
        for key, value in rest.items:
            self._emit(node, shape.properties[key.text], [value], key.line)

    def _terms(self, prop: PropertyShape, value: Value, key: str, quiet: bool = False) -> Iterator[str]:
        """The terms that one written value makes; a fault of form becomes a finding unless ``quiet``."""
        try:
            yield from self._term(prop, value)
        except FormError as error:
            if not quiet:
                self._fault(value.line, key, str(error))

    def _term(self, prop: PropertyShape, value: Value) -> list[str]:
        if isinstance(value, Mapping) and _speaks(prop):
            return self._labels(prop, value)
        if _speaks(prop):
            raise FormError("written by language, as in {en: …, uk: …}")
        if not isinstance(value, Scalar):
            raise FormError("a plain value is meant here")
        if prop.class_iri:
            return [self._reference(prop.class_iri, value)]
        if prop.is_date:
            return [terms.day_or_edtf(value.text, prop.may_span)]
        return [terms.literal(value.text, prop.datatype or "")]

    def _reference(self, class_iri: str, value: Scalar) -> str:
        found = self.known.find(class_iri, value.text, self.slug)
        if found is None:
            near = self.known.suggest(class_iri, value.text, self.slug)
            raise FormError(f"no {names.local_name(class_iri)} '{value.text}'{near}")
        return terms.iri(found)

    def _labels(self, prop: PropertyShape, value: Mapping) -> list[str]:
        made: list[str] = []
        for language, text in value.items:
            if prop.languages and language.text not in prop.languages:
                raise FormError(f"language '{language.text}' is not in use{suggest(language.text, prop.languages)}")
            for item in text.items if isinstance(text, Sequence) else [text]:
                if not isinstance(item, Scalar):
                    raise FormError("one text a language is meant here")
                made.append(terms.tagged(item.text, language.text))
        return made

    def _quad(self, subject: str, predicate: str, term: str) -> None:
        self.loaded.quads.append(Quad(terms.iri(subject), terms.iri(predicate), term, self.graph))

    def _mark(self, subject: str, predicate: str, line: int) -> None:
        self.loaded.lines.setdefault((subject, predicate), Place(self.file, line))

    def _fault(self, line: int, key: str, message: str) -> None:
        self.loaded.findings.append(Finding(self.file, line, key, message))


def _doubled(values: Iterable[Value]) -> set[str]:
    """The texts that stand more than once in a list."""
    texts = [value.text for value in values if isinstance(value, Scalar)]
    return {text for text in texts if texts.count(text) > 1}


def _speaks(prop: PropertyShape) -> bool:
    """Whether the property's values are texts in languages."""
    return prop.datatype == str(RDF.langString)
