"""The descriptions of dataset and service say what queries and files say."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from rdflib import DCTERMS, RDF, SKOS, XSD, Graph, Literal, URIRef

from kg import citation, describe, evaluate, formats, store
from kg.build import build
from kg.describe.statements import DCAT, FOAF, FORMAT_IRIS, SD, SPDX, VOID
from kg.errors import ContentError
from kg.names import BASE, ONTOLOGY_GRAPH, SA

DATASET = URIRef(BASE)


@pytest.fixture(scope="module", params=["world_snapshot", "snapshot"])
def made(request):
    """Each snapshot with its store and the parsed descriptions."""
    found = request.getfixturevalue(request.param)
    parsed = {name: Graph().parse(found.folder / name) for name in describe.FILES}
    return found, store.open_store(found), parsed


def number(opened, query):
    return int(evaluate.rows(opened, query)[1][0][0])


def told(graph, subject, path):
    return int(graph.value(subject, path))


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        (VOID.triples, "COUNT(*)"),
        (VOID.distinctSubjects, "COUNT(DISTINCT ?s)"),
        (VOID.distinctObjects, "COUNT(DISTINCT ?o)"),
        (VOID.properties, "COUNT(DISTINCT ?p)"),
    ],
)
def test_totals_are_what_a_query_counts(made, path, counted):
    _, opened, parsed = made
    query = f"SELECT ({counted} AS ?n) WHERE {{ ?s ?p ?o }}"
    assert told(parsed["void.ttl"], DATASET, path) == number(opened, query)


def test_every_class_has_its_partition_with_a_true_count(made):
    _, opened, parsed = made
    void = parsed["void.ttl"]
    parts = {
        void.value(p, VOID["class"]): told(void, p, VOID.entities) for p in void.objects(DATASET, VOID.classPartition)
    }
    _, rows = evaluate.rows(opened, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c")
    assert parts == {URIRef(c): int(n) for c, n in rows}
    assert told(void, DATASET, VOID.classes) == len(rows)


def test_every_property_has_its_partition_with_true_counts(made):
    _, opened, parsed = made
    void = parsed["void.ttl"]
    parts = {
        void.value(part, VOID.property): tuple(
            told(void, part, path) for path in (VOID.triples, VOID.distinctSubjects, VOID.distinctObjects)
        )
        for part in void.objects(DATASET, VOID.propertyPartition)
    }
    query = "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b) { ?s ?p ?o } GROUP BY ?p"
    _, rows = evaluate.rows(opened, query)
    assert parts == {URIRef(p): (int(n), int(a), int(b)) for p, n, a, b in rows}


def test_records_and_ontology_are_the_whole(made):
    _, opened, parsed = made
    void = parsed["void.ttl"]
    records, ontology = (told(void, URIRef(f"{BASE}void#{name}"), VOID.triples) for name in ("records", "ontology"))
    assert records + ontology == told(void, DATASET, VOID.triples)
    assert ontology == number(opened, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?s ?p ?o }} }}")


def test_the_links_to_wikidata_are_counted_and_given(made):
    _, opened, parsed = made
    linkset = URIRef(f"{BASE}void#links-wikidata")
    links = parsed["links.ttl"]
    assert told(parsed["void.ttl"], linkset, VOID.triples) == len(links)
    assert len(links) == number(opened, f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{SA.wikidata}> ?q }}")
    assert all(
        re.fullmatch(r"http://www\.wikidata\.org/entity/Q\d+", str(o)) for o in links.objects(None, SKOS.exactMatch)
    )


def test_linksets_within_the_graph_count_the_matches(made):
    _, opened, parsed = made
    void = parsed["void.ttl"]
    sets = set(void.subjects(VOID.linkPredicate, SKOS.closeMatch))
    query = f'SELECT (COUNT(*) AS ?n) {{ ?s <{SKOS.closeMatch}> ?o FILTER (!STRSTARTS(STR(?o), "{BASE}")) }}'
    assert sum(told(void, linkset, VOID.triples) for linkset in sets) == number(opened, query) > 0


def test_the_catalogue_lists_every_file_as_it_is(made):
    found, _, parsed = made
    catalogue = parsed["catalog.ttl"]
    listed = {}
    for distribution in catalogue.objects(DATASET, DCAT.distribution):
        path = str(catalogue.value(distribution, DCAT.downloadURL)).removeprefix(f"{BASE}downloads/")
        checksum = catalogue.value(catalogue.value(distribution, SPDX.checksum), SPDX.checksumValue)
        listed[path] = {"bytes": int(catalogue.value(distribution, DCAT.byteSize)), "sha256": checksum}
        content = (found.folder / path).read_bytes()
        assert str(checksum) == hashlib.sha256(content).hexdigest()
    expected = {name: known for name, known in found.manifest["files"].items() if name != "catalog.ttl"}
    assert {name: {**known, "sha256": str(known["sha256"])} for name, known in listed.items()} == expected


def test_the_catalogue_says_who_what_when(made):
    found, opened, parsed = made
    catalogue = parsed["catalog.ttl"]
    assert catalogue.value(DATASET, DCAT.version) == Literal(found.version)
    assert catalogue.value(DATASET, DCTERMS.issued) == Literal(found.released, datatype=XSD.date)
    assert str(catalogue.value(DATASET, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    publisher = catalogue.value(DATASET, DCTERMS.publisher)
    assert str(catalogue.value(publisher, FOAF.name)) == "The security-agreements-kg authors"
    period = catalogue.value(DATASET, DCTERMS.temporal)
    _, rows = evaluate.rows(
        opened, f"SELECT (MIN(?d) AS ?m) WHERE {{ ?s <{SA.signed}> ?d FILTER (DATATYPE(?d) = <{XSD.date}>) }}"
    )
    assert str(catalogue.value(period, DCAT.startDate)) <= rows[0][0]


def test_media_types_are_those_of_the_formats(made):
    catalogue = made[2]["catalog.ttl"]
    by_suffix = {form.suffix: form.media_type for form in formats.FORMATS}
    for distribution in catalogue.objects(DATASET, DCAT.distribution):
        suffix = str(distribution).rsplit(".", 1)[-1]
        assert str(catalogue.value(distribution, DCAT.mediaType)).endswith(by_suffix[suffix])


def test_the_service_names_every_graph_and_how_large_it_is(made):
    _, opened, parsed = made
    service = parsed["service.ttl"]
    endpoint = service.value(predicate=RDF.type, object=SD.Service)
    assert service.value(endpoint, SD.endpoint) == endpoint
    dataset = service.value(endpoint, SD.defaultDataset)
    sizes = {
        str(service.value(named, SD.name)): told(service, service.value(named, SD.graph), VOID.triples)
        for named in service.objects(dataset, SD.namedGraph)
    }
    _, rows = evaluate.rows(opened, "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert sizes == {g: int(n) for g, n in rows}
    default = service.value(dataset, SD.defaultGraph)
    assert told(service, default, VOID.triples) == number(opened, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")


def test_every_format_of_an_answer_has_its_name_at_w3c(made):
    service = made[2]["service.ttl"]
    assert set(FORMAT_IRIS) == set(formats.BY_NAME)
    assert set(service.objects(None, SD.resultFormat)) == set(FORMAT_IRIS.values())


def test_descriptions_are_in_the_manifest(made):
    assert {*describe.FILES, "context.jsonld"} <= set(made[0].manifest["files"])
    assert made[0].manifest["folders"]["agreements"] == str(SA.Agreement)


def test_a_citation_without_authors_is_a_finding(tmp_path):
    (tmp_path / "CITATION.cff").write_text("title: T\nabstract: A\nkeywords: [k]\n", "utf-8")
    with pytest.raises(ContentError, match=r"CITATION.cff:1: authors: title, abstract"):
        citation.read(tmp_path)


def test_a_changed_citation_makes_another_snapshot(world, tmp_path, world_snapshot):
    (world / "CITATION.cff").write_text(
        "title: Other\nabstract: A\nkeywords: [k]\nauthors: [{name: Somebody}]\n", "utf-8"
    )
    other = build(world, tmp_path / "snapshots")
    assert other.id != world_snapshot.id
    assert '"Other"' in (other.folder / "catalog.ttl").read_text("utf-8")
    assert json.loads((other.folder / "context.jsonld").read_text("utf-8"))
