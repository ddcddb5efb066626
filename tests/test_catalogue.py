"""The query catalogue: a query is a file with a header that says what it is."""

from __future__ import annotations

import pytest

from kg import catalogue, paths
from kg.catalogue import Query
from kg.errors import ContentError, Finding, UnknownName

HEADER = """#+ summary: Parties by name
#+ description: >-
#+   All of them,
#+   in order.
#+ tags: [table, NO, 012]
#+ expected:
#+   rows: 2
#+   contains:
#+     - [AAA, Aland]
"""
BODY = "PREFIX sa: <http://sa#>\n\n# all\nSELECT ?s { ?s a sa:Party }\n"


def write(folder, kind, name, text):
    (folder / kind).mkdir(parents=True, exist_ok=True)
    (folder / kind / f"{name}.rq").write_text(text, "utf-8")
    return folder


def test_a_query_is_its_header_and_its_body(tmp_path):
    write(tmp_path, "tables", "parties", HEADER + BODY)
    (query,) = catalogue.read(tmp_path)
    assert (query.kind, query.name, query.summary) == ("tables", "parties", "Parties by name")
    assert query.description == "All of them, in order."
    assert query.tags == ("table", "NO", "012")
    assert query.expected == {"rows": "2", "contains": [["AAA", "Aland"]]}
    assert (query.text, query.body) == (HEADER + BODY, BODY)


def test_a_summary_is_all_that_must_be(tmp_path):
    write(tmp_path, "views", "all", "#+ summary: All\nCONSTRUCT WHERE { ?s ?p ?o }")
    (query,) = catalogue.read(tmp_path)
    assert (query.description, query.tags, query.expected) == ("", (), {})
    assert query.body == "CONSTRUCT WHERE { ?s ?p ?o }\n"


def test_queries_stand_by_kind_and_name(tmp_path):
    for kind, name in [("views", "a"), ("tables", "b"), ("tables", "a"), ("examples", "c"), ("others", "d")]:
        write(tmp_path, kind, name, f"#+ summary: {name}\nASK {{}}\n")
    (tmp_path / "tables" / "README.md").write_text("no query\n")
    assert [(q.kind, q.name) for q in catalogue.read(tmp_path)] == [
        ("examples", "c"),
        ("tables", "a"),
        ("tables", "b"),
        ("views", "a"),
    ]
    assert list(catalogue.of_kind(tmp_path, "tables")) == ["a", "b"]
    assert catalogue.of_kind(tmp_path, "nothing") == {}


def test_a_folder_without_queries_has_none(tmp_path):
    assert catalogue.read(tmp_path) == ()


def test_find(tmp_path):
    write(tmp_path, "tables", "parties", HEADER + BODY)
    assert isinstance(catalogue.find(tmp_path, "tables", "parties"), Query)
    with pytest.raises(UnknownName, match=r"no table 'partis'; did you mean 'parties'\?") as caught:
        catalogue.find(tmp_path, "tables", "partis")
    assert caught.value.near == ("parties",)
    with pytest.raises(UnknownName, match="no view 'parties'"):
        catalogue.find(tmp_path, "views", "parties")


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        ("#+ description: a\n", 1, "header lacks ['summary']"),
        ("#+ summary: a\n#+ sumary: b\n", 1, "header has unknown ['sumary']"),
        ("#+ summary: a: b\n", 1, "mapping values are not allowed in this context; quote a text with a colon in it"),
        ("#+ summary: a\n#+ summary: b\n", 2, "written twice (first on line 1)"),
        ("#+ summary: &a b\n", 1, "no anchors or aliases; write the value out"),
        ("#+ summary:\n", 1, "empty value; leave the key out (in braces, quote a value with a comma)"),
        ("#+ just words\n", 1, "a record is a mapping of keys to values"),
        ("# summary: a\n", 1, "a record is a mapping of keys to values"),
    ],
)
def test_a_bad_header_has_file_and_line(tmp_path, header, line, message):
    write(tmp_path, "tables", "bad", header + BODY)
    with pytest.raises(ContentError) as caught:
        catalogue.read(tmp_path)
    places = [(f.file, f.line, f.message) for f in caught.value.findings]
    assert ("queries/tables/bad.rq", line, message) in places, places


def test_the_real_catalogue_has_every_kind_and_one_name_a_query():
    queries = catalogue.read(paths.queries())
    assert {query.kind for query in queries} == set(catalogue.KINDS)
    assert all(query.summary and query.body.strip() for query in queries)
    assert len({(query.kind, query.name) for query in queries}) == len(queries)


def test_findings_are_plain():
    assert str(Finding("queries/tables/bad.rq", 1, "", "a")) == "queries/tables/bad.rq:1: a"
