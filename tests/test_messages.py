"""What the pages say is there in each language, whole, and no more."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from api import language, messages
from api.rendering import translations

TAGS = [tag for tag in language.LANGUAGES if tag != language.DEFAULT]
TEMPLATES = messages.LOCALE.parent / "templates"
_PLACEHOLDER = re.compile(r"%\(\w+\)s")


def ids(catalogue: Catalog) -> set[str | tuple[str, ...]]:
    return {tuple(message.id) if isinstance(message.id, list) else message.id for message in catalogue if message.id}


def test_messages_are_gathered_from_templates_and_tables():
    found = ids(messages.gathered())
    assert len(found) > 300
    assert {"Skip to the content", "Commits on", "There is no snapshot yet", "Term"} <= found


@pytest.mark.parametrize("tag", TAGS)
def test_every_message_is_translated(tag):
    said, known = ids(messages.gathered()), ids(messages.read(tag))
    assert sorted(map(str, said - known)) == [], "no translation; run 'make reference', then fill them in"
    assert messages.wanting(messages.read(tag)) == [], "empty in the catalogue"


@pytest.mark.parametrize("tag", TAGS)
def test_no_translation_is_left_over(tag):
    assert sorted(map(str, ids(messages.read(tag)) - ids(messages.gathered()))) == []


@pytest.mark.parametrize("tag", TAGS)
def test_translations_keep_the_placeholders(tag):
    for message in messages.read(tag):
        if message.id:
            wished = set(_PLACEHOLDER.findall(str(message.id)))
            for text in [message.string] if isinstance(message.string, str) else message.string:
                assert set(_PLACEHOLDER.findall(text)) == wished, message.id


@pytest.mark.parametrize("tag", TAGS)
def test_the_catalogue_is_written_as_it_is_checked_in(tag, tmp_path, monkeypatch):
    before = (messages.LOCALE / f"{tag}.po").read_bytes()
    (tmp_path / f"{tag}.po").write_bytes(before)
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.write(tag)
    assert (tmp_path / f"{tag}.po").read_bytes() == before


# Names that are the same in each language.
_NAMES = {
    "CC",
    "BY",
    "CSV",
    "Excel",
    "JSON",
    "JSON-LD",
    "N-Quads",
    "OpenAPI",
    "Protocol",
    "RDF/XML",
    "SHA-256",
    "SPARQL",
}
_NAMES |= {"SVG", "Turtle"}
_TRANSLATED = re.compile(r"{%-?\s*trans\b.*?endtrans\s*-?%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
_UNSAID = re.compile(r"<(code|pre|style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
_SPOKEN = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_says_a_word_outside_the_catalogue(path):
    text = _TRANSLATED.sub(" ", path.read_text("utf-8"))
    said = " ".join([_UNSAID.sub(" ", text), *_SPOKEN.findall(text)])
    assert set(re.findall(r"[A-Za-z][\w/-]{2,}", said)) - _NAMES == set()


def test_plurals_follow_the_language():
    told = translations("uk")
    assert [told.ngettext("%(count)s row", "%(count)s rows", count) % {"count": count} for count in (1, 3, 5, 21)] == [
        "1 рядок",
        "3 рядки",
        "5 рядків",
        "21 рядок",
    ]


def test_a_message_without_translation_is_named(monkeypatch):
    catalogue = Catalog(locale="uk")
    catalogue.add("One")
    catalogue.add(("%(n)s row", "%(n)s rows"), ("рядок", "", ""))
    catalogue.add("Two", "Два")
    assert messages.wanting(catalogue) == ["One", "%(n)s row"]
