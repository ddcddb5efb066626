"""The public tables keep their contract; every query of the catalogue gives its expected answer."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
import yaml
from pyoxigraph import RdfFormat, Store

from kg import catalogue, evaluate, guard, paths, tables
from kg.catalogue import Query
from kg.contents import Contents
from kg.names import SA

# The contract with R, pandas and spreadsheets: a name that changes here breaks somebody's script.
CONTRACT = {
    "agreements": "agreement iri title partner signed place term_years term_from extension review nato_clause "
    "termination_notice_months notice_from consultation_hours consultation_trigger furthers legal_effect in_force "
    "languages prevailing_language text_url sources",
    "claims": "claim subject property value value_type rank reason source locator published",
    "clauses": "agreement clause state value unit from trigger qualifier locator text_url summary sources",
    "commitments": "commitment iri agreement obligor beneficiary via topic action form modality modality_words phase "
    "value value_max currency percent_of_gdp quantity unit comparator per period period_start period_end part_of "
    "restates equivalent_as_of condition condition_text locator in_text stated_in text_url summary sources",
    "coverage": "agreement topic coverage depth modality provisions locator summary sources",
    "events": "event iri kind instrument date edtf parties place summary sources",
    "instruments": "instrument iri title kind parties signed place legal_effect parent text_url sources",
    "labels": "iri class role language label",
    "memberships": "body member role start end sources",
    "officials": "tenure official iri name name_uk name_own office of start end wikidata sources",
    "parties": "party iri name_en name_uk name_own kind iso3 wikidata cow gw valid_from valid_to",
    "provisions": "agreement provision iri locator heading topics depth summary text_url sources",
    "sets": "set as_of claimed comparator listed counter rule members sources",
    "signatures": "signature iri agreement party side official name office capacity signed place sources",
    "sources": "source title publisher published language kind read_via url retrieved",
    "statements": "statement iri kind speaker office date about stance polarity value unit comparator period_start "
    "period_end audience outlet republisher locator summary sources",
}
KEYS = {
    "agreements": ("agreement",),
    "claims": ("claim",),
    "clauses": ("agreement", "clause"),
    "commitments": ("commitment",),
    "coverage": ("agreement", "topic"),
    "events": ("event",),
    "instruments": ("instrument",),
    "labels": ("iri", "class", "role", "language", "label"),
    "memberships": ("body", "member", "role", "start"),
    "officials": ("tenure",),
    "parties": ("party",),
    "provisions": ("provision",),
    "sets": ("set",),
    "signatures": ("signature",),
    "sources": ("source",),
    "statements": ("statement",),
}
# Key columns that may be empty, and the tables that are not in the order of their key.
OPEN = {("memberships", "start"), ("labels", "language")}
ORDER = KEYS | {"events": ("date", "event")}
# Column → the table and column in which each of its slugs stands.
REFERENCES = {
    ("agreements", "partner"): ("parties", "party"),
    ("commitments", "obligor"): ("parties", "party"),
    ("commitments", "beneficiary"): ("parties", "party"),
    ("commitments", "via"): ("parties", "party"),
    ("commitments", "part_of"): ("commitments", "commitment"),
    ("commitments", "restates"): ("commitments", "commitment"),
    ("coverage", "provisions"): ("provisions", "provision"),
    ("events", "parties"): ("parties", "party"),
    ("instruments", "parties"): ("parties", "party"),
    ("memberships", "member"): ("parties", "party"),
    ("officials", "of"): ("parties", "party"),
    ("sets", "counter"): ("parties", "party"),
    ("signatures", "party"): ("parties", "party"),
    ("signatures", "official"): ("officials", "official"),
    ("claims", "source"): ("sources", "source"),
    **{(name, "sources"): ("sources", "source") for name, columns in CONTRACT.items() if "sources" in columns.split()},
}
JOINED = {
    "agreements": ("partner", "consultation_trigger", "furthers", "languages", "sources"),
    "claims": ("source",),
    "clauses": ("trigger", "qualifier", "sources"),
    "commitments": ("obligor", "beneficiary", "via", "topic", "part_of", "condition", "sources"),
    "coverage": ("modality", "provisions", "locator", "sources"),
    "events": ("instrument", "parties", "sources"),
    "instruments": ("parties", "sources"),
    "labels": (),
    "memberships": ("sources",),
    "officials": ("name_own", "sources"),
    "parties": ("name_own",),
    "provisions": ("topics", "sources"),
    "sets": ("members", "sources"),
    "signatures": ("sources",),
    "sources": ("publisher", "language", "url"),
    "statements": ("speaker", "about", "audience", "sources"),
}
DAYS = {"signed", "start", "end", "period_start", "period_end", "valid_from", "valid_to", "as_of", "date"}
DAYS |= {"published", "retrieved"}
NUMBERS = {"term_years", "termination_notice_months", "consultation_hours", "cow", "gw", "claimed", "listed"}
NUMBERS_OF = {
    "commitments": {"value", "value_max", "percent_of_gdp", "quantity"},
    "clauses": {"value"},
    "statements": {"value"},
}
QUERIES = catalogue.read(paths.queries())
SELECTS = [query for query in QUERIES if guard.inspect(query.body).form == "SELECT"]
EXAMPLES = [query for query in QUERIES if query.kind == "examples"]

Rows = list[dict[str, str]]
Tables = dict[str, Rows]


def table_of(content: bytes) -> Rows:
    return list(csv.DictReader(StringIO(content.decode("utf-8"), newline="")))


@pytest.fixture(scope="module")
def every_table(contents: Contents) -> Tables:
    return {name: table_of(tables.write(contents.store, paths.queries(), name)) for name in CONTRACT}


@pytest.fixture(scope="module")
def reloaded(contents: Contents) -> Store:
    """The same quads, loaded in another order."""
    store = Store()
    store.load(BytesIO("".join(reversed(contents.lines)).encode()), RdfFormat.N_QUADS)
    return store


def series(contents: Contents) -> int:
    """How many agreements there are, by the records themselves."""
    _, rows = evaluate.rows(contents.store, f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ ?a a <{SA.Agreement}> }}")
    return int(rows[0][0] or 0)


def named_by(query: Query) -> str:
    return f"{query.kind}-{query.name}"


def short(cell: str | None) -> str:
    """An IRI's last segment; anything else as it is."""
    text = cell or ""
    return re.split("[/#]", text)[-1] if text.startswith(("http://", "https://")) else text


