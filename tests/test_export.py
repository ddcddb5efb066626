"""Exports hold the same triples in every format, and the published ontology is plain OWL."""

from __future__ import annotations

from io import BytesIO

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import OWL, RDF, RDFS, SH, BNode, Dataset, Graph, URIRef
from rdflib.compare import isomorphic
from world.edits import ONTOLOGY, schema

from kg import export, shapes, store
from kg.errors import AnswerUnwritable, UnknownName
from kg.names import BASE, ONTOLOGY_GRAPH, ONTOLOGY_IRI, SA

LINES = ["<http://s> <http://p> <http://o> <http://g> .\n", '<http://s> <http://p> "x\\ny"@en <http://g> .\n']
TWICE = [LINES[0].replace("/g>", "/f>"), LINES[0]]
PREFIXES = {"s": "http://s", "a": "http://unused/"}
TRIPLES = {"turtle", "ntriples", "rdfxml"}


def written(lines, name, prefixes=PREFIXES):
    out = BytesIO()
    export.write(lines, out, name, prefixes)
    return out.getvalue()


def data_of(snapshot):
    """The triples of the records as rdflib reads the N-Quads."""
    lines = (snapshot.folder / store.QUADS).read_text("utf-8").splitlines(keepends=True)
    made = Dataset(default_union=True)
    made.parse(data="".join(export.data_lines(lines)), format="nquads")
    return {(s, p, o) for s, p, o, _ in made.quads()}, made


@pytest.fixture(scope="module", params=["invented", "real"])
def built(request):
    """A snapshot with the triples of its records."""
    snapshot = request.getfixturevalue("world_snapshot" if request.param == "invented" else "snapshot")
    return snapshot, *data_of(snapshot)


@pytest.mark.parametrize(("name", "form"), [("graph.ttl", "turtle"), ("graph.nt", "nt")])
def test_turtle_and_n_triples_hold_the_records(built, name, form):
    snapshot, triples, _ = built
    graph = Graph().parse(snapshot.folder / name, format=form)
    assert len(graph) == len(triples)
    assert set(graph) == triples


def test_json_ld_holds_the_records_with_their_graphs(built):
    snapshot, triples, quads = built
    read = Dataset(default_union=True)
    read.parse(snapshot.folder / "graph.jsonld", format="json-ld")
    assert {(s, p, o) for s, p, o, _ in read.quads()} == triples
    assert {str(g.identifier) for g in read.graphs() if len(g)} == {str(g.identifier) for g in quads.graphs() if len(g)}


def test_n_quads_are_sorted_once_each_and_hold_the_ontology(built):
    snapshot, triples, _ = built
    lines = (snapshot.folder / store.QUADS).read_text("utf-8").split("\n")
    assert lines.pop() == ""
    assert lines == sorted(set(lines)) and len(lines) == snapshot.quads
    ontology = [line for line in lines if line.endswith(f"<{ONTOLOGY_GRAPH}> .")]
    assert len(lines) - len(ontology) == len(triples)


def test_no_blank_node_among_the_records(built):
    _, triples, _ = built
    assert not [triple for triple in triples if any(isinstance(term, BNode) for term in triple)]


def test_each_record_has_a_graph_of_its_own(built):
    _, _, quads = built
    for graph in quads.graphs():
        if len(graph):
            name = str(graph.identifier).removeprefix(BASE + "data/")
            assert {str(s).removeprefix(BASE).startswith(name) for s in graph.subjects()} == {True}, name


# --- the ontology ---


@pytest.fixture(scope="module")
def ontology(world_snapshot):
    return Graph().parse(world_snapshot.folder / "ontology.ttl", format="turtle")


def test_the_published_ontology_has_no_shacl_and_no_blank_nodes(ontology):
    assert not [t for triple in ontology for t in triple if isinstance(t, BNode)]
    assert not [t for triple in ontology for t in triple if isinstance(t, URIRef) and t.startswith(str(SH))]


def test_the_published_ontology_keeps_every_term_with_its_words(ontology):
    whole = schema().graph
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
        terms = {term for term in whole.subjects(RDF.type, kind) if isinstance(term, URIRef)}
        assert terms and terms == set(ontology.subjects(RDF.type, kind))
        assert all((term, RDFS.label, None) in ontology for term in terms if term.startswith(SA))
    for concepts in schema().concepts.values():
        assert all((URIRef(concept), None, None) in ontology for concept in concepts.values())
    assert (URIRef(ONTOLOGY_IRI), RDF.type, OWL.Ontology) in ontology


