"""SPARQL text → tokens, by one regular expression that cannot backtrack far.

Nearly the grammar's own terminals. Where the grammar needs context (``?a<?b`` against
``<iri>``) the longest token wins, as in most engines.
"""

from __future__ import annotations

import re

# Every repetition is atomic or disjoint from what follows it, so no text takes more than a few
# passes. A quote that opens no whole string swallows the rest of the text for the same reason.
# Escapes are those of the grammar: at a wrong one an engine would end the string elsewhere.
_HEX = "[0-9A-Fa-f]"
_UCHAR = rf"\\u(?![Dd][89A-Fa-f]){_HEX}{{4}}|\\U00(?:0[1-9A-Fa-f]|10|00(?![Dd][89A-Fa-f])){_HEX}{{4}}"
_ESCAPE = rf"\\[tbnrf\\\"']|{_UCHAR}"
_STRING = rf"""
      \"\"\"(?>(?:[^"\\]|{_ESCAPE}|"(?!""))*)\"\"\"
    | '''(?>(?:[^'\\]|{_ESCAPE}|'(?!''))*)'''
    | "(?!"")(?>(?:[^"\\\n\r]|{_ESCAPE})*)"
    | '(?!'')(?>(?:[^'\\\n\r]|{_ESCAPE})*)'
"""
# More than the grammar's characters of names; none of the others may stand outside of strings.
_NAME = r"\w\xb7-\U0010ffff"
_TOKEN = re.compile(
    rf"""
      \#[^\n\r]*                                                          # comment
    | <(?>(?:[^<>"{{}}|^`\\\x00-\x20]|{_UCHAR})*)>                        # IRI
    | {_STRING}
    | ["'].*                                                              # a string never closed
    | [?$][{_NAME}]+                                                      # variable
    | @[A-Za-z]+(?>(?:-[A-Za-z0-9]+)*)                                    # language tag
    | [+-]?(?:\d+(?:\.\d*)?[eE][+-]?\d+|\d*\.\d+(?:[eE][+-]?\d+)?|\d+)    # number
    | (?>(?:(?!\d)[{_NAME}][{_NAME}-]*(?>(?:\.+[{_NAME}-]+)*))?)            # prefixed name,
      :(?>(?:[{_NAME}:-]|%{_HEX}{{2}}|\\(?:_|[^\w\s])|\.+(?=[{_NAME}:%\\-]))*) # or blank node label
    | [{_NAME}](?>[{_NAME}-]*(?:\.+[{_NAME}-]+)*)                          # words, perhaps joined by dots
    | &&|\|\||\^\^|!=|<=|>=|\S
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSED = re.compile(_STRING, re.VERBOSE | re.DOTALL)

_QUOTES = frozenset("\"'")
_NUMERIC = frozenset("+-.0123456789")
_BLANKED_ALONE = frozenset(":0123456789")


def split(text: str) -> list[str]:
    """The tokens of a query without comments; blank space is dropped."""
    tokens: list[str] = _TOKEN.findall(text)
    return [token for token in tokens if token[0] != "#"]


def unclosed(last: str) -> bool:
    """Whether this last token is a string that is never closed."""
    return last[0] in _QUOTES and not _CLOSED.fullmatch(last)


def blanked(tokens: list[str]) -> tuple[str, ...]:
    """The tokens with each IRI and prefixed name as ``<>``, string as ``""``, number as ``0``."""
    return tuple([token if len(token) == 1 and token not in _BLANKED_ALONE else _blank(token) for token in tokens])


def _blank(token: str) -> str:
    first = token[0]
    if first == "<":
        return "<>" if token[-1] == ">" else token
    if first in _QUOTES:
        return '""'
    if first in _NUMERIC:
        return "0"
    return "<>" if ":" in token and not token.startswith("_:") else token


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column, counted from 1, of the token that ``split`` gave at this index."""
    starts = (match.start() for match in _TOKEN.finditer(text) if match.group()[0] != "#")
    start = next((at for number, at in enumerate(starts) if number == index), len(text))
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def declared(text: str) -> dict[str, str]:
    """The prefixes that a query declares with absolute IRIs: name without its colon → IRI."""
    tokens = split(text)
    return {
        name[:-1]: iri[1:-1]
        for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.upper() == "PREFIX" and name.endswith(":") and iri[0] == "<" and ":" in iri
    }
