"""Two codings of the same texts, compared field by field: percent agreement and Cohen's kappa.

The second coding lies in ``data/second-coding/``, was made without sight of the first, and is never loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

from kg import paths, records, reference, shapes
from kg.claims import RANKS
from kg.names import SA
from kg.records import SECOND_CODING

Pair = tuple[str, str]
_LENGTHS = ("years", "months", "days", "hours")
_MEASURES = ("amount", "quantity", "percentOfGdp")
# The term and the day for consultation are clauses; as measures of commitments they were not asked of the second coder.
_CLAUSE_UNITS = frozenset(["hour", "year"])
# By these keys two rows of the same figure are told apart; slug and summary are each coder's own.
_PAIRING = ("obligor", "comparator", "modality", "phase", "per", "periodStart", "periodEnd", "topic", "locator")
_Row = dict[str, Any]
PAGE = "README.md"


@dataclass(frozen=True)
class Field:
    """One field over all texts coded twice: the pairs of codes that the two coders gave."""

    name: str
    pairs: tuple[Pair, ...]

    @property
    def equal(self) -> int:
        """How many pairs agree."""
        return sum(first == second for first, second in self.pairs)

    @property
    def percent(self) -> float:
        """Agreement in per cent."""
        return 100 * self.equal / len(self.pairs) if self.pairs else 100.0

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None where both coders used a single code, so that chance explains all."""
        size = len(self.pairs)
        first, second = (Counter(pair[side] for pair in self.pairs) for side in (0, 1))
        chance = sum(first[code] * second[code] for code in first) / size**2 if size else 1.0
        return None if chance >= 1 else (self.equal / size - chance) / (1 - chance)


def compare(root: Path) -> list[Field]:
    """Every field compared, over all texts that were coded twice."""
    schema = shapes.read(root / "ontology")
    kinds = sorted(schema.concepts[str(SA.ClauseKind)])
    topics = sorted(schema.concepts[str(SA.Topic)])
    found: dict[str, list[Pair]] = {}
    for second_file in sorted((root / "data" / SECOND_CODING).glob("*.yaml")):
        first, second = _read(_first(root, second_file.name)), _read(second_file)
        for name, pair in _fields(first, second, kinds, topics):
            found.setdefault(name, []).append(pair)
    return [Field(name, tuple(pairs)) for name, pairs in found.items()]


def coded_twice(root: Path) -> list[str]:
    """The slugs of the texts that were coded twice."""
    return sorted(path.stem for path in (root / "data" / SECOND_CODING).glob("*.yaml"))


def page(root: Path) -> str:
    """The comparison as a page."""
    rows = [
        f"| {f.name} | {len(f.pairs)} | {f.percent:.1f} | {'–' if f.kappa is None else f'{f.kappa:.2f}'} |"
        for f in compare(root)
    ]
    return "\n".join([_HEAD.format(texts=", ".join(coded_twice(root))), *rows, _FOOT])


def _first(root: Path, name: str) -> Path:
    folders = (root / "data" / folder for folder in ("agreements", "instruments"))
    return next(folder / name for folder in folders if (folder / name).is_file())


def _read(path: Path) -> dict[str, Any]:
    plain, _ = records.plain(path.read_text("utf-8"), path.name)
    return dict(plain)


def _fields(
    first: dict[str, Any], second: dict[str, Any], kinds: list[str], topics: list[str]
) -> Iterator[tuple[str, Pair]]:
    for key in ("signed", "place", "legalEffect", "prevailingLanguage"):
        yield key, (_best(first.get(key)), _best(second.get(key)))
    for key in ("authenticLanguage", "furthers"):
        yield key, (_set(first.get(key)), _set(second.get(key)))
    yield "signatories", (_signatories(first), _signatories(second))
    yield from (("clause present", (_present(first, kind), _present(second, kind))) for kind in kinds)
    yield from _clauses(first, second)
    yield from (("topic", (_state(first, topic), second.get("topic", {}).get(topic, ""))) for topic in topics)
    yield from _measures(first, second)


def _clauses(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, Pair]]:
    """What both say of the clauses that both found."""
    one, other = first.get("clause", {}), second.get("clause", {})
    for kind in sorted(one.keys() & other.keys()):
        yield "clause length", (_length(one[kind]), _length(other[kind]))
        for key in ("runsFrom", "trigger", "atRequestOf"):
            yield f"clause {key}", (_set(one[kind].get(key)), _set(other[kind].get(key)))


