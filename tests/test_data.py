"""The records as a whole: what is recorded is used, and everything rests on a source."""

from __future__ import annotations

import re

import pytest

from kg.contents import Contents
from kg.names import BASE, GRAPHS

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
