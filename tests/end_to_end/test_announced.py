"""Requests made at random from the OpenAPI document: none breaks the service or gets what is not announced."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

schemathesis = pytest.importorskip("schemathesis")

from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

pytestmark = pytest.mark.slow
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


BOUNDS = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_what_is_announced_is_what_happens(server, subtests):
    schema = schemathesis.openapi.from_url(server.url + "/openapi.json")
    for found in schema.get_all_operations():
        operation = found.ok()

        @BOUNDS
        @given(operation.as_strategy())
        def check(case):
            case.call_and_validate(checks=CHECKS, timeout=30)

        with subtests.test(operation.label):
            check()
