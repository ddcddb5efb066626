"""Names of things in a language, as the graph has them: from the public table ``labels``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from api import wording
from kg import names, tables
from kg.store import Snapshot

FALLBACK = "en"
# Where a slug is both a code and a record, the record is meant; codes by the scheme that a reader means most often.
_RECORDS = ("agreements", "instruments", "parties", "officials", "initiatives", "events", "sets", "sources", "places")


class Labels:
    """The labels of one snapshot in one language; English stands in, then any other, then the slug in words."""

    def __init__(self, rows: Iterable[tables.Row], language: str, agreements: Iterable[tables.Row] = ()) -> None:
        self.language = language
        self._agreements = {row["agreement"]: (row["partner"], row["signed"][:4]) for row in agreements}
        self._by_path: dict[str, str] = {}
        self._by_slug: dict[str, list[str]] = {}
        self._order: dict[str, int] = {}
        self._places: dict[str, str] = {}
        for row in rows:
            if row["role"] == "label":
                self._add(row["iri"].removeprefix(names.BASE), row["language"], row["label"])

    def _add(self, path: str, language: str, label: str) -> None:
        """Own language before English, English before what is in no language, that before any other."""
        if path not in self._by_path:
            self._by_slug.setdefault(wording.tail(path), []).append(path)
        if language == FALLBACK and path.startswith("places/"):
            self._places[label] = path
        order = (self.language, FALLBACK, "", language).index(language)
        if order < self._order.get(path, 4):
            self._order[path], self._by_path[path] = order, label

    def has(self, path: str) -> bool:
        """Whether there is a label for this path."""
        return path in self._by_path

    def path(self, path: str) -> str:
        """The label of what has this path: ``parties/ALB``, ``schemes/topic/cyber``, ``ontology#signed``."""
        return self._by_path.get(path) or wording.label(wording.tail(path))

    def of(self, slug: str, kind: str = "") -> str:
        """The label of a slug or code; ``kind`` (``parties``, ``topic``) tells which, where several have that slug."""
        for path in (f"{kind}/{slug}", f"schemes/{kind}/{slug}") if kind else ():
            if path in self._by_path:
                return self._by_path[path]
        found = self._by_slug.get(slug)
        return self._by_path[min(found, key=_rank)] if found else wording.label(slug)

    def place(self, cell: str) -> str:
        """The name of a place, from its slug or from its English name, which the public tables have."""
        return self._by_path[self._places[cell]] if cell in self._places else self.of(cell, "places")

    def folder(self, slug: str) -> str:
        """The folder of the record that has this slug; empty where none has."""
        found = [path.split("/", 1)[0] for path in self._by_slug.get(slug, ()) if path.count("/") == 1]
        return min(found, key=lambda folder: _rank(f"{folder}/"), default="")

    def agreement(self, slug: str) -> str:
        """What an agreement is called in a table: its partner and year; the name of any other instrument."""
        if slug not in self._agreements:
            return self.of(slug, "instruments")
        partner, year = self._agreements[slug]
        return f"{self.all(partner, 'parties')} {year}"

    def part(self, path: str) -> str:
        """A thing in words that may be a part of a record: ``agreements/ukr-ltu-2024/commitment/aid`` and its like."""
        folder, _, rest = path.partition("/")
        slug, _, below = rest.partition("/")
        if not below or path in self._by_path:
            return self.path(path)
        owner = self.agreement(slug) if folder == "agreements" else self.path(f"{folder}/{slug}")
        return f"{owner}: {wording.label(wording.tail(below))}"

    def all(self, cell: str, kind: str = "") -> str:
        """The labels of every slug in a cell, with commas between."""
        return ", ".join(self.of(slug, kind) for slug in wording.items(cell))


def _rank(path: str) -> tuple[int, str]:
    folder = path.split("/", 1)[0]
    return (_RECORDS.index(folder) if folder in _RECORDS else len(_RECORDS), path)


@lru_cache(maxsize=8)
def of(snapshot: Snapshot | None, language: str) -> Labels:
    """The labels of a snapshot; slugs in words where it has no such table."""
    if snapshot is None or "labels" not in tables.of(snapshot):
        return Labels((), language)
    agreements = tables.rows(snapshot, "agreements") if "agreements" in tables.of(snapshot) else ()
    return Labels(tables.rows(snapshot, "labels"), language, agreements)
