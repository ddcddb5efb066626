"""Programs go straight to their endpoint; whoever may want a page does not."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from api.shortcut import Layered, Shortcut


@pytest.mark.parametrize(
    ("path", "accept", "reached"),
    [
        ("/sparql", "application/json", "endpoint"),
        ("/sparql", "*/*", "endpoint"),
        ("/sparql", "Text/HTML, */*;q=0.1", "pages"),
        ("/uk/sparql", "application/json", "pages"),
        ("/sparql/", "application/json", "pages"),
    ],
)
def test_only_programs_take_the_shortcut(path, accept, reached):
    app = Shortcut(PlainTextResponse("pages"), {"/sparql": PlainTextResponse("endpoint")})
    assert TestClient(app).get(path, headers={"Accept": accept}).text == reached


def test_the_outer_layer_is_met_before_the_routes():
    app = Layered()
    app.get("/")(lambda: "route")
    met = []

    async def outer(scope, receive, send):
        met.append(scope["type"])
        await app.inner(scope, receive, send)

    app.outer = outer
    assert TestClient(app).get("/").json() == "route"
    assert met == ["http"]
