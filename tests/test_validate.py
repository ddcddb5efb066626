"""Every constraint of the ontology is shown failing, at its file, line and key, and pySHACL is the referee."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, URIRef
from rdflib.plugins.sparql import processor
from world.edits import (
    AGREEMENT,
    ALDER,
    COUNT,
    HERE,
    edit,
    faults,
    line_of,
    loaded,
    make_world,
    schema,
    store_of,
)

from kg import assertions, evaluate, validate
from kg import contents as kg_contents
from kg.errors import ContentError, Finding
from kg.export import data_lines
from kg.load import Loaded, Place
from kg.names import BASE, SA, local_name
from kg.terms import Quad

STATEMENTS = "data/statements/handbook-interview.yaml"
XSD = "http://www.w3.org/2001/XMLSchema#"
ONTOLOGY = schema().graph
WORLD = loaded(HERE)
# What a property shape says beside its constraints.
WORDS = {
    SH.path,
    SH.order,
    SH.message,
    SH.name,
    SH.description,
    SH.severity,
    RDF.type,
    SH.qualifiedValueShape,
    SH.group,
}
WORDS |= {SA.derivedFrom, SA.fromSlug}


# --- within one node: a broken copy of a node of the invented world for each constraint of its shape ---


def term(value, datatype=None):
    return f'"{value}"^^<{datatype}>' if datatype and datatype != XSD + "string" else f'"{value}"'


def iri(value):
    return f"<{value}>"


def values(node, path):
    return [quad.object for quad in WORLD.quads if quad.subject == iri(node) and quad.predicate == iri(path)]


def other_values(prop, given):
    """A second value that is right in itself."""
    known = {"class": members(prop), "datatype": sound_literals(prop)}
    kind = "class" if ONTOLOGY.value(prop, SH["class"]) else "datatype"
    return next(value for value in known[kind] if value not in given)


def members(prop):
    """Things of the class that a property asks for."""
    wanted = str(ONTOLOGY.value(prop, SH["class"]))
    for concept in sorted(schema().concepts.get(wanted, {}).values()):
        yield iri(concept)
    for quad in sorted(WORLD.quads):
        if quad.predicate == iri(RDF.type) and quad.object == iri(wanted):
            yield quad.subject


def sound_literals(prop):
    """Literals that the datatype, the pattern and the bounds of a property allow."""
    datatype = str(ONTOLOGY.value(prop, SH.datatype) or XSD + "date")
    pattern = str(ONTOLOGY.value(prop, SH.pattern) or "")
    if datatype == XSD + "date":
        samples = ["2029-07-01", "2029-07-02"]
    elif datatype in (XSD + "decimal", XSD + "integer"):
        samples = ["7", "8"]
    elif ONTOLOGY.value(prop, SH.nodeKind) == SH.IRI:
        samples = []
        yield from (iri(BASE + "one"), iri(BASE + "two"))
    else:
        samples = ["XX", "YY", "XXX", "YYY", "Q7", "Q8", "xx", "yy", "https://a.org", "https://b.org"]
    yield from (term(sample, datatype) for sample in samples if re.search(pattern, sample))


def without_a_match(prop):
    pattern = str(ONTOLOGY.value(prop, SH.pattern))
    sample = next(text for text in ("x", "urn:x", "a b c d e f g") if not re.search(pattern, text))
    return [term(sample, str(ONTOLOGY.value(prop, SH.datatype)))]


def of_another_datatype(prop):
    datatype = str(ONTOLOGY.value(prop, SH.datatype))
    others = {
        "decimal": term(7, XSD + "integer"),
        "integer": term(7, XSD + "decimal"),
        "date": term("2029-07-01"),
        "anyURI": term("https://a.org"),
        "langString": term("text"),
    }
    sound = next((value for value in sound_literals(prop)), "")
    return [others.get(local_name(datatype), sound.split("^^")[0] + f"^^<{XSD}token>")]


def beyond(prop, predicate, step):
    bound = Decimal(str(ONTOLOGY.value(prop, predicate)))
    return [term(bound + step, str(ONTOLOGY.value(prop, SH.datatype)))]


# Constraint → the values that break it, given the property shape and the values of the sound node.
BREAK = {
    SH.minCount: lambda prop, given: [],
    SH.maxCount: lambda prop, given: [*given[:1], other_values(prop, given[:1])][-2:] if given else two(prop),
    SH["class"]: lambda prop, given: [iri(BASE + "nowhere")],
    SH.nodeKind: lambda prop, given: ["_:blank"],
    SH.datatype: lambda prop, given: of_another_datatype(prop),
    SH.node: lambda prop, given: [term("soon")],
    SH.pattern: lambda prop, given: without_a_match(prop),
    SH.minInclusive: lambda prop, given: beyond(prop, SH.minInclusive, -1),
    SH.minExclusive: lambda prop, given: beyond(prop, SH.minExclusive, 0),
    SH.maxInclusive: lambda prop, given: beyond(prop, SH.maxInclusive, 1),
    SH.maxExclusive: lambda prop, given: beyond(prop, SH.maxExclusive, 0),
    SH.maxLength: lambda prop, given: [term("x" * (int(ONTOLOGY.value(prop, SH.maxLength)) + 1))],
    SH.uniqueLang: lambda prop, given: ['"one"@en', '"two"@en'],
    SH.languageIn: lambda prop, given: [*given, '"text"@xx'],
    SH.qualifiedMinCount: lambda prop, given: ['"текст"@uk'],
    SH.lessThanOrEquals: lambda prop, given: [term("9999-12-31", XSD + "date")],
}


def two(prop):
    first = other_values(prop, [])
    return [first, other_values(prop, [first])]


def specimen(target):
    """The node of a class with the most properties."""
    nodes = Counter(q.subject[1:-1] for q in WORLD.quads if q.predicate == iri(RDF.type) and q.object == iri(target))
    size = Counter(quad.subject[1:-1] for quad in WORLD.quads)
    return max(sorted(nodes), key=lambda node: size[node])


def core_cases():
    """Name, node, path, values that break it and message for every constraint of every shape."""
    for shape in sorted(ONTOLOGY.subjects(SH.targetClass)):
        node = specimen(str(ONTOLOGY.value(shape, SH.targetClass)))
        name = local_name(str(shape)).removesuffix("Shape")
        yield f"{name}-closed", node, BASE + "unheard-of", [term("x")], str(ONTOLOGY.value(shape, SH.message))
        for prop in ONTOLOGY.objects(shape, SH.property):
            path = str(ONTOLOGY.value(prop, SH.path))
            for constraint in sorted(set(ONTOLOGY.predicates(prop)) - WORDS):
                broken = BREAK[constraint](prop, values(node, path))
                label = f"{name}-{local_name(path)}-{local_name(str(constraint))}"
                yield label, node, path, broken, str(ONTOLOGY.value(prop, SH.message))


CORE = {case[0]: case for case in sorted(core_cases())}


def copy_of(name):
    return f"{BASE}broken/{name}"


def broken_copy(name, node, path, new):
    """The quads of a node under another name, with other values for one property; its place is a file of its name."""
    copied = [q._replace(subject=iri(copy_of(name))) for q in WORLD.quads if q.subject == iri(node)]
    kept = [q for q in copied if q.predicate != iri(path)]
    graph = copied[0].graph
    made = Loaded(
        [*kept, *(Quad(iri(copy_of(name)), iri(path), value.replace("_:blank", f"_:{name}"), graph) for value in new)]
    )
    if name.endswith("lessThanOrEquals"):
        lower = ONTOLOGY.value(next(ONTOLOGY.subjects(SH.path, URIRef(path))), SH.lessThanOrEquals)
        made.quads.append(Quad(iri(copy_of(name)), iri(str(lower)), term("0001-01-01", XSD + "date"), graph))
    made.quads += blank_types(name, path)
    places = {key: place for (subject, key), place in WORLD.lines.items() if subject == node}
    made.lines.update({(copy_of(name), key): Place(name, place.line) for key, place in places.items()})
    return made


def blank_types(name, path):
    """The class that a blank node needs so that nothing but its being blank is wrong."""
    if not name.endswith("nodeKind"):
        return []
    classes = {c for prop in ONTOLOGY.subjects(SH.path, URIRef(path)) if (c := ONTOLOGY.value(prop, SH["class"]))}
    return [Quad(f"_:{name}", iri(RDF.type), iri(c), iri(BASE + "g")) for c in classes]


def together(parts):
    every = Loaded(list(WORLD.quads))
    for part in parts:
        every.quads += part.quads
        every.lines.update(part.lines)
    return every


@pytest.fixture(scope="module")
def copies():
    """The invented world with all broken copies."""
    return together(broken_copy(name, *case[1:4]) for name, case in CORE.items())


@pytest.fixture(scope="module")
def core_findings(copies):
    found: dict[str, set[Finding]] = {}
    for finding in validate.validate(copies, store_of(q.line for q in copies.quads), schema()):
        found.setdefault(finding.file, set()).add(finding)
    return found


def test_every_constraint_has_a_way_to_be_broken():
    used = {
        p
        for shape in ONTOLOGY.subjects(SH.targetClass)
        for prop in ONTOLOGY.objects(shape, SH.property)
        for p in ONTOLOGY.predicates(prop)
    }
    assert used - WORDS - set(BREAK) == set()
    assert len(CORE) == len(list(core_cases())) > 300


@pytest.mark.parametrize("name", CORE)
def test_a_constraint_fails_at_its_line_and_key(core_findings, name):
    _, node, path, _, message = CORE[name]
    line = (WORLD.lines.get((node, path)) or WORLD.lines[(node, "")]).line
    found = [
        f for f in core_findings[name] if (f.line, f.key) == (line, local_name(path)) and f.message.startswith(message)
    ]
    assert found, core_findings[name]


def test_the_sound_world_has_no_finding(core_findings):
    assert {name for name in core_findings if name.startswith("data/")} == set()


# --- across nodes: the line that changes, what is said, and where ---

# fmt: off
ACROSS = {
    "two lengths": (AGREEMENT, "termination:/runsFrom:", "days: 3",
        "termination:/months:", "months: A clause has one length: years, months, days or hours."),
    "part above whole": (AGREEMENT, "drones:/amount:", "amount: 95_000_000",
        "drones:/amount:", "amount: The part (95000000) is larger than the whole (80000000.5)."),
    "part above whole, counted": (AGREEMENT, "officers:/quantity:", "quantity: 900",
        "officers:/quantity:", "quantity: The part (900) is larger than the whole (500)."),
    "no currency": (AGREEMENT, "drones:/currency:", "",
        "drones:/amount:", "amount: An amount needs its currency, as in EUR."),
    "no unit": (AGREEMENT, "officers:/unit:", "",
        "officers:/quantity:", "quantity: A quantity needs its unit."),
    "upper end below": (AGREEMENT, "aid:/amountMax:", "amountMax: 70_000_000",
        "aid:/amountMax:", "amountMax: The upper end (70000000) is not above the amount (80000000.5)."),
    "two measures": (AGREEMENT, "aid-share:/topic:", "topic: equipment | quantity: 5 | unit: person",
        "aid-share:/percentOfGdp:", "percentOfGdp: One measure each: an amount, a quantity or a share of GDP; "
        "write the second one as a commitment that restates this."),
    "a report without phase": (AGREEMENT, "drones:/modality:", "modality: none",
        "drones:/modality:", "modality: A report (modality none) needs its phase: "
        "announced, committed, allocated, contracted, delivered, disbursed or mixed."),
    "part of itself": (AGREEMENT, "officers:/partOf:", "partOf: officers",
        "officers:/partOf:",
        "partOf: A commitment cannot be part of itself or restate itself, also not by way of others."),
    "restates itself": (AGREEMENT, "aid-share:/restates:", "restates: aid-share",
        "aid-share:", "partOf: A commitment cannot be part of itself or restate itself, also not by way of others."),
    "absent and coded": (AGREEMENT, "absent:", "absent: [f-16, drones]",
        "absent:", "absent: The topic drones is coded in a provision or commitment and listed as absent."),
    "absent clause and coded": (AGREEMENT, "absentClause:", "absentClause: [costs, term]",
        "absentClause:", "absentClause: The clause term is coded and listed as absent."),
    "count": (COUNT, "claimedCount:", "claimedCount: 2",
        "claimedCount:", "claimedCount: The claimed count is 2, the list has 1."),
    "a list below an open count": (COUNT, "claimedCount:", "claimedCount: 2 | comparator: at-least",
        "claimedCount:", "claimedCount: The claimed count is 2 or more, the list has 1."),
    "a list above a count that is nearly reached": (COUNT, "claimedCount:", "claimedCount: 0 | comparator: nearly",
        "claimedCount:", "claimedCount: The claimed count is 0 or less, the list has 1."),
    "a count between": (COUNT, "claimedCount:", "claimedCount: 1 | comparator: between",
        "comparator:", "comparator: A count is one number: between and similar-to say nothing of it."),
    "an exact count": (COUNT, "claimedCount:", "claimedCount: 2 | comparator: exactly",
        "claimedCount:", "claimedCount: The claimed count is 2, the list has 1."),
    "before the tenure": (AGREEMENT, "birch:/signed:", "signed: 2029-04",
        "birch:/inTenure:", "inTenure: Signed on 2029-04-01, outside the tenure (2029-05-09 to open)."),
    "after the tenure": (AGREEMENT, "alder:/inTenure:", "inTenure: ada-alder/minister",
        "alder:/inTenure:", "inTenure: Signed on 2030-02-28, outside the tenure (2024-02-01 to 2027-12-31)."),
    "tenure of another": (AGREEMENT, "alder:/inTenure:", "inTenure: boris-birch/chancellor",
        "alder:/inTenure:", "inTenure: That tenure is not one of the signatory's."),
    "for no party": (AGREEMENT, "alder:/onBehalfOf:", "onBehalfOf: ORG",
        "alder:/onBehalfOf:", "onBehalfOf: Signed on behalf of a party that the instrument does not name."),
    "attested after the end": (ALDER, "president:/attested:", "attested: [2030-02-28, 2033-01-01]",
        "president:/attested:", "attested: Attested on 2033-01-01, outside the tenure."),
    "attested before the start": (ALDER, "minister:/end:", "end: 2027-12-31 | attested: 2024-01-31",
        "minister:/attested:", "attested: Attested on 2024-01-31, outside the tenure."),
    "said after the tenure": (STATEMENTS, "more-money:/date:", "date: 2040-01-01",
        "more-money:/inTenure:", "inTenure: Said on 2040-01-01, outside the tenure."),
    "said in the tenure of another": (STATEMENTS, "more-money:/inTenure:", "inTenure: boris-birch/chancellor",
        "more-money:/inTenure:", "inTenure: That tenure is not one of the speaker's."),
    "country without code": ("data/parties/BBB.yaml", "iso3:", "",
        "type:", "iso3: A country needs its ISO alpha-3 code."),
}
SOUND = {
    "part within the range": (AGREEMENT, "drones:/amount:", "amount: 85_000_000"),
    "part of an open whole": (AGREEMENT, "aid:/comparator:", "comparator: at-least"),
    "part in another currency": (AGREEMENT, "drones:/currency:", "currency: SEK"),
    "a report with its phase": (AGREEMENT, "drones:/modality:", "modality: none | phase: delivered"),
    "absent from the text and told beside it": (AGREEMENT, "aid-share:/topic:", "topic: f-16"),
    "a count without a list": (COUNT, "member:", ""),
    "a list below a count that is nearly reached": (COUNT, "claimedCount:", "claimedCount: 2 | comparator: nearly"),
    "a list above an open count": (COUNT, "claimedCount:", "claimedCount: 0 | comparator: at-least"),
    "a list beside a rough count": (COUNT, "claimedCount:", "claimedCount: 2 | comparator: approximately"),
    "signed on the first possible day": (AGREEMENT, "birch:/signed:", "signed: 2029-05-09"),
    "signed perhaps within": (AGREEMENT, "birch:/signed:", "signed: 2029-05"),
    "attested on the last possible day": (ALDER, "president:/attested:", "attested: 2032-02-29"),
    "an organisation without a code": ("data/parties/ORG.yaml", "source:", "source: handbook | note: none"),
}
# fmt: on


def break_across(root, file, steps, new):
    edit(root, file, tuple(steps.split("/")), *filter(None, new.split(" | ")))


@pytest.fixture(scope="module")
def across_worlds(tmp_path_factory):
    """Name of a case → its records, loaded, and where they lie."""
    made = {}
    for number, (name, (file, steps, new, *_)) in enumerate(ACROSS.items()):
        root = make_world(tmp_path_factory.mktemp("across") / str(number))
        break_across(root, file, steps, new)
        made[name] = loaded(root), root
    return made


def findings_of(outcome):
    return validate.validate(outcome, store_of(quad.line for quad in outcome.quads), schema())


@pytest.mark.parametrize("name", ACROSS)
def test_a_constraint_across_nodes_fails_at_its_line_and_key(across_worlds, name):
    file, _, _, steps, said = ACROSS[name]
    outcome, root = across_worlds[name]
    key, _, message = said.partition(": ")
    assert outcome.findings == []
    assert findings_of(outcome) == [Finding(file, line_of(root, file, *steps.split("/")), key, message)]


def without_reason():
    """The world with a preferred claim that has lost its reason, which the loader would not let through."""
    return replace(WORLD, quads=[quad for quad in WORLD.quads if "outranks" not in quad.object])


def test_a_preferred_claim_without_reason():
    line = line_of(HERE, AGREEMENT, "place:", "- {value: aldstad")
    assert findings_of(without_reason()) == [Finding(AGREEMENT, line, "rank", "A preferred claim needs a reason.")]


@pytest.mark.parametrize(("file", "steps", "new"), SOUND.values(), ids=SOUND)
def test_what_is_sound_across_nodes(world, file, steps, new):
    break_across(world, file, steps, new)
    assert faults(world) == []


def test_every_constraint_across_nodes_is_shown_failing(across_worlds):
    failing = set()
    for outcome in [without_reason(), *(outcome for outcome, _ in across_worlds.values())]:
        store = store_of(quad.line for quad in outcome.quads)
        failing |= {one for one in validate.sparql_constraints(schema()) if evaluate.rows(store, one[0])[1]}
    assert set(validate.sparql_constraints(schema())) - failing == set()
    assert len(failing) == len(list(ONTOLOGY.subject_objects(SH.sparql)))


# --- the referee ---


@pytest.fixture
def _parsed_once(monkeypatch):
    """pySHACL has each SELECT parsed anew for each node, which takes most of its time."""
    parse, translate = processor.parseQuery, processor.translateQuery
    done = cache(lambda text, base, prefixes: translate(parse(text), base, dict(prefixes)))
    monkeypatch.setattr(processor, "parseQuery", lambda text: text)
    known = lambda text, base=None, prefixes=None: done(text, base, tuple(sorted((prefixes or {}).items())))  # noqa: E731
    monkeypatch.setattr(processor, "translateQuery", known)


def referee(quads, shapes):
    """What pySHACL finds: focus, path and constraint of every result."""
    data = Graph()
    data.parse(data="".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads), format="nt")
    data += ONTOLOGY
    own = Graph() + shapes  # pySHACL adds triples of its own to the shapes it is given
    conforms, report, _ = pyshacl.validate(data, shacl_graph=own, inplace=True)
    results = set(report.subjects(RDF.type, SH.ValidationResult))
    assert conforms == (not results)
    return {
        (str(report.value(r, SH.focusNode)), str(report.value(r, SH.resultPath) or ""), constraint(report, r))
        for r in results
    }


def constraint(report, result):
    return local_name(str(report.value(result, SH.sourceConstraintComponent)))


def apart(name, outcome):
    """A broken world's quads with IRIs of its own; the concepts stay shared."""
    folders = "|".join(schema().folders)
    number = list(ACROSS).index(name) if name in ACROSS else "claim"
    moved = re.compile(f"<{BASE}({folders})/")
    new = f"<{BASE}world-{number}/\\1/"
    return [Quad(*(moved.sub(new, term_) for term_ in quad)) for quad in outcome.quads]


