"""What is written is what is read again by parsers of other makers, whatever signs a literal has; or it is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib.util import from_n3

from kg.errors import AnswerUnwritable
from kg.evaluate import Request, XmlOutput, write

EX = "http://example.org/"
SELECT = "SELECT ?o { ?s ?p ?o } ORDER BY ?p"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
RESULTS = "{http://www.w3.org/2005/sparql-results#}"
# The signs that some format has to escape come often enough this way.
NASTY = list(
    "\"'\\<>&;,=\t\n\r #@^%{}[]()\u0085\u00a0\u2028\u2029\ufeff\ufffe\uffff\u0301\U0001f600\x00\x01\x0b\x0c\x1f\x7f"
)
SIGNS = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from([*NASTY, "]]>", "&#13;", "<!--", "\r\n", '"""', "\\u0041"]),
)
TEXTS = st.lists(SIGNS, max_size=12).map("".join)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="uk-Latn")),
    TEXTS.map(lambda text: Literal(text, datatype=NamedNode(EX + "t&t"))),
)
LISTS = st.lists(LITERALS, min_size=1, max_size=4)
LAW = settings(max_examples=150, deadline=None)


def store_of(literals: list[Literal], graph: str = "g") -> Store:
    made = Store()
    for number, literal in enumerate(literals):
        made.add(Quad(NamedNode(f"{EX}s?a&b='c'"), NamedNode(f"{EX}p{number}x"), literal, NamedNode(EX + graph)))
    return made


def written(literals: list[Literal], name: str) -> bytes:
    out = io.BytesIO()
    query = SELECT if name in ("json", "xml", "csv", "tsv") else CONSTRUCT
    write(store_of(literals), Request(query, name), out)
    return out.getvalue()


def fits_xml(literals: list[Literal]) -> bool:
    """Whether XML 1.0 can hold every sign."""
    return not any(
        re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", literal.value) for literal in literals
    )


def as_rdflib(literal: Literal) -> rdflib.Literal:
    if literal.language:
        return rdflib.Literal(literal.value, lang=literal.language)
    return rdflib.Literal(literal.value, datatype=rdflib.URIRef(literal.datatype.value))


def plain(term: rdflib.term.Node) -> tuple[str, str, str]:
    """Text, language and datatype, with the two spellings of a plain string as one."""
    assert isinstance(term, rdflib.Literal)
    string = "" if term.language else str(term.datatype or rdflib.XSD.string)
    return str(term), (term.language or "").lower(), string


@LAW
@given(LISTS)
@example([Literal("\r"), Literal("a\r\nb")])
@example([Literal("\x00")])
def test_json(literals: list[Literal]) -> None:
    found = json.loads(written(literals, "json"))["results"]["bindings"]
    assert [row["o"]["value"] for row in found] == [literal.value for literal in literals]
    assert [row["o"].get("xml:lang", "").lower() for row in found] == [
        (literal.language or "").lower() for literal in literals
    ]


@LAW
@given(LISTS)
@example([Literal("\r"), Literal("a\r\nb"), Literal("]]>")])
@example([Literal("\ufffe")])
def test_sparql_xml_is_well_formed_or_refused(literals: list[Literal]) -> None:
    if not fits_xml(literals):
        with pytest.raises(AnswerUnwritable):
            written(literals, "xml")
        return
    tree = ElementTree.fromstring(written(literals, "xml"))
    found = [node.text or "" for node in tree.iter(RESULTS + "literal")]
    assert found == [literal.value for literal in literals]


@LAW
@given(LISTS)
@example([Literal("\r"), Literal("a\r\nb"), Literal("]]>"), Literal(" \t ")])
@example([Literal("\x1f")])
def test_rdf_xml_is_well_formed_or_refused(literals: list[Literal]) -> None:
    if not fits_xml(literals):
        with pytest.raises(AnswerUnwritable):
            written(literals, "rdfxml")
        return
    text = written(literals, "rdfxml")
    ElementTree.fromstring(text)
    check_graph(literals, text, "xml")


@LAW
@given(LISTS)
@example([Literal("\r"), Literal("a\r\nb"), Literal(""), Literal('","')])
def test_csv(literals: list[Literal]) -> None:
    text = written(literals, "csv").decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["o"]
    found = [row[0] if row else "" for row in rows[1:]]
    assert found == [literal.value for literal in literals]


@LAW
@given(LISTS)
def test_tsv(literals: list[Literal]) -> None:
    text = written(literals, "tsv").decode()
    assert "\r" not in text
    header, *lines = text.split("\n")
    assert header == "?o"
    assert lines.pop() == ""
    assert [plain(from_n3(line)) for line in lines] == [plain(as_rdflib(literal)) for literal in literals]


@LAW
@pytest.mark.parametrize(
    ("name", "form"), [("ntriples", "nt"), ("turtle", "turtle"), ("nquads", "nquads"), ("trig", "trig")]
)
@given(LISTS)
def test_text_formats_of_triples(name: str, form: str, literals: list[Literal]) -> None:
    check_graph(literals, written(literals, name), form)


@LAW
@given(LISTS)
def test_json_ld(literals: list[Literal]) -> None:
    check_graph(literals, written(literals, "jsonld"), "json-ld")


def check_graph(literals: list[Literal], text: bytes, form: str) -> None:
    """rdflib reads the same literals. Where it has no place for a sign, it is its reader that is held to less."""
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=text, format=form)
    found = {str(p): plain(o) for _, p, o in graph.triples((None, None, None))}
    want = {f"{EX}p{number}x": plain(as_rdflib(literal)) for number, literal in enumerate(literals)}
    assert found == want


PREDICATES = (
    st.lists(st.sampled_from(list("a9-._/#:~é·\u0301")), min_size=1, max_size=6)
    .map("".join)
    .filter(lambda name: name.count("#") < 2)
)


@LAW
@given(st.lists(PREDICATES, min_size=1, max_size=3, unique=True))
@example(["9"])
@example(["a9"])
@example(["a/9", "#a", "·"])
def test_rdf_xml_names_every_predicate_or_refuses(predicates: list[str]) -> None:
    store = Store()
    for name in predicates:
        store.add(Quad(NamedNode(EX + "s"), NamedNode(EX + name), Literal("x"), NamedNode(EX + "g")))
    out = io.BytesIO()
    try:
        write(store, Request(CONSTRUCT, "rdfxml"), out)
    except AnswerUnwritable:
        return
    graph = rdflib.Graph().parse(data=out.getvalue(), format="xml")
    assert {str(p) for p in graph.predicates()} == {EX + name for name in predicates}


@pytest.mark.parametrize("name", ["xml", "rdfxml"])
@pytest.mark.parametrize("sign", ["\r", "\x01", "\uffff"])
def test_a_sign_at_the_edge_of_a_piece(name: str, sign: str) -> None:
    """The engine writes some 8 KiB at a time."""
    for length in range(7_000, 8_200, 1 if sign == "\uffff" else 97):
        literals = [Literal("x" * length + sign)]
        if sign == "\r":
            assert re.search(b"x&#(?:13|xD);<", written(literals, name))
        else:
            with pytest.raises(AnswerUnwritable):
                written(literals, name)


@pytest.mark.parametrize("bad", [b"a\xef\xbf\xbeb", b"a\x01b", b"<oxprefix: x"])
def test_what_xml_cannot_hold_is_seen_however_the_pieces_fall(bad: bytes) -> None:
    for cut in range(len(bad) + 1):
        out = XmlOutput(io.BytesIO())
        with pytest.raises(AnswerUnwritable):
            for piece in (b"<x>", bad[:cut], bad[cut:]):
                out.write(piece)
