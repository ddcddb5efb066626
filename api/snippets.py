"""A query as a few lines of curl, Python and R that ask this service. Texts only; nothing here is run."""

from __future__ import annotations

import json
import shlex
from typing import NamedTuple


class Snippet(NamedTuple):
    """A program in one language."""

    title: str
    text: str


def of(query: str, endpoint: str, *, triples: bool = False) -> tuple[Snippet, ...]:
    """Programs that send ``query`` to ``endpoint``; ``triples`` for CONSTRUCT and DESCRIBE."""
    if triples:
        return (
            Snippet("curl", _curl(query, endpoint, "text/turtle")),
            Snippet("Python: rdflib", _rdflib(query, endpoint)),
            Snippet(
                "R", _r(query, endpoint, "turtle", "answer <- paste(readLines(address), collapse = '\\n')\ncat(answer)")
            ),
        )
    return (
        Snippet("curl", _curl(query, endpoint, "text/csv")),
        Snippet("Python: pandas", _pandas(query, endpoint)),
        Snippet("Python: SPARQLWrapper", _wrapper(query, endpoint)),
        Snippet("R", _r(query, endpoint, "csv", "answer <- read.csv(address)\nprint(answer)")),
    )


def _curl(query: str, endpoint: str, media_type: str) -> str:
    asked = shlex.quote(f"query={query}")
    return f"curl --get {shlex.quote(endpoint)} \\\n  --header 'Accept: {media_type}' \\\n  --data-urlencode {asked}\n"


def _python(query: str) -> str:
    """An assignment of the query in Python, readable whatever it holds."""
    text = query.strip("\n").replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'query = """\n{text}\n"""\n'


def _pandas(query: str, endpoint: str) -> str:
    return (
        f"from urllib.parse import urlencode\n\nimport pandas\n\nendpoint = {endpoint!r}\n{_python(query)}"
        'answer = pandas.read_csv(endpoint + "?" + urlencode({"query": query, "format": "csv"}))\nprint(answer)\n'
    )


def _wrapper(query: str, endpoint: str) -> str:
    return (
        f"from SPARQLWrapper import JSON, SPARQLWrapper\n\nendpoint = SPARQLWrapper({endpoint!r})\n{_python(query)}"
        "endpoint.setQuery(query)\nendpoint.setReturnFormat(JSON)\n"
        'for row in endpoint.queryAndConvert()["results"]["bindings"]:\n'
        '    print({name: term["value"] for name, term in row.items()})\n'
    )


def _rdflib(query: str, endpoint: str) -> str:
    return (
        f"from urllib.parse import urlencode\n\nfrom rdflib import Graph\n\nendpoint = {endpoint!r}\n{_python(query)}"
        'address = endpoint + "?" + urlencode({"query": query, "format": "turtle"})\n'
        'graph = Graph().parse(address, format="turtle")\nprint(len(graph), "triples")\n'
    )


def _r(query: str, endpoint: str, form: str, rest: str) -> str:
    dashes = "-"
    while f'){dashes}"' in query:
        dashes += "-"
    address = json.dumps(f"{endpoint}?format={form}&query=")
    return (
        f'query <- r"{dashes}({query.strip()}){dashes}"\n'
        f"address <- paste0({address}, URLencode(query, reserved = TRUE))\n{rest}\n"
    )
