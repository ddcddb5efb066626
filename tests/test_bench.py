"""The generated data of the measurements: as many quads as asked for, the same each time, in the ontology's terms."""

from __future__ import annotations

import re

import pytest
from bench import generator, mix

from kg import evaluate, store
from kg.shapes import Schema


def test_the_size_and_the_seed_decide_the_bytes(tmp_path):
    lines = list(generator.quads(3_000))
    assert len(lines) == len(set(lines)) == 3_000
    assert list(generator.quads(2_000)) == lines[:2_000]
    assert list(generator.quads(100, seed=2)) != lines[:100]


def test_every_generated_property_is_of_the_ontology(schema: Schema):
    used = {match[1] for line in generator.quads(3_000) if (match := re.match(r"<[^>]*> <([^>]*#\w+)>", line))}
    known = {prop.path for shape in schema.shapes.values() for prop in shape.properties.values()}
    assert {iri for iri in used if iri.startswith(generator.SA)} <= known


@pytest.fixture(scope="module")
def queries(tmp_path_factory) -> tuple[store.Store, mix.Mix]:
    quads = tmp_path_factory.mktemp("bench") / "graph.nq"
    generator.write(quads, 20_000)
    return store.memory_store(quads), mix.mix(quads, 50)


def test_every_query_of_the_mix_finds_something(queries):
    opened, mixed = queries
    for text in (*mixed.light, *mixed.heavy.values()):
        answer = evaluate.answer(opened, text, "ntriples" if "DESCRIBE" in text else "csv")
        assert answer.strip()
