"""Invented records shaped like agreements, as many quads as asked for, written line by line.

The same size and seed give the same bytes. One agreement is one named graph of some thousand quads.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

BASE = "https://w3id.org/security-agreements/"
SA = f"{BASE}ontology#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_DATE = "http://www.w3.org/2001/XMLSchema#date"
_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
_PARTIES, _TOPICS, _MODALITIES = 200, 60, 15
_COMMITMENTS = (40, 160)  # fewest and most of one agreement
_WORDS = re.findall(
    r"\w+",
    "ammunition artillery coast defence drone energy equipment exchange exercise finance force fund harbour industry "
    "intelligence maintenance medical mine naval officer package partner patrol pilot police production radar repair "
    "reserve support train transport vehicle winter year",
)


def write(path: Path, size: int, seed: int = 1) -> None:
    """Write that many quads as N-Quads."""
    with path.open("w", encoding="ascii") as target:
        target.writelines(quads(size, seed))


def quads(size: int, seed: int = 1) -> Iterator[str]:
    """That many N-Quads lines."""
    draw = random.Random(seed)
    left = size
    number = 0
    while left > 0:
        for line in _agreement(number, draw):
            yield line
            left -= 1
            if not left:
                return
        number += 1


def _agreement(number: int, draw: random.Random) -> Iterator[str]:
    name = f"agreements/made-{number}"
    first, second = draw.sample(range(_PARTIES), 2)
    graph = _iri(f"data/{name}")
    facts = [
        (_TYPE, f"<{SA}Agreement>"),
        (_LABEL, f'"Agreement {number}"@en'),
        (f"{SA}signed", _literal(_day(draw), _DATE)),
        (f"{SA}party", _party(first)),
        (f"{SA}party", _party(second)),
    ]
    for at in range(draw.randint(*_COMMITMENTS)):
        part = f"{name}/commitment/c{at}"
        facts.append((f"{SA}commitment", _iri(part)))
        provision = _iri(f"{name}/provision/p{at // 3}")
        yield from _lines(_iri(part), graph, _commitment(draw, provision, _party(first), _party(second)))
    yield from _lines(_iri(name), graph, facts)


def _commitment(draw: random.Random, provision: str, obligor: str, beneficiary: str) -> list[tuple[str, str]]:
    facts = [
        (_TYPE, f"<{SA}Commitment>"),
        (f"{SA}arisesFrom", provision),
        (f"{SA}obligor", obligor),
        (f"{SA}beneficiary", beneficiary),
        (f"{SA}modality", _iri(f"schemes/modality/m{draw.randrange(_MODALITIES)}")),
        (f"{SA}locator", f'"{draw.randint(1, 12)}/{draw.randint(1, 40)}"'),
        (f"{SA}summary", '"' + " ".join(draw.choices(_WORDS, k=12)) + '"'),
    ]
    topics = sorted(draw.sample(range(_TOPICS), draw.randint(1, 4)))
    facts += [(f"{SA}topic", _iri(f"schemes/topic/t{topic}")) for topic in topics]
    if draw.random() < 0.2:
        facts.append((f"{SA}amount", _literal(str(draw.randint(1, 5_000) * 100_000), _DECIMAL)))
    return facts


def _lines(subject: str, graph: str, facts: list[tuple[str, str]]) -> Iterator[str]:
    return (f"{subject} <{predicate}> {value} {graph} .\n" for predicate, value in facts)


def _iri(name: str) -> str:
    return f"<{BASE}{name}>"


def _party(number: int) -> str:
    return _iri(f"parties/P{number:03}")


def _literal(text: str, datatype: str) -> str:
    return f'"{text}"^^<{datatype}>'


def _day(draw: random.Random) -> str:
    return f"{draw.randint(2014, 2026)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
