"""Reading a record: every value as plain text with its line, and every fault of form with its place."""

from __future__ import annotations

import pytest
from world.edits import AGREEMENT, COUNT, edit, faults, line_of

from kg import records
from kg.errors import Finding
from kg.records import Mapping, Scalar, Sequence

EMPTY = "empty value; leave the key out (in braces, quote a value with a comma)"
NO_ANCHOR = "no anchors or aliases; write the value out"
BAD_NAME = "bad file name '{}'; letters, digits and single hyphens, ending in .yaml"
NO_MAPPING = "a record is a mapping of keys to values"


def write(folder, text, name="AAA.yaml"):
    path = folder / "data" / "parties" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder, text):
    return records.read(write(folder, text), folder)


def body(folder, text):
    record, findings = read(folder, text)
    assert record and not findings
    return record.body


def test_the_path_names_the_record(tmp_path):
    record, findings = read(tmp_path, "iso2: NO\n")
    assert (record.folder, record.slug, record.file) == ("parties", "AAA", "data/parties/AAA.yaml")
    assert findings == []


@pytest.mark.parametrize(
    "text", ["NO", "no", "on", "yes", "true", "null", "~", "012", "0x1F", "1_000", "2024-06-27", "1e3"]
)
def test_a_value_stays_what_was_written(tmp_path, text):
    assert body(tmp_path, f"key: {text}\n").get("key") == Scalar(text, 1)
    assert body(tmp_path, f"key: [{text}]\n").get("key") == Sequence((Scalar(text, 1),), 1)


@pytest.mark.parametrize("text", ["NO", "012", "true", "~", "2024"])
def test_a_key_stays_what_was_written(tmp_path, text):
    assert body(tmp_path, f"{text}: a\n").items == ((Scalar(text, 1), Scalar("a", 1)),)


def test_every_value_has_its_line(tmp_path):
    text = "---\n# a comment\na: 1\n\nb:\n  - 2\n  - {c: 3,\n     d: 4}\ne: >-\n  folded\n  text\nf: last\n"
    inner = Mapping(((Scalar("c", 7), Scalar("3", 7)), (Scalar("d", 8), Scalar("4", 8))), 7)
    assert body(tmp_path, text).items == (
        (Scalar("a", 3), Scalar("1", 3)),
        (Scalar("b", 5), Sequence((Scalar("2", 6), inner), 6)),
        (Scalar("e", 9), Scalar("folded text", 9)),
        (Scalar("f", 12), Scalar("last", 12)),
    )


@pytest.mark.parametrize("text", ["\ufeffiso2: NO\n", "iso2: NO\r\nnote: a\r\n", "iso2: NO", "iso2:   NO   # why\n"])
def test_marks_of_editors_change_nothing(tmp_path, text):
    assert body(tmp_path, text).get("iso2") == Scalar("NO", 1)


# What one line of a record may break: the line's new text, then how far below it, at which key and with what words.
FORM = {
    "doubled key": (["venue: Town hall", "venue: Hall"], 1, "venue", "written twice (first on line LINE)"),
    "empty value": (["venue:"], 0, "venue", EMPTY),
    "empty text": (['venue: ""'], 0, "venue", EMPTY),
    "blank text": (['venue: "  "'], 0, "venue", EMPTY),
    "empty list": (["venue: []"], 0, "venue", EMPTY),
    "empty mapping": (["venue: {}"], 0, "venue", EMPTY),
    "empty item": (["venue:", "  - "], 1, "venue", EMPTY),
    "anchor": (["venue: &hall Town hall"], 0, "venue", NO_ANCHOR),
    "anchor on a list": (["venue: &hall [Town hall]"], 0, "venue", NO_ANCHOR),
    "anchor on a key": (["&hall venue: Town hall"], 0, "", NO_ANCHOR),
    "alias": (["venue: *hall"], 0, "venue", NO_ANCHOR),
    "merge key": (["<<: {venue: Town hall}"], 0, "<<", "no merge keys; write the values out"),
    "tag": (["venue: !!str Town hall"], 0, "venue", "no tags; leave 'tag:yaml.org,2002:str' out"),
    "own tag": (["venue: !hall Town hall"], 0, "venue", "no tags; leave '!hall' out"),
    "tag on a list": (["venue: !!seq [Town hall]"], 0, "venue", "no tags; leave 'tag:yaml.org,2002:seq' out"),
    "tag on a mapping": (
        ["venue: !!map {value: Hall, source: handbook}"],
        0,
        "venue",
        "no tags; leave 'tag:yaml.org,2002:map' out",
    ),
    "key that is a list": (["[venue]: Town hall"], 0, "", "a key is plain text"),
    "key that is a mapping": (["{venue: hall}: Town hall"], 0, "", "a key is plain text"),
    "empty key": (['"": Town hall'], 0, "", EMPTY),
    "list in a list": (["venue: [[Town hall]]"], 0, "venue", "a plain value is meant here"),
}


