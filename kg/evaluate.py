"""Runs a query on one open store, in this process and thread: query → bytes, with no bounds.

A query that people send runs through ``kg.pool``, whose workers call this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Protocol, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kg import guard
from kg.errors import AnswerUnwritable, QueryError, QueryRefused, QuerySyntaxError, SnapshotDamaged
from kg.formats import Content, Format, holding, named

Answer = QuerySolutions | QueryBoolean | QueryTriples
Term = NamedNode | BlankNode | Literal | Triple

_PREFIXED = frozenset(("turtle", "trig", "rdfxml"))
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)
_EXPECTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|\[[^\]]*\]|[^,\[\]\"]+")
_MOST_EXPECTED = 6
# What no XML 1.0 document may hold, not even escaped; U+FFFE and U+FFFF last.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# How the engine's message begins when a block of its files does not have its checksum.
_DAMAGED = "Corruption"
# The engine's RDF/XML writer falls back to this when a predicate has no local name.
_NAMELESS = b"<oxprefix: "


class Output(Protocol):
    """Where an answer is written; the engine calls both methods."""

    def write(self, piece: bytes, /) -> int:
        """Take a piece; must give exactly its length, since more would end the process."""

    def flush(self) -> None:
        """Called once at the end."""


@dataclass(frozen=True)
class Request:
    """A query and how it is to be answered.

    ``default_graphs`` and ``named_graphs`` are IRIs from the protocol; ``has_dataset`` tells that
    the text itself has FROM. With none of them the query reads the union of all graphs.
    ``prefixes`` (name, IRI) shorten Turtle, TriG and RDF/XML beside those the query declares.
    """

    text: str
    format_name: str = "json"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    has_dataset: bool = False
    prefixes: tuple[tuple[str, str], ...] = ()


def write(store: Store, request: Request, out: Output) -> None:
    """Write the answer to ``out`` piece by piece.

    Raises QuerySyntaxError, QueryRefused, AnswerUnwritable, UnknownName (of the format),
    SnapshotDamaged, and OSError when the store or ``out`` fails. Some of the answer may be written by then.
    """
    form = named(request.format_name)
    with _engine_errors():
        answer = _query(store, request)
        check_holds(form, triples=isinstance(answer, QueryTriples))
        _serialize(answer, form, request, cast("IO[bytes]", guarded(form, out)))


def answer(store: Store, text: str, format_name: str = "json") -> bytes:
    """The whole answer as bytes; raises as ``write`` does."""
    out = BytesIO()
    write(store, Request(text, format_name, has_dataset=guard.inspect(text).has_dataset), out)
    return out.getvalue()


def rows(store: Store, text: str) -> tuple[list[str], list[tuple[str | None, ...]]]:
    """Variables and rows of a SELECT: lexical forms and IRIs as plain text, None where unbound."""
    with _engine_errors():
        found = _query(store, Request(text, has_dataset=guard.inspect(text).has_dataset))
        if not isinstance(found, QuerySolutions):
            raise QueryRefused("only a SELECT has rows")
        variables = [variable.value for variable in found.variables]
        return variables, [tuple(_plain(term) for term in solution) for solution in found]


class XmlOutput:
    """An output that keeps XML well-formed where the engine does not.

    A carriage return becomes a character reference; what XML cannot hold at all is refused.
    """

    def __init__(self, out: Output) -> None:
        self._out = out
        self._tail = b""

    def write(self, piece: bytes) -> int:
        """Pass a piece on; raises AnswerUnwritable."""
        seen = self._tail + piece
        if _NOT_XML.search(seen):
            raise AnswerUnwritable("the answer holds a control character that XML cannot; ask for another format")
        if _NAMELESS in seen:
            raise AnswerUnwritable("the answer has a predicate that RDF/XML cannot name; ask for another format")
        self._tail = seen[1 - len(_NAMELESS) :]
        self._out.write(piece.replace(b"\r", b"&#xD;"))
        return len(piece)

    def flush(self) -> None:
        """Pass on."""
        self._out.flush()


def _query(store: Store, request: Request) -> Answer:
    chosen = bool(request.default_graphs or request.named_graphs)
    return store.query(
        request.text,
        use_default_graph_as_union=not (chosen or request.has_dataset),
        default_graph=[NamedNode(iri) for iri in request.default_graphs] if chosen else None,
        named_graphs=[NamedNode(iri) for iri in request.named_graphs] if chosen else None,
    )


def guarded(form: Format, out: Output) -> Output:
    """The output, kept well-formed where the format is XML."""
    return XmlOutput(out) if form.name in ("xml", "rdfxml") else out


def check_holds(form: Format, *, triples: bool) -> None:
    """Raise AnswerUnwritable when the format cannot hold triples, or nothing else."""
    if triples == (form.content is not Content.BINDINGS):
        return
    fitting = holding(Content.GRAPH, Content.DATASET) if triples else holding(Content.BINDINGS)
    kind = "triples" if triples else "bindings or a truth value"
    names = ", ".join(other.name for other in fitting)
    raise AnswerUnwritable(f"the answer is {kind}, which {form.name} cannot hold; ask for one of {names}")


def _serialize(answer: Answer, form: Format, request: Request, out: IO[bytes]) -> None:
    if not isinstance(answer, QueryTriples):
        answer.serialize(out, format=_results_format(form))
    elif shortened := prefixes(request, form):
        serialize(answer, out, _rdf_format(form), prefixes=shortened)
    else:
        answer.serialize(out, format=_rdf_format(form))


def prefixes(request: Request, form: Format) -> dict[str, str] | None:
    """The prefixes (name → IRI) that shorten an answer of this format; None where it has none."""
    return dict(request.prefixes) | guard.declared(request.text) if form.name in _PREFIXED else None


def _results_format(form: Format) -> QueryResultsFormat:
    found = QueryResultsFormat.from_media_type(form.media_type)
    if found is None:
        raise AnswerUnwritable(f"the engine does not write {form.name}")
    return found


def _rdf_format(form: Format) -> RdfFormat:
    found = RdfFormat.from_media_type(form.media_type)
    if found is None:
        raise AnswerUnwritable(f"the engine does not write {form.name}")
    return found


@contextmanager
def _engine_errors() -> Iterator[None]:
    """The engine's exceptions as this package's."""
    try:
        yield
    except SyntaxError as error:
        raise syntax_error(str(error)) from error
    except (RuntimeError, ValueError) as error:
        if str(error).startswith(_DAMAGED):
            raise SnapshotDamaged(
                f"the store on disk cannot be read: {error}; restart the service to mend it"
            ) from error
        raise QueryRefused(str(error)) from error


def syntax_error(text: str) -> QueryError:
    """The engine's words on a query that it cannot parse, with the place where they tell one."""
    found = _PLACE.match(text)
    if found is None:
        return QuerySyntaxError(text)
    line, column, expected = found.groups()
    return QuerySyntaxError(_shortened(expected), int(line), int(column))


def _shortened(expected: str) -> str:
    """The engine's list of what it expected: a sentence where it has one, else the first few words."""
    parts = [part.strip() for part in _EXPECTED.findall(expected)]
    parts = [part for part in parts if part and not part.startswith("[")]
    sentences = [part for part in parts if " " in part and not part.startswith('"')]
    if sentences:
        return "; ".join(sentences)
    if not parts:
        return "the query should go on or end otherwise here"
    more = ", …" if len(parts) > _MOST_EXPECTED else ""
    return "expected " + ", ".join(parts[:_MOST_EXPECTED]) + more


def _plain(term: Term | None) -> str | None:
    if term is None:
        return None
    return str(term) if isinstance(term, BlankNode | Triple) else term.value
