"""A query's answer as a page shows it: a table, and bars, a map or a network where the answer lets itself be drawn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from api import answer_map, answer_network, bars, bindings, built, geometry, prefixes
from api.answer_map import AnswerMap
from api.answer_network import AnswerNetwork
from api.bars import Bars
from api.bindings import Bindings
from api.errors import BadRequest
from api.labels import Labels
from api.service import Service
from kg import evaluate, guard
from kg.errors import AnswerUnwritable

VIEWS = ("table", "bars", "map", "network")
_TRIPLES = ("CONSTRUCT", "DESCRIBE")
_WANTING = {
    "bars": "Bars need a table with at least one row.",
    "map": "A map needs a column with parties or their codes.",
    "network": "A network needs two columns, or triples between things.",
}
Picture = Bars | AnswerMap | AnswerNetwork


@dataclass(frozen=True)
class Shown:
    """An answer. ``picture`` is None in the view ``table`` and where nothing can be drawn; ``note`` then says why."""

    view: str
    found: Bindings
    triples: bool
    picture: Picture | None = None
    note: str = ""


def view(name: str) -> str:
    """The view that an address names, the table where it names none; raises BadRequest."""
    if name not in ("", *VIEWS):
        raise BadRequest(400, f"'{name}' is no view of an answer; known: {', '.join(VIEWS)}")
    return name or VIEWS[0]


async def read(service: Service, text: str, wished: str, labels: Labels) -> Shown:
    """The answer to a query; raises as the pool does, and AnswerUnwritable where it is too long for a page."""
    inspected = guard.inspect(text, service.guard_limits)
    triples = inspected.form in _TRIPLES
    body = await _body(service, text, "turtle" if triples else "json")
    found = Bindings(text=body.decode()) if triples else bindings.read(body, prefixes.of(service.snapshot))
    if wished == VIEWS[0] or found.truth is not None:
        return Shown(wished, found, triples)
    try:
        lines = await _body(service, text, "ntriples") if triples and wished == "network" else b""
        # One at a time: a picture is drawn in this process, which answers everybody.
        async with service.kept(_turn):
            picture = await asyncio.to_thread(_drawn, service, lines or found, wished, labels)
    except AnswerUnwritable as error:
        return Shown(wished, found, triples, note=str(error))
    return Shown(wished, found, triples, picture, "" if picture else _WANTING[wished])


def _turn(_: Service) -> asyncio.Lock:
    return asyncio.Lock()


async def _body(service: Service, text: str, form: str) -> bytes:
    inspected = guard.inspect(text, service.guard_limits)
    answer = await service.pool.run(evaluate.Request(text, form, has_dataset=inspected.has_dataset), inspected)
    if answer.body is None:
        answer.close()
        raise AnswerUnwritable("the answer is too long for a page; take it as a file in one of the formats")
    return answer.body


def _drawn(service: Service, found: Bindings | bytes, wished: str, labels: Labels) -> Picture | None:
    """The picture of a table, or of N-Triples."""
    if isinstance(found, bytes):
        return answer_network.of_triples(found)
    if wished == "bars":
        return bars.read(found)
    if wished == "map":
        outlines = built.read(service.settings.assets).outlines
        return answer_map.read(found, geometry.read(outlines), labels)
    return answer_network.of_table(found, labels)
