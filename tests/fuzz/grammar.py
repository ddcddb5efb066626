"""Queries made from the grammar at random, written as nastily as an engine still takes them.

Keywords stand without space, comments hold quotes and brackets, names hold keywords, and SERVICE,
FROM and functions of chance stand wherever the grammar has a place for them.
"""

from __future__ import annotations

from random import Random

PROLOGUE = (
    "BASE <http://b/>PREFIX ex: <http://127.0.0.1:1/>PREFIX : <http://e/>PREFIX service: <http://s/> "
    "PREFIX from:<http://f/>PREFIX bnode: <http://n/> "
)
SPACES = ["", " ", " ", " ", "\n", "\t", "#c\n", "#'\n", '#"""\n', "#>\n", "#\\\r"]
VARIABLES = ["?a", "?b", "$c", "?service", "?now", "?a\u0301", "?from"]
NAMES = [
    "<http://x/a>", "<http://x/a#b>", "<http://x/\\u0041#>", "<#r>", "<r>", "<SERVICE>", "<r'>", "ex:a", ":b",
    "service:a", "from:b", "SERVICE:x", "FROM:x", "from:", "true.x:y", "trueSERVICE:x", "bnode:now", "ex:a.b",
    "ex:a\\#b", "ex:a\\_\\'", "ex:a\u0301", "ex:a\u0301\\#", "ex:a%41", "_:a", "_:SERVICE",
]  # fmt: skip
LITERALS = [
    "1", "-1", "1.5", "1e5", ".5", "1.", "true", "false", "''", '""', "'x'", '"y"', "'#'", "'\\''", "'\\u0027'",
    "'\\q'", "'SERVICE'@en", "'a'^^ex:t", "'x'^^<http://x/#t>", "'''SERVICE'''", "'''\\''''", '"""a"b"""',
    '"""\\ud800"""',
]  # fmt: skip
FUNCTIONS = ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "now ()", "NOW#\n()", "STR(1)", "BNODE(?a)"]
OPERATORS = ["<", "<", ">", "<=", ">=", "=", "!=", "+", "-", "*", "/", "&&", "||"]
DEEPEST = 2


class Grammar:
    """Makes queries; the same chance makes the same ones."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def query(self) -> str:
        """A whole query with its prologue."""
        make = self._one(self._select, self._ask, self._construct, self._describe)
        return PROLOGUE + make()

    def _one(self, *things):
        return self._chance.choice(things)

    def _glued(self, *pieces: str) -> str:
        """The pieces with any space, or none, between."""
        return "".join(piece + self._one(*SPACES) for piece in pieces)

    def _several(self, make, most: int) -> str:
        return self._glued(*(make() for _ in range(self._chance.randint(0, most))))

    def _name(self) -> str:
        return self._one(*NAMES)

    def _variable(self) -> str:
        return self._one(*VARIABLES)

    def _select(self, depth: int = 0) -> str:
        what = self._one(
            "*", "?a", "DISTINCT ?a", f"({self._expression()} AS?z)", f"(COUNT({self._expression()})AS ?n)"
        )
        return self._glued(
            "SELECT", what, self._dataset(depth), self._one("WHERE", ""), self._group(depth), self._tail()
        )

    def _ask(self) -> str:
        return self._glued("ASK", self._dataset(), self._group())

    def _construct(self) -> str:
        template = self._one("", self._glued("{", "?a", self._name(), self._term(), "}"))
        return self._glued("CONSTRUCT", template, self._dataset(), "WHERE", self._group() if template else "{?a ?b ?c}")

    def _describe(self) -> str:
        return self._glued("DESCRIBE", self._name(), self._dataset(), self._one("", self._group()))

    def _dataset(self, depth: int = 0) -> str:
        if depth:
            return ""
        return self._several(lambda: self._glued(self._one("FROM", "from", "FROMNAMED", "FROM NAMED"), self._name()), 2)

    def _tail(self) -> str:
        order = self._glued("ORDER BY", self._one("?a", self._one(*FUNCTIONS), f"({self._expression()})"))
        return self._one("", "", order, self._glued("GROUP BY", self._one(*FUNCTIONS)), self._glued("LIMIT", "1"))

    def _group(self, depth: int = 0) -> str:
        if depth > DEEPEST:
            return "{}"
        return self._glued("{", self._several(lambda: self._element(depth + 1), 3), "}")

    def _element(self, depth: int) -> str:
        make = self._one(self._triple, self._triple, self._filter, self._service, self._nested, self._values)
        return make(depth)

    def _triple(self, _depth: int) -> str:
        return self._glued(self._term(), self._verb(), self._term(), self._one(".", ".", ";", ""))

    def _filter(self, depth: int) -> str:
        inner = self._expression(depth)
        return self._one(f"FILTER({inner})", f"BIND({inner} AS?v{self._chance.randint(0, 9_999)})")

    def _service(self, depth: int) -> str:
        word = self._one("SERVICE", "service", "SERVICESILENT", "SERVICE SILENT")
        return self._glued(word, self._one(self._variable(), self._name()), self._group(depth))

    def _nested(self, depth: int) -> str:
        group = self._group(depth)
        if depth > DEEPEST:
            return group
        graph = self._glued("GRAPH", self._one(self._variable(), self._name()), group)
        union = self._glued(group, "UNION", self._group(depth))
        return self._one(self._glued("OPTIONAL", group), graph, union, f"{{{self._select(depth)}}}")

    def _values(self, _depth: int) -> str:
        row = lambda: self._one(self._name(), self._one(*LITERALS), "UNDEF")  # noqa: E731
        return self._one(
            self._glued("VALUES", "?v", "{", row(), row(), "}"),
            self._glued("VALUES", "(?v ?w)", "{", "(", row(), row(), ")", "}"),
        )

    def _term(self, depth: int = 0) -> str:
        if depth > DEEPEST or self._chance.random() < 0.85:
            return self._one(self._variable(), self._name(), self._one(*LITERALS))
        inner = lambda: self._term(depth + 1)  # noqa: E731
        return self._one(
            self._glued("[", self._verb(), inner(), "]"),
            self._glued("(", self._several(inner, 3), ")"),
            self._glued("<<", inner(), self._name(), inner(), ">>"),
            self._glued("<<(", inner(), self._name(), inner(), ")>>"),
        )

    def _verb(self) -> str:
        one, two = self._name(), self._name()
        return self._one(
            self._variable(), one, one, "a", f"({one}|{two})", f"^{one}", f"{one}*", f"{one}/{two}", f"!({one})"
        )

    def _expression(self, depth: int = 0) -> str:
        if depth > DEEPEST or self._chance.random() < 0.35:
            return self._one(self._variable(), self._one(*LITERALS), self._name(), self._one(*FUNCTIONS))
        inner = lambda: self._expression(depth + 1)  # noqa: E731
        return self._one(
            self._glued(inner(), self._one(*OPERATORS), inner()),
            self._glued(inner(), self._one(*OPERATORS), inner()),
            f"!{inner()}",
            f"IF({inner()},{inner()},{inner()})",
            self._glued(inner(), "IN", f"({inner()},{inner()})"),
            self._glued("EXISTS", self._group(depth + 1)),
            self._glued("(", inner(), ")"),
        )
