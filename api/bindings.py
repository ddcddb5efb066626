"""SPARQL results in JSON → a table that a page can show."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import NamedTuple

from api import prefixes
from kg import names

MOST_ROWS = 1000
_SHOWN_ROWS = 300
_AGREEMENT = re.compile(re.escape(names.BASE) + r"agreements/([\w-]+)(?:/(\w+)/([\w-]+))?")


class Cell(NamedTuple):
    """One value: its text, the address it leads to where it is a web address, and its IRI where it is one."""

    text: str
    href: str = ""
    language: str = ""
    iri: str = ""


@dataclass(frozen=True)
class Bindings:
    """An answer as a page shows it: a table, a truth value (``truth``) or triples as text (``text``).

    ``total`` counts all rows; at most ``MOST_ROWS`` of them are in ``rows``, and fewer stand in the table on a page.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None
    text: str = ""

    @property
    def shown(self) -> tuple[tuple[Cell | None, ...], ...]:
        """The rows that a page shows as a table."""
        return self.rows[:_SHOWN_ROWS]


def read(body: bytes, known: dict[str, str]) -> Bindings:
    """A table or a truth value from SPARQL results in JSON; ``known`` are prefixes that shorten IRIs."""
    document = json.loads(body)
    if "boolean" in document:
        return Bindings(truth=bool(document["boolean"]))
    columns = tuple(document["head"]["vars"])
    found = document["results"]["bindings"]
    rows = tuple(tuple(_cell(row.get(name), known) for name in columns) for row in found[:MOST_ROWS])
    return Bindings(columns, rows, len(found))


def _cell(term: dict[str, str] | None, known: dict[str, str]) -> Cell | None:
    if term is None:
        return None
    value = str(term["value"])
    if term["type"] != "uri":
        return Cell(value, language=term.get("xml:lang", ""))
    return Cell(prefixes.shortened(value, known), address(value), iri=value)


def address(iri: str) -> str:
    """Where an IRI leads: a part of an agreement to its place on that page, ours to its path, others to themselves."""
    here = _AGREEMENT.fullmatch(iri)
    if here is not None:
        slug, kind, part = here.groups()
        return f"/agreements/{slug}" + (f"#{kind}-{part}" if kind else "")
    if iri.startswith(names.BASE):
        return f"/{iri.removeprefix(names.BASE)}"
    return iri if is_web(iri) else ""


def is_web(text: str) -> bool:
    """Whether a text is a web address."""
    return text.startswith(("https://", "http://")) and " " not in text
