"""How cells of the public tables read on a page, in the page's language.

English is ``api.wording``. In other languages names come from the graph, days, months and languages from CLDR.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from api import wording
from api.labels import FALLBACK, Labels
from kg import names

_PLAIN = {"", "exactly", "between"}  # comparators that say no more than the number
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DURATIONS = {"year", "month", "day", "hour"}


class Words:
    """The functions of ``api.wording`` for templates, with ``labels`` for what things are called."""

    items = staticmethod(wording.items)
    links = staticmethod(wording.links)
    opening = staticmethod(wording.opening)
    marks = staticmethod(wording.marks)
    is_report = staticmethod(wording.is_report)
    tail = staticmethod(wording.tail)
    size = staticmethod(wording.size)

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._english = labels.language == FALLBACK
        self._locale = Locale.parse(labels.language)

    def number(self, text: str | int) -> str:
        """``1072000000`` → digits in threes; what is no number stays as it is."""
        told = wording.number(text)
        return told if self._english or not _NUMBER.fullmatch(str(text)) else told.replace(".", ",")

    def label(self, notation: str, kind: str = "") -> str:
        """What a slug or code is called; ``kind`` tells by which folder or scheme, where several have it."""
        return self._labels.of(notation, kind) if wording.is_notation(notation) else notation

    def labels(self, cell: str, kind: str = "") -> str:
        """Every notation of a cell, with commas between."""
        return ", ".join(self.label(item, kind) for item in wording.items(cell))

    def either(self, cell: str, kind: str = "") -> str:
        """Every notation of a cell, as alternatives: ``threat, attack or escalation``."""
        found = [self.label(item, kind) for item in wording.items(cell)]
        return str(format_list(found, style="or", locale=self._locale))

    @staticmethod
    def path(iri: str) -> str:
        """The path of a thing of ours, from its IRI."""
        return iri.removeprefix(names.BASE)

    def name(self, notation: str) -> str:
        """The name of a place."""
        return self._labels.place(notation)

    def language(self, tag: str) -> str:
        """``lt`` → ``Lithuanian``."""
        return str(self._locale.languages.get(tag, tag))

    def day(self, iso: str) -> str:
        """``2024-06-27`` → ``27 June 2024``; what is no full day stays as it is."""
        if self._english or not wording.is_day(iso):
            return wording.day(iso)
        return format_date(date.fromisoformat(iso), "d MMMM y", locale=self._locale)

    def edtf(self, written: str) -> str:
        """``2024``, ``2024-05``, ``2024-05-31``, ``2024~`` in words."""
        if self._english:
            return wording.edtf(written)
        exact = written.rstrip("~")
        words = exact
        if wording.is_month(exact):
            words = format_date(date.fromisoformat(f"{exact}-01"), "LLLL y", locale=self._locale)
        elif wording.is_day(exact):
            words = self.day(exact)
        return f"~ {words}" if exact != written else words

    def period(self, row: Mapping[str, str]) -> str:
        """The span of a row's ``period``, as exact as it is written."""
        if self._english:
            return wording.period(row)
        written = row["period"] or f"{row['period_start']}/{row['period_end']}"
        start, _, end = written.partition("/")
        opened, closed = self.edtf(start), self.edtf(end)
        return opened if opened == closed or not closed else f"{opened} – {closed}".strip()

    def counted(self, value: str, unit: str) -> str:
        """``10``, ``year`` → ``10 years``."""
        if self._english:
            return wording.counted(value, unit)
        if unit in _DURATIONS and value.isdecimal():
            return str(format_unit(int(value), f"duration-{unit}", locale=self._locale))
        return f"{self.number(value)} ({self._labels.of(unit, 'unit')})" if unit else self.number(value)

    def count(self, row: Mapping[str, str]) -> str:
        """What a count of agreements claims, with its comparator."""
        if self._english:
            return wording.count(row)
        told = self._labels.of(row["comparator"], "comparator") if row["comparator"] not in _PLAIN else ""
        return f"{wording.number(row['claimed'])} ({told})" if told else wording.number(row["claimed"])

    def measures(self, row: Mapping[str, str]) -> list[str]:
        """What a row of ``commitments`` measures: a sum, a share of GDP, a count; each with its comparator."""
        if self._english:
            return wording.measures(row)
        found = []
        if row["value"]:
            span = self.number(row["value"]) + (f"–{self.number(row['value_max'])}" if row["value_max"] else "")
            found.append(f"{span} {row['currency']}" if row["currency"] else self.counted(row["value"], row["unit"]))
        if row["percent_of_gdp"]:
            found.append(f"{self.number(row['percent_of_gdp'])} % ВВП")
        if row["quantity"]:
            found.append(self.counted(row["quantity"], row["unit"]))
        told = [self._labels.of(row[column], column) for column in ("comparator", "per") if row[column] not in _PLAIN]
        return [f"{measure} ({', '.join(told)})" if told else measure for measure in found]
