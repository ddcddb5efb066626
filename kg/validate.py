"""A dataset against the shapes: findings at file, line and key. The one way into shacl.

The core constraints run in the Rust engine; constraints across nodes (``sh:sparql``) run as SELECTs on a store,
because that engine passes broken dates in SPARQL. pySHACL is referee for both in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import shacl
from rdflib import SH

from kg import evaluate
from kg.errors import Finding
from kg.load import Loaded, Place
from kg.names import local_name
from kg.shapes import Schema
from kg.store import Store


@dataclass(frozen=True)
class Broken:
    """One constraint that one node breaks. ``path`` is empty when the node itself is at fault."""

    focus: str
    path: str
    message: str
    value: str = ""


def validate(loaded: Loaded, store: Store, schema: Schema) -> list[Finding]:
    """Check loaded quads, which ``store`` holds beside the ontology; findings sorted, each once.

    Nodes that the loader already found at fault are left out: their quads are incomplete.
    """
    broken = [*core(loaded, schema), *across(store, schema)]
    return sorted({_finding(one, loaded.lines) for one in broken if one.focus not in loaded.faulty})


def core(loaded: Loaded, schema: Schema) -> Iterator[Broken]:
    """What breaks core constraints: counts, datatypes, classes, patterns, closedness."""
    triples = "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in loaded.quads)
    ontology = schema.graph.serialize(format="ntriples")
    report = _compiled(ontology).validate_text(ontology + triples, format="ntriples")
    for result in report.results:
        message = result.message or f"breaks {result.component}"
        yield Broken(_bare(result.focus_node), _bare(result.path or ""), message, result.value_plain or "")


def across(store: Store, schema: Schema) -> Iterator[Broken]:
    """What breaks the constraints across nodes."""
    for select, message in sparql_constraints(schema):
        names, rows = evaluate.rows(store, select)
        for row in rows:
            bound = {name: value or "" for name, value in zip(names, row, strict=True)}
            yield Broken(bound["this"], bound.get("path", ""), _fill(message, bound))


def sparql_constraints(schema: Schema) -> list[tuple[str, str]]:
    """Every ``sh:sparql`` as (SELECT bound to its class, message), in a stable order."""
    graph = schema.graph
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in schema.prefixes.items())
    found = []
    for shape, constraint in graph.subject_objects(SH.sparql):
        target = str(graph.value(shape, SH.targetClass))
        select = str(graph.value(constraint, SH.select))
        bound = re.sub(r"WHERE\s*\{", f"WHERE {{ $this a <{target}> . ", select, count=1)
        found.append((prologue + bound, str(graph.value(constraint, SH.message))))
    return sorted(found)


def _compiled(ontology: str) -> shacl.Shapes:
    """The shapes among the ontology's N-Triples, without those across nodes."""
    lines = (line for line in ontology.splitlines(keepends=True) if f" <{SH.sparql}> " not in line)
    return shacl.Shapes.from_text("".join(lines), format="ntriples")


def _fill(message: str, bound: dict[str, str]) -> str:
    return re.sub(r"\{\?(\w+)\}", lambda match: local_name(bound.get(match[1], "")) or "open", message)


def _finding(one: Broken, lines: dict[tuple[str, str], Place]) -> Finding:
    place = lines.get((one.focus, one.path)) or lines.get((one.focus, "")) or Place("ontology", 1)
    key = local_name(one.path) if one.path else ""
    here = f" (here: {local_name(one.value)})" if one.value else ""
    return Finding(place.file, place.line, key, one.message + here)


def _bare(term: str) -> str:
    return term.removeprefix("<").removesuffix(">")
