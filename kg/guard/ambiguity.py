"""Text that an engine may read otherwise than the guard does, and that could so hide a clause.

Engines take a keyword without a space after it, and a ``<`` for a comparison where the standard's
longest token is an IRI. Where both readings are possible and differ in what they hide, the query
is refused, with a word on how to write it plainly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.guard.judge import Refusal

# What an IRI token could hide if its "<" were a comparison: a comment, a string, a bracket.
# "x://" is no expression, so an IRI written in full is never in doubt.
_DOUBTFUL = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*://)[^>]*['#()]")
# After these, and outside of "<<", no comparison can stand.
_NO_OPERAND = frozenset(
    ("(", "{", "[", ",", ";", "=", "!=", "<=", ">=", "!", "&&", "||", "+", "-", "*", "/", "|", "^^")
)
_OPENING = {"(": ")", "{": "}", "[": "]"}
_BRACES = {"{": 1, "}": -1}
# Directly after these words stands a name, never a keyword.
_BEFORE_NAMES = ("PREFIX", "FROM", "NAMED", "GRAPH", "DESCRIBE")


def check(tokens: Sequence[str]) -> None:
    """Raises Refusal where the raw tokens have a second reading that matters."""
    if any(len(token) > 1 and token[0] == "<" and _DOUBTFUL.match(token) for token in tokens):
        _check_comparisons(tokens)
    depth = 0
    for index, token in enumerate(tokens):
        depth += _BRACES.get(token, 0)
        if ":" in token and (token[0].isalpha() or token[0] == ":"):
            _check_prefix(tokens, index, outside=depth == 0)


def _check_comparisons(tokens: Sequence[str]) -> None:
    open_brackets: list[str] = []
    before = "{"
    for index, token in enumerate(tokens):
        if token in _OPENING:
            open_brackets.append(token)
        elif token in ("}", ")", "]") and open_brackets:
            open_brackets.pop()
        elif token[0] == "<" and len(token) > 2 and _DOUBTFUL.match(token):
            inside_expression = open_brackets[-1:] == ["("] and before not in _NO_OPERAND
            if before == "<" or inside_expression:
                reason = "could be a comparison too; put a space after '<', or write the IRI in full"
                raise Refusal(index, f"'{token[:40]}' {reason}")
        before = token


def _check_prefix(tokens: Sequence[str], index: int, outside: bool) -> None:
    """``SERVICEex:x {``, and ``FROMex:g`` outside of braces, are clauses to an engine."""
    prefix = tokens[index].partition(":")[0].upper()
    before = tokens[index - 1].upper() if index > 0 else ""
    if ":" not in before and before[:1].isalpha() and before.endswith(_BEFORE_NAMES):
        return
    if "SERVICE" in prefix and tokens[index + 1 : index + 2] == ["{"]:
        raise Refusal(index, _glued(tokens[index], "SERVICE, which is refused"))
    if "FROM" in prefix and outside:
        raise Refusal(index, _glued(tokens[index], "FROM"))


def _glued(token: str, keyword: str) -> str:
    return f"'{token[:40]}' could be read as the keyword {keyword}; give this prefix another name"
