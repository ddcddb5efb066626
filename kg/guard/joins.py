"""How the triple patterns of a query hang together: no product of unrelated sets, no scan of everything.

The work then grows about as the store does, so that on a small store such a query takes
milliseconds, with OPTIONAL, UNION, sub-SELECT, groups and order too. Only names are looked at, not
scopes: this is a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

_CONSTANTS = frozenset(("<>", '""', "0", "TRUE", "FALSE"))
_BETWEEN = frozenset((".", "{", "}", "OPTIONAL", "UNION", "MINUS", "EXISTS", "NOT", "WHERE"))
_MODIFIERS = frozenset(("GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET"))
_CLAUSES = frozenset(("FILTER", "BIND", "VALUES", "GRAPH", "SELECT")) | _MODIFIERS
_AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))
_COMPARISONS = frozenset(("<", ">", "!=", "<=", ">="))
_VERBS = frozenset(("<>", "A", "/", "|", "^", "(", ")", "*", "+", "?"))
# A query with more of both is likely to write out a whole table.
_MOST_SELECTS, _MOST_OPTIONALS = 4, 7

Words = list[str]


class _Unsure(Exception):
    """The reader met something it does not understand."""


@dataclass
class _Joins:
    """Sets of variables that hang together, and what else tells how a query's work grows.

    ``anchored`` are those next to a constant subject or from VALUES, ``free`` those of triples with
    nothing given at all, ``pairs`` those that a filter compares with each other.
    """

    of: dict[str, str] = field(default_factory=dict)
    anchored: set[str] = field(default_factory=set)
    in_triples: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    free: list[Words] = field(default_factory=list)
    pairs: list[set[str]] = field(default_factory=list)

    def root(self, name: str) -> str:
        """The name that stands for the set in which this one is."""
        while (above := self.of.setdefault(name, name)) != name:
            self.of[name] = self.of[above]
            name = above
        return name

    def join(self, names: Words) -> None:
        """All of these are in one set."""
        for name in names[1:]:
            self.of[self.root(name)] = self.root(names[0])

    def are_modest(self) -> bool:
        """No scan of everything, no pairs of things, and one set, or each small from its start."""
        known = self.in_triples | self.anchored
        if any(known.isdisjoint(names) for names in self.free) or any(pair <= self.subjects for pair in self.pairs):
            return False
        sets = {self.root(name) for name in self.in_triples.union(*self.free)}
        return len(sets) <= 1 or sets <= {self.root(name) for name in self.anchored}


def is_modest(words: Words, body: Words) -> bool:
    """Whether the work is likely to grow no faster than the store; ``body`` is the outer pattern of ``words``."""
    if words.count("SELECT") > _MOST_SELECTS and words.count("OPTIONAL") > _MOST_OPTIONALS:
        return False
    joins = _Joins()
    try:
        _read(body, joins)
    except _Unsure:
        return False
    return joins.are_modest()


def _read(body: Words, joins: _Joins) -> None:
    block: Words = []
    index = 0
    while index < len(body):
        word = body[index]
        if word in _BETWEEN or word in _CLAUSES:
            _read_block(block, joins)
            block = []
            index = _after(body, index, joins) if word in _CLAUSES else index + 1
        else:
            block.append(word)
            index += 1
    _read_block(block, joins)


def _after(body: Words, index: int, joins: _Joins) -> int:
    """The index after a clause that is no triple, once its part in the joins is noted."""
    word = body[index]
    if word == "GRAPH":
        return index + 2
    if word == "SELECT":
        return _after_select(body, index)
    if word in _MODIFIERS:
        return body.index("}", index) if "}" in body[index:] else len(body)
    if word == "FILTER" and body[index + 1 : index + 2] in (["NOT"], ["EXISTS"]):
        return index + 1
    start = _find(body, index, "{" if word == "VALUES" else "(")
    end = _skip(body, start)
    _note(word, body[index + 1 : end], joins)
    return end


def _after_select(body: Words, index: int) -> int:
    """Into the pattern of a sub-SELECT; past it when it gives one row, as an aggregate without groups does."""
    start = _find(body, index, "{")
    end = _skip(body, start)
    if _AGGREGATES.isdisjoint(body[index:start]) or body[end : end + 1] == ["GROUP"]:
        return start
    inner = _Joins()
    _read(body[start:end], inner)
    if not inner.are_modest():
        raise _Unsure
    return end


def _note(word: str, clause: Words, joins: _Joins) -> None:
    names = list(filter(is_variable, clause))
    if word == "VALUES" or (word == "BIND" and len(names) == 1):
        joins.anchored.update(names)
    if word != "FILTER":
        joins.join(names)
    elif not _COMPARISONS.isdisjoint(clause) and _CONSTANTS.isdisjoint(clause) and "{" not in clause:
        joins.pairs.append(set(names))
    while word != "VALUES" and "{" in clause:  # EXISTS inside an expression
        start = clause.index("{")
        end = _skip(clause, start)
        _read(clause[start:end], joins)
        clause = clause[end:]


def _read_block(block: Words, joins: _Joins) -> None:
    """Each triple of ``s p o ; p o , o``, with a name of its own for each ``[ p o ]``."""
    while "]" in block:
        end = block.index("]")
        start = max((at for at in range(end) if block[at] == "["), default=None)
        if start is None:
            raise _Unsure
        name = f"_:{len(joins.of)}"
        joins.join([name])
        _read_block([name, *block[start + 1 : end]], joins)
        block = [*block[:start], name, *block[end + 1 :]]
    subject = block[:1]
    for number, part in enumerate(parts(block, ";")):
        verb: Words = []
        for count, words in enumerate(parts(part if number == 0 else subject + part, ",")):
            if len(words) + count > 1:
                verb = _read_triple(words if count == 0 else subject + verb + words, joins)


def _read_triple(words: Words, joins: _Joins) -> Words:
    """Note the triple and give its verb."""
    if words[-2:-1] == ["^^"]:
        words = words[:-2]
    elif words[-1].startswith("@"):
        words = words[:-1]
    if len(words) < 3:
        raise _Unsure
    subject, verb, target = words[0], words[1:-1], words[-1]
    given = not _CONSTANTS.isdisjoint((subject, target))
    free = len(verb) == 1 and is_variable(verb[0])
    if not _is_term(subject) or not _is_term(target) or not (free or _is_path(verb, given)):
        raise _Unsure
    names = list(filter(is_variable, (subject, *verb, target)))
    if free and not given:
        joins.free.append([subject, target])
    else:
        joins.in_triples.update(names)
    joins.subjects.add(subject)
    joins.join(names)
    if subject in _CONSTANTS:
        joins.anchored.update(names)
    return verb


def _is_path(verb: Words, given: bool) -> bool:
    """A path; one that goes anywhere (``!``) only from something given."""
    return _VERBS.issuperset(verb) or (given and (_VERBS | {"!"}).issuperset(verb))


def is_variable(word: str) -> bool:
    """Whether a token is a variable or the label of a blank node."""
    return (word[0] in "?$" and len(word) > 1) or word.startswith("_:")


def _is_term(word: str) -> bool:
    return word in _CONSTANTS or is_variable(word)


def parts(words: Words, separator: str) -> Iterator[Words]:
    """The words between separators."""
    part: Words = []
    for word in words:
        if word == separator:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _find(body: Words, index: int, word: str) -> int:
    if word not in body[index:]:
        raise _Unsure
    return body.index(word, index)


def _skip(words: Words, start: int) -> int:
    """The index after the bracket that closes the one at ``start``."""
    opening = words[start]
    closing, depth = {"(": ")", "{": "}"}[opening], 0
    for index in range(start, len(words)):
        depth += (words[index] == opening) - (words[index] == closing)
        if depth == 0:
            return index + 1
    return len(words)
