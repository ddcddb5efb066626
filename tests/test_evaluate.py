"""A query on one store: what is asked is what is answered, in the asked format."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import AnswerUnwritable, QueryRefused, QuerySyntaxError, UnknownName
from kg.evaluate import Request, answer, rows, write

EX = "http://ex/"


@pytest.fixture
def store() -> Store:
    made = Store()
    for number in (1, 2, 3):
        made.add(
            Quad(
                *(NamedNode(f"{EX}{name}{number}") for name in "sp"), Literal(f"v{number}"), NamedNode(f"{EX}g{number}")
            )
        )
    return made


def run(store: Store, text: str, name: str = "csv", **more: object) -> str:
    out = BytesIO()
    write(store, Request(text, name, **more), out)  # type: ignore[arg-type]
    return out.getvalue().decode()


@pytest.mark.parametrize("name", ["json", "csv", "tsv", "xml"])
def test_bindings(store: Store, name: str) -> None:
    assert "v2" in run(store, "SELECT * { ?s ?p ?o }", name)
    assert "true" in run(store, "ASK { ?s ?p ?o }", name)
    assert "false" in run(store, "ASK { ?s ?p 5 }", name)


@pytest.mark.parametrize("name", ["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"])
def test_triples(store: Store, name: str) -> None:
    form = RdfFormat.from_media_type(
        {
            "turtle": "text/turtle",
            "ntriples": "application/n-triples",
            "nquads": "application/n-quads",
            "trig": "application/trig",
            "rdfxml": "application/rdf+xml",
            "jsonld": "application/ld+json",
        }[name]
    )
    written = run(store, f"CONSTRUCT {{ ?s <{EX}q> ?o }} WHERE {{ ?s ?p ?o }}", name)
    assert len(list(parse(written, format=form))) == 3
    assert "v1" in run(store, f"DESCRIBE <{EX}s1>", name)


def test_prefixes(store: Store) -> None:
    text = f"PREFIX own: <{EX}> CONSTRUCT WHERE {{ own:s1 ?p ?o }}"
    assert "own:s1 own:p1" in run(store, text, "turtle")
    assert "given:s1" in run(store, f"DESCRIBE <{EX}s1>", "turtle", prefixes=(("given", EX),))


def values(store: Store, **more: object) -> set[str]:
    return set(run(store, "SELECT ?o { ?s ?p ?o }", **more).split()) - {"o"}


def test_dataset(store: Store) -> None:
    assert values(store) == {"v1", "v2", "v3"}
    assert values(store, default_graphs=(f"{EX}g1", f"{EX}g3")) == {"v1", "v3"}
    assert values(store, named_graphs=(f"{EX}g1",)) == set()
    named = run(store, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", named_graphs=(f"{EX}g2",))
    assert named.split() == ["o", "v2"]
    chosen = run(store, f"SELECT ?o FROM <{EX}g2> {{ ?s ?p ?o }}", has_dataset=True)
    assert chosen.split() == ["o", "v2"]
    overruled = run(store, f"SELECT ?o FROM <{EX}g2> {{ ?s ?p ?o }}", has_dataset=True, default_graphs=(f"{EX}g1",))
    assert overruled.split() == ["o", "v1"]


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("SELECT", (1, 7), "expected"),
        ("SELECT * {\n ?s ?p x:y }", (2, 11), "Prefix not found"),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?p", None, "unbound"),
        ("SELECT * { ?é 'é' }", None, "."),
        ("SELECT * { ?s ?p <a b> }", None, "IRI"),
    ],
)
def test_syntax_errors(store: Store, text: str, place: tuple[int, int] | None, word: str) -> None:
    with pytest.raises(QuerySyntaxError, match=word) as caught:
        run(store, text)
    assert caught.value.line
    assert len(str(caught.value)) < 200
    if place:
        assert (caught.value.line, caught.value.column) == place


def test_other_errors(store: Store) -> None:
    with pytest.raises(QueryRefused, match="http://f/"):
        run(store, "SELECT (<http://f/>(1) AS ?x) {}")
    with pytest.raises(QueryRefused, match="IRI"):
        run(store, "SELECT * {}", default_graphs=("not an iri",))
    with pytest.raises(UnknownName):
        run(store, "SELECT * {}", "word")


@pytest.mark.parametrize(
    ("text", "name"), [("SELECT * {}", "turtle"), ("ASK {}", "nquads"), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv")]
)
def test_a_format_that_cannot_hold_the_answer(store: Store, text: str, name: str) -> None:
    with pytest.raises(AnswerUnwritable, match="ask for one of"):
        run(store, text, name)


@pytest.mark.parametrize("name", ["xml", "rdfxml"])
@pytest.mark.parametrize("bad", ["\x01", "\x1b", "￾"])
def test_xml_is_never_corrupt(store: Store, name: str, bad: str) -> None:
    text = "SELECT * { ?s ?p ?o }" if name == "xml" else "CONSTRUCT WHERE { ?s ?p ?o }"
    store.add(Quad(NamedNode(f"{EX}s"), NamedNode(f"{EX}p"), Literal("a\rb"), NamedNode(f"{EX}g")))
    assert "a&#xD;b" in run(store, text, name)
    store.add(Quad(NamedNode(f"{EX}s"), NamedNode(f"{EX}p"), Literal(f"a{bad}b"), NamedNode(f"{EX}g")))
    with pytest.raises(AnswerUnwritable, match="control character"):
        run(store, text, name)


def test_rdfxml_names_every_predicate_or_refuses(store: Store) -> None:
    store.add(Quad(NamedNode(f"{EX}s"), NamedNode(f"{EX}9"), Literal("x"), NamedNode(f"{EX}g")))
    with pytest.raises(AnswerUnwritable, match="RDF/XML"):
        run(store, "CONSTRUCT WHERE { ?s ?p ?o }", "rdfxml")


def test_answer_and_rows(store: Store) -> None:
    text = "SELECT ?s ?o ?none { ?s ?p ?o } ORDER BY ?o LIMIT 1"
    assert json.loads(answer(store, text))["head"]["vars"] == ["s", "o", "none"]
    assert answer(store, "ASK {}", "csv") == b"true"
    assert rows(store, text) == (["s", "o", "none"], [(f"{EX}s1", "v1", None)])
    assert rows(store, f"SELECT ?o FROM <{EX}g2> {{ ?s ?p ?o }}") == (["o"], [("v2",)])
    with pytest.raises(QueryRefused):
        rows(store, "ASK {}")


def test_errors_of_the_output_pass(store: Store) -> None:
    def broken(_: bytes) -> int:
        raise BrokenPipeError

    out = type("Out", (), {"write": staticmethod(broken), "flush": lambda _: None})()
    check: Callable[[], None] = lambda: write(store, Request("SELECT * { ?s ?p ?o }"), out)  # noqa: E731
    with pytest.raises(BrokenPipeError):
        check()
