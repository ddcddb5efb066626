"""SPARQL 1.1 Service Description: what the endpoint understands, gives, and which graphs it holds."""

from __future__ import annotations

from rdflib.namespace import DCTERMS

from kg import evaluate, terms
from kg.describe.statements import (
    DATASET,
    ENDPOINT,
    FORMAT_IRIS,
    LICENCE,
    SD,
    VOID,
    Release,
    about,
    english,
    integer,
    kind,
)
from kg.names import BASE
from kg.store import Store

FILE = "service.ttl"
_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


def lines(store: Store, release: Release) -> list[str]:
    """The description of the endpoint, with every named graph and how many triples are in each."""
    _, rows = evaluate.rows(store, _GRAPHS)
    counts = {str(graph): int(count or 0) for graph, count in rows}
    return sorted(
        [
            *_service(release),
            *_dataset(sum(counts.values())),
            *(line for graph, count in counts.items() for line in _graph(graph, count)),
        ]
    )


def _service(release: Release) -> list[str]:
    return about(
        ENDPOINT,
        kind(SD.Service),
        (DCTERMS.title, english(f"{release.citation.title}: SPARQL endpoint")),
        (DCTERMS.license, terms.iri(LICENCE)),
        (SD.endpoint, terms.iri(ENDPOINT)),
        (SD.supportedLanguage, terms.iri(SD.SPARQL11Query)),
        # Without a dataset clause a query sees the union of all graphs.
        (SD.feature, terms.iri(SD.UnionDefaultGraph)),
        (SD.resultFormat, [terms.iri(form) for form in FORMAT_IRIS.values()]),
        (SD.defaultDataset, terms.iri(f"{ENDPOINT}#dataset")),
    )


def _dataset(triples: int) -> list[str]:
    default = f"{ENDPOINT}#default-graph"
    return [
        *about(f"{ENDPOINT}#dataset", kind(SD.Dataset), (SD.defaultGraph, terms.iri(default))),
        *about(f"{ENDPOINT}#dataset", (DCTERMS.isVersionOf, terms.iri(DATASET))),
        *about(default, kind(SD.Graph), (VOID.triples, integer(triples))),
    ]


def _graph(graph: str, triples: int) -> list[str]:
    named = f"{ENDPOINT}#{graph.removeprefix(BASE)}"
    return [
        *about(f"{ENDPOINT}#dataset", (SD.namedGraph, terms.iri(named))),
        *about(named, kind(SD.NamedGraph), (SD.name, terms.iri(graph)), (SD.graph, terms.iri(f"{named}-graph"))),
        *about(f"{named}-graph", kind(SD.Graph), (VOID.triples, integer(triples))),
    ]
