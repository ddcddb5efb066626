"""DCAT: the dataset as a catalogue of data shows it, with each file as a distribution."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from rdflib import OWL, XSD
from rdflib.namespace import DCTERMS

from kg import evaluate, formats, terms
from kg.describe.statements import (
    DATASET,
    DCAT,
    DOWNLOADS,
    ENDPOINT,
    FOAF,
    FORMAT_IRIS,
    LICENCE,
    SPDX,
    Release,
    about,
    english,
    kind,
)
from kg.names import BASE, ONTOLOGY_IRI, SA
from kg.store import Store

FILE = "catalog.ttl"
_CATALOG = f"{BASE}catalog"
_PUBLISHER = f"{_CATALOG}#publisher"
_PERIOD = f"{_CATALOG}#period"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_BY_SUFFIX = {f".{form.suffix}": form for form in formats.FORMATS}
_DAYS = f"""SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) WHERE {{
VALUES ?p {{ <{SA.signed}> <{SA.date}> }} ?s ?p ?day FILTER (DATATYPE(?day) = <{XSD.date}>) }}"""


def lines(store: Store, release: Release, files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The catalogue; ``files`` gives size in bytes and SHA-256 by the path below the downloads."""
    return sorted(
        [
            *_catalog(release),
            *_dataset(store, release, list(files)),
            *_service(release),
            *(line for path, told in files.items() for line in _distribution(path, told, release)),
        ]
    )


def _catalog(release: Release) -> list[str]:
    return [
        *about(
            _CATALOG,
            kind(DCAT.Catalog),
            (DCTERMS.title, english(f"{release.citation.title}: catalogue")),
            (DCTERMS.description, english("One dataset, its files, and the service that answers queries over it.")),
            (DCTERMS.publisher, terms.iri(_PUBLISHER)),
            (DCTERMS.license, terms.iri(LICENCE)),
            (DCTERMS.modified, _day(release.released)),
            (DCAT.dataset, terms.iri(DATASET)),
            (DCAT.service, terms.iri(ENDPOINT)),
        ),
        *about(_PUBLISHER, kind(FOAF.Agent), (FOAF.name, [terms.plain(author) for author in release.citation.authors])),
    ]


def _dataset(store: Store, release: Release, files: list[str]) -> list[str]:
    citation = release.citation
    return [
        *about(
            DATASET,
            kind(DCAT.Dataset),
            (DCTERMS.title, english(citation.title)),
            (DCTERMS.description, english(citation.abstract)),
            (DCTERMS.creator, terms.iri(_PUBLISHER)),
            (DCTERMS.publisher, terms.iri(_PUBLISHER)),
            (DCTERMS.license, terms.iri(LICENCE)),
            (DCTERMS.identifier, terms.plain(DATASET)),
            (DCTERMS.issued, _day(release.released)),
            (DCTERMS.modified, _day(release.released)),
            (DCTERMS.conformsTo, terms.iri(ONTOLOGY_IRI)),
            (DCTERMS.language, [terms.iri(f"{_LANGUAGES}{code}") for code in ("ENG", "UKR")]),
            (DCAT.version, terms.plain(release.version)),
            (OWL.versionInfo, terms.plain(release.version)),
            (DCAT.keyword, [english(word) for word in citation.keywords]),
            (DCAT.landingPage, terms.iri(f"{BASE}downloads")),
            (DCAT.distribution, [terms.iri(_name(path)) for path in files]),
        ),
        *_period(store),
    ]


def _period(store: Store) -> list[str]:
    """The span of the days of signatures and events; nothing where there is none."""
    _, rows = evaluate.rows(store, _DAYS)
    first, last = rows[0]
    if first is None or last is None:
        return []
    span = ((DCAT.startDate, _day(first)), (DCAT.endDate, _day(last)))
    return [
        *about(DATASET, (DCTERMS.temporal, terms.iri(_PERIOD))),
        *about(_PERIOD, kind(DCTERMS.PeriodOfTime), *span),
    ]


def _service(release: Release) -> list[str]:
    return about(
        ENDPOINT,
        kind(DCAT.DataService),
        (DCTERMS.title, english(f"{release.citation.title}: SPARQL endpoint")),
        (DCTERMS.conformsTo, terms.iri("https://www.w3.org/TR/sparql11-protocol/")),
        (DCAT.endpointURL, terms.iri(ENDPOINT)),
        (DCAT.endpointDescription, terms.iri(f"{DOWNLOADS}service.ttl")),
        (DCAT.servesDataset, terms.iri(DATASET)),
    )


def _distribution(path: str, told: Mapping[str, Any], release: Release) -> list[str]:
    form = _BY_SUFFIX.get(PurePosixPath(path).suffix)
    media_type = form.media_type if form else mimetypes.guess_type(path)[0] or "application/octet-stream"
    checksum = f"{_name(path)}-sha256"
    address = terms.iri(DOWNLOADS + path)
    return [
        *about(
            _name(path),
            kind(DCAT.Distribution),
            (DCTERMS.title, english(path)),
            (DCTERMS.license, terms.iri(LICENCE)),
            (DCTERMS.issued, _day(release.released)),
            (DCAT.accessURL, address),
            (DCAT.downloadURL, address),
            (DCAT.mediaType, terms.iri(_MEDIA_TYPES + media_type)),
            (DCAT.byteSize, terms.typed(str(told["bytes"]), str(XSD.nonNegativeInteger))),
            (SPDX.checksum, terms.iri(checksum)),
            *([(DCTERMS["format"], terms.iri(FORMAT_IRIS[form.name]))] if form and form.name in _RDF else []),
        ),
        *about(
            checksum,
            kind(SPDX.Checksum),
            (SPDX.algorithm, terms.iri(SPDX.checksumAlgorithm_sha256)),
            (SPDX.checksumValue, terms.typed(told["sha256"], str(XSD.hexBinary))),
        ),
    ]


_RDF = {form.name for form in formats.holding(formats.Content.GRAPH, formats.Content.DATASET)}


def _name(path: str) -> str:
    return f"{_CATALOG}#{path}"


def _day(day: str) -> str:
    return terms.typed(day, str(XSD.date))
