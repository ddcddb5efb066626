"""The query catalogue: ``queries/**/*.rq`` with grlc headers (``#+`` lines, YAML)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kg import records
from kg.errors import ContentError, Finding, UnknownName

KINDS = ("examples", "tables", "views")
_DRAWING = {"centre", "form", "layers", "captions", "since", "until", "strong", "names"}
_KNOWN = {"summary", "description", "tags", "method", "expected", "question", "columns"} | _DRAWING


@dataclass(frozen=True)
class Drawing:
    """How a view is drawn.

    ``centre`` is the node in the middle; ``form`` may be ``columns``, ``layers`` says which kinds stand in each of
    them; ``captions`` may be ``whole``, for labels however long. ``since`` and ``until`` name the attributes that hold
    first and last days, ``strong`` the kinds of edges that are drawn heavier, ``names`` what kinds of edges are called.
    """

    centre: str = ""
    form: str = ""
    captions: str = ""
    layers: tuple[frozenset[str], ...] = ()
    since: str = ""
    until: str = ""
    strong: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Query:
    """One query of the catalogue.

    ``columns`` says what each column of a table holds, ``drawing`` how a view is drawn.
    ``expected`` says what the answer must be over the curated records: ``rows`` (how many) and
    ``contains`` (rows that must be among them, IRIs shortened to their last segment).
    """

    kind: str
    name: str
    text: str
    summary: str
    description: str = ""
    question: str = ""
    drawing: Drawing = field(default_factory=Drawing)
    tags: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict, compare=False)
    expected: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def body(self) -> str:
        """The query without its header."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("#+")).strip() + "\n"


@cache
def read(folder: Path) -> tuple[Query, ...]:
    """Every query under a catalogue folder, by kind and name; raises ContentError for a bad header."""
    paths = [path for kind in KINDS for path in sorted((folder / kind).glob("*.rq"))]
    return tuple(_query(path) for path in paths)


def of_kind(folder: Path, kind: str) -> dict[str, Query]:
    """The queries of one kind, by name."""
    return {query.name: query for query in read(folder) if query.kind == kind}


def find(folder: Path, kind: str, name: str) -> Query:
    """One query; raises UnknownName with near matches."""
    known = of_kind(folder, kind)
    if name not in known:
        raise UnknownName(kind.removesuffix("s"), name, sorted(known))
    return known[name]


def _query(path: Path) -> Query:
    text = path.read_text("utf-8")
    header = _header(path, text)
    return Query(
        kind=path.parent.name,
        name=path.stem,
        text=text,
        summary=str(header["summary"]),
        description=str(header.get("description", "")),
        question=str(header.get("question", "")),
        drawing=_drawing(header),
        tags=tuple(map(str, header.get("tags", ()))),
        columns=dict(header.get("columns", {})),
        expected=dict(header.get("expected", {})),
    )


def _drawing(header: dict[str, Any]) -> Drawing:
    words = {key: str(header.get(key, "")) for key in ("centre", "form", "captions", "since", "until")}
    layers = tuple(frozenset(str(kinds).split()) for kinds in header.get("layers", ()))
    strong = frozenset(map(str, header.get("strong", ())))
    return Drawing(**words, layers=layers, strong=strong, names=dict(header.get("names", {})))


def _header(path: Path, text: str) -> dict[str, Any]:
    file = f"queries/{path.parent.name}/{path.name}"
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    header, findings = records.plain("\n".join(lines), file)
    missing = sorted({"summary"} - set(header))
    unknown = sorted(set(header) - _KNOWN)
    if missing or unknown:
        wrong = f"header lacks {missing}" if missing else f"header has unknown {unknown}"
        findings.append(Finding(file, 1, "", wrong))
    if findings:
        raise ContentError(findings)
    return dict(header)