def compare(broken, results):
    """Both sides find the same nodes and properties; blank nodes have no name to compare."""
    ours = {(one.focus, one.path) for one in broken if one.focus.startswith(BASE)}
    theirs = {(focus, path) for focus, path, _ in results if focus.startswith(BASE)}
    assert sorted(ours - theirs) == []
    assert sorted(theirs - ours) == []


def test_pyshacl_finds_the_same_in_the_broken_copies(copies):
    core = Graph()
    core += (triple for triple in ONTOLOGY if triple[1] != SH.sparql)
    results = referee(copies.quads, core)
    compare(validate.core(copies, schema()), results)
    assert {(copy_of(name), case[2], component(name)) for name, case in CORE.items()} - results == set()


@pytest.mark.usefixtures("_parsed_once")
def test_pyshacl_finds_the_same_in_the_broken_worlds(across_worlds):
    every = Loaded([*WORLD.quads, *apart("claim", without_reason())])
    for name, (outcome, _) in across_worlds.items():
        every.quads += apart(name, outcome)
    store = store_of(quad.line for quad in every.quads)
    results = referee(every.quads, ONTOLOGY)
    compare([*validate.core(every, schema()), *validate.across(store, schema())], results)
    assert len({focus for focus, _, _ in results}) >= len(ACROSS) + 1


