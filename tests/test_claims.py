"""Claims: values with their sources, rivals and ranks, and which of them the simple layer shows."""

from __future__ import annotations

from itertools import permutations

import pytest
from rdflib import RDF, Dataset, URIRef
from world.edits import AGREEMENT, edit, faults, line_of, loaded, rewrite

from kg import claims
from kg.claims import Claim
from kg.names import BASE, SA
from kg.records import Mapping, Scalar, Sequence

A = BASE + "agreements/aaa-bbb-2030"
PLACES = BASE + "places/"
SOURCES = BASE + "sources/"
RANKS = BASE + "schemes/rank/"
PREFERRED = "{value: aldstad, source: text-aaa-bbb, rank: preferred, reason: why}"
NORMAL = "{value: szohod, source: release-aaa}"
DEPRECATED = "{value: szohod, source: handbook, rank: deprecated, reason: why}"


def graph_of(root):
    made = Dataset(default_union=True)
    made.parse(data="".join(quad.line for quad in loaded(root).quads), format="nquads")
    return made


def of_subject(graph, subject, key):
    """Every claim about one property of one thing: IRI → its values by property."""
    about = set(graph.subjects(RDF.subject, URIRef(subject))) & set(graph.subjects(RDF.predicate, SA[key]))
    return {
        str(c): {str(p).rsplit("#")[-1]: {str(o) for o in graph.objects(c, p)} for p in graph.predicates(c)}
        for c in about
    }


def shown(graph, subject, key):
    return sorted(str(value).rsplit("/", 1)[-1] for value in graph.objects(URIRef(subject), SA[key]))


def write_place(world, *written):
    rewrite(world, AGREEMENT, line_of(world, AGREEMENT, "place:"), "place:", *(f"  - {claim}" for claim in written))


def test_rivals_stand_side_by_side(world):
    found = of_subject(graph_of(world), A, "place")
    assert sorted(found.values(), key=str) == sorted(
        [
            {
                "type": {str(SA.Claim)},
                "subject": {A},
                "predicate": {str(SA.place)},
                "object": {PLACES + "szohod"},
                "rank": {RANKS + "normal"},
                "source": {SOURCES + "release-aaa"},
            },
            {
                "type": {str(SA.Claim)},
                "subject": {A},
                "predicate": {str(SA.place)},
                "object": {PLACES + "aldstad"},
                "rank": {RANKS + "preferred"},
                "source": {SOURCES + "text-aaa-bbb"},
                "locator": {"close"},
                "reason": {"the text outranks the release"},
            },
        ],
        key=str,
    )
    assert all(iri.startswith(f"{A}/claim/place-") for iri in found)


def test_only_what_is_written_as_a_claim_becomes_one(world):
    graph = graph_of(world)
    about = {
        (str(graph.value(c, RDF.subject)), str(graph.value(c, RDF.predicate)))
        for c in graph.subjects(RDF.type, SA.Claim)
    }
    keys = {(A, "signed"), (A, "place"), (A, "legalEffect"), (f"{A}/commitment/soldiers", "modality")}
    assert about == {(subject, str(SA[key])) for subject, key in keys}


def test_two_voices_with_one_value_are_two_claims_and_one_value(world):
    graph = graph_of(world)
    assert len(of_subject(graph, A, "signed")) == 2
    assert shown(graph, A, "signed") == ["2030-02-28"]
    assert shown(graph, A, "signedEarliest") == shown(graph, A, "signedLatest") == ["2030-02-28"]


def test_a_claim_keeps_to_its_own_sources(world):
    (claim,) = of_subject(graph_of(world), A, "legalEffect").values()
    assert claim["source"] == {SOURCES + "handbook"}
    edit(world, AGREEMENT, ("legalEffect:",), "legalEffect: {value: mixed, source: [handbook, release-aaa]}")
    (claim,) = of_subject(graph_of(world), A, "legalEffect").values()
    assert claim["source"] == {SOURCES + "handbook", SOURCES + "release-aaa"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ([NORMAL], ["szohod"]),
        ([NORMAL, PREFERRED], ["aldstad"]),
        ([PREFERRED, DEPRECATED], ["aldstad"]),
        ([NORMAL, DEPRECATED], ["szohod"]),
        ([DEPRECATED], []),
        ([PREFERRED, NORMAL, DEPRECATED], ["aldstad"]),
    ],
)
def test_the_best_rank_shows(world, written, value):
    write_place(world, *written)
    graph = graph_of(world)
    assert shown(graph, A, "place") == value
    assert len(of_subject(graph, A, "place")) == len(written)
    assert faults(world) == []


