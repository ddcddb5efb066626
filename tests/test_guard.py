"""The guard knows what a query is without parsing it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.errors import QueryError, QueryRefused, QuerySyntaxError, QueryTooLarge
from kg.guard import GuardLimits, declared, inspect

PREFIX = "PREFIX ex: <http://ex/> "
LIGHT = [
    "SELECT * { ex:a ?p ?o }",
    "SELECT * { ?s ?p ?o } LIMIT 10",
    "ASK { ?s ?p ?o }",
    "DESCRIBE ex:a",
    "SELECT * { ?s a ex:C ; ex:label ?l . FILTER(LANG(?l) = 'en') }",
    "SELECT * { ?s a ex:C ; ex:q ?o, ?p . ?o ex:l 'x'@en ; }",
    "SELECT * { ?s ?p 5 . ?s ?q 'a'^^ex:t }",
    "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { ex:a ex:b } ?s ?p ?o }",
    "CONSTRUCT WHERE { ex:a ?p ?o }",
    "SELECT * { GRAPH ?g { ex:a ?p ?o } }",
]
HEAVY = [
    "SELECT * { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ex:a ?p ?o }",
    "SELECT * { ?s a ex:C . ?t a ex:D }",
    "SELECT * { ex:a ?p ?o . ?x ?y ?z }",
    "SELECT * { ex:a ex:p* ?o }",
    "SELECT * { ex:a ?p ?o OPTIONAL { ?o ?q ?r } }",
    "SELECT * { ex:a ?p ?o } ORDER BY ?o",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { { SELECT * { ex:a ?p ?o } } }",
    "DESCRIBE ?s { ?s ?p ?o }",
]
MODEST = [
    "SELECT * { ?s a ex:C OPTIONAL { ?s ex:p ?o } } ORDER BY ?o",
    "SELECT ?c (COUNT(?s) AS ?n) { ?s a ex:C ; ex:p ?c } GROUP BY ?c HAVING (COUNT(?s) > 1)",
    "SELECT * { ?s a ex:C ; ?p ?o } ORDER BY ?o",
    "SELECT * { ?s ex:p [ ex:q ?o ; ex:r [ a ex:C ] ] }",
    "SELECT * { ?s ex:p/^ex:q|ex:r ?o . ?o ex:b* ex:top }",
    "SELECT * { ex:a (!ex:p)+ ?o OPTIONAL { ?o ex:q ?r } }",
    "SELECT * { { ?s a ex:C } UNION { ?s a ex:D } MINUS { ?s ex:p ex:o } FILTER NOT EXISTS { ?s ex:q ?r } }",
    "SELECT * { ?s ex:p ?v { SELECT (AVG(?w) AS ?mean) { ?t ex:p ?w } } FILTER (?v > ?mean) }",
    "SELECT * { ?s a ex:C BIND (IF(EXISTS { ?s ex:p ?o }, 1, EXISTS { ?s ex:q ?o }) AS ?x) }",
    "SELECT * { ?s ex:p ?o BIND (STR(?o) AS ?k) ?t ex:q ?k }",
    "SELECT * { { SELECT ?s { ?s a ex:C } ORDER BY ?s LIMIT 5 } ?s ex:p ?o , ?q ; ex:q 'x'@en , 5 , 'y'^^ex:t . }",
]
IMMODEST = [
    "SELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o FILTER CONTAINS(?o, 'x') }",
    "SELECT * { ?s a ex:C . ?t a ex:D }",
    "SELECT * { ?s a ex:C OPTIONAL { ?t ex:p ?o } }",
    "SELECT * { ?s a ex:C BIND (EXISTS { ?t ex:p ?o } AS ?x) }",
    "SELECT * { ?s (!ex:p)+ ?o }",
    "SELECT * { ?s ex:p ?x . ?t ex:p ?x FILTER (STR(?s) < STR(?t)) }",
    "SELECT * { ?s ex:p ?v { SELECT (COUNT(*) AS ?n) { ?t ex:p ?w . ?u ex:q ?y } } }",
    "SELECT * { ex:a ?p ?o . ?s a ex:C }",
    "DESCRIBE ?s { ?s ?p ?o }",
]
REFUSED = [
    ("", "no query"),
    ("# only a comment", "no query"),
    ("PREFIX a: <http://a/>", "no query"),
    ("FROG { ?s ?p ?o }", "'FROG'"),
    ("INSERT DATA { <a:a> <a:b> <a:c> }", "INSERT is an update"),
    ("PREFIX a: <http://a/> delete where { ?s ?p ?o }", "DELETE is an update"),
    ("WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH is an update"),
    ("CLEAR ALL", "CLEAR is an update"),
    ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE"),
    ("SELECT * { seRvice?x{ ?s ?p ?o } }", "SERVICE"),
    ("SELECT * { ?s ?p true.SERVICE <http://x/> {} }", "SERVICE"),
    ("SELECT * { ?s ?p 1.SERVICE <http://x/> {} }", "SERVICE"),
    ("SELECT " + "(" * 20_000, "deep"),
    ("SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}", "deep"),
    ("SELECT * " + "{" * 200 + "}" * 200, "deep"),
    ("SELECT * { ?s ?p " + "[ ?p " * 65 + "]" * 65 + " }", "deep"),
    ("SELECT * {" + "OPTIONAL {} " * 101 + "}", "OPTIONAL"),
    ("SELECT * { ?s " + "/".join(["<a:p>"] * 502) + " ?o }", "'/'"),
    ("SELECT (" + "+".join(["?x"] * 2_002) + " AS ?y) {}", "operators"),
    ("SELECT * {}\ud800", "surrogate"),
]
NOT_FOOLED = [
    "SELECT * { ?s service:x ex:service . ?s ex:p 'SERVICE' # SERVICE\n . <SERVICE> ?service ?x }",
    'SELECT * { ?s ?p """ SERVICE " \\""" ((((( """ }',
    "SELECT * { ?s ?p '\\' SERVICE <http://x/> {' }",
    "PREFIX insert: <http://x/> SELECT * { ?s insert:delete <http://x/#SERVICE> }",
    "SELECT * { ?s ?p ''''' SERVICE ''' }".replace("'''''", "'''"),
    "SELECT * { ?s ex:it\\'s 'x' . ?x ex:b.c 1 }",
]
HOSTILE = ["a.", '"\\', "(", "'''", "<a", "1.", ":", "\\", "a:b.", "?", "@a-", "1e", "-", '""""', "%", "a-", ".", "a:%"]


@pytest.mark.parametrize("query", LIGHT)
def test_light(query: str) -> None:
    assert inspect(PREFIX + query).light


@pytest.mark.parametrize("query", HEAVY)
def test_heavy(query: str) -> None:
    assert not inspect(PREFIX + query).light


@pytest.mark.parametrize("query", [*LIGHT, *MODEST])
def test_modest(query: str) -> None:
    Store().query(PREFIX + query)
    assert inspect(PREFIX + query).is_light_on(100_000)


@pytest.mark.parametrize("query", IMMODEST)
def test_immodest(query: str) -> None:
    Store().query(PREFIX + query)
    assert not inspect(PREFIX + query).is_light_on(100_000)


@pytest.mark.parametrize("query", MODEST)
def test_what_is_modest_is_not_light_on_a_large_store(query: str) -> None:
    assert not inspect(PREFIX + query).is_light_on(10_000_000)


@pytest.mark.parametrize(("query", "word"), REFUSED, ids=range(len(REFUSED)))
def test_refused(query: str, word: str) -> None:
    with pytest.raises(QueryRefused, match=word):
        inspect(query)


@pytest.mark.parametrize("query", NOT_FOOLED)
def test_words_in_strings_comments_and_names_are_no_keywords(query: str) -> None:
    assert inspect(query).form == "SELECT"


def test_place() -> None:
    with pytest.raises(QueryRefused) as caught:
        inspect("SELECT *\r\n# ( comment\n{ é: SERVICE <x> }")
    assert (caught.value.line, caught.value.column) == (3, 6)
    assert "line 3, column 6" in str(caught.value)


def test_unclosed_string() -> None:
    with pytest.raises(QuerySyntaxError, match="never closed") as caught:
        inspect('SELECT * {\n ?s ?p "abc\n def" }')
    assert (caught.value.line, caught.value.column) == (2, 8)


def test_size_is_in_bytes() -> None:
    limits = GuardLimits(size=40)
    assert inspect("SELECT * { ?s ?p 'ééé' }", limits).form == "SELECT"
    with pytest.raises(QueryTooLarge, match="limit is 40"):
        inspect("SELECT * { ?s ?p 'éééééééééééééé' }", limits)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("BASE <http://x/> PREFIX ask: <http://y/> select * { ?s ?p ?o }", "SELECT"),
        ("aSk {}", "ASK"),
        ("#c\nCONSTRUCT WHERE {}", "CONSTRUCT"),
        ("DESCRIBE<http://x/>", "DESCRIBE"),
    ],
)
def test_form(query: str, form: str) -> None:
    assert inspect(query).form == form


def test_dataset() -> None:
    assert inspect("SELECT * FROM <g:g> { ?s ?p ?o }").has_dataset
    assert inspect("ASK from named <g:g> { ?s ?p ?o }").has_dataset
    assert not inspect("SELECT * { ?from ex:from 'FROM' }").has_dataset


@pytest.mark.parametrize(
    "text",
    ["(NOW() AS ?x)", "(rand () AS ?x)", "(UUID() AS ?x)", "(strUUID() AS ?x)", "(BNODE() AS ?x)", "(1-NOW() AS ?x)",
     "(true-RAND() AS ?x)", "(COUNT(DISTINCTRAND()) AS ?x)"],
)  # fmt: skip
def test_volatile(text: str) -> None:
    assert inspect(f"SELECT {text} {{}}").volatile
    assert inspect(f"SELECT * {{}} ORDER BY{text.partition(' AS')[0]})").volatile


@pytest.mark.parametrize(
    "text",
    ["?now ?rand $uuid", "<NOW> <http://x/rand#BNODE> now:rand", "ex:bnode 'NOW()' _:uuid # RAND()\n", "?a 'x'@now 1"],
)
def test_names_and_strings_are_not_volatile(text: str) -> None:
    assert not inspect(f"SELECT * {{ {text} }}").volatile


def test_shape_blanks_values_only() -> None:
    one = inspect("SELECT * { <http://a> ex:p 'x', 1.5e3 } # c")
    two = inspect('SELECT *\n{ ex:b <http://p> """y""", -2 }')
    assert one.shape == two.shape
    assert inspect("SELECT ?s { ?s ?p 1 }").shape != inspect("SELECT ?s { ?s ?p ?o }").shape


def test_declared_prefixes() -> None:
    text = "prefix : <http://a/> PREFIX ex: <http://b/#> PREFIX r: <rel> SELECT * { ?s ?p 'PREFIX no: <http://c/>' }"
    assert declared(text) == {"": "http://a/", "ex": "http://b/#"}


def test_deepest_allowed_passes() -> None:
    assert inspect("SELECT (" + "(" * 63 + "1" + ")" * 63 + " AS ?x) {}").form == "SELECT"
    assert inspect("SELECT * " + "{" * 128 + "}" * 128).form == "SELECT"
    assert inspect("SELECT * { VALUES ?x {" + " -1" * 20_000 + "} }").form == "SELECT"


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece: str) -> None:
    """Time of the processor, not of the clock: what else the machine does has no part in it."""
    began = time.process_time()
    with contextlib.suppress(QueryError):
        inspect("SELECT " + (piece * 65_000)[:65_000])
    assert time.process_time() - began < 1


ALPHABET = st.sampled_from(
    [*list("{}()[]<>\"'\\#?$:;.,@^|&!=/*+-_ \n\r\t%0aeSELECT"), "SELECT ", "SERVICE ", "'''", '"""']
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(ALPHABET, max_size=200).map("".join)))
def test_any_text_is_a_query_or_a_query_error_with_a_place_inside(text: str) -> None:
    try:
        assert inspect(text).form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    except QueryError as error:
        if error.line is not None:
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            assert 1 <= error.line <= len(lines)
            assert error.column is not None
            assert 1 <= error.column <= len(lines[error.line - 1]) + 1


WORDS = ["SELECT", "WHERE", "FILTER", "NOT", "EXISTS", "BIND", "VALUES", "GRAPH", "OPTIONAL", "UNION", "MINUS", "GROUP"]
CLAUSES = st.sampled_from([*WORDS, "ORDER", "COUNT", "AS", "^^", "@en", "?a", "?b", "ex:p", "'x'", *"{}()[].;,a1!*/<"])


@settings(max_examples=500, deadline=None)
@given(st.lists(CLAUSES, max_size=60).map(" ".join))
def test_no_order_of_words_confuses_the_guess(text: str) -> None:
    with contextlib.suppress(QueryError):
        inspect("SELECT * { " + text)
        inspect("SELECT * { " + text + " }")


def quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.lists(ALPHABET).map("".join)))
def test_what_a_string_or_comment_holds_never_matters(text: str) -> None:
    comment = text.replace("\n", " ").replace("\r", " ")
    query = "SELECT * { ?s ?p %s . # %s\n ?s ?q ?r }"
    assert inspect(query % (quoted(text), comment)) == inspect(query % ('""', ""))