def header(text: str) -> dict[str, Any]:
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    found: dict[str, Any] = yaml.safe_load("\n".join(lines))
    return found


def test_every_table_has_its_contract() -> None:
    assert tables.names(paths.queries()) == sorted(CONTRACT)
    assert set(KEYS) == set(JOINED) == set(CONTRACT)


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_are_those_of_the_contract_and_each_is_explained(contents: Contents, name: str) -> None:
    first = tables.write(contents.store, paths.queries(), name).decode("utf-8").splitlines()[0]
    assert first == CONTRACT[name].replace(" ", ",")
    assert list(header(catalogue.find(paths.queries(), "tables", name).text)["columns"]) == CONTRACT[name].split()


@pytest.mark.parametrize("name", CONTRACT)
def test_no_row_is_multiplied(every_table: Tables, name: str) -> None:
    keys = [tuple(row[column] for column in KEYS[name]) for row in every_table[name]]
    assert keys
    must = [column for column in KEYS[name] if (name, column) not in OPEN]
    assert all(row[column] for row in every_table[name] for column in must)
    assert len(keys) == len(set(keys))
    ordered = [tuple(row[column] for column in ORDER[name]) for row in every_table[name]]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize("name", CONTRACT)
def test_the_bytes_do_not_depend_on_the_order_of_loading(contents: Contents, reloaded: Store, name: str) -> None:
    assert tables.write(contents.store, paths.queries(), name) == tables.write(reloaded, paths.queries(), name)


