"""VoID: how many triples, entities, classes and properties there are, and what is linked to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from rdflib import OWL, SKOS, XSD
from rdflib.namespace import DCTERMS

from kg import evaluate, formats, terms
from kg.describe.statements import (
    DATASET,
    DOWNLOADS,
    ENDPOINT,
    FOAF,
    FORMAT_IRIS,
    LICENCE,
    VOID,
    WIKIDATA,
    Release,
    about,
    english,
    integer,
    kind,
)
from kg.names import BASE, ONTOLOGY_GRAPH, SA
from kg.store import Store

FILE = "void.ttl"
LINKS = "links.ttl"
_HERE = f"{BASE}void#"
_MATCHES = (OWL.sameAs, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
_WHOLE = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
(COUNT(DISTINCT ?p) AS ?properties) WHERE { ?s ?p ?o }"""
_ENTITIES = f'SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), "{BASE}")) }}'
_CLASSES = "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?class } GROUP BY ?class ORDER BY ?class"
_PROPERTIES = """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"""
_GRAPH = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?s ?p ?o }} }}"
_WIKIDATA = f"SELECT ?s ?item WHERE {{ ?s <{SA.wikidata}> ?item }} ORDER BY ?s ?item"
_LINKS = f"""SELECT ?p ?o WHERE {{ VALUES ?p {{ {" ".join(f"<{match}>" for match in _MATCHES)} }} ?s ?p ?o
FILTER (isIRI(?o) && !STRSTARTS(STR(?o), "{BASE}")) }} ORDER BY ?p ?o"""


def lines(store: Store, release: Release, dumps: tuple[str, ...]) -> list[str]:
    """The description of the dataset; ``dumps`` are the names of its RDF files."""
    return sorted(
        [
            *_dataset(store, release, dumps),
            *_subsets(store, dumps),
            *_classes(store, release.prefixes),
            *_properties(store, release.prefixes),
            *_linksets(store, release.prefixes),
        ]
    )


def link_lines(store: Store) -> list[str]:
    """Each thing with a Wikidata identifier as a link to that item."""
    _, rows = evaluate.rows(store, _WIKIDATA)
    return [
        line for thing, item in rows for line in about(str(thing), (SKOS.exactMatch, terms.iri(WIKIDATA[str(item)])))
    ]


def _dataset(store: Store, release: Release, dumps: tuple[str, ...]) -> list[str]:
    triples, subjects, objects, properties = _numbers(store, _WHOLE)
    _, classes = evaluate.rows(store, _CLASSES)
    held = {form.name for name in dumps for form in formats.FORMATS if PurePosixPath(name).suffix == f".{form.suffix}"}
    return about(
        DATASET,
        kind(VOID.Dataset),
        (DCTERMS.title, english(release.citation.title)),
        (DCTERMS.description, english(release.citation.abstract)),
        (DCTERMS.license, terms.iri(LICENCE)),
        (DCTERMS.modified, terms.typed(release.released, str(XSD.date))),
        (FOAF.homepage, terms.iri(BASE)),
        (VOID.sparqlEndpoint, terms.iri(ENDPOINT)),
        (VOID.uriSpace, terms.plain(BASE)),
        (VOID.vocabulary, [terms.iri(str(space)) for space in (SA, SKOS, DCTERMS)]),
        (VOID.exampleResource, [terms.iri(iri) for iri in _examples(store)]),
        (VOID.feature, [terms.iri(FORMAT_IRIS[name]) for name in sorted(held)]),
        (VOID.dataDump, terms.iri(f"{DOWNLOADS}graph.nq")),
        (VOID.triples, integer(triples)),
        (VOID.entities, integer(*_numbers(store, _ENTITIES))),
        (VOID.distinctSubjects, integer(subjects)),
        (VOID.distinctObjects, integer(objects)),
        (VOID.properties, integer(properties)),
        (VOID.classes, integer(len(classes))),
    )


def _examples(store: Store) -> list[str]:
    _, rows = evaluate.rows(store, f"SELECT ?s WHERE {{ ?s a <{SA.Agreement}> }} ORDER BY ?s LIMIT 1")
    return [str(iri) for (iri,) in rows]


