"""Pages over a tiny invented snapshot: what they say, what they escape, and what they refuse."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import wording
from api.front import Front
from api.language import Language
from api.routers import agreements, countries, pages, registers, workbench
from api.service import Service
from api.settings import Settings
from kg import catalogue, evaluate, paths, store
from kg.errors import QuerySyntaxError, UnknownName
from kg.pool import Answer

EVIL = "<script>alert(1)</script>"
AGREEMENTS = "agreement iri title partner signed place term_years term_from extension review nato_clause"
AGREEMENTS += " termination_notice_months notice_from consultation_hours consultation_trigger furthers legal_effect"
AGREEMENTS += " in_force languages prevailing_language text_url sources"
COMMITMENTS = "commitment iri agreement obligor beneficiary via topic action form modality modality_words phase value"
COMMITMENTS += " value_max currency percent_of_gdp quantity unit comparator per period period_start period_end part_of"
COMMITMENTS += " restates equivalent_as_of condition condition_text locator in_text stated_in text_url summary sources"
COLUMNS = {
    "agreements": AGREEMENTS,
    "commitments": COMMITMENTS,
    "signatures": "signature iri agreement party side official name office capacity signed place sources",
    "clauses": "agreement clause state value unit from trigger qualifier locator text_url summary sources",
    "provisions": "agreement provision iri locator heading topics depth summary text_url sources",
    "coverage": "agreement topic coverage depth modality provisions locator summary sources",
    "claims": "claim subject property value value_type rank reason source locator published",
    "labels": "iri class role language label",
    "parties": "party iri name_en name_uk name_own kind iso3 wikidata cow gw valid_from valid_to",
    "events": "event iri kind instrument date edtf parties place summary sources",
    "instruments": "instrument iri title kind parties signed place legal_effect parent text_url sources",
    "memberships": "body member role start end sources",
    "officials": "tenure official iri name name_uk name_own office of start end wikidata sources",
    "sets": "set as_of claimed comparator listed counter rule members sources",
    "sources": "source title publisher published language kind read_via url retrieved",
    "statements": "statement iri kind speaker office date about stance polarity value unit comparator period_start"
    " period_end audience outlet republisher locator summary sources",
}
BASE = "https://w3id.org/security-agreements/agreements"
ALPHA = {"agreement": "ruri-alfa-2030", "iri": f"{BASE}/ruri-alfa-2030", "title": f"Pact {EVIL}", "partner": "ALF"}
ALPHA |= {"signed": "2030-06-27", "place": "Old Harbour", "term_years": "10", "term_from": "signature"}
ALPHA |= {"text_url": "javascript:alert(1)", "furthers": "concord-2029", "sources": "text-alfa", "languages": "en;xx"}
BETA = {"agreement": "ruri-beta-2031", "iri": f"{BASE}/ruri-beta-2031", "title": "Beta pact", "partner": "BET"}
BETA |= {"signed": "2031-01-02", "place": "Newtown", "sources": "text-beta"}
SUM = {"commitment": "ruri-alfa-2030/yearly-sum", "iri": f"{BASE}/ruri-alfa-2030/commitment/yearly-sum"}
SUM |= {"agreement": "ruri-alfa-2030", "obligor": "ALF", "beneficiary": "RUR", "topic": "demining;energy"}
SUM |= {"modality": "seeks", "value": "1072000000", "currency": "EUR", "comparator": "at-least", "per": "year"}
SUM |= {
    "period": "2031/2033",
    "period_start": "2031-01-01",
    "period_end": "2033-12-31",
    "locator": "II/3",
    "sources": "text-alfa",
}
SUM |= {"summary": f"Clears mines {EVIL}", "text_url": "https://example.org/alfa?a=1&b=2"}
GIVEN = {"commitment": "ruri-alfa-2030/given", "iri": f"{BASE}/ruri-alfa-2030/commitment/given", "locator": "I/2"}
GIVEN |= {
    "agreement": "ruri-alfa-2030",
    "obligor": "ALF",
    "topic": "demining",
    "modality": "none",
    "phase": "delivered",
}
GIVEN |= {"value": "5", "currency": "EUR", "part_of": "ruri-alfa-2030/yearly-sum", "summary": "Gave five"}
CLAIM = {"subject": "agreements/ruri-alfa-2030/commitment/yearly-sum", "property": "modality"}
ROWS: dict[str, list[dict[str, str]]] = {
    "agreements": [ALPHA, BETA],
    "commitments": [SUM, GIVEN],
    "signatures": [
        {
            "iri": f"{BASE}/ruri-alfa-2030/signature/ann",
            "agreement": "ruri-alfa-2030",
            "party": "ALF",
            "name": "Ann Alfa",
        }
        | {"office": "prime-minister", "capacity": "head-of-government", "official": "ann", "signed": "2030-06-27"}
    ],
    "clauses": [
        {"agreement": "ruri-alfa-2030", "clause": "term", "state": "present", "value": "10", "unit": "year"},
        {"agreement": "ruri-alfa-2030", "clause": "termination", "state": "absent"},
        {"agreement": "ruri-alfa-2030", "clause": "review", "state": "not-coded"},
    ],
    "provisions": [
        {"agreement": "ruri-alfa-2030", "provision": "b", "iri": "x/provision/b", "locator": "X/1", "summary": "Later"},
        {
            "agreement": "ruri-alfa-2030",
            "provision": "c",
            "iri": "x/provision/c",
            "locator": "IX/2",
            "summary": "Sooner",
        },
    ],
    "coverage": [
        {"agreement": "ruri-alfa-2030", "topic": "f-16", "coverage": "absent"},
        {"agreement": "ruri-alfa-2030", "topic": "cyber", "coverage": "not-coded"},
    ],
    "claims": [
        CLAIM | {"value": "seeks", "rank": "preferred", "reason": "the text counts", "source": "text-alfa"},
        CLAIM | {"value": "will", "rank": "normal", "source": "press-alfa"},
        CLAIM | {"property": "via", "value": "EU", "rank": "normal", "source": "text-alfa"},
        CLAIM | {"property": "via", "value": "NATO", "rank": "normal", "source": "text-alfa"},
    ],
    "events": [
        {"event": "beta-vote", "kind": "approval", "instrument": "ruri-beta-2031", "date": "2031-03-04"}
        | {"summary": "A vote on Beta"},
        {"event": "ruri-alfa-2030/signed", "kind": "signature", "instrument": "ruri-alfa-2030", "date": "2030-06-27"},
        {"event": "two-meet", "kind": "meeting", "instrument": "ruri-alfa-2030;ruri-beta-2031", "date": "2031-05-01"}
        | {"edtf": "2031-05", "summary": f"Both are spoken of {EVIL}", "sources": "press-alfa"},
    ],
    "memberships": [{"body": "concord-2029", "member": "ALF", "role": "founder", "start": "2029-07-12"}],
    "officials": [{"tenure": "ann/prime-minister", "official": "ann", "name": "Ann Alfa", "office": "prime-minister"}],
    "statements": [{"statement": "gazette/more", "kind": "interview", "speaker": "ann", "summary": f"More {EVIL}"}],
    "labels": [
        {"iri": f"{BASE[:-11]}/parties/{code}", "class": "Country", "role": "label", "language": "en", "label": name}
        for code, name in (("ALF", "Alfa"), ("BET", "Beta"), ("RUR", "Ruri"))
    ],
    "parties": [
        {"party": "ALF", "name_en": "Alfa"},
        {"party": "BET", "name_en": "Beta"},
        {"party": "RUR", "name_en": "Ruri"},
    ],
    "instruments": [{"instrument": "concord-2029", "title": "Concord", "signed": "2029-07-12", "parties": "ALF"}],
    "sets": [
        {"set": "two", "as_of": "2031-02-01", "claimed": "2", "listed": "2", "counter": "RUR", "rule": "Signed pacts"}
        | {"members": "ruri-alfa-2030;ruri-beta-2031"}
    ],
    "sources": [
        {
            "source": "press-alfa",
            "title": f"News {EVIL}",
            "publisher": "The Gazette",
            "url": "https://example.org/news",
        },
        {
            "source": "text-alfa",
            "title": "Pact",
            "publisher": "Alfa",
            "kind": "agreement-text",
            "url": "data:text/html,x",
        },
    ],
}
EXAMPLE = "#+ summary: Which <b>pacts</b> are there?\nSELECT ?pact WHERE { ?pact a <http://example.org/Pact> }\n"
PAGES = [
    "/",
    "/agreements",
    "/agreements/ruri-alfa-2030",
    "/agreements/ruri-beta-2031",
    "/commitments",
    "/downloads",
    "/sparql/answer",
]
PAGES += ["/sparql/examples", "/sparql/examples/pacts", "/sparql/answer?query=SELECT%20*%20%7B%7D"]
RESULTS = {
    "head": {"vars": ["pact", "title"]},
    "results": {
        "bindings": [
            {"pact": {"type": "uri", "value": f"{BASE}/ruri-alfa-2030"}, "title": {"type": "literal", "value": EVIL}},
            {"pact": {"type": "uri", "value": "javascript:alert(1)"}},
        ]
    },
}


@dataclass
class StubPool:
    """Answers every query with the same, and keeps what it was asked."""

    asked: list[evaluate.Request] = field(default_factory=list)

    async def run(self, request: evaluate.Request, *_: object) -> Answer:
        self.asked.append(request)
        if "broken" in request.text:
            raise QuerySyntaxError("expected a dot", 1, 3)
        return Answer(b"<a> <b> <c> ." if request.format_name == "turtle" else json.dumps(RESULTS).encode())


@dataclass
class StubCurrent:
    """One service for ever."""

    service: Service | None


@pytest.fixture
def pool() -> StubPool:
    return StubPool()


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pool: StubPool) -> TestClient:
    snapshot = store.read(_snapshot(tmp_path / "abc"))
    examples = tmp_path / "queries" / "examples"
    examples.mkdir(parents=True)
    (examples / "pacts.rq").write_text(EXAMPLE, "utf-8")
    shutil.copytree(paths.queries() / "tables", tmp_path / "queries" / "tables")
    monkeypatch.setattr(paths, "queries", lambda: tmp_path / "queries")
    catalogue.read.cache_clear()
    app = FastAPI()
    app.include_router(agreements.data)
    app.include_router(agreements.router)
    app.include_router(countries.router)
    app.include_router(pages.router)
    app.include_router(workbench.router)
    app.include_router(registers.router)
    settings = Settings(assets=tmp_path)
    return TestClient(Language(Front(app, StubCurrent(Service(settings, snapshot, pool)))))  # type: ignore[arg-type]


def _snapshot(folder: Path) -> Path:
    (folder / "tables").mkdir(parents=True)
    (folder / "ontology.ttl").write_text("@prefix sa: <https://w3id.org/security-agreements/ontology#> .\n", "utf-8")
    for name, columns in COLUMNS.items():
        with (folder / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, columns.split(), restval="")
            writer.writeheader()
            writer.writerows(ROWS[name])
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    told = {name: {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()} for name, text in files.items()}
    manifest = {"id": "abc", "version": "9.9.9", "released": "2031-03-04", "quads": 7, "files": told}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


@pytest.mark.parametrize("address", PAGES)
def test_pages_answer_and_escape(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    text = response.text.replace('<script src="/static/search.js" defer></script>', "")
    assert text.count("<h1") == 1
    for forbidden in ("<script", "<b>", "<style", " style=", " onclick=", 'href="javascript:', 'href="data:'):
        assert forbidden not in text
    assert "4 March 2031</time>\n      · data version 9.9.9" in text


def test_agreement_tells_promise_from_report_and_absent_from_not_coded(client: TestClient) -> None:
    text = client.get("/agreements/ruri-alfa-2030").text
    assert "promise: seeks" in text
    assert ">reported<" in text
    assert f"at least EUR{wording.SPACE}{wording.SPACE.join(['1', '072', '000', '000'])} a year" in text
    assert "2031–2033" in text
    assert 'id="commitment-yearly-sum"' in text
    assert 'href="/agreements/ruri-alfa-2030/commitments#commitment-yearly-sum">yearly sum</a>' in text
    assert 'class="state state-absent"' in text
    assert 'class="state state-not-coded"' in text
    assert "This list is not complete." in text
    assert "&lt;script&gt;" in text
    provisions = client.get("/agreements/ruri-alfa-2030/provisions").text
    assert provisions.index("Sooner") < provisions.index("Later")


@pytest.mark.parametrize("part", ["commitments", "provisions"])
def test_parts_of_an_agreement_have_pages(client: TestClient, part: str) -> None:
    text = client.get(f"/agreements/ruri-alfa-2030/{part}").text
    assert text.count("<h1") == 1
    assert EVIL not in text
    assert 'id="source-text-alfa"' in text
    with pytest.raises(UnknownName):
        client.get(f"/agreements/nothing/{part}")


@pytest.mark.parametrize("code", ["ALF", "alf", "Alf"])
def test_countries_are_parties(client: TestClient, code: str) -> None:
    answer = client.get(f"/countries/{code}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/parties/ALF")


def test_unknown_country_raises_with_near_names(client: TestClient) -> None:
    with pytest.raises(UnknownName) as raised:
        client.get("/countries/alx")
    assert "ALF" in raised.value.near


def test_neighbours_share_a_day_a_place_or_a_signatory(client: TestClient) -> None:
    text = client.get("/agreements/ruri-alfa-2030").text.split('id="neighbours"')[1].split("</section>")[0]
    assert ("Also signed by" in text) == any(row["agreement"] == "ruri-beta-2031" for row in ROWS["signatures"])


def test_commitments_say_what_is_added_and_what_is_not(client: TestClient) -> None:
    text = client.get("/commitments").text
    panel = " ".join(text.split('class="panel"')[1].split("</details>")[0].split())
    assert "1 row: they report what was done and promise nothing" in panel
    assert "1 row: they are given for each year, not in total" in panel


def test_rival_claims_are_those_of_different_rank(client: TestClient) -> None:
    rivals = client.get("/agreements/ruri-alfa-2030").text.split('id="rivals"')[1].split('id="sources"')[0]
    assert "the text counts" in rivals
    assert 'href="#source-press-alfa">The Gazette</a>' in rivals
    assert "Via" not in rivals


def test_events_are_those_of_the_agreement(client: TestClient) -> None:
    text = client.get("/agreements/ruri-alfa-2030").text
    events = text.split("<h3>Events</h3>")[1].split("</ul>")[0]
    assert "27 June 2030: signature" in events
    assert "May 2031: meeting. Both are spoken of &lt;script&gt;" in " ".join(events.split())
    assert "A vote on Beta" not in text
    assert [row["event"] for row in client.get("/agreements/ruri-beta-2031.json").json()["events"]] == [
        "beta-vote",
        "two-meet",
    ]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Alfa", "Beta"}),
        ("signed=2030", {"Alfa"}),
        ("place=Newtown", {"Beta"}),
        ("partner=ALF&topic=demining", {"Alfa"}),
        ("topic=demining&signed=2031", set()),
        ("q=BETA", {"Beta"}),
    ],
)
def test_filters_limit_the_list(client: TestClient, query: str, shown: set[str]) -> None:
    text = client.get(f"/agreements?{query}").text
    assert {name for name in ("Alfa", "Beta") if f'2030">{name}</a>' in text or f'2031">{name}</a>' in text} == shown
    assert f">{len(shown)} of 2</p>" in text
    assert ("1 of 2</td>" in text) == ("Alfa" in shown)  # topics coded


def test_filter_state_is_in_the_form_again(client: TestClient) -> None:
    text = client.get("/agreements", params={"place": "Newtown", "q": '"><script>'}).text
    assert "<script>" not in text


def test_json_holds_the_rows_of_every_table(client: TestClient) -> None:
    document = client.get("/agreements/ruri-alfa-2030.json").json()
    assert document["agreement"]["title"] == f"Pact {EVIL}"
    assert {row["commitment"] for row in document["commitments"]} == {SUM["commitment"], GIVEN["commitment"]}
    assert [row["source"] for row in document["sources"]] == ["text-alfa", "press-alfa"]
    lists = {"signatures", "clauses", "provisions", "coverage", "commitments", "events", "claims", "sources"}
    assert set(document) == {"agreement", *lists}


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_unknown_agreement_raises_with_near_names(client: TestClient, suffix: str) -> None:
    with pytest.raises(UnknownName) as raised:
        client.get(f"/agreements/ruri-alpha-2030{suffix}")
    assert raised.value.kind == "agreement"
    assert raised.value.near[0] == "ruri-alfa-2030"


@pytest.mark.parametrize("address", ["/downloads/manifest.json", "/downloads/..%2Fsecret", "/tables/nothing.csv"])
def test_only_listed_files_are_served(client: TestClient, address: str) -> None:
    with pytest.raises(UnknownName):
        client.get(address)


def test_files_have_type_and_checksum(client: TestClient) -> None:
    table = client.get("/tables/parties.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-disposition" not in table.headers
    assert table.headers["etag"] == f'"{hashlib.sha256(table.content).hexdigest()}"'
    assert client.get("/downloads/tables/parties.csv").content == table.content
    ontology = client.get("/downloads/ontology.ttl")
    assert ontology.headers["content-type"].startswith("text/turtle")
    assert 'filename="ontology.ttl"' in ontology.headers["content-disposition"]


def test_answer_links_agreements_here_and_no_script(client: TestClient) -> None:
    text = client.get("/sparql/examples/pacts").text
    assert 'href="/agreements/ruri-alfa-2030"' in text and "javascript:alert(1)</span>" in text


def test_query_at_fault_keeps_the_query_and_shows_the_line(client: TestClient) -> None:
    response = client.get("/sparql/answer", params={"query": "SELECT broken {}"})
    assert response.status_code == 400
    assert "1 | SELECT broken {}" in response.text
