"""The queries that every server is asked, filled with names from the data at hand."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from bench.generator import SA

_PREFIX = f"PREFIX sa: <{SA}> "
LIGHT = {
    "point": "SELECT ?p ?o WHERE { <{commitment}> ?p ?o }",
    "party": "SELECT ?a ?signed WHERE { ?a sa:party <{party}> ; sa:signed ?signed } LIMIT 50",
    "commitments": "SELECT ?c ?m WHERE { <{agreement}> sa:commitment ?c . ?c sa:modality ?m } LIMIT 50",
    "describe": "DESCRIBE <{commitment}>",
    "ask": "ASK { <{agreement}> sa:party <{party}> }",
}
HEAVY = {
    "aggregate": "SELECT ?m ?t (COUNT(*) AS ?n) WHERE { ?c sa:modality ?m ; sa:topic ?t } GROUP BY ?m ?t",
    "optional": "SELECT (COUNT(?c) AS ?n) (SUM(?x) AS ?sum) WHERE "
    "{ ?c a sa:Commitment ; sa:obligor ?o OPTIONAL { ?c sa:amount ?x } }",
    "regex": 'SELECT ?c ?s WHERE { ?c sa:summary ?s FILTER (REGEX(?s, "train.*officer|pilot.*train", "i")) }',
    "top": "SELECT ?c ?s WHERE { ?c sa:summary ?s } ORDER BY DESC(STRLEN(?s)) ?s LIMIT 10",
    "join": "SELECT (COUNT(*) AS ?n) WHERE { ?a sa:arisesFrom ?p . ?b sa:arisesFrom ?p FILTER (?a != ?b) }",
    "dump": "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 100000",
}
# Never ends within any limit, whatever the data.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (?a != ?l) }"
# Some 100 MB as JSON from any data.
LONG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 160000"
_NAMED = {
    "agreement": re.compile(rf"<([^>]*)> <[^>]*#type> <{re.escape(SA)}Agreement>"),
    "commitment": re.compile(rf"<([^>]*)> <[^>]*#type> <{re.escape(SA)}Commitment>"),
    "party": re.compile(rf"<[^>]*> <{re.escape(SA)}party> <([^>]*)>"),
}
_READ = 200_000  # lines in which names are looked for


@dataclass(frozen=True)
class Mix:
    """``light`` in the order of sending, all kinds in turn; ``by_kind`` a few of each; ``heavy`` by name."""

    light: list[str]
    by_kind: dict[str, list[str]]
    heavy: dict[str, str]


def mix(quads: Path, count: int = 500, seed: int = 1) -> Mix:
    """The mix for one N-Quads file."""
    names = _names(quads)
    draw = random.Random(seed)
    light = []
    for number in range(count):
        kind = list(LIGHT)[number % len(LIGHT)]
        light.append(_filled(LIGHT[kind], names, draw))
    by_kind = {kind: light[at :: len(LIGHT)] for at, kind in enumerate(LIGHT)}
    return Mix(light, by_kind, {name: _PREFIX + text for name, text in HEAVY.items()})


def _names(quads: Path) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {what: set() for what in _NAMED}
    with quads.open(encoding="utf-8") as lines:
        for line, _ in zip(lines, range(_READ), strict=False):
            for what, pattern in _NAMED.items():
                if match := pattern.match(line):
                    found[what].add(match[1])
    return {what: sorted(names) for what, names in found.items()}


def _filled(template: str, names: dict[str, list[str]], draw: random.Random) -> str:
    for what, known in names.items():
        if f"{{{what}}}" in template:
            template = template.replace(f"{{{what}}}", draw.choice(known))
    return _PREFIX + template
