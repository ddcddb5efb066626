"""The OpenAPI document → operations by tag, as a page shows them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Parameter(NamedTuple):
    """One parameter of an operation."""

    name: str
    place: str
    required: bool
    kind: str
    description: str


class Operation(NamedTuple):
    """One method of one path."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str, str], ...]  # status, description, media types


def read(document: dict[str, Any]) -> dict[str, list[Operation]]:
    """Operations by their first tag, tags and paths in order."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in sorted(document["paths"].items()):
        for method, told in methods.items():
            tag = (told.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append(_operation(method, path, told))
    return dict(sorted(groups.items()))


def _operation(method: str, path: str, told: dict[str, Any]) -> Operation:
    answers = tuple(
        (status, answer.get("description", ""), ", ".join(answer.get("content", {})))
        for status, answer in sorted(told.get("responses", {}).items())
    )
    summary, description = told.get("summary", ""), told.get("description", "")
    return Operation(
        method.upper(), path, summary, description, tuple(map(_parameter, told.get("parameters", ()))), answers
    )


def _parameter(told: dict[str, Any]) -> Parameter:
    schema = told.get("schema", {})
    kind = schema.get("type", "") or " or ".join(one.get("type", "") for one in schema.get("anyOf", ()))
    return Parameter(told["name"], told["in"], told.get("required", False), kind, told.get("description", ""))
