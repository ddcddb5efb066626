"""Every name of ours answers: in each form, with what else there is, and with near names where nothing is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from rdflib import Dataset, Graph, URIRef
from starlette.testclient import TestClient
from world.edits import ALAND, change, line_of, make_world

from api import representation, resource
from api.app import create_app
from api.settings import Settings
from kg import evaluate, store
from kg.build import build
from kg.names import BASE, ONTOLOGY_IRI, SA

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RECORD = "/parties/AAA"
NAMES = f"""SELECT DISTINCT ?iri WHERE {{ {{ GRAPH ?iri {{ ?s ?p ?o }} }} UNION
{{ GRAPH ?g {{ ?s ?p ?o }} VALUES ?place {{ 1 2 3 }} BIND (IF(?place = 1, ?s, IF(?place = 2, ?p, ?o)) AS ?iri) }}
FILTER (isIRI(?iri) && STRSTARTS(STR(?iri), "{BASE}")) }} ORDER BY ?iri"""


@pytest.fixture(scope="module")
def client(world_snapshot) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(snapshots=world_snapshot.folder.parent))) as made:
        yield made


@pytest.fixture(scope="module")
def real(snapshot) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(snapshots=snapshot.folder.parent))) as made:
        yield made


@pytest.fixture(scope="module")
def paths(snapshot) -> list[str]:
    """The path of every name of ours in the real graph, its fragment left off as clients do."""
    _, rows = evaluate.rows(store.open_store(snapshot), NAMES)
    return sorted({f"/{str(iri).removeprefix(BASE).partition('#')[0]}" for (iri,) in rows})


def graph(response, parser="turtle"):
    return Graph().parse(data=response.content, format=parser)


def kind(path: str) -> str:
    """What kind of thing a path names: its folder and the properties it goes through."""
    folder, *rest = path.strip("/").split("/")
    return "/".join(
        (
            folder,
            *(rest[:1] if folder == "data" else ["*"] * bool(rest)),
            *rest[1::2] * (folder != "schemes" and folder != "data"),
        )
    )


def test_every_name_in_the_graph_is_found(snapshot, paths):
    opened, known = store.open_store(snapshot), resource.folders(snapshot)
    assert len(paths) > 9_000
    lost = []
    for path in paths:
        found = resource.find(path, known)
        if found is None or not (found.document or evaluate.answer(opened, resource.exists(found)).endswith(b"true}")):
            lost.append(path)
    assert not lost


def test_one_of_each_kind_answers_in_every_form(real, paths):
    sample = {kind(path): path for path in paths}
    assert len(sample) > 30
    for path in sample.values():
        data = real.get(path, headers={"Accept": "text/turtle"})
        assert data.status_code == 200, path
        assert data.headers["content-location"] == f"{path}.ttl"
        name = URIRef(BASE + path.removeprefix("/"))
        assert (name, None, None) in graph(data) or path.startswith("/data/"), path
        page = real.get(path, headers={"Accept": BROWSER})
        assert page.status_code == 200, path
        assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("form", representation.FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize(
    "path", [RECORD, "/agreements/aaa-bbb-2030/commitment/border-posts", "/schemes/unit", "/schemes/unit/day"]
)
def test_accept_and_suffix_lead_to_the_same_bytes(client, form, path):
    if "/commitment/" in path:
        path = _a_commitment(client)
    asked = client.get(path, headers={"Accept": form.media_type})
    by_suffix = client.get(f"{path}.{form.suffix}")
    assert (asked.status_code, by_suffix.status_code) == (200, 200)
    assert asked.headers["content-type"] == by_suffix.headers["content-type"] == form.content_type
    assert asked.headers["content-location"] == f"{path}.{form.suffix}"
    assert "Accept" in [field.strip() for field in asked.headers["vary"].split(",")]
    assert "Accept" not in [field.strip() for field in by_suffix.headers["vary"].split(",")]
    assert asked.content == by_suffix.content


def _a_commitment(client):
    query = f"SELECT ?c WHERE {{ ?c a <{SA.Commitment}> }} ORDER BY ?c LIMIT 1"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    return "/" + rows[0]["c"]["value"].removeprefix(BASE)


def test_every_rdf_form_says_the_same(client):
    wanted = set(graph(client.get(f"{RECORD}.nt"), "nt"))
    assert len(wanted) > 5
    for suffix, parser in (("ttl", "turtle"), ("rdf", "xml")):
        assert set(graph(client.get(f"{RECORD}.{suffix}"), parser)) == wanted
    for suffix, parser in (("nq", "nquads"), ("trig", "trig")):
        quads = set(Dataset().parse(data=client.get(f"{RECORD}.{suffix}").text, format=parser).quads())
        assert {str(context) for *_, context in quads} == {f"{BASE}data/parties/AAA"}
        assert {quad[:3] for quad in quads} <= wanted


def test_a_description_holds_parts_links_from_the_owner_and_labels(client):
    path = _a_commitment(client)
    name, owner = URIRef(BASE + path[1:]), URIRef(BASE + "/".join(path[1:].split("/")[:2]))
    found = graph(client.get(f"{path}.ttl"))
    assert (owner, SA.commitment, name) in found
    obligor = found.value(name, SA.obligor)
    assert found.value(obligor, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))
    for subject, path, thing in found:  # nothing else of the record but what links here
        named = str(path).endswith(("#label", "#prefLabel", "/title"))
        assert str(subject).startswith(str(name)) or thing == name or named


def test_csv_is_pairs_of_property_and_value(client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{RECORD}.csv").text)))
    assert list(rows[0]) == ["subject", "property", "value", "language", "label"]
    own = Dataset().parse(data=client.get(f"{RECORD}.nq").text, format="nquads")
    assert {(row["subject"], row["property"], row["value"]) for row in rows} == {
        (str(s), str(p), str(o)) for s, p, o, _ in own.quads()
    }


def test_json_is_plain(client):
    document = client.get(RECORD, headers={"Accept": "application/json"}).json()
    assert document["id"] == f"{BASE}parties/AAA"
    assert document["label"]["en"]
    assert document["@context"] == f"{BASE}context.jsonld"
    context = client.get("/context.jsonld")
    assert context.headers["content-type"] == "application/ld+json"
    assert context.json()["@context"]["label"]["@id"].endswith("rdf-schema#label")


def test_an_agreement_keeps_its_own_json_and_page(client):
    assert set(client.get("/agreements/aaa-bbb-2030.json").json()) >= {"agreement", "signatures", "clauses"}
    assert "In short" in client.get("/agreements/aaa-bbb-2030", headers={"Accept": BROWSER}).text
    assert client.get("/agreements/aaa-bbb-2030.html").text == client.get("/agreements/aaa-bbb-2030").text


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.9, text/html;q=0.1", "text/turtle"),
        ("text/turtle;q=0, */*", "text/html"),
        ("application/json", "application/json"),
        ("application/*", "application/n-triples"),
    ],
)
def test_wishes_are_weighed(client, accept, type_):
    assert client.get(RECORD, headers={"Accept": accept}).headers["content-type"].startswith(type_)


def test_what_fits_nothing_is_406_and_says_what_there_is(client):
    given = client.get(RECORD, headers={"Accept": "image/png"})
    assert given.status_code == 406
    assert "text/turtle" in given.json()["detail"]
    assert client.get("/ontology.csv").status_code == 406


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/parties/AAB", "parties/AAA"),
        ("/agreements/aaa-bbb-2031.ttl", "agreements/aaa-bbb-2030"),
        ("/schemes/unit/days", "schemes/unit/day"),
        ("/schemes/units", "schemes/unit"),
    ],
)
@pytest.mark.parametrize("accept", ["text/turtle", BROWSER])
def test_an_unknown_name_is_404_with_near_ones(client, path, near, accept):
    given = client.get(path, headers={"Accept": accept})
    assert given.status_code == 404
    if accept == BROWSER and not path.endswith(".ttl"):
        assert f'href="/{near}"' in given.text
    elif accept != BROWSER:
        assert near in given.json()["near"]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/parties/",
        "/parties/AAA/",
        "/parties/A--A.ttl",
        "/data/parties",
        "/schemes/a/b/c",
        "/parties/AAA%3E.ttl",
    ],
)
def test_what_is_no_name_of_ours_is_404(client, path):
    assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 404


def test_links_tell_the_other_forms_and_how_to_cite(client):
    for given in (client.get(RECORD), client.get(f"{RECORD}.ttl"), client.head(RECORD)):
        links = dict(re.findall(r'<([^>]+)>; (rel="[^"]+"(?:; type="[^"]+")?)', given.headers["link"]))
        assert links[f"{RECORD}.ttl"] == 'rel="alternate"; type="text/turtle"'
        assert links["/.well-known/void"] == 'rel="describedby"'
        assert links["https://creativecommons.org/licenses/by/4.0/"] == 'rel="license"'
        assert links[f"{BASE}parties/AAA"] == 'rel="cite-as"'
        assert links[str(SA.Party)] == 'rel="type"'
        assert links["/parties"] == 'rel="collection"'
        assert given.headers["access-control-allow-origin"] == "*"
    assert client.get("/parties").status_code == 200
    for form in representation.FORMS:
        assert client.get(f"{RECORD}.{form.suffix}").status_code == 200


def test_a_part_leads_up_to_its_record(client):
    path = _a_commitment(client)
    assert '</agreements/aaa-bbb-2030>; rel="up"' in client.get(path).headers["link"]


def test_a_page_shows_properties_parts_claims_and_mentions(real):
    page = real.get("/officials/volodymyr-zelenskyy", headers={"Accept": BROWSER}).text
    assert "<h1>Volodymyr Zelenskyy</h1>" in page
    assert "Mentioned by" in page
    assert 'href="/agreements/ukr-ltu-2024#signature-zelenskyy"' in page
    assert "claim: value, rank, source" in page or "claims: value, rank, source" in page
    assert (
        "Володимир Зеленський" in real.get("/uk/officials/volodymyr-zelenskyy").text.split("<h1>")[1].split("</h1>")[0]
    )


def test_a_page_says_when_it_shows_only_the_first_mentions(real):
    assert "All of them by a query" in real.get("/parties/UKR").text
    assert "All of them by a query" not in real.get("/places/woodstock").text


def test_the_ontology_answers_as_owl_and_as_a_page(client):
    parsed = graph(client.get("/ontology", headers={"Accept": "application/rdf+xml"}), "xml")
    assert (URIRef(ONTOLOGY_IRI), None, None) in parsed
    assert set(parsed) == set(graph(client.get("/downloads/ontology.ttl")))
    assert 'id="obligor"' in client.get("/ontology", headers={"Accept": BROWSER}).text


def test_the_dataset_is_described_where_its_name_leads(client):
    told = client.get("/", headers={"Accept": "text/turtle"})
    assert (URIRef(BASE), None, None) in graph(told)
    assert told.headers["content-location"] == "/void.ttl"
    assert "<h1" in client.get("/", headers={"Accept": "image/png"}).text


@pytest.fixture(scope="module")
def hard(tmp_path_factory) -> Iterator[TestClient]:
    """The world with a name that XML and HTML must escape."""
    folder = tmp_path_factory.mktemp("hard")
    root = make_world(folder / "world")
    change(root, ALAND, line_of(root, ALAND, "label:"), 'label: {en: "A\\r <b>&amp; \\"B\\" \\u2028]]>", uk: "А"}')
    built = build(root, folder / "snapshots")
    with TestClient(create_app(Settings(snapshots=built.folder.parent))) as made:
        yield made


def test_a_hard_name_survives_every_form(hard):
    wanted = 'A\r <b>&amp; "B" \u2028]]>'
    label = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
    for suffix, parser in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml")):
        found = graph(hard.get(f"{RECORD}.{suffix}"), parser)
        assert wanted in {str(o) for o in found.objects(URIRef(f"{BASE}parties/AAA"), label)}
    quads = Dataset().parse(data=hard.get(f"{RECORD}.nq").content.decode(), format="nquads")
    assert wanted in {str(o) for _, p, o, _ in quads.quads() if p == label}
    ET.fromstring(hard.get(f"{RECORD}.rdf").content)
    assert hard.get(f"{RECORD}.json").json()["label"]["en"] == [wanted]
    assert "<b>" not in hard.get(RECORD, headers={"Accept": BROWSER}).text


def test_every_resource_is_well_formed_xml_or_refused(real, paths):
    for path in {kind(path): path for path in paths}.values():
        given = real.get(f"{path}.rdf")
        assert given.status_code in (200, 406)
        if given.status_code == 200:
            ET.fromstring(given.content)


@pytest.mark.parametrize("path", ["/", RECORD, f"{RECORD}.ttl", "/downloads", "/tables/agreements.csv", "/graphs"])
def test_scripts_of_other_sites_may_ask_with_validators_and_read_them(client, path):
    given = client.options(path, headers={"Access-Control-Request-Headers": "if-none-match"})
    assert (given.status_code, given.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert "If-None-Match" in given.headers["access-control-allow-headers"]
    assert client.get(path).headers["access-control-expose-headers"] == "*"


def test_a_wrong_method_is_told_all_that_are_right(client):
    given = client.delete(RECORD)
    assert (given.status_code, given.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
