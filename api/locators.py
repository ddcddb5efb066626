"""The order of places in a text: ``preamble``, ``I/1``, ``III/14/b2``, ``IX/42/p1``, ``close``, ``annex/A``."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"([a-z]?)(\d+)")
_ROMAN = re.compile(r"[IVXLC]+")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ENDS = {"preamble": 0, "introduction": 1, "close": 1_000_001, "annex": 1_000_002}
_NAMED = 1_000_000  # headings without a number stand after those with one

Key = tuple[tuple[int, str], ...]


def order(locator: str) -> Key:
    """A key that sorts locators as the text runs; of several places in a cell the first counts."""
    first = locator.split(";", 1)[0].strip()
    return tuple(_segment(segment) for segment in first.split("/"))


def _segment(segment: str) -> tuple[int, str]:
    if segment in _ENDS:
        return _ENDS[segment], ""
    digits = _DIGITS.fullmatch(segment)
    if digits is not None:
        return int(digits[2]), digits[1]
    return (_roman(segment) if _ROMAN.fullmatch(segment) else _NAMED), segment


def _roman(text: str) -> int:
    """``XIV`` → 14: a letter before a greater one is taken away."""
    values = [_VALUES[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
