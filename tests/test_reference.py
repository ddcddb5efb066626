"""The generated pages are fresh and whole, and everything that has a name has a meaning."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from fastapi.routing import iter_route_contexts
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import DCTERMS

from api import reference as api_reference
from api.app import create_app
from api.settings import Settings
from kg import catalogue, contents, errors, evaluate, formats, load, paths, records, reference, shapes
from kg.names import BASE, SA, local_name
from kg.shapes import Schema

ROOT = Path(__file__).parents[1]
WRITTEN = ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "CITATION.cff", "data/README.md")
PAGES = ("api/README.md", "kg/README.md", "ontology/README.md", "ontology/records.schema.json")
TERMS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
MACHINE = re.compile(r"(?<![\w.:/-])/(?:home|root|tmp|usr|var|opt|work|Users)/|[A-Z]:\\\\")


@cache
def schema() -> Schema:
    return shapes.read(ROOT / "ontology")


@cache
def generated() -> dict[str, str]:
    made = reference.pages(ROOT) | api_reference.pages(ROOT)
    return {path.as_posix(): text for path, text in made.items()}


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> set[str | None]:
    return {getattr(text, "language", None) for text in graph.objects(subject, predicate) if str(text).strip()}


def wanting(graph: Graph, subject: URIRef, label: URIRef) -> Iterator[str]:
    """What a term lacks: a label in English, one in Ukrainian, a definition in English."""
    for predicate, needed in ((label, ("en", "uk")), (SKOS.definition, ("en",))):
        for language in needed:
            if language not in languages(graph, subject, predicate):
                yield f"{local_name(str(subject))} lacks {local_name(str(predicate))}@{language}"


def test_every_page_is_named() -> None:
    assert sorted(generated()) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_fresh(name: str) -> None:
    checked_in = (ROOT / name).read_text("utf-8")
    assert generated()[name] == checked_in, f"{name} is out of date; run 'make reference'"


def test_pages_are_the_same_each_time() -> None:
    assert reference.pages(ROOT) == reference.pages(ROOT)
    assert api_reference.pages(ROOT) == api_reference.pages(ROOT)


@pytest.mark.parametrize("name", [*PAGES, *WRITTEN])
def test_page_names_no_machine(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert str(ROOT) not in text
    assert str(Path.home()) + "/" not in text
    assert MACHINE.search(text) is None


def test_every_term_is_labelled_and_defined() -> None:
    graph = schema().graph
    terms = {s for kind in TERMS for s in graph.subjects(RDF.type, kind) if str(s).startswith(SA)}
    assert len(terms) > 100
    assert sorted(lack for term in terms for lack in wanting(graph, URIRef(str(term)), RDFS.label)) == []


def test_every_property_of_a_shape_is_defined() -> None:
    props = [prop for shape in schema().shapes.values() for prop in shape.properties.values()]
    assert sorted({prop.key for prop in props if not schema().text(prop.path, SKOS.definition)}) == []


def test_every_concept_is_labelled_and_defined_with_an_edge_case() -> None:
    graph = schema().graph
    concepts = [URIRef(iri) for known in schema().concepts.values() for iri in known.values()]
    lacking = [lack for concept in concepts for lack in wanting(graph, concept, SKOS.prefLabel)]
    lacking += [local_name(c) for c in concepts if "en" not in languages(graph, c, SKOS.scopeNote)]
    assert len(concepts) > 200
    assert sorted(lacking) == []


def test_every_scheme_has_a_title_in_both_languages() -> None:
    graph = schema().graph
    schemes = [URIRef(str(scheme)) for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme)]
    assert [s for s in schemes if not {"en", "uk"} <= languages(graph, s, DCTERMS.title)] == []


def test_dictionary_holds_every_class_property_and_concept() -> None:
    text = generated()["ontology/README.md"]
    concepts = {notation for known in schema().concepts.values() for notation in known}
    classes = {local_name(c) for c in schema().ancestors if c.startswith(BASE)}
    keys = {prop.key for shape in schema().shapes.values() for prop in shape.properties.values()}
    assert {name for name in concepts if f"| `{name}` |" not in text} == set()
    assert {name for name in classes if f"### {name}\n" not in text and f"- `{name}`:" not in text} == set()
    assert {name for name in keys if not re.search(rf"^\| `(\w+:)?{name}` \|", text, re.MULTILINE)} == set()
    assert set(schema().prefixes) == set(re.findall(r"^\| `(\w+):` \|", text, re.MULTILINE))


def test_every_link_inside_the_dictionary_leads_somewhere() -> None:
    text = generated()["ontology/README.md"]
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_every_query_is_documented() -> None:
    text = generated()["kg/README.md"]
    queries = catalogue.read(ROOT / "kg" / "queries")
    assert [q.name for q in queries if f"**`{q.name}`** {q.summary}" not in text] == []


def test_every_module_format_and_command_is_documented() -> None:
    text = generated()["kg/README.md"]
    assert [f.name for f in formats.FORMATS if f"| `{f.name}` | `{f.media_type}` |" not in text] == []
    modules = reference.modules(ROOT, "kg") + reference.modules(ROOT, "api")
    assert [name for name, first in modules if not first] == []
    commands = re.findall(r"^\| `kg (\w+)` \| (.*?) \|$", text, re.MULTILINE)
    assert {"build", "check", "export", "info", "query", "serve"} <= {name for name, _ in commands}
    assert all(words for _, words in commands)


def test_every_route_is_documented() -> None:
    text = generated()["api/README.md"]
    routes = [route.path for route in iter_route_contexts(create_app(Settings()).routes) if route.path]
    assert [p for p in routes if not re.search(rf"^\| `{re.escape(p)}` \| [A-Z, ]+ \| \S", text, re.MULTILINE)] == []


def test_every_error_is_documented() -> None:
    known = [name for name, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.KgError)]
    assert [name for name in known if name not in str(errors.__doc__)] == []
    assert [name for name in known if f"| `{name}` |" not in generated()["api/README.md"]] == []


def test_default_of_a_setting_does_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = api_reference.pages(ROOT)
    monkeypatch.setenv("KG_SNAPSHOTS", str(tmp_path))
    assert api_reference.pages(ROOT) == before


def test_editor_schema_knows_every_key_of_the_records() -> None:
    document = json.loads(generated()["ontology/records.schema.json"])
    for path in sorted(path for folder in paths_of_folders() for path in (ROOT / "data" / folder).glob("*.yaml")):
        record = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        assert [*unknown(document, record, path.parent.name)] == [], path.name


def unknown(document: dict, mapping: dict, name: str) -> Iterator[str]:
    """Keys that the definition does not know, and needed keys that are not there; those of parts included."""
    definition = document["definitions"][name]
    yield from set(mapping) - set(definition["properties"])
    yield from set(definition["required"]) - set(mapping)
    for key, value in mapping.items():
        part = definition["properties"].get(key, {}).get("additionalProperties", {}).get("$ref", "")
        for body in value.values() if part else ():
            yield from unknown(document, body, local_name(part))


def test_editor_schema_closes_lists_and_mappings() -> None:
    definitions = json.loads(generated()["ontology/records.schema.json"])["definitions"]
    assert set(paths_of_folders()) <= set(definitions)
    assert definitions["Modality"]["enum"] == sorted(schema().concepts[str(SA.Modality)])
    assert all(d.get("additionalProperties") is False for d in definitions.values() if "properties" in d)
    assert definitions["agreements"]["properties"]["type"] == {"enum": ["Agreement"]}


def paths_of_folders() -> list[str]:
    """The folders of records; a second coding is compared with them and is none."""
    return sorted({path.name for path in (ROOT / "data").iterdir() if path.is_dir()} - {records.SECOND_CODING})


def fenced(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_specimen_record_loads(tmp_path: Path) -> None:
    (specimen,) = fenced("data/README.md", "yaml")
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    (folder / "agreements" / "ukr-ltu-2024.yaml").write_text(specimen, "utf-8")
    found, faults = records.read_all(folder)
    assert [*faults, *load.load(found, schema()).findings] == []


def test_answers_in_the_readme_are_those_of_the_records() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    store = contents.read(ROOT).store
    queries = fenced("README.md", "sparql")
    assert len(queries) == 3
    for query in queries:
        names, rows = evaluate.rows(store, query)
        answer = reference.table(names, [[cell or "" for cell in row] for row in rows])
        assert len(rows) > 1
        assert f"{query}```\n\n{answer}\n" in text, answer


def test_readme_lists_every_table() -> None:
    tables = catalogue.of_kind(ROOT / "kg" / "queries", "tables")
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name, query in tables.items() if f"| `{name}` | {query.summary} |" not in text] == []


def test_version_and_date_agree_everywhere() -> None:
    version, released = (ROOT / "data" / "VERSION").read_text("utf-8").split()
    citation = yaml.load((ROOT / "CITATION.cff").read_text("utf-8"), Loader=yaml.BaseLoader)
    assert (citation["version"], citation["date-released"]) == (version, released)
    assert f"## {version} ({released})" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"Data version {version} of {released}" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", WRITTEN)
def test_every_link_to_a_file_leads_to_one(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_main_writes_the_pages_of_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {Path("one/README.md"): "text\n"}
    (tmp_path / "one").mkdir()
    monkeypatch.setattr(paths, "contents", lambda: tmp_path)
    monkeypatch.setattr(reference, "pages", lambda root: made)
    reference.main()
    assert (tmp_path / "one" / "README.md").read_text("utf-8") == "text\n"


def test_table_keeps_bars_and_lines_inside_cells() -> None:
    assert reference.table(("a", "b"), [("x|y", "two\nlines")]).splitlines()[2] == "| x\\|y | two lines |"
    assert reference.table(("a",), []) == ""
