"""The ontology read into shapes, and the laws that the real one keeps so that records can be read by it."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS
from world.edits import schema as read_schema

from kg import shapes
from kg.errors import ContentError
from kg.names import BASE, SA, local_name

HEAD = """@prefix : <https://w3id.org/security-agreements/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SMALL = """
:Thing a owl:Class ; :folder "things" ; rdfs:label "thing"@en ; skos:definition "Whatever there is."@en .
:Box a owl:Class ; rdfs:subClassOf :Thing .
:Crate a owl:Class ; rdfs:subClassOf :Box .
:Lid a owl:Class .
:ThingShape a sh:NodeShape ; sh:targetClass :Thing ; sh:property :name-shape .
:name-shape a sh:PropertyShape ; sh:path rdfs:label ; sh:order 1 ; sh:datatype rdf:langString ;
  sh:languageIn ( "en" "uk" ) .
:lid a owl:ObjectProperty ; rdfs:subPropertyOf dcterms:hasPart ; :edge true .
:ThingShape sh:property [ sh:path :lid ; sh:order 3 ; sh:class :Lid ; sh:minCount 1 ; sh:message "A lid." ] .
:ThingShape sh:property [ sh:path :made ; sh:order 2 ; sh:node :Date ; sh:maxCount 1 ] ,
  [ sh:path :madeEarliest ; sh:datatype xsd:date ; :derivedFrom :made ] .
:ThingShape sh:property [ sh:path :code ; sh:order 4 ; sh:datatype xsd:string ;
  sh:pattern "^[a-z]+$" ; :fromSlug true ] .
:ThingShape sh:property [ sh:path :made ; sh:minCount 1 ; sh:message "Say when." ] .
:note :ownWords true .
:colours a skos:ConceptScheme ; :conceptClass :Colour .
:red skos:inScheme :colours ; skos:notation "red" . :blue skos:inScheme :colours ; skos:notation "blue" .
<https://w3id.org/security-agreements/ontology> sh:declare
  [ sh:prefix "b" ; sh:namespace "http://b/" ] , [ sh:prefix "a" ; sh:namespace "http://a/" ] .
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root") / "ontology"
    (folder / "schemes").mkdir(parents=True)
    (folder / "all.ttl").write_text(HEAD + SMALL)
    return shapes.read(folder)


def test_a_shape_lists_its_properties_in_their_order(small):
    shape = small.shapes[SA + "Thing"]
    assert list(shape.properties) == ["label", "made", "lid", "code", "madeEarliest"]
    assert list(shape.writable) == ["label", "made", "lid"]
    assert [prop.key for prop in shape.automatic] == ["code"]
    assert [prop.key for prop in shape.derived(SA + "made")] == ["madeEarliest"]
    assert shape.derived(SA + "lid") == ()


def test_what_a_property_shape_says(small):
    props = small.shapes[SA + "Thing"].properties
    assert props["label"].languages == ("en", "uk") and props["label"].path == str(RDFS.label)
    assert props["lid"].is_part and props["lid"].class_iri == SA + "Lid" and props["lid"].message == "A lid."
    assert props["made"].is_date and not props["made"].is_part
    assert props["code"].pattern == "^[a-z]+$" and props["code"].from_slug


def test_two_shapes_of_one_path_hold_together(small):
    made = small.shapes[SA + "Thing"].properties["made"]
    assert (made.min_count, made.max_count, made.order, made.is_date) == (1, 1, 2, True)


def test_a_class_without_a_shape_has_that_of_the_nearest_above(small):
    assert small.shape_of(SA + "Crate") is small.shapes[SA + "Thing"]
    assert small.ancestors[SA + "Crate"] == (SA + "Box", SA + "Thing")
    assert small.subclasses(SA + "Thing") == {name: SA + name for name in ("Box", "Crate", "Thing")}
    with pytest.raises(ContentError, match="Lid: no shape targets this class"):
        small.shape_of(SA + "Lid")


def test_folders_lists_marks_and_prefixes(small):
    assert small.folders == {"things": SA + "Thing"}
    assert small.concepts == {SA + "Colour": {"red": SA + "red", "blue": SA + "blue"}}
    assert (small.edges, small.own_words) == ({SA + "lid"}, {SA + "note"})
    assert small.prefixes == {"a": "http://a/", "b": "http://b/"}


def test_texts_by_language(small):
    assert small.text(SA + "Thing") == "thing"
    assert small.text(SA + "Thing", SKOS.definition) == "Whatever there is."
    assert small.text(SA + "Thing", language="uk") == small.text(SA + "Box") == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (":a :b ", "no Turtle: "),
        (':a :b "c .', "no Turtle: "),
        ("x:a :b :c .", "no Turtle: "),
        (":a :b :c", "no Turtle: "),
    ],
)
def test_broken_turtle_has_file_and_line(tmp_path, line, message):
    folder = tmp_path / "ontology"
    (folder / "schemes").mkdir(parents=True)
    (folder / "schemes" / "bad.ttl").write_text(HEAD + line + "\n")
    (folder / "worse.ttl").write_text(line + "\n")
    with pytest.raises(ContentError) as caught:
        shapes.read(folder)
    first, second = caught.value.findings
    assert (first.file, second.file) == ("ontology/schemes/bad.ttl", "ontology/worse.ttl")
    assert first.line >= 9 > second.line  # at the end of a file the parser counts a few lines too many
    assert first.message.startswith(message) and "\n" not in first.message


