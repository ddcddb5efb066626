"""What must hold of the records as a whole: ``data/assertions.yaml``, counts and fill rates, each with its reason."""

from __future__ import annotations

from pathlib import Path

from kg import evaluate
from kg.errors import Finding, QueryError
from kg.records import Mapping, Scalar, Value, read
from kg.store import Store

PARTS = {"select", "expected", "reason"}
PREFIX = "PREFIX sa: <https://w3id.org/security-agreements/ontology#>\nPREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"


def check(path: Path, store: Store) -> list[Finding]:
    """A finding for each assertion that does not hold; none where there is no such file."""
    if not path.is_file():
        return []
    record, findings = read(path, path.parent.parent)
    for name, body in record.body.items if record else ():
        findings += _broken(f"data/{path.name}", name, body, store)
    return findings


def _broken(file: str, name: Scalar, body: Value, store: Store) -> list[Finding]:
    items = body.items if isinstance(body, Mapping) else ()
    text = {key.text: value.text for key, value in items if isinstance(value, Scalar)}
    if set(text) != PARTS or len(items) != len(PARTS):
        return [Finding(file, name.line, name.text, f"an assertion has {', '.join(sorted(PARTS))}, and nothing else")]
    try:
        _, rows = evaluate.rows(store, PREFIX + text["select"])
    except QueryError as error:
        return [Finding(file, name.line, name.text, f"no SELECT: {error}")]
    found = rows[0][0] if rows else None
    if found == text["expected"]:
        return []
    return [Finding(file, name.line, name.text, f"expected {text['expected']}, found {found}: {text['reason']}")]
