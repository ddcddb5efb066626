"""The OpenAPI document says what the service does, ``/sparql`` included."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import validate

from api import errors
from api.app import create_app
from api.settings import Settings
from kg import formats


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_it_is_the_same_when_asked_again() -> None:
    app = create_app(Settings())
    assert app.openapi() == app.openapi()


def test_sparql_has_its_parameters_formats_and_refusals(document: dict[str, Any]) -> None:
    get, post = (document["paths"]["/sparql"][method] for method in ("get", "post"))
    assert get["parameters"][0]["name"] == "query"
    assert set(post["requestBody"]["content"]) == {"application/sparql-query", "application/x-www-form-urlencoded"}
    for operation in (get, post):
        assert {form.media_type for form in formats.FORMATS} <= set(operation["responses"]["200"]["content"])
        known = {
            answer.status
            for kind, answer in errors.ANSWERS.items()
            if issubclass(kind, errors.errors.QueryError | errors.errors.EngineError)
        }
        assert {str(status) for status in known} <= set(operation["responses"])


def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            refusals = [answer for status, answer in operation["responses"].items() if status[0] in "45d"]
            assert refusals
            assert all(errors.PROBLEM in answer["content"] for answer in refusals)
