"""Records to quads: the mapping rules one by one, and each fault with its file, line, key and words."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, SKOS, XSD, Dataset, Literal, URIRef
from world.edits import (
    AGREEMENT,
    ALAND,
    ALDER,
    COUNT,
    HANDBOOK,
    HERE,
    change,
    edit,
    faults,
    line_of,
    loaded,
    make_world,
    rewrite,
    schema,
)

from kg import load, records
from kg.errors import Finding
from kg.names import BASE, SA
from kg.shapes import EDTF

A = URIRef(BASE + "agreements/aaa-bbb-2030")
AAA = URIRef(BASE + "parties/AAA")
ALDER_IRI = URIRef(BASE + "officials/ada-alder")
INTERVIEW = URIRef(BASE + "statements/handbook-interview")
SOURCES = BASE + "sources/"
SCHEMES = BASE + "schemes/"
DATES = "write 2024-06-27, 2024-06, 2024 or 2024~"
INTERVIEW_FILE = "data/statements/handbook-interview.yaml"
TWO = "one value only; write rival values as {value, source, rank}"


@pytest.fixture(scope="module")
def graph() -> Dataset:
    """The invented world as rdflib reads it; its default graph is the union."""
    made = Dataset(default_union=True)
    made.parse(data="".join(quad.line for quad in loaded(HERE).quads), format="nquads")
    return made


def part(owner: URIRef, *path: str) -> URIRef:
    return URIRef("/".join((owner, *path)))


def values(graph: Dataset, subject: URIRef, key: str) -> set[str]:
    return {str(value) for value in graph.objects(subject, SA[key])}


# --- mapping rules ---


def test_the_world_has_no_fault(world):
    assert faults(world) == []


def test_a_subclass_gets_both_types(graph):
    assert set(graph.objects(AAA, RDF.type)) == {SA.Country, SA.Party, SA.Entity}
    assert set(graph.objects(A, RDF.type)) == {SA.Agreement, SA.Instrument, SA.Entity}
    assert set(graph.objects(URIRef(BASE + "instruments/charter-2029"), RDF.type)) == {SA.Instrument, SA.Entity}
    assert set(graph.objects(INTERVIEW, RDF.type)) == {SA.Account}


def test_the_iri_is_the_path_and_the_graph_is_the_record(graph):
    contexts = {str(context) for _, _, _, context in graph.quads((A, RDF.type, SA.Agreement, None))}
    assert contexts == {BASE + "data/agreements/aaa-bbb-2030"}
    parts = {str(c) for _, _, _, c in graph.quads((part(A, "commitment", "aid"), None, None, None))}
    assert parts == contexts


def test_parts_have_iris_of_their_own(graph):
    assert values(graph, A, "signature") == {f"{A}/signature/alder", f"{A}/signature/birch"}
    assert values(graph, ALDER_IRI, "tenure") == {f"{ALDER_IRI}/tenure/president", f"{ALDER_IRI}/tenure/minister"}
    assert set(graph.objects(part(ALDER_IRI, "tenure", "minister"), RDF.type)) == {SA.Tenure}


def test_no_blank_node_and_every_iri_ours_or_the_vocabularies(graph):
    for subject, predicate, _, _ in graph:
        assert isinstance(subject, URIRef) and subject.startswith(BASE)
        assert isinstance(predicate, URIRef)


def test_the_slug_gives_the_value(graph):
    assert values(graph, part(A, "clause", "term"), "kind") == {SCHEMES + "clause-kind/term"}


def test_references(graph):
    aid = part(A, "commitment", "aid")
    assert values(graph, A, "party") == {BASE + "parties/AAA", BASE + "parties/BBB"}
    assert values(graph, aid, "arisesFrom") == {f"{A}/provision/equipment"}
    assert values(graph, part(A, "commitment", "drones"), "partOf") == {str(aid)}
    assert values(graph, part(A, "commitment", "aid-share"), "restates") == {str(aid)}
    assert values(graph, part(A, "signature", "alder"), "inTenure") == {f"{ALDER_IRI}/tenure/president"}
    assert values(graph, aid, "comparator") == {SCHEMES + "comparator/approximately"}


def test_a_reference_to_an_entity_finds_any_class(graph):
    more, soldiers = part(INTERVIEW, "statement", "more-money"), part(INTERVIEW, "statement", "soldiers")
    assert values(graph, more, "about") == {str(AAA), BASE + "forces/northern-brigade"}
    assert values(graph, more, "audience") == {BASE + "parties/BBB", BASE + "parties/ORG"}
    assert values(graph, more, "occasion") == {BASE + "events/aldstad-summit"}
    assert values(graph, soldiers, "speaker") == {str(AAA), str(ALDER_IRI)}
    assert values(graph, part(INTERVIEW, "statement", "extra-sum"), "spellsOut") == {str(more)}


def test_memberships_are_parts_of_bodies_initiatives_and_instruments(graph):
    holders = {
        "parties/ORG": {"aland": "AAA", "borduria": "BBB"},
        "initiatives/drone-league": {"aland": "AAA", "borduria": "BBB"},
        "instruments/charter-2029": {"organisation": "ORG"},
    }
    for body, members in holders.items():
        owner = URIRef(BASE + body)
        assert values(graph, owner, "membership") == {f"{owner}/membership/{slug}" for slug in members}
        for slug, code in members.items():
            assert values(graph, part(owner, "membership", slug), "holder") == {f"{BASE}parties/{code}"}


def test_sources_are_inherited_and_a_node_may_name_its_own(graph):
    assert values(graph, A, "source") == {SOURCES + "text-aaa-bbb"}
    assert values(graph, part(A, "signature", "alder"), "source") == {SOURCES + "text-aaa-bbb"}
    assert values(graph, part(A, "signature", "birch"), "source") == {SOURCES + "release-aaa"}
    assert values(graph, part(A, "commitment", "aid"), "source") == {SOURCES + "text-aaa-bbb", SOURCES + "handbook"}
    assert values(graph, part(ALDER_IRI, "tenure", "minister"), "source") == {SOURCES + "handbook"}


def test_a_locator_is_not_inherited(graph):
    assert values(graph, URIRef(BASE + "sets/one-2030"), "locator") == {"p2"}
    assert values(graph, A, "locator") == set()


def test_texts_in_languages(graph):
    assert set(graph.objects(AAA, RDFS.label)) == {Literal("Aland", lang="en"), Literal("Аландія", lang="uk")}
    others = {Literal("Realm of Aland", lang="en"), Literal("Alandia", lang="en")}
    assert set(graph.objects(AAA, SKOS.altLabel)) == others


def test_norway_and_leading_noughts(graph):
    handbook = URIRef(SOURCES + "handbook")
    assert set(graph.objects(AAA, SA.iso2)) == {Literal("NO")}
    assert values(graph, handbook, "publisher") == {"Invented Press", "012", "NO"}
    assert values(graph, handbook, "language") == {"en", "no"}
    assert set(graph.objects(AAA, SA.cow)) == {Literal("12", datatype=XSD.integer)}


@pytest.mark.parametrize(
    ("node", "key", "written", "datatype", "first", "last"),
    [
        (part(INTERVIEW, "statement", "more-money"), "periodEnd", "2032-06", EDTF, "2032-06-01", "2032-06-30"),
        (URIRef(BASE + "events/aldstad-summit"), "date", "2030-02", EDTF, "2030-02-01", "2030-02-28"),
        (AAA, "validFrom", "1905-06", EDTF, "1905-06-01", "1905-06-30"),
        (URIRef(BASE + "parties/old-league"), "validFrom", "1900", EDTF, "1900-01-01", "1900-12-31"),
        (URIRef(BASE + "parties/old-league"), "validTo", "1904-02", EDTF, "1904-02-01", "1904-02-29"),
        (URIRef(SOURCES + "handbook"), "published", "2029~", EDTF, "2029-01-01", "2029-12-31"),
        (part(ALDER_IRI, "tenure", "minister"), "start", "2024-02~", EDTF, "2024-02-01", "2024-02-29"),
        (part(ALDER_IRI, "tenure", "minister"), "end", "2027-12-31", XSD.date, "2027-12-31", "2027-12-31"),
        (part(A, "commitment", "aid"), "periodEnd", "2032-02", EDTF, "2032-02-01", "2032-02-29"),
        (URIRef(BASE + "instruments/charter-2029"), "signed", "2029-12", EDTF, "2029-12-01", "2029-12-31"),
        (A, "signed", "2030-02-28", XSD.date, "2030-02-28", "2030-02-28"),
    ],
)
def test_a_date_and_its_bounds(graph, node, key, written, datatype, first, last):
    assert set(graph.objects(node, SA[key])) == {Literal(written, datatype=URIRef(datatype), normalize=False)}
    assert set(graph.objects(node, SA[key + "Earliest"])) == {Literal(first, datatype=XSD.date)}
    assert set(graph.objects(node, SA[key + "Latest"])) == {Literal(last, datatype=XSD.date)}


def test_what_lasts_has_its_first_and_last_day_as_bounds(world):
    edit(world, "data/events/aldstad-summit.yaml", ("date:",), "date: 2030-02-01/2030-02-03")
    assert faults(world) == []
    about = {(q.predicate, q.object) for q in loaded(world).quads if q.subject == f"<{BASE}events/aldstad-summit>"}
    for key, value, datatype in (
        ("date", "2030-02-01/2030-02-03", EDTF),
        ("dateEarliest", "2030-02-01", XSD.date),
        ("dateLatest", "2030-02-03", XSD.date),
    ):
        assert (f"<{SA[key]}>", f'"{value}"^^<{datatype}>') in about


def test_a_date_without_bounds_in_the_shape_has_none(graph):
    aid = part(A, "commitment", "aid")
    assert values(graph, aid, "equivalentAsOf") == {"2030-02"}
    assert values(graph, aid, "equivalentAsOfEarliest") == set()


def test_decimals_are_canonical():
    lines = {quad.line.split(f"<{SA}", 1)[-1] for quad in loaded(HERE).quads}
    graph = f" <{BASE}data/agreements/aaa-bbb-2030> .\n"
    assert f'amount> "80000000.5"^^<{XSD.decimal}>{graph}' in lines
    assert f'amount> "35000000"^^<{XSD.decimal}>{graph}' in lines
    assert f'percentOfGdp> "0.25"^^<{XSD.decimal}>{graph}' in lines


def test_every_node_and_key_written_has_its_line():
    places = loaded(HERE).lines
    aid = str(part(A, "commitment", "aid"))
    assert places[(str(A), "")] == (AGREEMENT, 1)
    assert places[(aid, "")] == (AGREEMENT, line_of(HERE, AGREEMENT, "commitment:", "aid:"))
    assert places[(aid, str(SA.amount))] == (AGREEMENT, line_of(HERE, AGREEMENT, "aid:", "amount:"))
    assert places[(aid, str(SA.source))] == (AGREEMENT, line_of(HERE, AGREEMENT, "aid:", "source:"))


def test_quads_do_not_depend_on_the_order_of_records(world):
    reverse = sorted((world / "data").glob("*/*.yaml"), reverse=True)
    read = [records.read(path, world)[0] for path in reverse]
    assert {q.line for q in load.load([r for r in read if r], schema()).quads} == {q.line for q in loaded(HERE).quads}


# --- faults: the line that changes, its new text (a bar parts two lines), and what is said at which key ---

# fmt: off
FAULTS = {
    "unknown key": (AGREEMENT, "aid:/obligor:", "obliger: AAA",
        "obliger: no property of Commitment; did you mean 'obligor'?"),
    "unknown key of a record": (AGREEMENT, "venue:", "venu: Hall",
        "venu: no property of Instrument; did you mean 'venue'?"),
    "unknown key of a tenure": (ALDER, "end:", "until: 2032",
        "until: no property of Tenure; did you mean 'title'?"),
    "unknown key of a class without sources": ("data/places/aldstad.yaml", "note:", "source: handbook",
        "source: no property of Place; known: altLabel, country, label, note, wikidata"),
    "type of a part": (AGREEMENT, "aid:/obligor:", "obligor: AAA | type: Commitment",
        "type: no property of Commitment"),
    "unknown party": (AGREEMENT, "aid:/obligor:", "obligor: AAB",
        "obligor: no Party 'AAB'; did you mean 'AAA'?"),
    "unknown party in a list": (AGREEMENT, "aid:/beneficiary:", "beneficiary: [AAA, CCC]",
        "beneficiary: no Party 'CCC'; known: AAA, BBB, ORG, old-league"),
    "unknown notation": (AGREEMENT, "aid:/modality:", "modality: intend",
        "modality: no Modality 'intend'; did you mean 'intends'?"),
    "unknown notation of a short list": (AGREEMENT, "aid:/per:", "per: decade",
        "per: no Per 'decade'; known: total, year"),
    "unknown notation of a long list": (AGREEMENT, "aid:/topic:", "topic: zzz",
        "topic: no Topic 'zzz'"),
    "unknown part of the record": (AGREEMENT, "aid:/arisesFrom:", "arisesFrom: equipmint",
        "arisesFrom: no Provision 'equipmint'; did you mean 'equipment'?"),
    "unknown part of another record": (AGREEMENT, "alder:/inTenure:", "inTenure: ada-alder/presidents",
        "inTenure: no Tenure 'ada-alder/presidents'; did you mean 'ada-alder/president'?"),
    "a record of another class": (AGREEMENT, "furthers:", "furthers: handbook",
        "furthers: no Instrument 'handbook'; known: aaa-bbb-2030, charter-2029"),
    "a party that is no country": ("data/places/aldstad.yaml", "country:", "country: ORG",
        "country: no Country 'ORG'; known: AAA, BBB"),
    "an entity that no record has": (INTERVIEW_FILE, "more-money:/about:", "about: [AAA, northern-brigades]",
        "about: no Entity 'northern-brigades'; did you mean 'northern-brigade'?"),
    "a tenure of nobody's": (INTERVIEW_FILE, "more-money:/inTenure:", "inTenure: ada-alder/queen",
        "inTenure: no Tenure 'ada-alder/queen'; did you mean 'ada-alder/president'?"),
    "a member that is no party": ("data/initiatives/drone-league.yaml", "aland:/holder:", "holder: ada-alder",
        "holder: no Party 'ada-alder'; known: AAA, BBB, ORG, old-league"),
    "an event of no kind": ("data/events/aldstad-summit.yaml", "kind:", "kind: sumit",
        "kind: no EventKind 'sumit'; did you mean 'summit'?"),
    "unknown source": (AGREEMENT, "aid:/source:", "source: text-aaa",
        "source: no Source 'text-aaa'; did you mean 'text-aaa-bbb'?"),
    "unknown source of a record": (COUNT, "source:", "source: release-aab",
        "source: no Source 'release-aab'; did you mean 'release-aaa'?"),
    "a clause of no kind": (AGREEMENT, "clause:/term:", "terms:",
        "kind: no ClauseKind 'terms'; did you mean 'term'?"),
    "decimal": (AGREEMENT, "aid-share:/percentOfGdp:", "percentOfGdp: '0,25'",
        "percentOfGdp: '0,25' is no decimal; write 0.25 or 80_000_000"),
    "whole number": (AGREEMENT, "term:/years:", "years: ten",
        "years: 'ten' is no whole number; write 80_000_000"),
    "whole number with a stray line": (AGREEMENT, "term:/years:", "years: 1_",
        "years: '1_' is no whole number; write 80_000_000"),
    "date": (ALAND, "validFrom:", "validFrom: January 2024",
        f"validFrom: 'January 2024' is no date; {DATES}"),
    "date that is none": (ALAND, "validFrom:", "validFrom: 2023-02-29",
        "validFrom: '2023-02-29' is no date: day is out of range for month"),
    "a span where one date stands": (ALAND, "validFrom:", "validFrom: 1905/1906",
        "validFrom: '1905/1906' is no date: one date is meant here and no span"),
    "a span that runs backwards": ("data/events/aldstad-summit.yaml", "date:", "date: 2030-02-03/2030-02-01",
        "date: '2030-02-03/2030-02-01' is no date: a span ends after it starts"),
    "full day": (COUNT, "asOf:", "asOf: 2030-03",
        "asOf: '2030-03' is no full day; write 2024-06-27"),
    "address": (HANDBOOK, "url:", "url: example.org",
        "url: 'example.org' is no address; write https://…"),
    "text without a language": (ALAND, "label:", "label: Aland",
        "label: written by language, as in {en: …, uk: …}"),
    "language not in use": (ALAND, "label:", "label: {en: Aland, xx: Aland}",
        "label: language 'xx' is not in use"),
    "language not in use, a near one": (ALAND, "label:", "label: {en: Aland, ukr: Aland}",
        "label: language 'ukr' is not in use; did you mean 'uk'?"),
    "no language code": (ALAND, "ownName:", "ownName: {n b: Åland}",
        "ownName: 'n b' is no language code; write en, uk or zh-Hant"),
    "deep text in a language": (ALAND, "label:", "label: {en: {a: b}}",
        "label: one text a language is meant here"),
    "bad slug": (AGREEMENT, "signature:/alder:", "ada alder:",
        "signature: bad slug 'ada alder'; letters, digits and single hyphens"),
    "control character": (AGREEMENT, "venue:", 'venue: "Town\\x07hall"',
        "venue: a control character, U+0007, stands in the text; leave it out"),
    "slug that breaks an IRI": (AGREEMENT, "signature:/alder:", "'<alder>':",
        "signature: bad slug '<alder>'; letters, digits and single hyphens"),
    "unknown type": ("data/parties/old-league.yaml", "type:", "type: Grup",
        "type: no type of Party 'Grup'; did you mean 'Group'?"),
    "type that is a list": ("data/parties/old-league.yaml", "type:", "type: [Group]",
        "type: no type of Party '?'; known: Country, Group, InternationalOrganisation, Party"),
    "several values where one may stand": (AGREEMENT, "venue:", "venue: [Town hall, Garden]",
        f"venue: {TWO}"),
    "one value twice": (AGREEMENT, "venue:", "venue: [Town hall, Town hall]",
        f"venue: {TWO}"),
    "a value beside a claim": (AGREEMENT, "legalEffect:", "legalEffect: [mixed, {value: mixed, source: handbook}]",
        f"legalEffect: {TWO}"),
    "list in a list": (AGREEMENT, "authenticLanguage:", "authenticLanguage: [[en, uk]]",
        "authenticLanguage: a plain value is meant here"),
    "derived property": (AGREEMENT, "aid:/periodStart:", "periodStartEarliest: 2030-01-01",
        "periodStartEarliest: no property of Commitment to write (derived; leave it out)"),
    "property of the slug": (AGREEMENT, "term:/years:", "kind: term",
        "kind: no property of Clause to write (derived; leave it out)"),
    "part that is a text": (AGREEMENT, "clause:/term:", "costs: none | term:",
        "costs: a clause is a mapping of keys to values"),
    "claim without source": (AGREEMENT, "legalEffect:", "legalEffect: {value: mixed}",
        "source: a claim needs its source"),
    "claim without value": (AGREEMENT, "legalEffect:", "legalEffect: {source: handbook}",
        "value: a claim needs its value: {value, source, locator, rank, reason}"),
    "claim with an unknown part": (AGREEMENT, "legalEffect:",
        "legalEffect: {value: mixed, source: handbook, rnk: normal}",
        "rnk: no part of a claim; did you mean 'rank'?"),
    "claim with an unknown rank": (AGREEMENT, "legalEffect:",
        "legalEffect: {value: mixed, source: handbook, rank: best}",
        "rank: no rank 'best'; known: deprecated, normal, preferred"),
    "claim with two ranks": (AGREEMENT, "legalEffect:",
        "legalEffect: {value: mixed, source: handbook, rank: [normal, preferred]}",
        "rank: a claim has one rank"),
    "claim of a list": (AGREEMENT, "legalEffect:", "legalEffect: {value: [mixed, unstated], source: handbook}",
        "value: a claim has one value"),
    "claim of a claim": (AGREEMENT, "legalEffect:", "legalEffect: {value: {value: mixed}, source: handbook}",
        "legalEffect: a plain value is meant here"),
    "claim with an unknown source": (AGREEMENT, "legalEffect:", "legalEffect: {value: mixed, source: handbuch}",
        "source: no Source 'handbuch'; did you mean 'handbook'?"),
    "claim with an unknown value": (AGREEMENT, "legalEffect:", "legalEffect: {value: mixd, source: handbook}",
        "legalEffect: no LegalEffect 'mixd'; did you mean 'mixed'?"),
    "preferred without reason": (AGREEMENT, "place:/- {value: aldstad",
        "- {value: aldstad, source: text-aaa-bbb, rank: preferred}",
        "reason: a preferred claim needs a reason"),
    "deprecated without reason": (AGREEMENT, "soldiers:/- {value: may",
        "- {value: may, source: release-aaa, rank: deprecated}",
        "reason: a deprecated claim needs a reason"),
    "rivals of one rank": (AGREEMENT, "place:/- {value: aldstad", "- {value: aldstad, source: text-aaa-bbb}",
        "place: rivals of one rank; mark one as rank: preferred, with a reason"),
    "a rival with an unknown value": (AGREEMENT, "place:/- {value: aldstad", "- {value: aldstat, source: text-aaa-bbb}",
        "place: no Place 'aldstat'; did you mean 'aldstad'?"),
}
# fmt: on


@pytest.mark.parametrize(("file", "steps", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_one_changed_line_gives_one_finding(world, file, steps, new, said):
    key, _, message = said.partition(": ")
    lines = new.split(" | ")
    number = edit(world, file, tuple(steps.split("/")), *lines)
    below = next((n for n, line in enumerate(lines) if line.startswith(f"{key}:")), 0)
    assert faults(world) == [Finding(file, number + below, key, message)]


def test_two_records_of_one_class_with_one_slug(world):
    (world / "data/instruments/aaa-bbb-2030.yaml").write_text(
        (world / "data/instruments/charter-2029.yaml").read_text()
    )
    message = "the slug 'aaa-bbb-2030' is taken by data/agreements/aaa-bbb-2030.yaml"
    assert Finding("data/instruments/aaa-bbb-2030.yaml", 1, "", message) in faults(world)


def test_parts_written_as_a_list(world):
    number = line_of(world, ALDER, "tenure:")
    rewrite(world, ALDER, number, "tenure: [president, minister]")
    found = [f for f in faults(world) if f.file == ALDER]
    assert found == [Finding(ALDER, number, "tenure", "parts are a mapping from slug to keys")]


def test_all_faults_at_once_and_sorted(world):
    numbers = [
        edit(world, AGREEMENT, ("drones:", "currency:"), "curency: EUR"),
        edit(world, AGREEMENT, ("aid:", "obligor:"), "obligor: AAB"),
        edit(world, ALDER, ("minister:", "start:"), "start: soon"),
    ]
    found = faults(world)
    assert found == sorted(found)
    assert [(f.file, f.line) for f in found] == [(AGREEMENT, numbers[1]), (AGREEMENT, numbers[0]), (ALDER, numbers[2])]


# --- every property of every class, by its shape: what the loader refuses ---


def specimens():
    """For each class but Claim: its shape and a node of the invented world."""
    types = [(q.subject[1:-1], q.object[1:-1]) for q in loaded(HERE).quads if q.predicate == f"<{RDF.type}>"]
    return [(shape, next(s for s, c in types if c == shape.target)) for shape in written_shapes()]


def written_shapes():
    return [shape for target, shape in sorted(schema().shapes.items()) if target != str(SA.Claim)]


def broken_values(prop):
    """What may not stand under a key, and how the finding begins."""
    if prop.is_part:
        yield "text", "nonsense", "parts are a mapping from slug to keys"
        return
    if prop.max_count == 1:
        yield "two", "[some-value, other-value]", TWO
    if prop.class_iri:
        yield "slug", "no-such-slug", f"no {prop.class_iri.rsplit('#')[-1]} 'no-such-slug'"
    elif prop.is_date or prop.datatype == str(XSD.date):
        yield "date", "some day", "'some day' is no "
    elif prop.datatype == str(RDF.langString):
        yield "language", "some text", "written by language"
    elif prop.datatype != str(XSD.string):
        yield "form", "~", "'~' is no "
    yield "empty", "", "empty value"
    if prop.key != "source":
        yield "claim", "{value: x}", "a claim needs its source" if prop.datatype != str(RDF.langString) else "a claim"


def generated():
    for shape, node in specimens():
        name = shape.target.rsplit("#")[-1]
        for key, prop in shape.properties.items():
            if key not in shape.writable:
                yield pytest.param(node, prop, "2030-01-01", "no property of ", id=f"{name}-{key}-derived")
                continue
            for kind, text, message in broken_values(prop):
                yield pytest.param(node, prop, text, message, id=f"{name}-{key}-{kind}")


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory):
    """One copy for all generated cases; each restores the file it broke."""
    return make_world(tmp_path_factory.mktemp("generated") / "world")


def write_key(root, node, prop, text):
    """Write a key of a node anew, above the node's other keys where it has none; the place of the change."""
    new = f"{prop.key}: {text}".rstrip()
    places = loaded(root).lines
    if (node, prop.path) in places:
        file, number = places[(node, prop.path)]
        rewrite(root, file, number, new)
        return file, number
    file, number = places[(node, "")]
    lines = (root / file).read_text("utf-8").splitlines()
    number += lines[number - 1].endswith(":")  # the keys of a part stand below its slug
    change(root, file, number, new, lines[number - 1].strip())
    return file, number


@pytest.mark.parametrize(("node", "prop", "text", "message"), list(generated()))
def test_what_a_shape_does_not_allow_is_refused(shared_world, node, prop, text, message):
    file = shared_world / loaded(shared_world).lines[(node, "")].file
    before = file.read_text("utf-8")
    try:
        place = write_key(shared_world, node, prop, text)
        found = loaded(shared_world).findings
    finally:
        file.write_text(before, "utf-8")
    assert [f for f in found if (f.file, f.line) == place and f.message.startswith(message)], found
