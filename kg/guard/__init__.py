"""What a query may be, decided before any engine sees it.

A parser that recurses can be made to end its process, and one that backtracks to run for
seconds; so the process that answers people never parses SPARQL. It reads the query as a flat
list of tokens, which takes microseconds whatever the text, and judges that list.
"""

from __future__ import annotations

from kg.errors import QueryError, QueryRefused, QuerySyntaxError, QueryTooLarge
from kg.guard import ambiguity
from kg.guard.judge import GuardLimits, Inspected, Refusal, judge
from kg.guard.tokens import blanked, declared, place, split, unclosed

__all__ = ["GuardLimits", "Inspected", "declared", "inspect"]

_DEFAULT = GuardLimits()


def inspect(text: str, limits: GuardLimits = _DEFAULT) -> Inspected:
    """What kind of query this is.

    Raises QueryTooLarge, QueryRefused (with line and column), and QuerySyntaxError for a
    string that is never closed.
    """
    _check_size(text, limits)
    tokens = split(text)
    if tokens and unclosed(tokens[-1]):
        raise _error(
            QuerySyntaxError,
            text,
            len(tokens) - 1,
            "this string is never closed, or has an escape that SPARQL does not know",
        )
    try:
        ambiguity.check(tokens)
        return judge(blanked(tokens), limits)
    except Refusal as refusal:
        raise _error(QueryRefused, text, refusal.token, refusal.reason) from None


def _check_size(text: str, limits: GuardLimits) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise QueryRefused(f"character {error.start + 1} is half of a surrogate pair, not Unicode text") from None
    if size > limits.size:
        raise QueryTooLarge(f"the query has {size:,} bytes; the limit is {limits.size:,}")


def _error(kind: type[QueryError], text: str, token: int, reason: str) -> QueryError:
    line, column = place(text, token)
    return kind(reason, line, column)