@pytest.mark.parametrize("name", CONTRACT)
def test_joined_cells_are_sorted_and_name_nothing_twice(every_table: Tables, name: str) -> None:
    for row in every_table[name]:
        for column in JOINED[name]:
            values = row[column].split(";")
            assert values == sorted(set(values)), (column, row[column])


@pytest.mark.parametrize("name", CONTRACT)
def test_days_and_numbers_are_read_by_any_tool(every_table: Tables, name: str) -> None:
    for row in every_table[name]:
        for column in DAYS & set(row):
            assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", row[column]), (column, row)
        for column in (NUMBERS | NUMBERS_OF.get(name, set())) & set(row):
            assert re.fullmatch(r"(\d+(\.\d+)?)?", row[column]), (column, row)


@pytest.mark.parametrize("name", CONTRACT)
def test_only_iri_and_address_columns_hold_iris(every_table: Tables, name: str) -> None:
    for row in every_table[name]:
        for column, cell in row.items():
            may = column in ("iri", "url", "text_url") or (name, column) == ("claims", "value")
            assert may or not cell.startswith(("http://", "https://")), (column, cell)


@pytest.mark.parametrize(("name", "column"), REFERENCES)
def test_slugs_lead_to_rows(every_table: Tables, name: str, column: str) -> None:
    other, key = REFERENCES[name, column]
    known = {row[key] for row in every_table[other]}
    named = {slug for row in every_table[name] for slug in row[column].split(";") if slug}
    assert named <= known


def test_the_series_each_with_day_place_and_a_partner_of_its_own(every_table: Tables, contents: Contents) -> None:
    rows = every_table["agreements"]
    assert len(rows) == series(contents)
    assert all(row["signed"] and row["place"] and row["partner"] and row["sources"] for row in rows)
    assert len({row["partner"] for row in rows}) == len(rows)


def test_the_twenty_are_agreements_of_the_series(every_table: Tables) -> None:
    (twenty,) = (row for row in every_table["sets"] if row["set"] == "twenty-2024-06-27")
    signed = {row["agreement"]: row["signed"] for row in every_table["agreements"]}
    members = twenty["members"].split(";")
    assert len(members) == int(twenty["claimed"]) == int(twenty["listed"]) == 20
    assert {slug for slug, day in signed.items() if day <= twenty["as_of"]} == set(members)


def test_in_force_follows_from_clauses_and_events(every_table: Tables) -> None:
    effects = {row["agreement"]: row for row in every_table["clauses"] if row["clause"] == "entry-into-effect"}
    told = {(slug, row["kind"]) for row in every_table["events"] for slug in row["instrument"].split(";")}
    for row in every_table["agreements"]:
        slug = row["agreement"]
        on_signature = effects[slug]["from"] == "signature"
        expected = "true" if on_signature or (slug, "entry-into-force") in told else ""
        assert row["in_force"] == ("false" if (slug, "termination") in told else expected), slug


def test_each_signing_is_an_event(every_table: Tables) -> None:
    events = {row["event"]: row for row in every_table["events"]}
    for row in every_table["agreements"]:
        event = events[f"{row['agreement']}/signed"]
        assert (event["kind"], event["instrument"]) == ("signature", row["agreement"])
        assert (event["date"], event["place"]) == (row["signed"], row["place"])
        assert {row["partner"], "UKR"} == set(event["parties"].split(";"))
    for row in events.values():
        assert bool(row["summary"]) != row["event"].endswith("/signed"), row
        assert not row["edtf"] or row["date"].startswith(row["edtf"].partition("/")[0].removesuffix("~")), row


