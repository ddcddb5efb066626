"""The records as a whole: all that is recorded is used, everything rests on a source, and what was read is coded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kg import records
from kg.contents import Contents
from kg.names import BASE, GRAPHS, SA
from kg.shapes import Schema

AGREEMENTS = Path(__file__).parent.parent / "data" / "agreements"

NAMED = ("sources", "officials", "places", "parties", "equipment", "forces")  # recorded to be named by others
_QUAD = re.compile(r"<([^>]*)> <([^>]*)> (?:<([^>]*)>|.*) <([^>]*)> \.\n?", re.DOTALL)


def links(contents: Contents) -> set[tuple[str, str]]:
    """Each record with each record that it names, as ``folder/slug``."""
    found = (_QUAD.fullmatch(line) for line in contents.lines)
    named = {(quad[4].removeprefix(GRAPHS), quad[3].removeprefix(BASE)) for quad in found if quad and quad[3]}
    return {(record, "/".join(other.split("/")[:2])) for record, other in named}


def recorded(contents: Contents, folder: str) -> set[str]:
    """Every record of one folder."""
    graphs = (line.rsplit("<", 1)[1].split(">")[0].removeprefix(GRAPHS) for line in contents.lines)
    return {graph for graph in graphs if graph.startswith(f"{folder}/")}


@pytest.mark.parametrize("folder", NAMED)
def test_whatever_is_recorded_to_be_named_is_named(folder: str, contents: Contents) -> None:
    every = recorded(contents, folder)
    assert every
    assert not every - {other for record, other in links(contents) if record != other}


def test_every_record_that_may_have_a_source_rests_on_one(contents: Contents) -> None:
    shapes = {folder: contents.schema.shape_of(class_iri) for folder, class_iri in contents.schema.folders.items()}
    sourced = {record for record, other in links(contents) if other.startswith("sources/")}
    for folder in (folder for folder, shape in shapes.items() if "source" in shape.properties):
        assert not recorded(contents, folder) - sourced


def notations(record: dict[str, Any], *keys: str) -> set[str]:
    """The values under some keys, one or several each."""
    found = (record.get(key, []) for key in keys)
    return {value for values in found for value in (values if isinstance(values, list) else [values])}


@pytest.mark.parametrize("slug", sorted(path.stem for path in AGREEMENTS.glob("*.yaml")))
def test_every_topic_and_clause_kind_is_coded_or_absent(slug: str, schema: Schema) -> None:
    record, _ = records.plain((AGREEMENTS / f"{slug}.yaml").read_text("utf-8"), slug)
    if "absent" not in record:
        pytest.skip("not coded in full: no topic is listed as absent")
    every = [part for kind in ("provision", "commitment") for part in record[kind].values()]
    parts = [part for part in every if part.get("statedIn", "text") == "text"]  # not what was said beside it
    topics = set().union(*(notations(part, "topic") for part in parts))
    for scheme, coded, absent in (
        (SA.Topic, topics, notations(record, "absent")),
        (SA.ClauseKind, set(record["clause"]), notations(record, "absentClause")),
    ):
        assert coded | absent == set(schema.concepts[str(scheme)])
        assert not coded & absent
