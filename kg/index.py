"""Every slug of the records and concepts, by class: the first of the loader's two passes."""

from __future__ import annotations

from collections.abc import Iterable

from kg import names
from kg.errors import Finding, suggest
from kg.records import SLUG, Mapping, Record, Scalar
from kg.shapes import Schema


class Index:
    """Class → slug → IRI, for records, their parts (``owner/part``) and concepts."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._names: dict[str, dict[str, str]] = {c: dict(known) for c, known in schema.concepts.items()}

    def add(self, class_iri: str, slug: str, iri: str) -> None:
        """Make a thing known under its class and all classes above it."""
        for known in (class_iri, *self._schema.ancestors.get(class_iri, ())):
            self._names.setdefault(known, {})[slug] = iri

    def find(self, class_iri: str, slug: str, owner: str = "") -> str | None:
        """The IRI of a slug; inside its own record a part needs no owner before it."""
        known = self._names.get(class_iri, {})
        return known.get(f"{owner}/{slug}") or known.get(slug)

    def find_relative(self, class_iri: str, slug: str) -> str | None:
        """The IRI that a slug already has in a class or one above it: a reference could mean either."""
        lineage = (class_iri, *self._schema.ancestors.get(class_iri, ()))
        return next((iri for known in lineage if (iri := self._names.get(known, {}).get(slug))), None)

    def suggest(self, class_iri: str, slug: str, owner: str = "") -> str:
        """What may be meant instead of an unknown slug."""
        return suggest(slug, [known.removeprefix(f"{owner}/") for known in self._names.get(class_iri, {})])


def index(records: Iterable[Record], schema: Schema) -> tuple[Index, list[Finding]]:
    """Index every record and part; findings for folders, types and slugs that cannot be."""
    found = Index(schema)
    findings: list[Finding] = []
    for record in records:
        class_iri = class_of(record, schema)
        if isinstance(class_iri, Finding):
            findings.append(class_iri)
            continue
        iri = names.record_iri(record.folder, record.slug)
        taken = found.find_relative(class_iri, record.slug)
        if taken:
            file = f"data/{taken.removeprefix(names.BASE)}.yaml"
            findings.append(Finding(record.file, 1, "", f"the slug '{record.slug}' is taken by {file}"))
        found.add(class_iri, record.slug, iri)
        findings += _parts(record, class_iri, iri, found, schema)
    return found, findings


def class_of(record: Record, schema: Schema) -> str | Finding:
    """The class of a record: its folder's, or the subclass that ``type:`` names."""
    if record.folder not in schema.folders:
        return Finding(record.file, 1, "", f"no class has the folder '{record.folder}'{_near(record, schema)}")
    class_iri = schema.folders[record.folder]
    named = record.body.get("type")
    if named is None:
        return class_iri
    known = schema.subclasses(class_iri)
    text = named.text if isinstance(named, Scalar) else "?"
    if text in known:
        return known[text]
    wrong = f"no type of {names.local_name(class_iri)} '{text}'{suggest(text, sorted(known))}"
    return Finding(record.file, named.line, "type", wrong)


def _near(record: Record, schema: Schema) -> str:
    return suggest(record.folder, sorted(schema.folders))


def _parts(record: Record, class_iri: str, iri: str, found: Index, schema: Schema) -> list[Finding]:
    findings: list[Finding] = []
    for prop in schema.shape_of(class_iri).properties.values():
        parts = record.body.get(prop.key) if prop.is_part else None
        if not isinstance(parts, Mapping) or prop.class_iri is None:
            continue
        for slug, _ in parts.items:
            if SLUG.fullmatch(slug.text):
                found.add(prop.class_iri, f"{record.slug}/{slug.text}", names.part_iri(iri, prop.key, slug.text))
            else:
                bad = f"bad slug '{slug.text}'; letters, digits and single hyphens"
                findings.append(Finding(record.file, slug.line, prop.key, bad))
    return findings