def component(name):
    """The constraint that a broken copy is named after, as a validation report names it."""
    word = name.rsplit("-", 1)[-1]
    return f"{word[0].upper()}{word[1:]}ConstraintComponent"


@pytest.mark.usefixtures("_parsed_once")
def real_quads(contents, wanted):
    """The triples of the records whose graph is wanted."""
    for line in data_lines(contents.lines):
        subject, predicate, rest = line.removesuffix(" .\n").split(" ", 2)
        term_, graph = rest.rsplit(" ", 1)
        if wanted(graph):
            yield Quad(subject, predicate, term_, "")


@pytest.mark.slow
def test_pyshacl_passes_real_contents(contents):
    """All records but the long ones, of which one is enough to show each kind of part."""
    long = ("/data/agreements/", "/data/statements/")
    one = ("/data/agreements/ukr-grc-2024>", "/data/statements/rbc-landsbergis-2023>")
    quads = list(real_quads(contents, lambda graph: not any(map(graph.__contains__, long)) or graph.endswith(one)))
    found = referee(quads, ONTOLOGY)
    # What is left out is no longer there to be pointed at.
    assert {one for one in found if "Class" not in one[2]} == set()


@pytest.mark.slow
def test_pyshacl_passes_all_real_contents(contents):
    assert referee(list(real_quads(contents, lambda graph: True)), ONTOLOGY) == set()


