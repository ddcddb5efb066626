"""The contents read, loaded and checked: what a build writes and what ``kg check`` reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kg import assertions, export, load, records, shapes, validate
from kg.errors import ContentError, Finding
from kg.shapes import Schema
from kg.store import Store, lines_store

Step = Callable[[str], None]
_VERSION = re.compile(r"(\d+\.\d+\.\d+) (\d{4}-\d{2}-\d{2})\s*", re.ASCII)
_NO_VERSION = Finding("data/VERSION", 1, "", "one line is meant here: 0.1.0 2026-11-21")


@dataclass(frozen=True)
class Contents:
    """Everything that is claimed, as sorted N-Quads lines, with the store that holds it."""

    schema: Schema
    lines: list[str]
    store: Store
    version: str
    released: str


def read(root: Path, step: Step = lambda _: None) -> Contents:
    """Read, load and check what lies in ``root/ontology`` and ``root/data``.

    Raises ContentError with every finding of the run; calls ``step`` with the name of each stage.
    """
    step("ontology")
    schema = shapes.read(root / "ontology")
    step("records")
    found, faults = records.read_all(root / "data")
    loaded = load.load(found, schema)
    version = _version(root / "data" / "VERSION")
    loaded.findings += [*faults, *([version] if isinstance(version, Finding) else [])]
    step("quads")
    lines = sorted({quad.line for quad in loaded.quads} | set(export.ontology_lines(shapes.files(root / "ontology"))))
    store = lines_store(lines)
    step("constraints")
    findings = [*loaded.findings, *validate.validate(loaded, store, schema)]
    if not findings:
        findings += assertions.check(root / "data" / records.ASSERTIONS, store)
    if findings or isinstance(version, Finding):
        raise ContentError(findings)
    return Contents(schema, lines, store, *version)


def _version(path: Path) -> tuple[str, str] | Finding:
    """Version and release date: the only clock of a build."""
    match = _VERSION.fullmatch(path.read_text("utf-8", "replace") if path.is_file() else "")
    try:
        return (match[1], date.fromisoformat(match[2]).isoformat()) if match else _NO_VERSION
    except ValueError:
        return _NO_VERSION
