"""Records as JSON Schema: an editor then completes keys and closed lists and marks faults while one types.

It holds the rules of form; what must hold across records only ``kg check`` knows.
"""

from __future__ import annotations

import json
from typing import Any

from rdflib import RDF, SKOS

from kg.claims import RANKS
from kg.names import local_name
from kg.shapes import PropertyShape, Schema, Shape

Node = dict[str, Any]
_PLAIN: Node = {"type": ["string", "number", "boolean"]}
_TEXTS: Node = {"type": ["string", "array"]}
_CLAIM: Node = {
    "type": "object",
    "additionalProperties": False,
    "required": ["value", "source"],
    "properties": {"value": True, "source": _TEXTS, "locator": _PLAIN, "rank": {"enum": list(RANKS)}, "reason": _PLAIN},
}


def text(schema: Schema) -> str:
    """The file's text: a definition for each folder of ``data/``, each class of parts and each closed list."""
    props = [prop for shape in schema.shapes.values() for prop in shape.properties.values()]
    parts = sorted({prop.class_iri for prop in props if prop.is_part and prop.class_iri})
    definitions = {local_name(part): _mapping(schema, schema.shape_of(part), ("source",)) for part in parts}
    definitions |= {folder: _record(schema, class_iri) for folder, class_iri in schema.folders.items()}
    definitions |= {local_name(c): {"enum": sorted(notations)} for c, notations in schema.concepts.items()}
    document = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A record in data/",
        "anyOf": [_reference(folder) for folder in sorted(schema.folders)],
        "definitions": {**definitions, "claim": _CLAIM},
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _record(schema: Schema, class_iri: str) -> Node:
    made = _mapping(schema, schema.shape_of(class_iri), ())
    made["properties"]["type"] = {"enum": sorted(schema.subclasses(class_iri))}
    return made


def _mapping(schema: Schema, shape: Shape, inherited: tuple[str, ...]) -> Node:
    """A mapping of keys to values; what is ``inherited`` from the record need not be written."""
    needed = [key for key, prop in shape.writable.items() if prop.min_count and key not in inherited]
    properties = {key: _property(schema, prop) for key, prop in shape.writable.items()}
    return {"type": "object", "additionalProperties": False, "required": needed, "properties": properties}


def _property(schema: Schema, prop: PropertyShape) -> Node:
    """One value, one claim, or a list: of claims only where a single value may stand."""
    about: Node = {"description": schema.text(prop.path, SKOS.definition)}
    if prop.is_part:
        return about | {"type": "object", "additionalProperties": _reference(local_name(prop.class_iri or ""))}
    value = _value(schema, prop)
    claim: Node = {"allOf": [_reference("claim"), {"properties": {"value": value}}]}
    items = claim if prop.max_count == 1 else {"anyOf": [value, claim]}
    return about | {"anyOf": [value, claim, {"type": "array", "items": items}]}


def _value(schema: Schema, prop: PropertyShape) -> Node:
    if prop.class_iri in schema.concepts:
        return _reference(local_name(prop.class_iri))
    if prop.datatype != str(RDF.langString):
        return _PLAIN | ({"pattern": prop.pattern} if prop.pattern else {})
    return {"type": "object", "propertyNames": {"pattern": "^[a-z]{2,3}$"}, "additionalProperties": _TEXTS}


def _reference(name: str) -> Node:
    return {"$ref": f"#/definitions/{name}"}
