"""A query's tokens → what it is, or why it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from kg.guard.estimate import is_light, is_modest

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
# Each declaration that may stand before a query, and its length in tokens.
_PROLOGUE = {"BASE": 2, "PREFIX": 3, "VERSION": 2}
_STEPS = {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}
_INNER_STEPS = {"(": 1, "[": 1, ")": -1, "]": -1}
_OPERATORS = frozenset(("+", "-", "*", "/", "|", "||", "&&", "!", "^", "UNION", "MINUS", "FILTER", "BIND", "SELECT"))
# Engines take keywords without a space between, as in ``ORDER BYRAND()`` and ``SERVICESILENT``;
# so keywords are looked for inside words. No word of the grammar holds another of these by chance.
_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")
# Longer queries are judged anew each time, so that the memory of verdicts stays small.
_REMEMBERED_TOKENS = 512
# Quads up to which work that grows with the store takes milliseconds.
_SMALL_STORE = 250_000


@dataclass(frozen=True)
class GuardLimits:
    """Bounds on a query text; each is a setting of the service.

    ``size`` in bytes of UTF-8; ``nesting`` of all brackets; ``brackets`` is the nesting of
    ``( )`` and ``[ ]`` alone, where engines take exponential time; ``optionals``, ``paths``
    (``/``) and ``operators`` (operators, UNION, FILTER, BIND …) are counts in the whole query.
    """

    size: int = 64 * 1024
    nesting: int = 128
    brackets: int = 64
    optionals: int = 100
    paths: int = 500
    operators: int = 2_000


@dataclass(frozen=True)
class Inspected:
    """A query that the guard lets through.

    ``shape`` is the text with IRIs, strings and numbers blanked: queries of one shape cost alike.
    ``light`` is a guess that it ends in milliseconds, ``modest`` that it does where the store is small.
    ``volatile`` tells that it uses NOW, RAND, UUID, STRUUID or BNODE: asked again it may be answered
    otherwise, so the answer must not be kept.
    """

    form: str
    has_dataset: bool
    shape: str
    light: bool
    modest: bool = False
    volatile: bool = False

    def is_light_on(self, quads: int) -> bool:
        """Whether it is expected to end in milliseconds on a store of that many quads."""
        return self.light or (self.modest and quads <= _SMALL_STORE)


class Refusal(Exception):
    """Internal to the guard: the index of the token at fault, and the reason."""

    def __init__(self, token: int, reason: str) -> None:
        self.token = token
        self.reason = reason
        super().__init__(reason)


def judge(tokens: tuple[str, ...], limits: GuardLimits) -> Inspected:
    """The verdict on blanked tokens; raises Refusal."""
    verdict = _remembered if len(tokens) <= _REMEMBERED_TOKENS else _judge
    return verdict(tokens, limits)


def _judge(tokens: tuple[str, ...], limits: GuardLimits) -> Inspected:
    _check_depth(tokens, _STEPS, limits.nesting, "brackets nest")
    _check_depth(tokens, _INNER_STEPS, limits.brackets, "( ) and [ ] nest")
    words = list(_words(tokens))
    upper = [word for _, word in words]
    _check_width(tokens, words, limits)
    form = _form(tokens)
    for at, word in words:
        if "SERVICE" in word:
            raise Refusal(at, "SERVICE is refused: this endpoint asks no other; query the other one yourself")
    volatile = any(name in word for word in upper for name in _VOLATILE)
    has_dataset = any("FROM" in word for word in upper)
    light, modest = is_light(form, tokens), is_modest(form, tokens)
    return Inspected(form, has_dataset, " ".join(tokens), light, modest, volatile)


_remembered = lru_cache(maxsize=512)(_judge)


def _words(tokens: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Bare words in upper case; ``true.SERVICE`` is two, since no keyword holds a dot."""
    for index, token in enumerate(tokens):
        if token[0].isalpha():
            for word in token.upper().split("."):
                yield index, word


def _form(tokens: tuple[str, ...]) -> str:
    at = 0
    while at < len(tokens) and tokens[at].upper() in _PROLOGUE:
        at += _PROLOGUE[tokens[at].upper()]
    first = tokens[at].upper() if at < len(tokens) else ""
    if first in FORMS:
        return first
    if first in _UPDATES:
        raise Refusal(at, f"{first} is an update; this endpoint only reads")
    start = f"this starts with '{first}'" if first else "there is no query here"
    raise Refusal(at if first else 0, f"{start}; a query starts with {', '.join(FORMS[:-1])} or {FORMS[-1]}")


def _check_depth(tokens: tuple[str, ...], steps: dict[str, int], limit: int, what: str) -> None:
    if sum(map(tokens.count, steps)) <= limit:
        return
    for index, depth in enumerate(accumulate(steps.get(token, 0) for token in tokens)):
        if depth > limit:
            raise Refusal(index, f"{what} more than {limit} deep")


def _check_width(tokens: tuple[str, ...], words: list[tuple[int, str]], limits: GuardLimits) -> None:
    if len(tokens) <= min(limits.optionals, limits.paths, limits.operators):
        return
    counted = sorted([*((index, token) for index, token in enumerate(tokens) if not token[0].isalpha()), *words])
    _check_count(counted, frozenset(("OPTIONAL",)), limits.optionals, "OPTIONAL")
    _check_count(counted, frozenset("/"), limits.paths, "'/' in paths")
    _check_count(counted, _OPERATORS, limits.operators, "operators, UNION, FILTER, BIND and the like")


def _check_count(counted: list[tuple[int, str]], which: frozenset[str], limit: int, what: str) -> None:
    places = [index for index, token in counted if token in which]
    if len(places) > limit:
        raise Refusal(places[limit], f"more than {limit:,} times {what}")
