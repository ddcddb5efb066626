"""Figures as texts write them: ``1.072 million``, ``0,25%``, ``half a billion``, ``ten (10) years``, ``десяти``."""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen"
_UNITS += " fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: float(n) for n, word in enumerate(_UNITS.split(), 1)}
_WORDS |= {word: n * 10.0 for n, word in enumerate(_TENS.split(), 2)}
_WORDS |= {"a": 1.0, "an": 1.0, "both": 2.0, "dozen": 12.0, "half": 0.5}
_WORDS |= dict.fromkeys(("once", "annual", "annually", "yearly"), 1.0)
_UKRAINIAN = (
    "од(?:ин|на|не|ного|нієї)",
    "дв(?:а|і|ох)",
    "тр(?:и|ьох)",
    "чотир(?:и|ьох)",
    "п.ят(?:ь|и)",
    "шіст(?:ь)|шест(?:и)",
    "с(?:ім|еми)",
    "в(?:ісім|осьми)",
    "дев.ят(?:ь|и)",
    "десят(?:ь|и)",
)
_SCALES = {
    r"hundred": 1e2,
    r"thousand|тисяч\w*|тис\.?": 1e3,
    r"million|mln|mil|m|мільйон\w*|млн": 1e6,
    r"billion|bn|b|мільярд\w*|млрд": 1e9,
}
_SCALE = "|".join(_SCALES)
_NUMBER = r"\d+(?:[.,  ]\d+)*"
_SCALED = re.compile(rf"({_NUMBER})\s?(?:[€$£]\s?)?((?:(?:{_SCALE})\b\.?\s?)*)", re.IGNORECASE)
_RANGE = re.compile(rf"({_NUMBER})\s?(?:to|and|[-–])\s?{_NUMBER}\s?({_SCALE})\b", re.IGNORECASE)
_MONEY = r"(?:EUR|USD|SEK|NOK|DKK|GBP|CAD|ISK|JPY|CZK|PLN"
_MONEY += r"|US dollars?|dollars?|euros?|kron\w*|yen|pounds?|євро|долар\w*|[€$£])"
_AMOUNT = re.compile(
    rf"(?:\b|(?=[€$£])){_MONEY}\s?{_NUMBER}(?:\s?(?:{_SCALE})\b)?|{_NUMBER}\s?(?:(?:{_SCALE})\.?\s?)?{_MONEY}(?!\w)"
    r"|[\d.,]+\s?(?:%|per ?cent|percent|відсотк\w*)\s+(?:of\s+)?(?:\w+\s+){0,3}?(?:GDP|gross domestic|ВВП)",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """The words of a text in small letters, without signs and hyphens."""
    return re.sub(r"[^\w ]", "", re.sub(r"[-–—/\s]", " ", text.lower().replace("_", " "))).split()


def amounts(text: str) -> list[str]:
    """What reads like a sum of money or a share of GDP, found on its own."""
    return [match[0] for match in _AMOUNT.finditer(text)]


def figures(text: str) -> set[float]:
    """Every number that a text can be read to give; a point or comma may part thousands or decimals."""
    found = {value * _scale(match[2]) for match in _SCALED.finditer(text) for value in _values(match[1])}
    found |= {value * _scale(match[2]) for match in _RANGE.finditer(text) for value in _values(match[1])}
    return found | set(_written(words(text))) | set(_ukrainian(text))


def _values(number: str) -> Iterator[float]:
    plain = re.sub(r"[  ]", "", number)
    if re.fullmatch(r"\d{1,3}(?:([.,  ])\d{3})+|\d+", number):
        yield float(re.sub(r"\D", "", number))
    if re.fullmatch(r"\d+[.,]\d+", plain):
        yield float(plain.replace(",", "."))
    if " " in number:
        yield from (value for piece in number.split(" ") for value in _values(piece))


def _scale(text: str) -> float:
    made = 1.0
    for word in text.lower().split():
        made *= next(value for pattern, value in _SCALES.items() if re.fullmatch(pattern, word.rstrip(".")))
    return made


def _written(given: list[str]) -> Iterator[float]:
    """Numbers in words: ``twenty five``, ``half a billion``, ``two hundred``."""
    for here, word in enumerate(given):
        if word in _WORDS:
            value, after = _WORDS[word], given[here + 1 : here + 4]
            yield value
            if value >= 20 and after and _WORDS.get(after[0], 99) < 10:
                value += _WORDS[after.pop(0)]
                yield value
            if value == 0.5 and after[:1] == ["a"]:
                after.pop(0)
            for following in after:
                if not re.fullmatch(_SCALE, following):
                    break
                value *= _scale(following)
                yield value


def _ukrainian(text: str) -> Iterator[float]:
    return (float(n) for n, stem in enumerate(_UKRAINIAN, 1) if re.search(rf"\b(?:{stem})\b", text, re.IGNORECASE))