# --- laws of the real ontology ---

REAL = read_schema()
NODE_SHAPES = sorted(REAL.graph.subjects(SH.targetClass), key=str)
PROPERTY_SHAPES = [(shape, prop) for shape in NODE_SHAPES for prop in REAL.graph.objects(shape, SH.property)]
CONSTRAINTS = [(shape, node) for shape, node in REAL.graph.subject_objects(SH.sparql)]


@pytest.mark.parametrize("shape", NODE_SHAPES, ids=local_name)
def test_every_record_shape_is_closed_and_says_so(shape):
    graph = REAL.graph
    assert str(graph.value(shape, SH.closed)) == "true"
    assert list(Collection(graph, graph.value(shape, SH.ignoredProperties))) == [RDF.type]
    assert graph.value(shape, SH.message)
    assert len(list(graph.objects(shape, SH.targetClass))) == 1


def test_a_subclass_has_no_second_closed_shape():
    for target in REAL.shapes:
        assert not set(REAL.ancestors[target]) & set(REAL.shapes), target


def test_every_property_shape_has_words_and_a_known_path():
    for shape, prop in PROPERTY_SHAPES:
        path = REAL.graph.value(prop, SH.path)
        assert isinstance(path, URIRef), shape
        assert REAL.graph.value(prop, SH.message), (shape, path)
        assert REAL.text(str(path), SKOS.definition), path


def test_every_constraint_across_nodes_has_words_and_selects_its_key():
    assert CONSTRAINTS
    for shape, node in CONSTRAINTS:
        assert REAL.graph.value(node, SH.message), shape
        assert REAL.graph.value(node, SH.prefixes), shape
        select = str(REAL.graph.value(node, SH.select))
        assert "AS ?path)" in select and "$this" in select, select
        assert not {"MINUS", "VALUES", "SERVICE"} & set(select.split()), select


def test_a_property_has_one_range_in_every_class_but_kind_whose_list_hangs_on_the_class():
    ranges: dict[str, set[tuple[str | None, bool]]] = {}
    for shape in REAL.shapes.values():
        for prop in shape.properties.values():
            kind = str(SKOS.Concept) if prop.path == str(SA.kind) else prop.class_iri or prop.datatype
            ranges.setdefault(prop.path, set()).add((kind, prop.is_date))
    assert {path: found for path, found in ranges.items() if len(found) > 1} == {}


def test_every_class_that_a_shape_names_has_records_or_concepts_or_is_a_part():
    """Records of its own, or those of a class below it."""
    parts = {p.class_iri for shape in REAL.shapes.values() for p in shape.properties.values() if p.is_part}
    reachable = parts | set(REAL.concepts)
    for class_iri in REAL.folders.values():
        reachable |= set(REAL.subclasses(class_iri).values()) | set(REAL.ancestors[class_iri])
    named = {p.class_iri for shape in REAL.shapes.values() for p in shape.properties.values() if p.class_iri}
    assert named - reachable == set()


def test_every_key_is_one_property_in_a_shape():
    for shape, prop in PROPERTY_SHAPES:
        keys = [local_name(str(p)) for p in set(REAL.graph.objects(shape, SH.property / SH.path))]
        assert len(keys) == len(set(keys)), (shape, prop)


def test_derived_properties_name_a_date_of_the_same_shape():
    for shape in REAL.shapes.values():
        dates = {prop.path for prop in shape.properties.values() if prop.is_date}
        derived = [prop for prop in shape.properties.values() if prop.derived_from]
        assert {prop.derived_from for prop in derived} <= dates
        assert all(prop.key.endswith(("Earliest", "Latest")) for prop in derived)


def test_no_term_is_both_object_and_datatype_property():
    graph = REAL.graph
    both = set(graph.subjects(RDF.type, OWL.ObjectProperty)) & set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    assert both == set()


def test_object_properties_have_classes_and_datatype_properties_have_none():
    for shape in REAL.shapes.values():
        for prop in shape.properties.values():
            if (URIRef(prop.path), RDF.type, OWL.ObjectProperty) in REAL.graph:
                assert prop.class_iri, prop
            if (URIRef(prop.path), RDF.type, OWL.DatatypeProperty) in REAL.graph:
                assert prop.class_iri is None, prop


def test_a_notation_is_the_last_segment_and_stands_once():
    for class_iri, known in REAL.concepts.items():
        assert known, class_iri
        for notation, concept in known.items():
            assert local_name(concept) == notation
            assert (URIRef(concept), RDF.type, URIRef(class_iri)) in REAL.graph
        scheme = next(REAL.graph.subjects(SA.conceptClass, URIRef(class_iri)))
        assert len(list(REAL.graph.subjects(SKOS.inScheme, scheme))) == len(known), class_iri


def test_parts_hang_on_a_subproperty_of_has_part():
    parts = {p.path for shape in REAL.shapes.values() for p in shape.properties.values() if p.is_part}
    for path in parts:
        assert (URIRef(path), RDFS.subPropertyOf, DCTERMS.hasPart) in REAL.graph


def test_every_name_of_ours_that_is_used_is_declared():
    graph = REAL.graph
    used = {term for triple in graph for term in triple if isinstance(term, URIRef) and term.startswith(SA)}
    assert {term for term in used if (term, RDF.type, None) not in graph} == set()
    assert all(str(s).startswith(BASE) for s in graph.subjects(RDF.type, OWL.Class) if not isinstance(s, BNode))
