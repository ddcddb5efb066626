"""A guess from the tokens alone whether a query will end in milliseconds.

Light on a store of any size is a query whose triple patterns all hang together and start from
something given; on a small store a modest one is light too. A wrong guess costs little: the pool
moves a light query that runs on, and remembers its shape.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.guard import joins

_HEAVY = frozenset(
    [
        "OPTIONAL",
        "UNION",
        "MINUS",
        "EXISTS",
        "LATERAL",
        "GROUP",
        "ORDER",
        "HAVING",
        "COUNT",
        "SUM",
        "MIN",
        "MAX",
        "AVG",
        "SAMPLE",
        "GROUP_CONCAT",
    ]
)
_CONSTANTS = frozenset(("<>", '""', "0", "TRUE", "FALSE"))
# Longer queries are not worth a guess; the reader below may look at a token more than once.
_LONGEST = 1_000
_CLOSING = {"(": ")", "{": "}"}

Term = str
Triple = tuple[Term, Term]  # subject and object


class _Unsure(Exception):
    """The reader met something it does not understand; the query counts as heavy."""


def is_modest(form: str, tokens: tuple[str, ...]) -> bool:
    """Whether a query of that form is expected to end in milliseconds where the store is small."""
    if len(tokens) > _LONGEST or form == "DESCRIBE":
        return False
    words = _upper(tokens)
    body = _body(form, words)
    return body is not None and joins.is_modest(words, body)


def is_light(form: str, tokens: tuple[str, ...]) -> bool:
    """Whether a query of that form is expected to end in milliseconds."""
    if len(tokens) > _LONGEST:
        return False
    words = _upper(tokens)
    if not _HEAVY.isdisjoint(words) or words.count("SELECT") > 1:
        return False
    body = _body(form, words)
    if body is None:
        return form == "DESCRIBE"
    given: set[Term] = set()
    try:
        triples = list(_triples(body, given))
    except _Unsure:
        return False
    if len(triples) == 1 and (form == "ASK" or "LIMIT" in words):
        return True
    return _hang_together(triples, given)


def _upper(tokens: tuple[str, ...]) -> list[str]:
    return [token.upper() if token[0].isalpha() else token for token in tokens]


def _body(form: str, words: list[str]) -> list[str] | None:
    """The words inside the outer braces of the pattern, or None where there is no pattern."""
    if "{" not in words:
        return None
    start = words.index("{")
    if form == "CONSTRUCT" and words[start - 1] == "CONSTRUCT":
        start = _skip(words, start)
        start += words[start:].index("{") if "{" in words[start:] else 0
    return words[start + 1 : _skip(words, start) - 1]


def _skip(words: list[str], start: int) -> int:
    """The index after the bracket that closes the one at ``start``."""
    opening = words[start]
    closing, depth = _CLOSING[opening], 0
    for index in range(start, len(words)):
        depth += (words[index] == opening) - (words[index] == closing)
        if depth == 0:
            return index + 1
    return len(words)


def _triples(body: list[str], given: set[Term]) -> Iterator[Triple]:
    """Subject and object of each triple pattern; variables that VALUES binds go into ``given``."""
    block: list[str] = []
    index = 0
    while index < len(body):
        word = body[index]
        if word in (".", "{", "}", "FILTER", "BIND", "VALUES", "GRAPH"):
            yield from _block(block)
            block = []
            index = _after(body, index, given)
        else:
            block.append(word)
            index += 1
    yield from _block(block)


def _after(body: list[str], index: int, given: set[Term]) -> int:
    """The index after a separator or a clause that holds no triple."""
    word = body[index]
    if word == "GRAPH":
        return index + 2
    if word in (".", "{", "}"):
        return index + 1
    bracket = "{" if word == "VALUES" else "("
    if bracket not in body[index:]:
        raise _Unsure
    start = body.index(bracket, index)
    if word == "VALUES":
        given.update(term for term in body[index:start] if _is_variable(term))
    return _skip(body, start)


def _block(block: list[str]) -> Iterator[Triple]:
    """``s p o ; p o , o`` → its triples."""
    subject = block[0] if block else ""
    for number, verbs in enumerate(joins.parts(block, ";")):
        words = verbs if number == 0 else [subject, *verbs]
        if not verbs:
            continue
        for count, objects in enumerate(joins.parts(words, ",")):
            triple = objects if count == 0 else [subject, "<>", *objects]
            yield _triple(triple)


def _triple(words: list[str]) -> Triple:
    if words[3:] and (words[3].startswith("@") or words[3] == "^^"):
        words = words[:3]
    if len(words) != 3 or not _is_term(words[0]) or not _is_term(words[2]):
        raise _Unsure
    return words[0], words[2]


def _is_term(word: str) -> bool:
    return word in _CONSTANTS or _is_variable(word)


def _is_variable(word: str) -> bool:
    return word[0] in "?$" or word.startswith("_:")


def _hang_together(triples: list[Triple], given: set[Term]) -> bool:
    """Whether every triple is reached from what is given, through shared variables."""
    known = set(given) or _first_given(triples)
    left = [triple for triple in triples if any(map(_is_variable, triple))]
    while known and left:
        reached = [triple for triple in left if not known.isdisjoint(triple)]
        if not reached:
            break
        known.update(term for triple in reached for term in triple if _is_variable(term))
        left = [triple for triple in left if triple not in reached]
    return not left


def _first_given(triples: list[Triple]) -> set[Term]:
    """The variables of the first triple that has a constant as subject or object."""
    for triple in triples:
        if not _CONSTANTS.isdisjoint(triple):
            return {term for term in triple if _is_variable(term)}
    return set()
