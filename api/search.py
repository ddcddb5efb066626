"""One box over everything: names in all languages, titles, summaries and questions. The one way into tantivy.

A word fits exactly, by its beginning, or with a typing error or two; every word must fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from api import labels, wording
from api.service import Service
from kg import catalogue, names, paths, tables
from kg.store import Snapshot
from kg.tables import Row

if TYPE_CHECKING:
    import tantivy

LONGEST = 200  # characters of a question to the box
_MOST_WORDS = 8
_HITS = 200
# Groups in the order in which they are shown, and how much a hit in them counts.
GROUPS = {
    "parties": 4.0,
    "agreements": 3.0,
    "officials": 2.5,
    "topics": 2.0,
    "instruments": 1.5,
    "initiatives": 1.5,
    "commitments": 1.2,
    "statements": 1.0,
    "provisions": 0.8,
    "events": 1.0,
    "questions": 1.2,
    "terms": 0.8,
    "sources": 0.5,
}
_TEXTS = ("commitments", "provisions", "statements")
_CONTEXT = {"agreement": "", "obligor": "parties", "speaker": "officials", "topic": "topic", "topics": "topic"}
_NAME_BOOST = 3.0
_EXACT_BOOST = 4.0


class Hit(NamedTuple):
    """One thing found: its group, its path on this site, and its title."""

    group: str
    path: str
    title: str


class Document(NamedTuple):
    """One thing that can be found."""

    group: str
    path: str
    title: str
    names: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True)
class Index:
    """The searchable documents of one snapshot."""

    index: tantivy.Index

    def find(self, words: str) -> list[Hit]:
        """What fits every word, the best first; nothing for an empty question."""
        wished = words[:LONGEST].casefold().split()[:_MOST_WORDS]
        if not wished:
            return []
        searcher = self.index.searcher()
        found = searcher.search(_query(self.index.schema, wished), _HITS).hits
        rated = []
        for place, (score, address) in enumerate(found):
            kept = searcher.doc(address)
            hit = Hit(*(str(kept.get_first(name)) for name in ("group", "path", "title")))
            rated.append((-score * GROUPS[hit.group], place, hit))
        return [hit for _, _, hit in sorted(rated)]


def grouped(hits: list[Hit], most: int) -> dict[str, list[Hit]]:
    """Hits by group, the group of the best hit first, at most so many in each."""
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.group, []).append(hit)
    return {group: kept[:most] for group, kept in found.items()}


def of(service: Service) -> Index:
    """The index of a service's snapshot; building it takes half a second, so keep it: ``service.kept(search.of)``."""
    import tantivy  # noqa: PLC0415  # the service starts without it

    builder = tantivy.SchemaBuilder()
    for name in ("group", "path", "title"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw")
    for name in ("name", "text"):
        builder.add_text_field(name)
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=30_000_000, num_threads=1)
    for document in documents(service.snapshot):
        group, path, title, own, text = document
        writer.add_document(tantivy.Document(group=group, path=path, title=title, name=list(own), text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return Index(index)


def documents(snapshot: Snapshot) -> Iterator[Document]:
    """Everything that can be found in a snapshot."""
    yield from _named(snapshot)
    for table in _TEXTS:
        for row in _rows(snapshot, table):
            yield _described(snapshot, table, row)
    for query in catalogue.of_kind(paths.queries(), "examples").values():
        text = f"{query.description} {query.question}"
        yield Document("questions", f"/sparql/examples/{query.name}", query.summary, (query.summary,), text)


def _named(snapshot: Snapshot) -> Iterator[Document]:
    """Records and codes by their names in every language."""
    every: dict[str, list[Row]] = {}
    for row in _rows(snapshot, "labels"):
        every.setdefault(row["iri"].removeprefix(names.BASE), []).append(row)
    for path, rows in every.items():
        group = _group(path)
        if group:
            shown = min(rows, key=lambda row: (row["role"] != "label", row["language"] != "en"))["label"]
            own = (*dict.fromkeys(row["label"] for row in rows), wording.tail(path))
            yield Document(group, f"/{path}", shown, own)


def _group(path: str) -> str:
    folder, _, rest = path.partition("/")
    if path.startswith("schemes/topic/"):
        return "topics"
    if path.startswith(("schemes/", "ontology#")):
        return "terms"
    return folder if folder in GROUPS and "/" not in rest else ""


def _described(snapshot: Snapshot, table: str, row: Row) -> Document:
    """A commitment, provision or statement by its summary, and by whom and what it is about."""
    words = labels.of(snapshot, "en"), labels.of(snapshot, "uk")
    context = " ".join(word.all(row.get(column, ""), kind) for column, kind in _CONTEXT.items() for word in words)
    path = row["iri"].removeprefix(names.BASE.rstrip("/"))
    return Document(table, path, row["summary"] or wording.tail(path), (), f"{row['summary']} {context}")


def _rows(snapshot: Snapshot, table: str) -> tuple[Row, ...]:
    return tables.rows(snapshot, table) if table in tables.of(snapshot) else ()


def _query(schema: tantivy.Schema, words: list[str]) -> tantivy.Query:
    import tantivy  # noqa: PLC0415  # the service starts without it

    return tantivy.Query.boolean_query([(tantivy.Occur.Must, _word(schema, word)) for word in words])


def _word(schema: tantivy.Schema, word: str) -> tantivy.Query:
    """A word in a name or a text: exactly, else as a beginning with up to two errors, by its length."""
    import tantivy  # noqa: PLC0415  # the service starts without it

    make, either = tantivy.Query, []
    errors = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    for field, boost in (("name", _NAME_BOOST), ("text", 1.0)):
        exact = make.term_query(schema, field, word)
        near = make.fuzzy_term_query(schema, field, word, distance=errors, transposition_cost_one=True, prefix=True)
        either += [make.boost_query(exact, boost * _EXACT_BOOST), make.boost_query(near, boost)]
    return make.boolean_query([(tantivy.Occur.Should, query) for query in either])