def test_no_shape_is_left_over(ontology):
    shaped = set(schema().graph.subjects(RDF.type, SH.PropertyShape)) | set(
        schema().graph.subjects(RDF.type, SH.NodeShape)
    )
    assert shaped & set(ontology.subjects()) == set()
    assert shaped & set(ontology.objects()) == set()


def test_the_ontology_in_the_store_is_the_whole_one(world_snapshot):
    lines = export.shape_lines((world_snapshot.folder / store.QUADS).read_text("utf-8").splitlines(keepends=True))
    graph = Graph().parse(data="".join(line.rsplit(" <", 1)[0] + " .\n" for line in lines), format="nt")
    assert len(graph) == len(schema().graph)
    assert isomorphic(graph, schema().graph)


def test_ontology_lines_do_not_depend_on_order_or_names_of_blank_nodes(tmp_path):
    paths = shapes.files(ONTOLOGY)
    lines = export.ontology_lines(paths)
    assert lines == export.ontology_lines(reversed(paths)) == sorted(set(lines))
    renamed = []
    for path in paths:
        renamed.append(tmp_path / f"{len(renamed):03}.ttl")
        renamed[-1].write_text("# moved down\n\n" + path.read_text("utf-8"), "utf-8")
    assert export.ontology_lines(renamed) == lines


# --- writing ---


@pytest.mark.parametrize("name", ["nquads", "ntriples", "turtle", "rdfxml", "trig", "jsonld"])
def test_every_format_holds_what_is_written(name):
    media = {"nquads": RdfFormat.N_QUADS, "ntriples": RdfFormat.N_TRIPLES, "turtle": RdfFormat.TURTLE}
    media |= {"rdfxml": RdfFormat.RDF_XML, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
    read = list(parse(written(LINES, name), format=media[name]))
    source = list(parse("".join(LINES).encode(), format=RdfFormat.N_QUADS))
    if name in TRIPLES:
        assert [quad.triple for quad in read] == [quad.triple for quad in source]
    else:
        assert set(read) == set(source)


@pytest.mark.parametrize("name", ["ntriples", "turtle"])
def test_a_triple_in_two_graphs_is_written_once_where_there_are_no_graphs(name):
    form = {"ntriples": RdfFormat.N_TRIPLES, "turtle": RdfFormat.TURTLE}[name]
    assert len(list(parse(written(TWICE, name), format=form))) == 1
    assert len(list(parse(written(TWICE, "nquads"), format=RdfFormat.N_QUADS))) == 2


@pytest.mark.parametrize("name", ["csv", "json", "tsv", "xml"])
def test_a_format_of_tables_is_no_format_of_graphs(name):
    with pytest.raises(UnknownName, match=f"no RDF format '{name}'"):
        written(LINES, name)


def test_an_unknown_format_is_told_with_a_near_one():
    with pytest.raises(UnknownName, match=r"no format 'turtl'; did you mean 'turtle'\?"):
        written(LINES, "turtl")


def test_nothing_is_written_as_nothing():
    assert written([], "nquads") == written([], "ntriples") == b""
    assert list(parse(written([], "jsonld"), format=RdfFormat.JSON_LD)) == []


def test_a_converted_file_is_well_formed_xml_or_refused(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text('<http://a/s> <http://a/p> "one\\rtwo" .\n', "utf-8")
    parsed = Graph().parse(data=export.converted(path, "rdfxml", {}), format="xml")
    assert [str(o) for o in parsed.objects()] == ["one\rtwo"]
    for line in ('<http://a/s> <http://a/p> "\\u0001" .', '<http://a/s> <http://a/1> "a" .'):
        path.write_text(line, "utf-8")
        assert export.converted(path, "ntriples", {})
        with pytest.raises(AnswerUnwritable):
            export.converted(path, "rdfxml", {})


def test_only_rdf_formats_are_converted_to(world_snapshot):
    with pytest.raises(UnknownName):
        export.converted(world_snapshot.folder / "ontology.ttl", "csv", {})
