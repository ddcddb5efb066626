"""The invented world: a copy to break, a line to change, and every fault that is then found."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg import export, load, records, shapes, validate
from kg.errors import Finding
from kg.load import Loaded
from kg.shapes import Schema

HERE = Path(__file__).parent
ONTOLOGY = HERE.parent.parent / "ontology"

AGREEMENT = "data/agreements/aaa-bbb-2030.yaml"
ALAND = "data/parties/AAA.yaml"
ALDER = "data/officials/ada-alder.yaml"
COUNT = "data/sets/one-2030.yaml"
HANDBOOK = "data/sources/handbook.yaml"


@cache
def schema() -> Schema:
    """The real ontology, read once a process."""
    return shapes.read(ONTOLOGY)


@cache
def _ontology_lines() -> tuple[str, ...]:
    return tuple(export.ontology_lines(shapes.files(ONTOLOGY)))


def make_world(folder: Path) -> Path:
    """A copy of the invented world that shares the real ontology."""
    shutil.copytree(HERE / "data", folder / "data")
    (folder / "ontology").symlink_to(ONTOLOGY)
    return folder


def line_of(root: Path, file: str, *steps: str) -> int:
    """The number of a line: each step is how the next line meant begins, indentation aside."""
    lines = [line.strip() for line in (root / file).read_text("utf-8").splitlines()]
    number = 0
    for step in steps:
        number = next(n for n, line in enumerate(lines, 1) if n > number and line.startswith(step))
    return number


def change(root: Path, file: str, number: int, *new: str) -> None:
    """Put lines in the place of one; none takes it away. They get the indentation of the old one."""
    lines = (root / file).read_text("utf-8").splitlines()
    old = lines[number - 1]
    indent = old[: len(old) - len(old.lstrip())]
    lines[number - 1 : number] = [indent + line for line in new]
    (root / file).write_text("\n".join(lines) + "\n", "utf-8")


def edit(root: Path, file: str, at: tuple[str, ...], *new: str) -> int:
    """Change the line that the steps lead to; its number."""
    number = line_of(root, file, *at)
    change(root, file, number, *new)
    return number


def loaded(root: Path) -> Loaded:
    """The records of a world, loaded, with the faults of their form among the findings."""
    found, faults = records.read_all(root / "data")
    outcome = load.load(found, schema())
    outcome.findings = sorted([*faults, *outcome.findings])
    return outcome


def store_of(lines: Iterable[str]) -> Store:
    """A store of N-Quads lines beside the ontology."""
    store = Store()
    store.load(BytesIO("".join((*_ontology_lines(), *lines)).encode()), RdfFormat.N_QUADS)
    return store


def faults(root: Path) -> list[Finding]:
    """Every finding of a world but for its assertions, as a build would report them."""
    outcome = loaded(root)
    broken = validate.validate(outcome, store_of(quad.line for quad in outcome.quads), schema())
    return sorted({*outcome.findings, *broken})


def block(root: Path, file: str, number: int) -> int:
    """How many lines a key and what stands beneath it take."""
    lines = (root / file).read_text("utf-8").splitlines()
    depth = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    beneath = 0
    for line in lines[number:]:
        if len(line) - len(line.lstrip()) <= depth:
            break
        beneath += 1
    return 1 + beneath


def rewrite(root: Path, file: str, number: int, *new: str) -> None:
    """Put lines in the place of a key and all that stands beneath it."""
    for _ in range(block(root, file, number) - 1):
        change(root, file, number + 1)
    change(root, file, number, *new)
