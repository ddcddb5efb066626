"""In what engines differ beyond the protocol: one row each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.errors import QueryRefused
from kg.evaluate import Request
from kg.guard.tokens import place, split

Fields = dict[str, str | list[str]]


@dataclass(frozen=True)
class Dialect:
    """How one kind of engine is asked.

    ``server`` is how its Server header begins. ``union`` is how its default graph becomes the union
    of its graphs: ``parameter`` or ``default``, as in RemoteSettings. ``time_field`` is the form field that takes
    a time limit in milliseconds. ``extension`` matches names that reach past SPARQL. ``cuts_graphs`` tells
    that it cuts graphs at a number of triples without a word.
    """

    server: str
    union: str = "default"
    time_field: str = ""
    extension: re.Pattern[str] | None = None
    cuts_graphs: bool = False


# Virtuoso can leave its own graphs out of the union (``define input:default-graph-exclude``), but then
# finds nothing for some property paths; so its 2,500 system triples stay in.
DIALECTS = (
    Dialect("Oxigraph", union="parameter"),
    Dialect(
        "Virtuoso",
        time_field="timeout",
        extension=re.compile(r"<?(?:bif|sql):", re.IGNORECASE),
        cuts_graphs=True,
    ),
)
OTHER = Dialect("")


def of_server(header: str) -> Dialect:
    """The dialect of an engine that names itself so."""
    return next((known for known in DIALECTS if header.startswith(known.server)), OTHER)


def fields(dialect: Dialect, request: Request, time_limit: float) -> Fields:
    """The form to send: the query, its dataset and its time limit (seconds). Raises QueryRefused."""
    _check_extensions(dialect, request.text)
    form: Fields = {"query": request.text}
    if request.default_graphs or request.named_graphs:
        form |= {"default-graph-uri": [*request.default_graphs], "named-graph-uri": [*request.named_graphs]}
    if dialect.time_field:
        form[dialect.time_field] = str(int(time_limit * 1000))
    return form


def parameters(dialect: Dialect, union: str, request: Request) -> dict[str, str]:
    """What to add to the address, so that a query that names no graph reads the union."""
    way = dialect.union if union == "auto" else union
    chosen = request.default_graphs or request.named_graphs or request.has_dataset
    return {"union-default-graph": "true"} if way == "parameter" and not chosen else {}


def _check_extensions(dialect: Dialect, text: str) -> None:
    if dialect.extension is None:
        return
    for index, token in enumerate(split(text)):
        if dialect.extension.match(token):
            line, column = place(text, index)
            raise QueryRefused("functions of the engine beyond SPARQL are refused", line, column)