def test_a_statement_has_a_voice_and_an_office_only_with_a_speaker(every_table: Tables) -> None:
    officials = {row["official"] for row in every_table["officials"]}
    for row in every_table["statements"]:
        assert row["speaker"] and row["stance"] and row["polarity"] and row["locator"] and row["summary"], row
        assert not row["office"] or set(row["speaker"].split(";")) <= officials, row
        assert not row["unit"] or row["value"], row


def test_bodies_of_memberships_are_recorded(every_table: Tables, contents: Contents) -> None:
    query = f"SELECT DISTINCT ?body {{ ?body a <{SA.Entity}> }}"
    known = {short(row[0]) for row in evaluate.rows(contents.store, query)[1]}
    assert {row["body"] for row in every_table["memberships"]} <= known


def test_both_sides_signed_each_agreement(every_table: Tables) -> None:
    sides: dict[str, list[str]] = {}
    for row in every_table["signatures"]:
        assert (row["party"] == "UKR") == (row["side"] == "ukraine")
        assert row["signed"] and row["place"] and row["office"] and row["name"], row
        sides.setdefault(row["agreement"], []).append(row["side"])
    for row in every_table["agreements"]:
        assert set(sides[row["agreement"]]) == {"ukraine", "partner"}
        two = 1 + (row["partner"] == "EU")  # two presidents signed for the Union
        assert sorted(sides[row["agreement"]]) == ["partner"] * two + ["ukraine"]


def test_agreements_and_other_instruments_are_apart(every_table: Tables) -> None:
    agreements = {row["agreement"] for row in every_table["agreements"]}
    others = {row["instrument"] for row in every_table["instruments"]}
    assert not agreements & others
    for name in ("commitments", "provisions", "signatures"):
        assert {row["agreement"] for row in every_table[name] if row["agreement"]} <= agreements | others
    members = {member for row in every_table["sets"] for member in row["members"].split(";") if member}
    assert members <= agreements | others
    assert {row["parent"] for row in every_table["instruments"] if row["parent"]} <= agreements | others


def test_clauses_have_every_kind_for_every_agreement(every_table: Tables, contents: Contents) -> None:
    _, kinds = evaluate.rows(contents.store, f"SELECT ?kind {{ ?kind a <{SA.ClauseKind}> }}")
    assert len(every_table["clauses"]) == series(contents) * len(kinds)
    for row in every_table["clauses"]:
        assert row["state"] in ("present", "absent", "not-coded")
        assert bool(row["locator"] and row["summary"]) == (row["state"] == "present"), row
        assert bool(row["value"]) == bool(row["unit"])
        assert bool(row["sources"]) == (row["state"] != "not-coded")


def test_agreements_say_of_their_clauses_what_the_table_of_clauses_says(every_table: Tables) -> None:
    clauses = {(row["agreement"], row["clause"]): row for row in every_table["clauses"]}
    for row in every_table["agreements"]:
        slug = row["agreement"]
        assert row["term_years"] == clauses[slug, "term"]["value"]
        assert row["term_from"] == clauses[slug, "term"]["from"]
        assert row["termination_notice_months"] == clauses[slug, "termination"]["value"]
        assert row["notice_from"] == clauses[slug, "termination"]["from"]
        assert row["consultation_hours"] == clauses[slug, "consultation"]["value"]
        assert row["consultation_trigger"] == clauses[slug, "consultation"]["trigger"]
        for column, kind in (("extension", "extension"), ("review", "review"), ("nato_clause", "nato-accession")):
            assert row[column] == clauses[slug, kind]["state"]


def test_coverage_has_every_topic_for_every_agreement(every_table: Tables, contents: Contents) -> None:
    _, topics = evaluate.rows(contents.store, f"SELECT ?topic {{ ?topic a <{SA.Topic}> }}")
    assert len(every_table["coverage"]) == series(contents) * len(topics)


