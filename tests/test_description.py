"""What machines ask first: VoID at its place, the service description at the endpoint, addresses as they are served."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from rdflib import RDF, Graph, URIRef
from starlette.testclient import TestClient

from api import description, resource, settings
from api.app import create_app
from api.settings import SettingError, Settings
from kg import guard
from kg.describe.statements import DCAT, SD, VOID
from kg.guard import GuardLimits
from kg.names import BASE
from kg.pool import Answer

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HERE = "https://data.example.org/pacts/"
FORMS = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
}


@pytest.fixture(scope="module", params=[BASE, HERE])
def address(request):
    return request.param


@pytest.fixture(scope="module")
def client(world_snapshot, address):
    with TestClient(create_app(Settings(snapshots=world_snapshot.folder.parent, address=address))) as made:
        yield made


@pytest.mark.parametrize(("accept", "parser"), FORMS.items())
@pytest.mark.parametrize("path", ["/.well-known/void", "/void", "/catalog", "/service", "/sparql", "/ontology"])
def test_every_description_comes_in_every_form(client, path, accept, parser):
    given = client.get(path, headers={"Accept": accept})
    assert given.status_code == 200
    assert given.headers["content-type"].startswith(accept)
    assert "Accept" in given.headers["vary"]
    parsed = Graph().parse(data=given.text, format=parser)
    assert len(parsed) > 20
    located = client.get(given.headers["content-location"])
    assert located.text == given.text


def test_the_questions_of_resources_wait_for_no_heavy_query():
    """The guard takes them for heavy by their text; a burst of heavy ones would let them wait."""
    asked = []

    class Pool:
        async def run(self, request, inspected):
            asked.append((request.text, inspected.light))
            return Answer(b"{}")

    service = SimpleNamespace(guard_limits=GuardLimits(), pool=Pool())
    found = resource.find("/parties/AAA", {"parties": ""})
    for query in (resource.description(found), resource.pairs(found), resource.mentions(found, 10, "en")):
        assert not guard.inspect(query, GuardLimits()).light
        asyncio.run(description.ask(service, query))
        assert asked[-1] == (query, True)


def test_void_stands_at_its_place_for_any_client(client):
    assert client.get("/.well-known/void").headers["content-type"].startswith("text/turtle")
    assert client.get("/.well-known/void", headers={"Accept": BROWSER}).status_code == 200
    assert client.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/void", headers={"Accept": BROWSER}, follow_redirects=False).headers["location"] == "/downloads"


@pytest.mark.parametrize("accept", FORMS)
def test_the_endpoint_describes_itself_in_its_own_address(client, address, accept):
    given = client.get("/sparql", headers={"Accept": accept})
    parsed = Graph().parse(data=given.text, format=FORMS[accept])
    service = parsed.value(predicate=RDF.type, object=SD.Service)
    assert parsed.value(service, SD.endpoint) == URIRef(f"{address}sparql")
    assert parsed.value(service, SD.supportedLanguage) == SD.SPARQL11Query


def test_without_a_query_a_browser_gets_a_page_and_others_a_word(client):
    assert "<textarea" in client.get("/sparql", headers={"Accept": BROWSER}).text
    for accept in ("*/*", "application/sparql-results+json", "image/png"):
        assert client.get("/sparql", headers={"Accept": accept}).status_code == 400
    assert client.get("/sparql", params={"query": ""}, headers={"Accept": "text/turtle"}).status_code == 400
    assert client.post("/sparql", headers={"Accept": "text/turtle"}).status_code == 415
    assert client.head("/sparql", headers={"Accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize("accept", FORMS)
def test_files_are_given_where_they_are_served_and_names_stay(client, address, accept):
    void = Graph().parse(data=client.get("/void", headers={"Accept": accept}).text, format=FORMS[accept])
    catalogue = Graph().parse(data=client.get("/catalog", headers={"Accept": accept}).text, format=FORMS[accept])
    dataset = URIRef(BASE)
    assert void.value(dataset, VOID.dataDump) == URIRef(f"{address}downloads/graph.nq")
    assert void.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{address}sparql")
    assert (dataset, RDF.type, DCAT.Dataset) in catalogue
    for place in catalogue.objects(None, DCAT.downloadURL):
        assert place.startswith(f"{address}downloads/")
        assert client.get(f"/{place.removeprefix(address)}").status_code == 200


def test_the_address_is_a_setting_that_must_be_an_address():
    assert settings.read({"KG_ADDRESS": HERE}).address == HERE
    for wrong in ("data.example.org/", "https://data.example.org", "https://a b/", "https://a/?x=/"):
        with pytest.raises(SettingError, match="KG_ADDRESS"):
            settings.read({"KG_ADDRESS": wrong})
