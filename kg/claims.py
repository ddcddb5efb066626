"""Claims: a value with its sources, written where the value would stand. Ranks decide which value shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import suggest
from kg.records import Mapping, Scalar, Sequence, Value

PARTS = ("value", "source", "locator", "rank", "reason")
RANKS = ("preferred", "normal", "deprecated")


@dataclass(frozen=True)
class Claim:
    """One claim as written; ``parts`` holds source, locator and reason."""

    value: Value
    rank: str
    line: int
    parts: Mapping

    def digest(self, terms: tuple[str, ...], sources: tuple[str, ...]) -> str:
        """A name for the claim that stays the same when claims are reordered."""
        text = "\n".join((*sorted(terms), *sorted(sources)))
        return hashlib.sha256(text.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a claim, and where."""

    line: int
    key: str
    message: str


def is_claim(value: Value, languages: bool) -> bool:
    """Whether a mapping is a claim and not labels by language."""
    return isinstance(value, Mapping) and (not languages or value.get("value") is not None)


def split(value: Value, languages: bool) -> tuple[list[Value], list[Mapping]]:
    """The plain values and the claims among what stands under a key."""
    items = value.items if isinstance(value, Sequence) else (value,)
    claims = [item for item in items if isinstance(item, Mapping) and is_claim(item, languages)]
    return [item for item in items if item not in claims], claims


def read(mapping: Mapping) -> Claim | Fault:
    """A claim, or the first thing that keeps it from being one."""
    fault = next(_faults(mapping), None)
    if fault:
        return fault
    value = mapping.get("value")
    rank = _text(mapping, "rank") or "normal"
    if value is None or isinstance(value, Sequence):
        return Fault(mapping.line, "value", "a claim has one value")
    return Claim(value, rank, mapping.line, mapping)


def best(claims: list[Claim]) -> list[Claim]:
    """The claims that the simple layer shows: the preferred ones, else the normal ones."""
    return [c for c in claims if c.rank == "preferred"] or [c for c in claims if c.rank == "normal"]


def _faults(mapping: Mapping) -> Iterator[Fault]:
    for key, _ in mapping.items:
        if key.text not in PARTS:
            yield Fault(key.line, key.text, f"no part of a claim{suggest(key.text, PARTS)}")
    if mapping.get("value") is None:
        yield Fault(mapping.line, "value", "a claim needs its value: {value, source, locator, rank, reason}")
    if mapping.get("source") is None:
        yield Fault(mapping.line, "source", "a claim needs its source")
    if not isinstance(mapping.get("rank"), Scalar | None):
        yield Fault(mapping.line, "rank", "a claim has one rank")
    rank = _text(mapping, "rank") or "normal"
    if rank not in RANKS:
        yield Fault(mapping.line, "rank", f"no rank '{rank}'{suggest(rank, RANKS)}")
    if rank != "normal" and mapping.get("reason") is None:
        yield Fault(mapping.line, "reason", f"a {rank} claim needs a reason")


def _text(mapping: Mapping, key: str) -> str | None:
    value = mapping.get(key)
    return value.text if isinstance(value, Scalar) else None
