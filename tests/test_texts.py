"""Records against the texts from which they were coded: locators, figures, words.

The texts and seeds lie outside the project, in ``shared`` beside the checkout; without them this module is skipped.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from figures import amounts, figures, words
from text_blocks import BULLET, LIST, PARAGRAPH
from text_tree import Node, Tree, read

from kg import records
from kg.names import local_name
from kg.shapes import Schema

ROOT = Path(__file__).parent.parent
TEXTS = ROOT.parent / "shared" / "texts"
SEEDS = TEXTS.parent / "seeds"
CODES = sorted(path.stem for path in TEXTS.glob("[A-Z]*.txt")) or ["none"]
RUN = 12  # words in a row that may not be a text's own

pytestmark = pytest.mark.skipif(not TEXTS.is_dir(), reason=f"no texts at {TEXTS}; they are no part of the project")
each_text = pytest.mark.parametrize("code", CODES)


@dataclass(frozen=True)
class Part:
    """A provision, clause or commitment with the record that holds it."""

    record: str
    kind: str
    slug: str
    body: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.record}: {self.kind}/{self.slug}"

    def value(self, key: str, source: str) -> str:
        """The value under a key; of rivals, the one of this source."""
        found = self.body.get(key, "")
        claims = found if isinstance(found, list) else [found]
        given = [
            claim for claim in claims if not isinstance(claim, dict) or source in many(claim.get("source", source))
        ]
        return str(given[0].get("value", "") if given and isinstance(given[0], dict) else (given or [""])[0])


def many(value: Any) -> list[Any]:
    """One value or several, as a list."""
    return value if isinstance(value, list) else [value]


@functools.cache
def data() -> dict[str, dict[str, Any]]:
    """Every record by folder and slug, as plain text."""
    paths = sorted((ROOT / "data").glob("*/*.yaml"))
    return {f"{path.parent.name}/{path.stem}": records.plain(path.read_text("utf-8"), path.name)[0] for path in paths}


@functools.cache
def tree(code: str) -> Tree:
    """The tree of one text."""
    return read(code, (TEXTS / f"{code}.txt").read_text("utf-8"))


def located(body: Any, sources: list[str], where: str) -> Iterator[tuple[str, list[str], str]]:
    """Each locator in a record, with the sources that hold for it."""
    if isinstance(body, list):
        for item in body:
            yield from located(item, sources, where)
    elif isinstance(body, dict):
        sources = many(body.get("source", sources))
        for locator in many(body.get("locator", [])):
            yield where, sources, locator
        for key, item in body.items():
            yield from located(item, sources, f"{where}/{key}")


def parts(source: str, *kinds: str) -> list[Part]:
    """The parts of some kinds that rest on a text and have one locator in it."""
    return [
        Part(name, kind, slug, body)
        for name, record in data().items()
        for kind in kinds
        for slug, body in record.get(kind, {}).items()
        if source in many(body.get("source", record.get("source"))) and body.get("statedIn", "text") == "text"
    ]


def named(code: str, part: Part) -> list[Node]:
    """What a part's locators name."""
    return [node for locator in many(part.body["locator"]) for node in tree(code).find(locator)]


def of(code: str) -> str:
    """The slug of a text's source."""
    return f"text-{code.lower()}"


@each_text
def test_every_locator_resolves(code: str) -> None:
    found = [entry for name, record in data().items() for entry in located(record, [], name) if of(code) in entry[1]]
    wrong = {f"{where} {locator}" for where, _, locator in found if len(tree(code).find(locator)) != 1}
    assert found
    assert not wrong


@each_text
def test_every_figure_stands_in_its_paragraph(code: str) -> None:
    wrong = []
    for part in parts(of(code), "clause", "commitment"):
        if part.value("comparator", of(code)) == "similar-to":
            continue  # the figure is that of another paragraph
        given = figures("\n".join(node.whole for node in named(code, part)))
        for key in (*MEASURES, "years", "months", "days", "hours"):
            value = part.value(key, of(code))
            if value and float(value) not in given:
                wrong.append(f"{part} {key} {value}")
    assert not wrong


