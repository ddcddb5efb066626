"""Statements about one thing as N-Triples lines, and what all descriptions have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import OWL, RDF, SKOS, XSD, Namespace
from rdflib.namespace import DCTERMS

from kg import terms
from kg.citation import Citation
from kg.names import BASE, SA

VOID = Namespace("http://rdfs.org/ns/void#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
PREFIXES = {
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "formats": str(FORMATS),
    "owl": str(OWL),
    "sa": str(SA),
    "sd": str(SD),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "void": str(VOID),
    "wd": str(WIKIDATA),
    "xsd": str(XSD),
}
DATASET = BASE
ENDPOINT = f"{BASE}sparql"
DOWNLOADS = f"{BASE}downloads/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# W3C's names of the formats that an answer or a file can have.
FORMAT_IRIS = {
    "json": FORMATS.SPARQL_Results_JSON,
    "xml": FORMATS.SPARQL_Results_XML,
    "csv": FORMATS.SPARQL_Results_CSV,
    "tsv": FORMATS.SPARQL_Results_TSV,
    "turtle": FORMATS.Turtle,
    "ntriples": FORMATS["N-Triples"],
    "rdfxml": FORMATS.RDF_XML,
    "nquads": FORMATS["N-Quads"],
    "trig": FORMATS.TriG,
    "jsonld": FORMATS["JSON-LD"],
}


@dataclass(frozen=True)
class Release:
    """What is described: the version, its day, how it is cited, and the prefixes that name its terms."""

    version: str
    released: str
    citation: Citation
    prefixes: Mapping[str, str]


def about(subject: str, *statements: tuple[str, str | Iterable[str]]) -> list[str]:
    """Lines about a subject: each statement is a predicate with one object term or with several."""
    return [
        f"{terms.iri(subject)} {terms.iri(predicate)} {value} .\n"
        for predicate, values in statements
        for value in ([values] if isinstance(values, str) else values)
    ]


def kind(*class_iris: str) -> tuple[str, list[str]]:
    """The classes of a thing, as a statement."""
    return str(RDF.type), [terms.iri(class_iri) for class_iri in class_iris]


def integer(count: int) -> str:
    """A count as a term."""
    return terms.literal(str(count), str(XSD.integer))


def english(text: str) -> str:
    """A text in English as a term, its lines joined."""
    return terms.tagged(" ".join(text.split()), "en")