def _measures(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, Pair]]:
    """Every figure that either found, once for each time; then how both code those that both found."""
    one, other = _figures(first), _figures(second)
    for figure in sorted(one.keys() | other.keys()):
        here, there = one.get(figure, []), other.get(figure, [])
        for number in range(max(len(here), len(there))):
            yield "figure", (figure if number < len(here) else "", figure if number < len(there) else "")
        for mine, theirs in _paired(here, there):
            for key in ("obligor", "comparator", "modality", "phase"):
                yield f"figure's {key}", (_set(mine.get(key)), _set(theirs.get(key)))


def _paired(here: list[_Row], there: list[_Row]) -> list[tuple[_Row, _Row]]:
    """The rows of one figure in the pairs that agree most over all their keys; equal pairs keep the records' order."""
    if len(here) > len(there):
        return [(mine, theirs) for theirs, mine in _paired(there, here)]
    agreement = [[_agreement(mine, theirs) for theirs in there] for mine in here]
    orders = permutations(range(len(there)), len(here))
    best = max(orders, key=lambda order: sum(agreement[row][column] for row, column in enumerate(order)))
    return [(mine, there[column]) for mine, column in zip(here, best, strict=True)]


def _agreement(mine: _Row, theirs: _Row) -> int:
    """On how many keys two rows agree; a key that only one of them has counts against the pair."""
    return sum(1 if _set(mine.get(key)) == _set(theirs.get(key)) else -1 for key in _PAIRING)


def _figures(coding: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in coding.get("commitment", {}).values():
        measure = next((key for key in _MEASURES if key in row), None)
        if measure is None or _best(row.get("unit")) in _CLAUSE_UNITS or _best(row.get("statedIn") or "text") != "text":
            continue
        number = Decimal(_best(row[measure]).replace("_", ""))
        counted = _best(row.get("currency")) or _best(row.get("unit")) or "percent of GDP"
        found.setdefault(f"{number.normalize():f} {counted}", []).append(row)
    return found


def _state(coding: dict[str, Any], topic: str) -> str:
    """Committed, mentioned or absent, by the rules of the coverage table."""
    stated = [row for row in coding.get("commitment", {}).values() if _best(row.get("statedIn") or "text") == "text"]
    if any(topic in _list(row.get("topic")) for row in stated if _best(row.get("modality")) != "none"):
        return "committed"
    parts = (*coding.get("provision", {}).values(), *stated)
    return "mentioned" if any(topic in _list(part.get("topic")) for part in parts) else "absent"


def _present(coding: dict[str, Any], kind: str) -> str:
    return "present" if kind in coding.get("clause", {}) else "absent"


def _length(clause: dict[str, Any]) -> str:
    return next((f"{_best(clause[key])} {key}" for key in _LENGTHS if key in clause), "")


def _signatories(coding: dict[str, Any]) -> str:
    rows = coding.get("signature", {}).values()
    return ";".join(sorted(f"{row['signatory']}/{row['onBehalfOf']}" for row in rows))


def _best(value: Any) -> str:  # noqa: ANN401  # what plain YAML holds
    """The value shown where there is one; empty where there is none."""
    return next(iter(_list(value)), "")


def _list(value: Any) -> list[str]:  # noqa: ANN401  # what YAML can hold
    """The values shown: plain ones, else those of the claims of the best rank."""
    items = [item for item in (value if isinstance(value, list) else [value]) if item]
    claims = [item for item in items if isinstance(item, dict)]
    if not claims:
        return [str(item) for item in items]
    best = min((claim.get("rank", "normal") for claim in claims), key=RANKS.index)
    return list(dict.fromkeys(str(claim["value"]) for claim in claims if claim.get("rank", "normal") == best))


def _set(value: Any) -> str:  # noqa: ANN401  # what YAML can hold
    return ";".join(sorted(_list(value)))


def pages(root: Path) -> dict[Path, str]:
    """The page that is checked in, by its path below ``root``."""
    return {Path("data") / SECOND_CODING / PAGE: page(root)}


_HEAD = """# Second coding

These texts were coded a second time without sight of the first coding: {texts}. The files here are never loaded.
The table compares the two codings as they stand: the second as it was made, the first as it is in the records now.
The second coders had read the codebook and the lists, whose edge cases and doubtful decisions settle some points of
these very texts: agreement there shows less than elsewhere. Where a figure stands several times in a text, the rows of
both codings are paired so that they agree most over all their keys, locator and period among them. Places differ
where a text names a region and the record takes the town from the press. The figures before any difference was
settled, and how each was settled, stand in [settled.md](settled.md).

| field | pairs | agreement, % | Cohen's kappa |
|---|---|---|---|"""
_FOOT = """
A figure that only one coder has counts as a disagreement. Kappa is left out where both coders used one code only.
"""

if __name__ == "__main__":
    reference.write(paths.contents(), pages(paths.contents()))
