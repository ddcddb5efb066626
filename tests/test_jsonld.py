"""The tree of a thing says the same as its triples, and its context what the shapes say."""

from __future__ import annotations

import json

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from api import resource
from kg import evaluate, jsonld, store
from kg.names import BASE, SA


def read(tree, context):
    """The triples of a tree, its context in the place of the address of it."""
    assert tree["@context"] == jsonld.CONTEXT
    return Graph().parse(data=json.dumps({**tree, **context}), format="json-ld")


def described(opened, path, folders):
    found = resource.find(f"/{path}", folders)
    query = resource.description(found)
    triples = Graph().parse(data=evaluate.answer(opened, query, "ntriples"), format="nt")
    return found, triples, json.loads(evaluate.answer(opened, query, "jsonld"))


def one_of_each(opened):
    """A thing of each kind: one record a folder, one part a class, a scheme, a concept."""
    ours = f'STRSTARTS(STR(?s), "{BASE}") && !CONTAINS(STR(?s), "#") && STR(?s) != "{BASE}ontology"'
    query = f"SELECT (MIN(STR(?s)) AS ?one) {{ ?s a ?c FILTER ({ours}) }} GROUP BY ?c"
    return sorted({one.removeprefix(BASE) for (one,) in evaluate.rows(opened, query)[1]})


def test_nothing_is_lost_in_the_tree(snapshot):
    opened, context = store.open_store(snapshot), json.loads((snapshot.folder / "context.jsonld").read_text("utf-8"))
    paths = one_of_each(opened)
    assert len(paths) > 40
    for path in (
        *paths,
        "agreements/ukr-ltu-2024",
        "schemes/unit",
        "parties/NLD",
        "agreements/ukr-ltu-2024/commitment/training-mission",
    ):
        found, triples, expanded = described(opened, path, resource.folders(snapshot))
        tree = jsonld.tree(expanded, context, found.iri)
        assert tree["id"] == found.iri
        assert len(triples) > 0
        back = read(tree, context)
        assert isomorphic(back, triples), (path, set(back) ^ set(triples))


def test_values_are_as_short_as_the_shapes_allow(world_snapshot):
    opened = store.open_store(world_snapshot)
    context = json.loads((world_snapshot.folder / "context.jsonld").read_text("utf-8"))
    _, _, expanded = described(opened, "agreements/aaa-bbb-2030", resource.folders(world_snapshot))
    tree = jsonld.tree(expanded, context, f"{BASE}agreements/aaa-bbb-2030")
    assert "Agreement" in tree["type"]
    assert isinstance(tree["label"]["en"], list)
    commitment = next(part for part in tree["commitment"] if "modality" in part)
    assert commitment["modality"]["prefLabel"]["en"]
    assert any(
        isinstance(node.get("percentOfGdp", node.get("amount")), str)
        for node in tree["commitment"]
        if node.keys() & {"percentOfGdp", "amount"}
    )


def test_claims_stand_under_what_they_are_about(world_snapshot):
    opened = store.open_store(world_snapshot)
    context = json.loads((world_snapshot.folder / "context.jsonld").read_text("utf-8"))
    _, rows = evaluate.rows(opened, f"SELECT ?c WHERE {{ ?c a <{SA.Claim}> }} ORDER BY ?c LIMIT 1")
    record = "/".join(rows[0][0].removeprefix(BASE).split("/")[:2])
    _, _, expanded = described(opened, record, resource.folders(world_snapshot))
    text = json.dumps(jsonld.tree(expanded, context, BASE + record))
    assert '"claims": [{"id"' in text
    assert "@included" not in text


@pytest.mark.parametrize("key", ["label", "signed", "obligor", "percentOfGdp", "years", "source", "predicate"])
def test_the_context_knows_the_keys_of_records(schema, key):
    context = jsonld.context(schema)["@context"]
    paths = {prop.path for shape in schema.shapes.values() for prop in shape.properties.values() if prop.key == key}
    assert {context[key]["@id"]} == paths


def test_each_key_has_one_meaning(schema):
    context = jsonld.context(schema)["@context"]
    iris = [term["@id"] for key, term in context.items() if isinstance(term, dict) and "@id" in term]
    assert len(iris) == len(set(iris))
    assert not {"id", "type", "claims"} & {key for shape in schema.shapes.values() for key in shape.properties}