@each_text
def test_every_modality_word_stands_in_its_paragraph_or_lead_in(code: str) -> None:
    wrong = []
    for part in parts(of(code), "commitment"):
        wanted = part.value("modalityWords", of(code))
        texts = [text for node in named(code, part) for text in (node.whole, *lead_ins(node))]
        if wanted and not any(f" {' '.join(words(wanted))} " in f" {' '.join(words(text))} " for text in texts):
            wrong.append(f"{part} {wanted}")
    assert not wrong


def lead_ins(node: Node) -> Iterator[str]:
    """The words that open the list in which a node stands: of what is above it, or of the paragraph before the list."""
    while node.above:
        before = node.above.below[: node.above.below.index(node)]
        yield from [n.text for n in before if n.level in (PARAGRAPH, BULLET) and n.text.endswith((":", "such as"))][-1:]
        node = node.above
        if node.level > LIST:
            yield node.text


def own_words(body: Any, keys: frozenset[str], where: str) -> Iterator[tuple[str, str]]:
    """Each value in a record that must be in words of this project."""
    if isinstance(body, list):
        for item in body:
            yield from own_words(item, keys, where)
    elif isinstance(body, dict):
        for key, item in body.items():
            yield from ((f"{where}/{key}", text) for text in strings(item) if key in keys)
            yield from own_words(item, keys, f"{where}/{key}")


def strings(value: Any) -> Iterator[str]:
    """The texts in a value, whatever its form."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(item)


@functools.cache
def names() -> dict[str, list[list[str]]]:
    """Titles and names of what is registered, longest first, by their first word."""
    found: dict[str, list[list[str]]] = {}
    labels = {
        tuple(words(text)) for record in data().values() for key in LABELS for text in strings(record.get(key, []))
    }
    for label in sorted(labels, key=len, reverse=True):
        if len(label) > 1:
            found.setdefault(label[0], []).append(list(label))
    return found


MEASURES = ("amount", "amountMax", "percentOfGdp", "quantity", "quantityMax")
LABELS = ("label", "altLabel", "ownName")


def nameless(text: str) -> list[str]:
    """The words of a text without titles and names."""
    given, left, here = words(text), [], 0
    while here < len(given):
        name = next((name for name in names().get(given[here], ()) if given[here : here + len(name)] == name), None)
        here += len(name) if name else 1
        left += [] if name else [given[here - 1]]
    return left


def runs(given: list[str]) -> Iterator[tuple[str, ...]]:
    """All runs of so many words."""
    return (tuple(given[here : here + RUN]) for here in range(len(given) - RUN + 1))


@functools.cache
def ours(keys: frozenset[str]) -> dict[tuple[str, ...], str]:
    """Every run of words in the values that must be our own, and where it stands."""
    found = (pair for name, record in data().items() for pair in own_words(record, keys, name))
    return {run: where for where, text in found for run in runs(nameless(text))}


@pytest.mark.parametrize("path", sorted([*TEXTS.glob("*.txt"), *SEEDS.glob("*.txt")]), ids=lambda path: path.stem)
def test_no_twelve_words_in_a_row_are_a_texts_own(path: Path, schema: Schema) -> None:
    mine = ours(frozenset(map(local_name, schema.own_words)))
    assert mine
    copied = {mine[run]: " ".join(run) for run in runs(nameless(path.read_text("utf-8"))) if run in mine}
    assert not copied


@each_text
def test_every_sum_is_a_commitment(code: str) -> None:
    given: dict[int, set[float]] = {}
    for part in parts(of(code), "commitment"):
        values = {float(part.value(key, of(code))) for key in MEASURES if key in part.body}
        for near in {near for node in named(code, part) for near in (node, *node.ancestors(), *node.under())}:
            given.setdefault(id(near), set()).update(values)
    nodes = tree(code).nodes
    sums = [(node, found) for node in nodes for found in amounts(node.text)]
    assert not [
        f"{found} in: {node.text[:90]}" for node, found in sums if not figures(found) & given.get(id(node), set())
    ]
