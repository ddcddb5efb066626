"""What can be written in a query here: prefixes, classes, properties, codes and parties, with what each means."""

from __future__ import annotations

import json
from typing import Any

from api import prefixes
from api.labels import Labels
from api.service import Service
from kg import names

_QUERY = """\
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sa: <https://w3id.org/security-agreements/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?iri ?kind ?about
WHERE {
  { ?iri a owl:Class . BIND ("class" AS ?kind) }
  UNION { VALUES ?type { owl:ObjectProperty owl:DatatypeProperty } ?iri a ?type . BIND ("property" AS ?kind) }
  UNION { ?iri skos:inScheme ?scheme . BIND ("enum" AS ?kind) }
  UNION { VALUES ?type { sa:Party sa:Agreement } ?iri a ?type . BIND ("constant" AS ?kind) }
  OPTIONAL { ?iri skos:definition ?about . FILTER (LANG(?about) IN ("en", "")) }
}
ORDER BY ?kind ?iri
"""


async def read(service: Service, labels: Labels) -> dict[str, Any]:
    """``prefixes`` by name and ``names`` as lists of name, label, kind and definition; raises as the pool does."""
    known = prefixes.of(service.snapshot)
    found = json.loads(await service.answer(_QUERY))["results"]["bindings"]
    return {
        "prefixes": known,
        "names": [_name({key: term["value"] for key, term in row.items()}, known, labels) for row in found],
    }


def _name(row: dict[str, str], known: dict[str, str], labels: Labels) -> dict[str, str]:
    """One name as it is written: prefixed where a prefix fits, else the whole IRI."""
    short = prefixes.shortened(row["iri"], known)
    written = short if short != row["iri"] else f"<{short}>"
    label = labels.path(row["iri"].removeprefix(names.BASE))
    return {"name": written, "label": label, "kind": row["kind"], "about": row.get("about", "")}
