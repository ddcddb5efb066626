"""The OpenAPI document: FastAPI's own of the routes, and ``/sparql``, which is no route of FastAPI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI

from api.errors import PROBLEM
from api.protocol import DIRECT, FORM
from kg import formats
from kg.formats import Content, Format

_BINDINGS = formats.holding(Content.BINDINGS)
_GRAPH = formats.holding(Content.GRAPH, Content.DATASET)
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_REFUSALS = {
    400: "The query, its encoding or a parameter is at fault, or the query is an update or asks another endpoint.",
    406: "No format asked for can hold the answer.",
    408: "The request was not whole in time.",
    413: "The query is too long.",
    414: "The address is too long; send the query by POST.",
    415: "The body is no query in UTF-8.",
    429: "Too many queries are waiting, or this client asked too often.",
    431: "The header is too long.",
    500: "The worker ended for a reason of its own.",
    502: "The engine at another address failed, or its answer could not be trusted.",
    503: "A limit on time, memory or waiting was reached; `limit` says which.",
}
_TEXT = {"type": "string"}
PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A problem document (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "Where, what is wrong, and what would be right."},
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
        "limit": {"enum": ["time", "memory", "queue", "worker"]},
        "near": {"type": "array", "items": _TEXT, "description": "Known names like the unknown one."},
    },
}


def add_sparql(app: FastAPI) -> None:
    """Make ``app.openapi()`` describe ``/sparql`` too, and the problem document of every refusal."""
    inner = app.openapi

    def openapi() -> dict[str, Any]:
        document = inner()
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        for path in document["paths"].values():
            for operation in path.values():
                _refuse_as_we_do(operation["responses"])
        document["paths"]["/sparql"] = {"get": _get(), "post": _post()}
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document


def _refuse_as_we_do(responses: dict[str, Any]) -> None:
    """FastAPI promises its own 422; here every refusal is a problem document."""
    responses.pop("422", None)
    responses.setdefault("default", {"description": "A refusal.", "content": _refusal()})


def _get() -> dict[str, Any]:
    query = _parameter("query", {"type": "string", "minLength": 1}, "A SPARQL 1.1 query.", required=True)
    return _operation("Answer a query", "sparql_get", [query, *_dataset(), _format()])


def _post() -> dict[str, Any]:
    fields = {"query": _TEXT, "default-graph-uri": _IRIS, "named-graph-uri": _IRIS, "format": _names()}
    form = {"type": "object", "required": ["query"], "properties": fields}
    content = {DIRECT: {"schema": _TEXT}, FORM: {"schema": form}}
    operation = _operation("Answer a query in the body", "sparql_post", [*_dataset(), _format()])
    return operation | {"requestBody": {"required": True, "content": content}}


def _operation(summary: str, name: str, parameters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    answers = {str(status): {"description": words, "content": _refusal()} for status, words in _REFUSALS.items()}
    return {
        "summary": summary,
        "description": "The SPARQL 1.1 Protocol. Read-only: no updates, no SERVICE.",
        "operationId": name,
        "tags": ["sparql"],
        "parameters": list(parameters),
        "responses": {"200": {"description": "The answer.", "content": _answers()}} | answers,
    }


def _refusal() -> dict[str, Any]:
    return {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {"schema": _TEXT}}


def _answers() -> dict[str, Any]:
    found: dict[str, Any] = {form.media_type: {} for form in (*_BINDINGS, *_GRAPH)}
    return found | {"text/html": {"schema": _TEXT}}


def _dataset() -> list[dict[str, Any]]:
    words = "IRI of a graph to be %s; any of these replaces the dataset of the query."
    return [
        _parameter("default-graph-uri", _IRIS, words % "merged into the default graph"),
        _parameter("named-graph-uri", _IRIS, words % "a named graph"),
    ]


def _format() -> dict[str, Any]:
    return _parameter("format", _names(), "A format by name, in place of the Accept header.")


def _names() -> dict[str, Any]:
    known: tuple[Format, ...] = formats.FORMATS
    return {"type": "string", "enum": [form.name for form in known]}


def _parameter(name: str, schema: dict[str, Any], words: str, required: bool = False) -> dict[str, Any]:
    made = {"name": name, "in": "query", "required": required, "description": words, "schema": schema}
    return made | ({"style": "form", "explode": True} if schema.get("type") == "array" else {})
