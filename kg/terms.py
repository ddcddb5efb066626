"""RDF terms as N-Triples text: from what a curator wrote, checked against the shape's datatype.

A loader that makes text instead of term objects needs no second step to write sorted N-Quads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rdflib import RDF, XSD

from kg.shapes import EDTF

RDF_TYPE = f"<{RDF.type}>"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


class FormError(ValueError):
    """The text is not of the datatype's form; the message says what it is not."""


class Quad(NamedTuple):
    """One statement in one graph, each term as N-Triples text."""

    subject: str
    predicate: str
    object: str
    graph: str

    @property
    def line(self) -> str:
        """The quad as a line of N-Quads."""
        return f"{self.subject} {self.predicate} {self.object} {self.graph} .\n"


def iri(name: str) -> str:
    """An IRI as a term."""
    return f"<{name}>"


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(text: str) -> str:
    """A plain string as a term; raises FormError for what XML could never hold."""
    if found := _UNWRITABLE.search(text):
        raise FormError(f"a control character, U+{ord(found[0]):04X}, stands in the text; leave it out")
    return f'"{text.translate(_ESCAPES)}"'


def tagged(text: str, language: str) -> str:
    """A string in a language as a term; raises FormError for what is no language code."""
    if not _LANGUAGE.fullmatch(language):
        raise FormError(f"'{language}' is no language code; write en, uk or zh-Hant")
    return f"{plain(text)}@{language}"


def typed(text: str, datatype: str) -> str:
    """A literal of a datatype as a term, its lexical form already canonical."""
    return plain(text) if datatype == str(XSD.string) else f"{plain(text)}^^<{datatype}>"


def literal(text: str, datatype: str) -> str:
    """What the curator wrote as a literal of that datatype; raises FormError."""
    return typed(_CANONICAL.get(datatype, _any)(text), datatype)


def day_or_edtf(text: str, may_span: bool = False) -> str:
    """A full day as xsd:date, a month, a year or where allowed a span as EDTF; raises FormError."""
    bounds(text)
    if "/" in text and not may_span:
        raise FormError(f"'{text}' is no date: one date is meant here and no span")
    return typed(text, str(XSD.date) if len(text) == 10 else EDTF)


_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def bounds(text: str) -> tuple[date, date]:
    """First and last possible day of a date as written; raises FormError. ``2024~`` is as wide as 2024.

    Of a span, ``2024-07-09/2024-07-11``, it is the first day of its start and the last of its end.
    """
    start, slash, end = text.partition("/")
    if slash:
        return _span(text, start, end)
    match = _DATE.fullmatch(text.removesuffix("~"))
    if match is None or (text.endswith("~") and match[3]):
        raise FormError(f"'{text}' is no date; write 2024-06-27, 2024-06, 2024 or 2024~")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise FormError(f"'{text}' is no date: {error}") from error
    return first, _last(first, month, day)


def _span(text: str, start: str, end: str) -> tuple[date, date]:
    """Bounds of an EDTF interval of level 0: both ends known, neither of them approximate."""
    if "~" in text or "/" in end:
        raise FormError(f"'{text}' is no date; write a span as 2024-07-09/2024-07-11")
    first, last = bounds(start)[0], bounds(end)[1]
    if start == end or last < first:
        raise FormError(f"'{text}' is no date: a span ends after it starts")
    return first, last


def _last(first: date, month: int | None, day: int | None) -> date:
    if day:
        return first
    if not month or month == 12:
        return date(first.year, 12, 31)
    return date.fromordinal(date(first.year, month + 1, 1).toordinal() - 1)


def _any(text: str) -> str:
    return text


def _integer(text: str) -> str:
    if not re.fullmatch(r"-?[0-9]+(_[0-9]+)*", text):
        raise FormError(f"'{text}' is no whole number; write 80_000_000")
    return str(int(text))


def _decimal(text: str) -> str:
    if not re.fullmatch(r"-?[0-9]+(_[0-9]+)*(\.[0-9]+)?", text):
        raise FormError(f"'{text}' is no decimal; write 0.25 or 80_000_000")
    number = f"{Decimal(text.replace('_', '')):f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if number == "-0" else number


def _boolean(text: str) -> str:
    if text not in ("true", "false"):
        raise FormError(f"'{text}' is no boolean; write true or false")
    return text


def _full_day(text: str) -> str:
    if len(text) != 10:
        raise FormError(f"'{text}' is no full day; write 2024-06-27")
    return bounds(text)[0].isoformat()


def _address(text: str) -> str:
    if not re.fullmatch(r"[a-z]+:[^\s<>\"{}|\\^`]+", text):
        raise FormError(f"'{text}' is no address; write https://…")
    return text


_CANONICAL: dict[str, Callable[[str], str]] = {
    str(XSD.integer): _integer,
    str(XSD.decimal): _decimal,
    str(XSD.boolean): _boolean,
    str(XSD.date): _full_day,
    str(XSD.anyURI): _address,
}