def test_coverage_agrees_with_provisions_and_commitments(every_table: Tables) -> None:
    passages: dict[tuple[str, str], Rows] = {}
    promises: dict[tuple[str, str], Rows] = {}
    for row in every_table["provisions"]:
        for topic in row["topics"].split(";"):
            passages.setdefault((row["agreement"], topic), []).append(row)
    for row in every_table["commitments"]:
        for topic in row["topic"].split(";") if row["in_text"] == "true" else ():  # coverage is that of the text
            promises.setdefault((row["agreement"], topic), []).append(row)
    for row in every_table["coverage"]:
        found, made = (parts.get((row["agreement"], row["topic"]), []) for parts in (passages, promises))
        modalities = {promise["modality"] for promise in made}
        expected = "committed" if modalities - {"none"} else "mentioned" if found or made else None
        assert row["coverage"] == expected if expected else row["coverage"] in ("absent", "not-coded")
        assert row["modality"] == ";".join(sorted(modalities))
        assert row["provisions"] == ";".join(sorted(passage["provision"] for passage in found))
        levels = ["", "mention", "general", "specific", "detailed"]
        assert row["depth"] == levels[max((levels.index(passage["depth"]) for passage in found), default=0)]
        assert bool(row["sources"]) == (row["coverage"] != "not-coded")


def test_a_report_has_a_phase_and_a_sum_its_currency(every_table: Tables) -> None:
    for row in every_table["commitments"]:
        assert row["phase"] or row["modality"] != "none", row
        assert bool(row["value"]) == bool(row["currency"]), row
        assert bool(row["quantity"]) == bool(row["unit"]), row
        assert row["in_text"] == str(row["stated_in"] == "text").lower()


@pytest.mark.parametrize("query", SELECTS, ids=named_by)
def test_a_query_gives_its_expected_answer(contents: Contents, query: Query) -> None:
    _, found = evaluate.rows(contents.store, query.body)
    rows = [[short(cell) for cell in row] for row in found]
    assert rows
    if "rows" in query.expected:
        assert len(rows) == int(query.expected["rows"])
    for wanted in query.expected.get("contains", []):
        assert [str(cell) for cell in wanted] in rows


def test_a_part_is_left_out_of_a_year_only_beside_its_counted_whole(contents: Contents) -> None:
    (body,) = (query.body for query in EXAMPLES if query.name == "promised-for-a-year")
    standings = {}
    for span in ("2024-01-01/2024-12-31", "2023-01-01/2027-12-31"):
        first, _, last = span.partition("/")
        _, rows = evaluate.rows(contents.store, body.replace("2024-01-01", first).replace("2024-12-31", last))
        standings[span] = {one: row[0] for row in rows for one in str(row[-1]).split(";")}
        assert len(standings[span]) == sum(int(str(row[3])) for row in rows)
    one_year, five_years = standings.values()
    part, whole = "ukr-nor-2024/military-2024", "ukr-nor-2024/nansen-2023-2027"
    assert (one_year[part], one_year[whole]) == ("counted", "period not within the year")
    assert (five_years[part], five_years[whole]) == ("part of a counted figure", "counted")


@pytest.mark.parametrize("query", EXAMPLES, ids=named_by)
def test_an_example_asks_a_question_and_knows_its_answer(query: Query) -> None:
    known = header(query.text)
    assert str(known["question"]).endswith("?")
    assert query.description and query.tags and query.expected


@pytest.mark.parametrize("query", QUERIES, ids=named_by)
def test_a_query_declares_the_prefixes_it_uses_and_no_others(contents: Contents, query: Query) -> None:
    declared: dict[str, str] = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>$", query.body, re.MULTILINE))
    body = re.sub(r"<[^>\s]*>|\"[^\"\n]*\"|#.*", "", query.body.split("\n\n", 1)[1])
    assert set(declared) == set(re.findall(r"(?<![\w?])([a-z]\w*):\w", body))
    assert {name: contents.schema.prefixes[name] for name in declared} == declared
