"""Fixtures: the real contents, and a tiny invented world that a test may break."""
# ruff: noqa: E402  (the environment comes before the imports)

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Before any module of this project can look: no test touches the snapshots of the person who runs it.
_SCRATCH = tempfile.TemporaryDirectory(prefix="kg-tests-", ignore_cleanup_errors=True)
os.environ["KG_SNAPSHOTS"] = _SCRATCH.name

import pool_world
import pytest
from world.edits import make_world

from kg import build as kg_build
from kg import contents as kg_contents
from kg import paths, shapes
from kg.contents import Contents
from kg.shapes import Schema
from kg.store import Snapshot

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def schema() -> Schema:
    """The real ontology."""
    return shapes.read(ROOT / "ontology")


@pytest.fixture(scope="session")
def contents() -> Contents:
    """The real contents, read and checked."""
    return kg_contents.read(ROOT)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A fresh copy of the invented world, for a test to break."""
    return make_world(tmp_path / "world")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot of the real contents."""
    return kg_build.build(ROOT, tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def world_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot of the invented world."""
    folder = tmp_path_factory.mktemp("invented")
    return kg_build.build(make_world(folder / "world"), folder / "snapshots")


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_users() -> None:
    """The default folder for snapshots is the scratch one."""
    assert paths.snapshots() == Path(_SCRATCH.name)


@pytest.fixture
def processes_of_this_test() -> None:
    """``pool_world.descendants`` leaves out what ran in this process before the test."""
    pool_world.others.clear()
    pool_world.others.update(pool_world.children(os.getpid()))
