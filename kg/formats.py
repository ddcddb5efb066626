"""Formats an answer or a dataset can be written in: one row each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kg.errors import UnknownName


class Content(Enum):
    """What a format can hold."""

    BINDINGS = "bindings"  # SELECT and ASK answers
    GRAPH = "graph"  # triples: CONSTRUCT, DESCRIBE, exports
    DATASET = "dataset"  # quads: whole exports; also holds a graph


@dataclass(frozen=True)
class Format:
    """A format: its name on the command line, its media type and its file suffix."""

    name: str
    media_type: str
    suffix: str
    content: Content

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


FORMATS: tuple[Format, ...] = (
    Format("json", "application/sparql-results+json", "srj", Content.BINDINGS),
    Format("csv", "text/csv", "csv", Content.BINDINGS),
    Format("tsv", "text/tab-separated-values", "tsv", Content.BINDINGS),
    Format("xml", "application/sparql-results+xml", "srx", Content.BINDINGS),
    Format("turtle", "text/turtle", "ttl", Content.GRAPH),
    Format("ntriples", "application/n-triples", "nt", Content.GRAPH),
    Format("rdfxml", "application/rdf+xml", "rdf", Content.GRAPH),
    Format("nquads", "application/n-quads", "nq", Content.DATASET),
    Format("trig", "application/trig", "trig", Content.DATASET),
    Format("jsonld", "application/ld+json", "jsonld", Content.DATASET),
)

BY_NAME: dict[str, Format] = {form.name: form for form in FORMATS}


def named(name: str) -> Format:
    """The format of that name; raises UnknownName."""
    if name not in BY_NAME:
        raise UnknownName("format", name, sorted(BY_NAME))
    return BY_NAME[name]


def holding(*contents: Content) -> tuple[Format, ...]:
    """The formats that can hold one of these contents, in the order of preference."""
    return tuple(form for form in FORMATS if form.content in contents)