def _subsets(store: Store, dumps: tuple[str, ...]) -> list[str]:
    """The records and the ontology apart; the dumps without graphs hold the records only."""
    (ontology,) = _numbers(store, _GRAPH)
    whole = _numbers(store, _WHOLE)[0]
    records = [name for name in dumps if name.startswith("graph.") and name != "graph.nq"]
    return [
        *about(DATASET, (VOID.subset, [terms.iri(f"{_HERE}records"), terms.iri(f"{_HERE}ontology")])),
        *about(
            f"{_HERE}records",
            kind(VOID.Dataset),
            (DCTERMS.title, english("The records, without the ontology")),
            (VOID.triples, integer(whole - ontology)),
            (VOID.dataDump, [terms.iri(DOWNLOADS + name) for name in records]),
        ),
        *about(
            f"{_HERE}ontology",
            kind(VOID.Dataset),
            (DCTERMS.title, english("The ontology with its shapes and closed lists")),
            (VOID.triples, integer(ontology)),
            (VOID.dataDump, terms.iri(f"{DOWNLOADS}shapes.ttl")),
        ),
    ]


def _classes(store: Store, prefixes: Mapping[str, str]) -> Iterator[str]:
    _, rows = evaluate.rows(store, _CLASSES)
    for class_iri, count in rows:
        part = f"{_HERE}class-{_word(str(class_iri), prefixes)}"
        yield from about(DATASET, (VOID.classPartition, terms.iri(part)))
        yield from about(part, (VOID["class"], terms.iri(str(class_iri))), (VOID.entities, integer(int(count or 0))))


def _properties(store: Store, prefixes: Mapping[str, str]) -> Iterator[str]:
    _, rows = evaluate.rows(store, _PROPERTIES)
    for path, count, subjects, objects in rows:
        part = f"{_HERE}property-{_word(str(path), prefixes)}"
        yield from about(DATASET, (VOID.propertyPartition, terms.iri(part)))
        yield from about(
            part,
            (VOID.property, terms.iri(str(path))),
            (VOID.triples, integer(int(count or 0))),
            (VOID.distinctSubjects, integer(int(subjects or 0))),
            (VOID.distinctObjects, integer(int(objects or 0))),
        )


def _linksets(store: Store, prefixes: Mapping[str, str]) -> Iterator[str]:
    """The links to Wikidata in their own file, and those that stand in the graph, by predicate and target."""
    yield from _linkset("wikidata", SKOS.exactMatch, str(WIKIDATA), len(link_lines(store)), "http://www.wikidata.org/")
    yield from about(f"{_HERE}links-wikidata", (VOID.dataDump, terms.iri(DOWNLOADS + LINKS)))
    _, rows = evaluate.rows(store, _LINKS)
    pairs = [(str(predicate), _namespace(str(target))) for predicate, target in rows]
    for predicate, space in sorted(set(pairs)):
        name = _word(f"{predicate} {space}", prefixes)
        yield from _linkset(name, predicate, space, pairs.count((predicate, space)), space)


def _linkset(name: str, predicate: str, space: str, count: int, target: str) -> list[str]:
    linkset = f"{_HERE}links-{name}"
    described = f"{_HERE}target-{name}"
    return [
        *about(DATASET, (VOID.subset, terms.iri(linkset))),
        *about(
            linkset,
            kind(VOID.Linkset),
            (VOID.linkPredicate, terms.iri(predicate)),
            (VOID.subjectsTarget, terms.iri(DATASET)),
            (VOID.objectsTarget, terms.iri(described)),
            (VOID.triples, integer(count)),
        ),
        *about(described, kind(VOID.Dataset), (FOAF.homepage, terms.iri(target)), (VOID.uriSpace, terms.plain(space))),
    ]


def _namespace(iri: str) -> str:
    """What stands before the local name, the sign that ends it included."""
    return re.sub(r"[^#/]*$", "", iri)


def _word(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI as a word for a fragment: prefix and local name where there is a prefix."""
    fitting = [(space, name) for name, space in prefixes.items() if iri.startswith(space)]
    space, name = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
    return re.sub(r"\W+", "-", f"{name}-{iri[len(space) :]}" if name else iri).strip("-")


def _numbers(store: Store, query: str) -> list[int]:
    _, rows = evaluate.rows(store, query)
    return [int(value or 0) for value in rows[0]]
