"""Which part of a network an address asks for."""

from __future__ import annotations

import pytest
from starlette.datastructures import QueryParams

from api import portion
from api.errors import BadRequest
from api.networks import page_of
from api.portion import Portion


def test_nothing_asked_is_the_whole():
    assert portion.read(QueryParams("")) == Portion()
    assert portion.read(QueryParams("on=&node=&radius=2&kind=")) == Portion(), "empty fields of a form ask for nothing"
    assert Portion().query_string == ""


def test_all_of_it():
    asked = portion.read(QueryParams("radius=2&kind=B&kind=A&kind=B&node=parties/LTU&on=2024-05-01"))
    assert asked == Portion("2024-05-01", ("A", "B"), "parties/LTU", 2)
    assert asked.query_string == "on=2024-05-01&kind=A&kind=B&node=parties/LTU&radius=2"
    assert asked.but(on="") == "kind=A&kind=B&node=parties/LTU&radius=2"


def test_a_node_without_a_radius_has_its_neighbours():
    assert portion.read(QueryParams("node=x")).radius == 1


@pytest.mark.parametrize("query", ["on=yesterday", "on=2024-13-01", "node=x&radius=3", "node=x&radius=-1"])
def test_what_is_no_day_or_radius_is_refused(query):
    with pytest.raises(BadRequest) as refused:
        portion.read(QueryParams(query))
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("node", "page"),
    [
        ("parties/LTU", "/parties/LTU"),
        ("statements/account/statement/one", "/statements/account/statement/one"),
        ("https://example.org/a", "https://example.org/a"),
    ],
)
def test_a_node_leads_to_its_page(node, page):
    assert page_of(node) == page
