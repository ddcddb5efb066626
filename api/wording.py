"""How the cells of the public tables read in English on a page. Pure functions over text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from kg import names

SPACE = "\u202f"  # the narrow space that does not break a line
_NOTATION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PROPERTY = re.compile(r"[a-z]+([A-Z][a-z]+)+")
_CODE = re.compile(r"[A-Z][A-Z0-9-]+")
_HUMP = re.compile(r"[A-Z]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR_AND_MONTH = re.compile(r"\d{4}-\d{2}")
_NUMBER = re.compile(r"(-?\d+)(\.\d+)?")
_WEB = re.compile(r"https?://[^\s;]+(?:;(?!https?://)[^\s;]+)*")
_PHRASES = {"nato": "NATO", "eu": "EU", "g7": "G7", "cbrn": "CBRN", "f-16": "F-16", "gdp": "GDP", "ukraine": "Ukraine"}
_PHRASES |= {
    "anti-corruption": "anti-corruption",
    "cbrn-nuclear-safety": "CBRN and nuclear safety",
    "education-culture": "education and culture",
    "macro-financial": "macro-financial",
    "president-of-the-european-council": "President of the European Council",
    "president-of-the-european-commission": "President of the European Commission",
    "member-of-the-european-parliament": "Member of the European Parliament",
}
_COMPARATORS = {"exactly": "", "at-least": "at least", "more-than": "more than", "less-than": "less than"}
_COMPARATORS |= {"up-to": "up to", "similar-to": "similar to", "between": ""}
_SAME = {"aircraft", "percent"}
_PER = {"year": "a year", "total": "in total"}
_LANGUAGES = {"en": "English", "uk": "Ukrainian", "lt": "Lithuanian", "lv": "Latvian", "et": "Estonian"}
_LANGUAGES |= {"de": "German", "pl": "Polish"}
_LANGUAGES |= {"fr": "French", "it": "Italian", "nl": "Dutch", "da": "Danish", "fi": "Finnish", "es": "Spanish"}
_LANGUAGES |= {"pt": "Portuguese", "sv": "Swedish", "no": "Norwegian", "is": "Icelandic", "ja": "Japanese"}


def items(cell: str) -> list[str]:
    """The values of a cell that may hold several."""
    return [item.strip() for item in cell.split(";") if item.strip()]


def links(cell: str) -> list[str]:
    """The web addresses in a cell; anything else in it is no link."""
    return _WEB.findall(cell)


def is_notation(text: str) -> bool:
    """Whether a text looks like a slug, a code or a property."""
    return bool(_NOTATION.fullmatch(text) or _PROPERTY.fullmatch(text) or _CODE.fullmatch(text))


def is_day(text: str) -> bool:
    """Whether a text is a full day."""
    return bool(_DAY.fullmatch(text))


def is_month(text: str) -> bool:
    """Whether a text is a year and a month."""
    return bool(_YEAR_AND_MONTH.fullmatch(text))


def label(notation: str) -> str:
    """``capability-coalitions``, ``legalEffect`` → words; what is neither notation nor property stays as it is."""
    if _PROPERTY.fullmatch(notation):
        notation = _HUMP.sub(lambda hump: f"-{hump[0].lower()}", notation)
    if not _NOTATION.fullmatch(notation):
        return notation
    if notation in _PHRASES:
        return _PHRASES[notation]
    return " ".join(_PHRASES.get(word, word) for word in notation.split("-"))


def labels(cell: str) -> str:
    """Every notation of a cell, in words, with commas between."""
    return ", ".join(label(item) for item in items(cell))


def name(notation: str) -> str:
    """``savelletri`` → ``Savelletri``: the name of a place where only its slug is known."""
    return notation.replace("-", " ").title() if _NOTATION.fullmatch(notation) else notation


def opening(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def language(tag: str) -> str:
    """``lt`` → ``Lithuanian``."""
    return _LANGUAGES.get(tag, tag)


def day(iso: str) -> str:
    """``2024-06-27`` → ``27 June 2024``; what is no full day stays as it is."""
    if not _DAY.fullmatch(iso):
        return iso
    return f"{int(iso[8:])} {_month(iso)}"


def _month(iso: str) -> str:
    return f"{date(2000, int(iso[5:7]), 1):%B} {iso[:4]}"


def marks(cell: str, numbers: Mapping[str, int]) -> list[tuple[int, str]]:
    """The sources of a cell with their numbers in a list of sources, by number."""
    return sorted((numbers[slug], slug) for slug in items(cell) if slug in numbers)


def number(text: str | int) -> str:
    """``1072000000`` → digits in threes with narrow spaces; what is no number stays as it is."""
    match = _NUMBER.fullmatch(str(text))
    if match is None:
        return str(text)
    decimals = (match[2] or "").rstrip("0").rstrip(".")
    return f"{int(match[1]):,}".replace(",", SPACE) + decimals


def counted(value: str, unit: str) -> str:
    """``10``, ``year`` → ``10 years``."""
    one = label(unit).removesuffix("s")
    if not unit:
        return number(value)
    if value != "1" and one not in _SAME:
        one = f"{one[:-1]}ies" if one.endswith("y") and not one.endswith("day") else f"{one}s"
    return f"{number(value)}{SPACE}{one}"


def measures(row: Mapping[str, str]) -> list[str]:
    """What a row of ``commitments`` measures: a sum, a share of GDP, a count; each with its comparator."""
    found = []
    if row["value"]:
        found.append(_compared(row, _sum(row)))
    if row["percent_of_gdp"]:
        found.append(_compared(row, f"{number(row['percent_of_gdp'])}{SPACE}% of GDP"))
    if row["quantity"]:
        found.append(_compared(row, counted(row["quantity"], row["unit"])))
    return found


def count(row: Mapping[str, str]) -> str:
    """The number that a row of ``sets`` claims, with the word that loosens it: ``nearly 30``."""
    before = _COMPARATORS.get(row["comparator"], label(row["comparator"]))
    return f"{before} {number(row['claimed'])}".strip()


def _sum(row: Mapping[str, str]) -> str:
    span = number(row["value"]) + (f"–{number(row['value_max'])}" if row["value_max"] else "")
    return f"{row['currency']}{SPACE}{span}" if row["currency"] else counted(row["value"], row["unit"])


def _compared(row: Mapping[str, str], measure: str) -> str:
    before = _COMPARATORS.get(row["comparator"], label(row["comparator"]))
    return " ".join(part for part in (before, measure, _PER.get(row["per"], "")) if part)


def period(row: Mapping[str, str]) -> str:
    """The span of a row's ``period`` (``2024-05-31/2034-05``), as exact as it is written; else of its bounds."""
    written = row["period"] or f"{row['period_start']}/{row['period_end']}"
    start, slash, end = written.partition("/")
    opened, closed = edtf(start), edtf(end)
    if not (opened and closed):
        before = ("from " if opened else "until ") if slash and written != slash else ""
        return f"{before}{opened}{closed}"
    if opened == closed:
        return opened
    return f"{opened}–{closed}" if opened.isdigit() and closed.isdigit() else f"{opened} – {closed}"


def edtf(written: str) -> str:
    """``2024``, ``2024-05``, ``2024-05-31``, ``2024~``, a span of two in words; what is none of them stays as it is."""
    start, slash, end = written.partition("/")
    if start and slash and end:
        return f"{edtf(start)} – {edtf(end)}"
    exact = written.rstrip("~")
    words = _month(exact) if _YEAR_AND_MONTH.fullmatch(exact) else day(exact)
    return f"about {words}" if exact != written else words


def is_report(row: Mapping[str, str]) -> bool:
    """Whether a row of ``commitments`` reports what was done and promises nothing."""
    return row["modality"] in {"", "none"}


def tail(identifier: str) -> str:
    """The last segment of an IRI or of a path of slugs."""
    return names.local_name(identifier)


def size(count: int) -> str:
    """Bytes in kB or MB."""
    for unit, step in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= step:
            return f"{count / step:.1f}{SPACE}{unit}"
    return f"{count}{SPACE}bytes"
