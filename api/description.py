"""A resource in one form as bytes: asked of the pool, or read from a file of the snapshot."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from api import prefixes, resource
from api.resource import Resource
from api.service import Service
from kg import describe, evaluate, export, formats, guard, jsonld, names
from kg.errors import UnknownName
from kg.formats import Content, Format
from kg.store import Snapshot

CONTEXT = "context.jsonld"
_FOLDED = ("jsonld", "json")
_GRAPHED = ("nquads", "trig")


async def ask(service: Service, text: str, format_name: str = "json") -> bytes:
    """The answer to one of the project's own queries on one thing; raises as ``Pool.run`` does.

    They end in milliseconds, which the guard cannot see from their text: told so, they wait for no heavy query.
    """
    inspected = replace(guard.inspect(text, service.guard_limits), light=True)
    answer = await service.pool.run(evaluate.Request(text, format_name), inspected)
    return b"".join([piece async for piece in answer.chunks()])


async def rows(service: Service, text: str) -> list[dict[str, dict[str, str]]]:
    """The bindings of one of the project's own queries, each by variable."""
    return list(json.loads(await ask(service, text))["results"]["bindings"])


async def check(service: Service, found: Resource) -> None:
    """Raise UnknownName with near names when nothing is said of it."""
    if json.loads(await ask(service, resource.exists(found)))["boolean"]:
        return
    near = await rows(service, resource.siblings(found))
    known = sorted(row["name"]["value"].removeprefix(names.BASE).removeprefix("data/") for row in near)
    raise UnknownName("resource", found.path.removeprefix("data/"), known)


async def body(service: Service, found: Resource, form: Format) -> bytes:
    """The description of a thing of the graph; raises UnknownName, AnswerUnwritable and as ``Pool.run`` does."""
    await check(service, found)
    declared = prefixes.declared(service.snapshot)
    if form.content is Content.GRAPH and form.name == "csv":
        return await ask(service, resource.pairs(found), "csv")
    if form.name in _GRAPHED:
        own = await ask(service, resource.triples(found), "ntriples")
        return await asyncio.to_thread(_in_graph, own, found.graph, form.name)
    if form.name in _FOLDED and not found.is_graph:
        folded = await tree(service, found)
        return await asyncio.to_thread(lambda: json.dumps(folded, ensure_ascii=False).encode())
    name = "jsonld" if form.name == "json" else form.name
    return await ask(service, declared + resource.description(found), name)


async def tree(service: Service, found: Resource) -> dict[str, Any]:
    """The description of a thing as one JSON-LD tree."""
    expanded = await ask(service, resource.description(found), "jsonld")
    return await asyncio.to_thread(lambda: jsonld.tree(json.loads(expanded), context(service.snapshot), found.iri))


def document(service: Service, name: str, form: Format) -> bytes:
    """A Turtle file of the snapshot in any RDF format, with the service's own address in it; raises UnknownName."""
    return _document(service.snapshot, name, form.name, service.settings.address)


@lru_cache(maxsize=64)
def _document(snapshot: Snapshot, name: str, form: str, address: str) -> bytes:
    if name not in snapshot.manifest["files"]:
        raise UnknownName("document", name, sorted(resource.DOCUMENTS.values()))
    known = describe.PREFIXES if name in describe.FILES else prefixes.of(snapshot)
    made = export.converted(snapshot.folder / name, form, known)
    for place in ("downloads", "sparql"):
        if name in describe.FILES and address != names.BASE:
            made = _readdressed(made, place, address)
    return made


def _readdressed(text: bytes, place: str, address: str) -> bytes:
    """The service's addresses in place of the permanent ones; names with a fragment stay names."""
    old, new = f"{names.BASE}{place}", f"{address}{place}"
    for ending in (">", "/", '"'):
        text = text.replace(f"{old}{ending}".encode(), f"{new}{ending}".encode())
    return text


@lru_cache(maxsize=4)
def context(snapshot: Snapshot) -> dict[str, Any]:
    """The JSON-LD context that the snapshot was built with."""
    known: dict[str, Any] = json.loads((snapshot.folder / CONTEXT).read_text("utf-8"))
    return known


def rdf_forms() -> tuple[Format, ...]:
    """The formats that hold a graph."""
    return formats.holding(Content.GRAPH, Content.DATASET)


def _in_graph(ntriples: bytes, graph: str, name: str) -> bytes:
    """Triples as quads of their graph, or as a TriG block of it."""
    lines = ntriples.decode().removesuffix("\n").split("\n")  # no splitlines: a literal may hold U+2028
    if name == "trig":
        return "".join([f"<{graph}> {{\n", *(f"{line}\n" for line in lines), "}\n"]).encode()
    return "".join(f"{line.removesuffix(' .')} <{graph}> .\n" for line in lines).encode()