def test_the_order_of_claims_changes_nothing(world):
    graphs = []
    for order in permutations([PREFERRED, NORMAL, DEPRECATED]):
        write_place(world, *order)
        graphs.append({quad.line for quad in loaded(world).quads})
    assert all(graph == graphs[0] for graph in graphs)


def test_a_claims_iri_hangs_on_value_and_sources_alone(world):
    write_place(world, "{value: szohod, source: [release-aaa, handbook]}")
    before = set(of_subject(graph_of(world), A, "place"))
    write_place(world, "{value: szohod, source: [handbook, release-aaa], locator: p1, rank: preferred, reason: why}")
    assert set(of_subject(graph_of(world), A, "place")) == before
    write_place(world, "{value: szohod, source: handbook}")
    assert not set(of_subject(graph_of(world), A, "place")) & before
    write_place(world, "{value: aldstad, source: [handbook, release-aaa]}")
    assert not set(of_subject(graph_of(world), A, "place")) & before


def test_bounds_follow_the_value_that_shows(world):
    number = line_of(world, AGREEMENT, "signed:")
    preferred = "{value: 2030-02, source: text-aaa-bbb, rank: preferred, reason: why}"
    rewrite(world, AGREEMENT, number, f"signed: [{{value: 2031, source: handbook}}, {preferred}]")
    graph = graph_of(world)
    assert shown(graph, A, "signed") == ["2030-02"]
    assert (shown(graph, A, "signedEarliest"), shown(graph, A, "signedLatest")) == (["2030-02-01"], ["2030-02-28"])


def test_values_and_claims_of_a_property_with_many_values_all_show(world):
    edit(world, AGREEMENT, ("authenticLanguage:",), "authenticLanguage: [{value: uk, source: handbook}, en]")
    edit(
        world,
        AGREEMENT,
        ("absent:",),
        "absent: [{value: f-16, source: handbook}, {value: environment, source: handbook}]",
    )
    graph = graph_of(world)
    assert shown(graph, A, "authenticLanguage") == ["en", "uk"]
    assert shown(graph, A, "absent") == ["environment", "f-16"]
    assert (len(of_subject(graph, A, "authenticLanguage")), len(of_subject(graph, A, "absent"))) == (1, 2)
    assert faults(world) == []


def test_a_claim_of_texts_is_one_claim_a_language(world):
    edit(world, AGREEMENT, ("altLabel:",), "altLabel: {value: {en: Accord, uk: Угода}, source: handbook}")
    graph = graph_of(world)
    alternative = URIRef("http://www.w3.org/2004/02/skos/core#altLabel")
    about = list(graph.subjects(RDF.predicate, alternative))
    assert sorted(str(graph.value(c, RDF.object)) for c in about) == ["Accord", "Угода"]
    assert {str(v) for v in graph.objects(URIRef(A), alternative)} == {"Accord", "Угода"}
    assert faults(world) == []


# --- the parts of a claim, alone ---


def mapping(**parts):
    return Mapping(tuple((Scalar(key, 1), Scalar(text, 1)) for key, text in parts.items()), 1)


def claim(rank, text="a"):
    return Claim(Scalar(text, 1), rank, 1, mapping(value=text, rank=rank))


@pytest.mark.parametrize(
    ("ranks", "best"),
    [
        ([], []),
        (["normal"], ["normal"]),
        (["deprecated"], []),
        (["normal", "deprecated", "normal"], ["normal", "normal"]),
        (["normal", "preferred", "deprecated", "preferred"], ["preferred", "preferred"]),
    ],
)
def test_best(ranks, best):
    assert [c.rank for c in claims.best([claim(rank) for rank in ranks])] == best


def test_a_mapping_of_languages_is_no_claim_unless_it_has_a_value():
    assert not claims.is_claim(mapping(en="a"), languages=True)
    assert claims.is_claim(mapping(value="a", source="b"), languages=True)
    assert claims.is_claim(mapping(source="b"), languages=False)
    assert not claims.is_claim(Scalar("a", 1), languages=False)


def test_values_and_claims_under_one_key():
    one, other, plain = mapping(value="a", source="s"), mapping(value="a", source="s"), Scalar("b", 2)
    assert claims.split(Sequence((one, plain, other), 1), languages=False) == ([plain], [one, other])
    assert claims.split(plain, languages=False) == ([plain], [])


def test_a_digest_knows_no_order():
    made = claim("normal")
    assert made.digest(("t",), ("a", "b")) == made.digest(("t",), ("b", "a")) != made.digest(("u",), ("a", "b"))
    assert len(made.digest(("t",), ())) == 10


def test_a_digest_keeps_value_and_sources_apart():
    made = claim("normal")
    assert made.digest(("a",), ("b",)) != made.digest(("b",), ("a",))
