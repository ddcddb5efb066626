"""A thing of the graph as a page shows it: its properties with labels, its parts, its claims, what mentions it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from api import bindings, wording
from kg import names

MOST_MENTIONS = 100
_LABELS = ("label", "prefLabel", "title")
# Terms of other vocabularies, which the ontology does not label, in English.
BORROWED = {
    "label": "name",
    "prefLabel": "name",
    "altLabel": "other names",
    "notation": "code",
    "definition": "definition",
    "scopeNote": "edge case",
    "inScheme": "in the list",
    "topConceptOf": "in the list",
    "hasTopConcept": "values",
    "broader": "broader",
    "narrower": "narrower",
    "related": "related",
    "sameAs": "same as",
    "exactMatch": "exactly matches",
    "closeMatch": "closely matches",
    "description": "description",
}
_APART = {"@context", "@included", "id", "type", "claims"}


class Word(NamedTuple):
    """A term of the ontology in words."""

    label: str
    definition: str = ""
    kind: str = ""


class Value(NamedTuple):
    """One value of a property: its text, where it leads, and its language."""

    text: str
    href: str = ""
    language: str = ""


class Row(NamedTuple):
    """A property with its values; ``claims`` are the claims about it, each with value, rank, sources and reason."""

    word: Word
    values: list[Value]
    claims: list[list[Value]]


@dataclass(frozen=True)
class Section:
    """A thing or a part of it: its name, its class in words, its properties, and its parts."""

    title: str
    address: str
    kinds: list[str]
    rows: list[Row]
    parts: list[Section]


@dataclass(frozen=True)
class Mention:
    """What links to a thing by one property."""

    word: Word
    subjects: list[Value]


def section(node: Mapping[str, Any], words: Mapping[str, Word], language: str) -> Section:
    """A node of the tree (``kg.jsonld``) as a section in a language; ``words`` are the ontology's by local name."""
    claims = [claim for claim in node.get("claims", ()) if isinstance(claim, dict)]
    keys = [key for key in node if key not in _APART]
    rows = [_row(key, node[key], claims, words, language) for key in keys if not _parts(node, key)]
    parts = [section(part, words, language) for key in keys for part in _parts(node, key)]
    kinds = [words[kind].label for kind in node.get("type", ()) if kind in words and kind != "Entity"]
    return Section(title(node, language), bindings.address(node["id"]), kinds, rows, parts)


def title(node: Mapping[str, Any], language: str) -> str:
    """The name of a node in a language, else in any, else the last segment of its IRI in words."""
    for key in _LABELS:
        texts = node.get(key)
        if isinstance(texts, dict):
            return str(next(iter(_each(texts.get(language) or next(iter(texts.values()))))))
    return wording.opening(wording.label(names.local_name(node["id"])))


def words(rows: Sequence[Mapping[str, Mapping[str, str]]]) -> dict[str, Word]:
    """The ontology's terms by local name, from the bindings of ``resource.terms``."""
    return {
        names.local_name(row["term"]["value"]): Word(
            row["label"]["value"], row.get("definition", {}).get("value", ""), names.local_name(row["kind"]["value"])
        )
        for row in rows
    }


def mentions(rows: Sequence[Mapping[str, Mapping[str, str]]], known: Mapping[str, Word]) -> list[Mention]:
    """What links to a thing, by property, from the bindings of ``resource.mentions``."""
    found: dict[str, list[Value]] = {}
    for row in rows[:MOST_MENTIONS]:
        iri = row["subject"]["value"]
        text = row["label"]["value"] if "label" in row else iri.removeprefix(names.BASE)
        found.setdefault(names.local_name(row["property"]["value"]), []).append(Value(text, bindings.address(iri)))
    return [Mention(_word(key, known), subjects) for key, subjects in found.items()]


def _row(key: str, values: Any, claims: Sequence[Mapping[str, Any]], known: Mapping[str, Word], language: str) -> Row:  # noqa: ANN401  # JSON
    about = [claim for claim in claims if names.local_name(_iri(claim.get("predicate"))) == key]
    return Row(_word(key, known), list(_values(values, language)), [_claim(claim, language) for claim in about])


def _claim(claim: Mapping[str, Any], language: str) -> list[Value]:
    """What is claimed, how it ranks, by which source and place in it, and why: with the claim's own address first."""
    told = [
        Value(
            " ".join(value.text for value in _values(claim.get("object", ()), language)), bindings.address(claim["id"])
        )
    ]
    return told + [
        value for key in ("rank", "source", "locator", "reason") for value in _values(claim.get(key, ()), language)
    ]


def _parts(node: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The values that are parts: nodes beneath this one that say more than their name."""
    values = [value for value in _each(node[key]) if isinstance(value, dict) and "id" in value]
    return [value for value in values if value["id"].startswith(f"{node['id']}/") and value.keys() - {"id", *_LABELS}]


def _values(values: Any, language: str) -> Iterator[Value]:  # noqa: ANN401  # any JSON
    """Values of any of the forms that the tree has, as text with a link."""
    if isinstance(values, dict) and not values.keys() & {"id", "@value", "@id"}:
        for tag, texts in values.items():
            yield from (Value(text, "", tag) for text in _each(texts))
        return
    for value in _each(values):
        if not isinstance(value, dict):
            yield Value(str(value), value if bindings.is_web(str(value)) else "")
        elif "@value" in value:
            yield Value(str(value["@value"]), "", value.get("@language", ""))
        else:
            yield Value(title(value, language), bindings.address(value["id"]))


def _each(value: Any) -> list[Any]:  # noqa: ANN401  # any JSON
    return value if isinstance(value, list) else [value]


def _iri(value: Any) -> str:  # noqa: ANN401  # a link with or without a label
    return str(value["id"] if isinstance(value, dict) else value or "")


def _word(key: str, known: Mapping[str, Word]) -> Word:
    local = names.local_name(key)
    return known.get(local) or Word(BORROWED.get(local) or wording.label(local))