# --- what must hold of the records as a whole ---


def asserted(world, text):
    (world / "data" / "assertions.yaml").write_text(text, "utf-8")
    try:
        kg_contents.read(world)
    except ContentError as error:
        return [(f.file, f.line, f.key, f.message) for f in error.findings]
    return []


FILE = "data/assertions.yaml"
SELECT = "select: SELECT (COUNT(?a) AS ?n) WHERE { ?a a sa:Agreement }"
PARTS = "an assertion has expected, reason, select, and nothing else"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f"one:\n  {SELECT}\n  expected: 1\n  reason: a\n", 0, ""),
        (
            f"# why\none:\n  {SELECT}\n  expected: 2\n  reason: there were two\n",
            2,
            "expected 2, found 1: there were two",
        ),
        ("one:\n  select: SELECT ?a { ?a a sa:Nothing }\n  expected: 1\n  reason: a\n", 1, "expected 1, found None: a"),
        (f"one:\n  {SELECT}\n  expected: 1\n", 1, PARTS),
        (f"one:\n  {SELECT}\n  expected: 1\n  reason: a\n  note: b\n", 1, PARTS),
        (f"one:\n  {SELECT}\n  expected: [1]\n  reason: a\n", 1, PARTS),
        ("one: two\n", 1, PARTS),
    ],
)
def test_an_assertion_that_does_not_hold(world, text, line, message):
    assert asserted(world, text) == ([(FILE, line, "one", message)] if message else [])


