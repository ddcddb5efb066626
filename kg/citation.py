"""CITATION.cff: title, abstract, authors and keywords, as the descriptions of the dataset need them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg import paths, records
from kg.errors import ContentError, Finding

FILE = "CITATION.cff"


@dataclass(frozen=True)
class Citation:
    """How the project is to be cited; ``authors`` are names, ``text`` is the file as it stands."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    text: str


def read(root: Path) -> Citation:
    """The citation beside the contents in ``root``, else the project's own; raises ContentError."""
    path = root / FILE if (root / FILE).is_file() else paths.contents() / FILE
    text = path.read_text("utf-8")
    document, findings = records.plain(text, FILE)
    if findings:
        raise ContentError(findings)
    try:
        authors = tuple(author["name"] for author in document["authors"])
        return Citation(document["title"], document["abstract"], authors, tuple(document["keywords"]), text)
    except KeyError as missing:
        wanted = "title, abstract, keywords and authors with a name are needed"
        raise ContentError([Finding(FILE, 1, missing.args[0], wanted)]) from missing