@pytest.mark.parametrize(("new", "below", "key", "message"), FORM.values(), ids=FORM)
def test_a_fault_of_form_has_file_line_and_key(world, new, below, key, message):
    number = edit(world, AGREEMENT, ("venue:",), *new)
    assert faults(world) == [Finding(AGREEMENT, number + below, key, message.replace("LINE", str(number)))]


def test_a_slug_written_twice(world):
    first = line_of(world, AGREEMENT, "provision:", "equipment:")
    number = edit(world, AGREEMENT, ("provision:", "training:"), "equipment:")
    assert faults(world) == [Finding(AGREEMENT, number, "equipment", f"written twice (first on line {first})")]


SYNTAX = {
    "unquoted colon": (
        ["rule: Agreements: signed ones"],
        0,
        "mapping values are not allowed in this context; quote a text with a colon in it",
    ),
    "unclosed bracket": (["rule: [a, b"], 1, "did not find expected ',' or ']'"),
    "unclosed quote": (["rule: 'a"], None, "found unexpected end of stream"),
    "tab": (["rule: a", "\tnote: b"], 1, "found a tab character that violates indentation"),
    "indentation": (
        ["rule: a", " note: b"],
        1,
        "mapping values are not allowed in this context; quote a text with a colon in it",
    ),
    "stray text": (["rule: a", "member"], 2, "could not find expected ':'"),
    "control character": (
        ["rule: a\x07"],
        None,
        'no YAML: unacceptable character #x0007: control characters are not allowed in "<unicode string>", position 96',
    ),
}


@pytest.mark.parametrize(("new", "below", "message"), SYNTAX.values(), ids=SYNTAX)
def test_broken_yaml_has_file_and_line(world, new, below, message):
    number = edit(world, COUNT, ("rule:",), *new)
    found = faults(world)
    assert [(f.file, f.key, f.message) for f in found] == [(COUNT, "", message)]
    assert below is None or found[0].line == number + below
    assert "\n" not in str(found[0])


def test_a_second_document(world):
    number = edit(world, COUNT, ("note:",), "note: Invented", "---", "note: More")
    assert faults(world) == [Finding(COUNT, number + 1, "", "one record a file; '---' begins a second one")]


def test_text_that_is_not_utf_8(tmp_path):
    record, (finding,) = read(tmp_path, "label: {en: Åland}\n".encode("latin-1"))
    assert record is None
    assert finding == Finding("data/parties/AAA.yaml", 1, "", "not UTF-8 at byte 13")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n- b\n", "text\n"])
def test_a_record_is_a_mapping(tmp_path, text):
    assert read(tmp_path, text) == (None, [Finding("data/parties/AAA.yaml", 1, "", NO_MAPPING)])


def test_nesting_without_end_is_a_finding_and_no_crash(tmp_path):
    record, findings = read(tmp_path, "a: " + "[" * 3000 + "]" * 3000 + "\n")
    assert findings and not (record and record.body.get("a"))


@pytest.mark.parametrize(
    "name",
    ["Bad_name.yaml", "two--hyphens.yaml", "-a.yaml", "a-.yaml", "a b.yaml", "é.yaml", "a.yml", "a.YAML", "a.b.yaml"],
)
def test_a_bad_file_name(world, name):
    write(world, "label: {en: A}\n", name)
    assert faults(world) == [Finding(f"data/parties/{name}", 1, "", BAD_NAME.format(name))]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("data/agreement/a.yaml", "no class has the folder 'agreement'; did you mean 'agreements'?"),
        (
            "data/x/a.yaml",
            "no class has the folder 'x'; known: agreements, equipment, events, forces, initiatives, instruments, "
            "officials, parties, places, sets, sources, statements",
        ),
        ("data/parties/old/a.yaml", "a record lies in data/<folder>/, no deeper and no higher"),
        ("data/a.yaml", "a record lies in data/<folder>/, no deeper and no higher"),
    ],
)
def test_a_record_in_the_wrong_place(world, path, message):
    (world / path).parent.mkdir(exist_ok=True)
    (world / path).write_text("label: {en: A}\n")
    assert faults(world) == [Finding(path, 1, "", message)]


def test_all_faults_of_all_files_at_once_and_sorted(world):
    late = edit(world, COUNT, ("note:",), "note:")
    early = edit(world, AGREEMENT, ("venue:",), "venue: &a b")
    middle = edit(world, AGREEMENT, ("provision:", "heading:"), "heading: !x Arms")
    assert [(f.file, f.line) for f in faults(world)] == [(AGREEMENT, early), (AGREEMENT, middle), (COUNT, late)]
