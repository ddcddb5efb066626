"""What the engine wrote, parsed and written anew in the format asked for: bytes → bytes, piece by piece.

Runs in a thread of its own; ``Source`` and ``Output`` block while the other side is slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Protocol, cast

from pyoxigraph import Quad, QueryResultsFormat, RdfFormat, Triple, parse, parse_query_results, serialize

from kg import evaluate
from kg.errors import EngineFailed, RowLimit
from kg.evaluate import Output, Request
from kg.formats import Content, Format

# What the engine is asked for, by what the answer holds; the first is written the fastest.
ACCEPTED = {
    Content.BINDINGS: "application/sparql-results+json, application/sparql-results+xml;q=0.5",
    Content.GRAPH: "application/n-triples, text/turtle;q=0.5, application/rdf+xml;q=0.3",
}
_JSON = ("application/sparql-results+json", "application/json")
_PIECE = 65_536


class Source(Protocol):
    """Where the engine's bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""


@dataclass(frozen=True)
class Task:
    """One answer to rewrite: the request, its format, and how many triples the engine gives at most (0: no bound)."""

    request: Request
    form: Format
    most: int = 0


def rewrite(media_type: str, task: Task, source: Source, out: Output) -> None:
    """Write the whole answer to ``out``; ``media_type`` is what the engine calls its own.

    Raises EngineFailed when it cannot be read or something follows it, RowLimit when the engine may
    have cut it, AnswerUnwritable, and what source and output raise.
    """
    guarded = cast("IO[bytes]", evaluate.guarded(task.form, out))
    opened = cast("IO[bytes]", source)
    try:
        if task.form.content is Content.BINDINGS:
            _bindings(media_type, task, opened, guarded)
        else:
            _triples(media_type, task, opened, guarded)
    except (SyntaxError, ValueError) as error:
        raise EngineFailed(f"the engine's answer breaks off or cannot be read ({_short(error)})") from error
    while rest := source.read(_PIECE):
        if rest.strip():
            raise EngineFailed("the engine's answer goes on after its end")


def readable(media_type: str, content: Content) -> bool:
    """Whether answers of this type can be read."""
    if content is Content.BINDINGS:
        return _results_format(media_type) in (QueryResultsFormat.JSON, QueryResultsFormat.XML)
    return RdfFormat.from_media_type(media_type) is not None


def _bindings(media_type: str, task: Task, source: IO[bytes], out: IO[bytes]) -> None:
    found = parse_query_results(source, _results_format(media_type))
    try:
        found.serialize(out, format=QueryResultsFormat.from_media_type(task.form.media_type))
    finally:
        del found  # an error's traceback would take it to another thread, which the engine's objects forbid


def _triples(media_type: str, task: Task, source: IO[bytes], out: IO[bytes]) -> None:
    quads = parse(source, format=RdfFormat.from_media_type(media_type))
    written = RdfFormat.from_media_type(task.form.media_type)
    prefixes = evaluate.prefixes(task.request, task.form)
    counted = _counted(cast("Iterable[Quad]", quads), task.most)
    try:
        serialize(counted, out, written, prefixes=prefixes)
    finally:
        del quads, counted  # as above


def _counted(quads: Iterable[Quad], most: int) -> Iterator[Triple]:
    """The triples; as many as the engine gives at most are too many to be sure that they are all."""
    count = 0
    try:
        for quad in quads:
            count += 1
            yield quad.triple
    finally:
        del quads  # as above
    if most and count >= most:
        raise RowLimit(f"the engine gives at most {most:,} triples, and this answer may have more; narrow it", most)


def _results_format(media_type: str) -> QueryResultsFormat | None:
    return QueryResultsFormat.JSON if media_type in _JSON else QueryResultsFormat.from_media_type(media_type)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