@settings(max_examples=100, deadline=None)
@given(st.text("abc.-_09:", max_size=8), st.sampled_from(["\n", " ", "}", "{", ")", "#x\n", ". ", "; "]), st.booleans())
def test_service_is_seen_wherever_it_stands(name: str, before: str, lower: bool) -> None:
    word = "service" if lower else "SERVICE"
    with pytest.raises(QueryRefused):
        inspect(f"SELECT * {{ ?s ?p ex:{name}{before}{word} <http://x/> {{}} }}")


TERMS = st.sampled_from(["?a", "?b", "<http://x/a>", "ex:b", "1", "'x'@en", '"y"^^ex:t', "2.5", "true"])
TRIPLES = st.tuples(st.sampled_from(["?a", "ex:a", "<http://x/s>"]), st.sampled_from(["?p", "a", "ex:p"]), TERMS)


@settings(max_examples=100, deadline=None)
@given(st.lists(TRIPLES.map(" ".join), min_size=1, max_size=6), st.sampled_from([" . ", "\n.\n", ".#c\n"]))
def test_what_the_engine_takes_the_guard_takes(triples: list[str], dot: str) -> None:
    query = f"PREFIX ex: <http://ex/> SELECT * {{ {dot.join(triples)} }}"
    Store().query(query)
    assert inspect(query).form == "SELECT"
