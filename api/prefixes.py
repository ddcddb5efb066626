"""The prefixes of a snapshot: those that its ontology file opens with."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.store import Snapshot

ONTOLOGY = "ontology.ttl"
_USED = re.compile(r"\b([\w-]+):\w")
_PREFIX = re.compile(r"@prefix ([\w-]*): <([^>]*)> \.")


@lru_cache(maxsize=2)  # the snapshot that is served and the one before
def of(snapshot: Snapshot) -> dict[str, str]:
    """Name → namespace, sorted by name; empty where the snapshot has no ontology file."""
    path = snapshot.folder / ONTOLOGY
    if not path.is_file():
        return {}
    found = {}
    with path.open(encoding="utf-8") as opened:
        for line in opened:
            match = _PREFIX.fullmatch(line.strip())
            if match is None:
                break
            found[match[1]] = match[2]
    return dict(sorted(found.items()))


def declared(snapshot: Snapshot, body: str = "") -> str:
    """The prefixes as SPARQL declarations, one a line: those that ``body`` uses, all where it is empty."""
    used = set(_USED.findall(body)) if body else set(of(snapshot))
    return "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in of(snapshot).items() if name in used)


def shortened(iri: str, prefixes: dict[str, str]) -> str:
    """``https://…/ontology#signed`` → ``sa:signed``; an IRI outside every namespace stays whole."""
    fitting = [(namespace, name) for name, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, name = max(fitting, key=lambda pair: len(pair[0]))
    local = iri[len(namespace) :]
    return f"{name}:{local}" if local and "/" not in local and "#" not in local else iri
