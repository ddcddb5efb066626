"""A public table limited by what an address asks for: its rows, its facets, and the query that gives the same rows.

::

    /commitments?topic=cyber&topic=energy&modality=commits&signed=2024&q=drones

Values of one name are alternatives, names are conditions. ``year`` columns take a year, columns that hold several
values joined with ";" fit when one of them does, ``q`` is looked for in the text columns, whatever its case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from api import wording
from api.errors import BadRequest
from kg import catalogue, paths, tables
from kg.store import Snapshot
from kg.tables import Row

WORDS = "q"
_MOST_VALUES = 50


class Facet(NamedTuple):
    """A column that a table can be limited by. ``kind`` is what labels its values: a folder or a scheme.

    ``year`` fits by the first four characters; ``many`` tells that a cell holds several values joined with ";".
    ``via`` names another table whose rows name a row of this one in the column ``agreement`` and hold the values;
    ``path`` is then the property path from ``?iri`` to the value.
    """

    column: str
    title: str
    kind: str = ""
    many: bool = False
    year: bool = False
    via: str = ""
    path: str = ""

    def values(self, row: Row) -> list[str]:
        """What a row has under this facet."""
        cell = row[self.column]
        if self.many:
            return wording.items(cell)
        return [cell[:4] if self.year else cell] if cell else []


class Choice(NamedTuple):
    """A value of a facet, how many rows of the subset would have it, and whether it is chosen."""

    value: str
    held: int
    chosen: bool


@dataclass(frozen=True)
class Register:
    """A public table as a page shows it: its facets and the columns in which words are looked for."""

    table: str
    facets: tuple[Facet, ...]
    texts: tuple[str, ...] = ()

    def read(self, snapshot: Snapshot, asked: Iterable[tuple[str, str]]) -> Subset:
        """The subset that an address asks for; raises BadRequest for a name that is no facet."""
        wish: dict[str, list[str]] = {}
        for name, value in asked:
            if value.strip():
                wish.setdefault(name, []).append(value.strip())
        known = {facet.column for facet in self.facets} | ({WORDS} if self.texts else set())
        unknown = sorted(set(wish) - known)
        if unknown:
            raise BadRequest(400, f"'{unknown[0]}' is no filter of {self.table}; known: {', '.join(sorted(known))}")
        if sum(map(len, wish.values())) > _MOST_VALUES:
            raise BadRequest(400, f"more than {_MOST_VALUES} values to filter by; take the whole table instead")
        return Subset(self, snapshot, wish)


@dataclass(frozen=True)
class Subset:
    """Some rows of a table, in its order."""

    register: Register
    snapshot: Snapshot
    wish: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows that fit."""
        return [row for row in self.every if self._fits(row)]

    @property
    def every(self) -> Sequence[Row]:
        """The whole table."""
        return tables.rows(self.snapshot, self.register.table)

    @property
    def columns(self) -> list[str]:
        """The columns of the table, in order."""
        return tables.header(self.snapshot, self.register.table)

    @property
    def query_string(self) -> str:
        """The wish as it stands in an address, its names and values sorted."""
        return urlencode([(name, value) for name in sorted(self.wish) for value in sorted(self.wish[name])])

    def with_value(self, column: str, value: str) -> str:
        """The wish of this subset narrowed to one value of a column, as it stands in an address."""
        return replace(self, wish=self.wish | {column: [value]}).query_string

    def choices(self, facet: Facet) -> list[Choice]:
        """The values of a facet, most frequent first, counted over the rows that fit all other facets."""
        chosen = self.wish.get(facet.column, [])
        counted = Counter(self._counted[facet.column])
        counted.update(dict.fromkeys(chosen, 0))
        order = sorted(counted) if facet.year else sorted(counted, key=lambda value: (-counted[value], value))
        return [Choice(value, counted[value], value in chosen) for value in order]

    @cached_property
    def _counted(self) -> dict[str, Counter[str]]:
        """Values by facet: a row that fails one facet only still counts for that one."""
        counted: dict[str, Counter[str]] = {facet.column: Counter() for facet in self.register.facets}
        for row in self.every:
            failed = self._failed(row)
            if failed is None or len(failed) > 1:
                continue
            for facet in failed or self.register.facets:
                counted[facet.column].update(self._values(facet, row))
        return counted

    def _fits(self, row: Row) -> bool:
        return self._failed(row) == []

    def _failed(self, row: Row) -> list[Facet] | None:
        """The facets under which a row is not wished; None where it lacks the words."""
        words = self.wish.get(WORDS)
        if words and not all(word.casefold() in self._words(row) for word in words):
            return None
        return [
            facet for facet in self._wished if not set(self.wish[facet.column]).intersection(self._values(facet, row))
        ]

    def _values(self, facet: Facet, row: Row) -> list[str]:
        if not facet.via:
            return facet.values(row)
        return self._related[facet.column].get(row["agreement"], [])

    @cached_property
    def _related(self) -> dict[str, dict[str, list[str]]]:
        """For each facet by way of another table: the agreement → its values, each once."""
        found: dict[str, dict[str, list[str]]] = {}
        for facet in self.register.facets:
            if facet.via:
                values: dict[str, dict[str, None]] = {}
                for row in tables.rows(self.snapshot, facet.via):
                    values.setdefault(row["agreement"], {}).update(dict.fromkeys(facet.values(row)))
                found[facet.column] = {slug: list(kept) for slug, kept in values.items()}
        return found

    @cached_property
    def _wished(self) -> list[Facet]:
        return [facet for facet in self.register.facets if facet.column in self.wish]

    def _words(self, row: Row) -> str:
        return "\n".join(row[column] for column in self.register.texts).casefold()

    @property
    def query(self) -> str:
        """A SELECT that gives exactly these rows."""
        body = catalogue.find(paths.queries(), "tables", self.register.table).body
        tests = self._tests()
        if not tests:
            return body
        prologue, select = _split(body)
        inner = "\n".join(f"    {line}" for line in select.splitlines())
        shown = " ".join(f"?{column}" for column in self.columns)
        filters = "\n".join(f"  FILTER ({test})" for test in tests)
        return f"{prologue}SELECT {shown}\nWHERE {{\n  {{\n{inner}\n  }}\n{filters}\n}}\n"

    @property
    def construct(self) -> str:
        """A CONSTRUCT of what is said of these rows' things; only where the table has a column ``iri``."""
        prologue, select = _split(self.query)
        inner = "\n".join(f"    {line}" for line in select.splitlines())
        told = "CONSTRUCT { ?iri ?property ?value }"
        return f"{prologue}{told}\nWHERE {{\n  {{\n{inner}\n  }}\n  ?iri ?property ?value .\n}}\n"

    def _tests(self) -> list[str]:
        found = []
        for facet in self.register.facets:
            wished = sorted(self.wish.get(facet.column, ()))
            if wished:
                found.append(" || ".join(_test(facet, value) for value in wished))
        for word in self.wish.get(WORDS, ()):
            texts = ', " ", '.join(f'COALESCE(STR(?{column}), "")' for column in self.register.texts)
            found.append(f"CONTAINS(LCASE(CONCAT({texts})), {_literal(word.lower())})")
        return found


def _test(facet: Facet, value: str) -> str:
    if facet.via:
        ends = f"STRENDS(STR(?value), {_literal(f'/{value}')})"
        return f"EXISTS {{ ?iri {facet.path} ?value . FILTER ({ends}) }}"
    if facet.year:
        return f"STRSTARTS(STR(?{facet.column}), {_literal(value)})"
    if facet.many:
        return f'CONTAINS(CONCAT(";", STR(?{facet.column}), ";"), {_literal(f";{value};")})'
    return f"STR(?{facet.column}) = {_literal(value)}"


def _literal(text: str) -> str:
    """A string of SPARQL; control characters cannot end it."""
    escaped = re.sub(r"[\\\"]", r"\\\g<0>", text)
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04X}", escaped) + '"'


def _split(body: str) -> tuple[str, str]:
    """The prologue of a query of the catalogue, and the rest from its SELECT on."""
    at = re.search(r"^SELECT\b", body, re.MULTILINE)
    if at is None:
        raise ValueError("a table's query has its SELECT at the beginning of a line")
    return body[: at.start()], body[at.start() :]
