"""Accept headers and the formats they come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import negotiate
from kg import formats
from kg.formats import Content

BINDINGS = formats.holding(Content.BINDINGS)
GRAPH = formats.holding(Content.GRAPH, Content.DATASET)


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("application/json", "json"),
        ("application/sparql-results+xml", "xml"),
        ("text/xml", "xml"),
        ("text/*", "csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", "xml"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.4", "csv"),
        ("text/csv; q=0, */*;q=0.1", "json"),
        ("application/sparql-results+json;q=0, */*", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/csv;header=present;q=0.9, text/tab-separated-values;q=0.8", "csv"),
        ("image/png", None),
        ("text/csv;q=0", None),
        ("text/turtle", None),
    ],
)
def test_bindings(accept, name):
    found = negotiate.best(accept, BINDINGS)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("*/*", "turtle"),
        ("application/n-triples", "ntriples"),
        ("text/plain", "ntriples"),
        ("application/ld+json, text/turtle;q=0.9", "jsonld"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "rdfxml"),
        ("application/sparql-results+json", None),
    ],
)
def test_triples(accept, name):
    found = negotiate.best(accept, GRAPH)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("application/sparql-results+json, text/html;q=0.5", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_who_gets_a_page(accept, page):
    assert negotiate.prefers_html(accept, BINDINGS) is page


@given(st.text(max_size=80))
def test_no_header_breaks_it(accept):
    negotiate.best(accept, BINDINGS)
    negotiate.prefers_html(accept, BINDINGS)