@pytest.mark.parametrize(
    "query", ["SELECT ?a { ?a", "ASK { ?s ?p ?o }", "SELECT ?s { SERVICE <http://a> { ?s ?p ?o } }"]
)
def test_an_assertion_that_is_no_select(world, query):
    ((file, line, key, message),) = asserted(world, f"one:\n  select: {query!r}\n  expected: 1\n  reason: a\n")
    assert (file, line, key) == (FILE, 1, "one") and message.startswith("no SELECT: ")


def test_all_broken_assertions_at_once(world):
    text = "".join(f"{name}:\n  {SELECT}\n  expected: 3\n  reason: a\n" for name in ("b", "a"))
    assert [(line, key) for _, line, key, _ in asserted(world, text)] == [(1, "b"), (5, "a")]


def test_faults_of_records_come_before_assertions(world):
    number = edit(world, AGREEMENT, ("venue:",), "venu: Hall")
    found = asserted(world, f"one:\n  {SELECT}\n  expected: 2\n  reason: a\n")
    assert [place[:3] for place in found] == [(AGREEMENT, number, "venu")]


def test_no_file_no_assertion(world):
    assert assertions.check(world / "data" / "assertions.yaml", store_of([])) == []


@pytest.mark.parametrize(
    "text", ["", "0.1 2026-11-21", "0.1.0", "0.1.0 2026-13-01", "0.1.0 21.11.2026", "v0.1.0 2026-11-21"]
)
def test_a_version_without_form_is_reported_beside_the_rest(world, text):
    (world / "data" / "VERSION").write_text(text)
    number = edit(world, AGREEMENT, ("venue:",), "venu: Hall")
    with pytest.raises(ContentError) as caught:
        kg_contents.read(world)
    assert [(f.file, f.line, f.key) for f in caught.value.findings] == [
        ("data/VERSION", 1, ""),
        (AGREEMENT, number, "venu"),
    ]
