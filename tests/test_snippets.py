"""Programs that ask the same: the query in them is the query, whatever it holds."""

from __future__ import annotations

import ast
import shlex

import pytest

from api import snippets

ENDPOINT = "http://127.0.0.1:8000/sparql"
QUERIES = [
    "SELECT * { ?s ?p ?o }",
    'SELECT * { ?s ?p "a \'quoted\' \\"word\\" \\\\ $HOME `id`" }',
    'SELECT * {\n  ?s ?p """long ""\\" text""" , ")-" \n}\n',
    'SELECT * { ?s ?p "x)-" , "y)--" }"',
]


def program(title: str, query: str, **more: bool) -> str:
    return next(one.text for one in snippets.of(query, ENDPOINT, **more) if one.title.startswith(title))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("title", ["Python: pandas", "Python: SPARQLWrapper"])
def test_python_sends_the_query(query, title):
    tree = ast.parse(program(title, query))
    given = {
        n.targets[0].id: n.value.value
        for n in tree.body
        if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)
    }
    assert given["query"].strip() == query.strip()


@pytest.mark.parametrize("query", QUERIES)
def test_the_shell_sends_the_query(query):
    words = shlex.split(program("curl", query).replace("\\\n", " ", 2))
    assert words[-1] == f"query={query}"
    assert words[2] == ENDPOINT


@pytest.mark.parametrize("query", QUERIES)
def test_a_raw_string_of_r_ends_where_the_query_does(query):
    first = program("R", query).partition("\naddress")[0]
    dashes = first.partition('r"')[2].partition("(")[0]
    assert first.startswith(f'query <- r"{dashes}(')
    assert first.endswith(f'){dashes}"')
    assert f'){dashes}"' not in first[: -len(dashes) - 2]


def test_triples_are_asked_for_as_turtle():
    titles = [one.title for one in snippets.of("CONSTRUCT WHERE { ?s ?p ?o }", ENDPOINT, triples=True)]
    assert titles == ["curl", "Python: rdflib", "R"]
    assert "text/turtle" in program("curl", "CONSTRUCT WHERE { ?s ?p ?o }", triples=True)
