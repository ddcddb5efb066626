"""IRIs: the base, the namespaces, and how a record's path becomes a name."""

from __future__ import annotations

from rdflib import Namespace

BASE = "https://w3id.org/security-agreements/"
SA = Namespace(BASE + "ontology#")
ONTOLOGY_IRI = BASE + "ontology"
GRAPHS = BASE + "data/"
ONTOLOGY_GRAPH = GRAPHS + "ontology"


def record_iri(folder: str, slug: str) -> str:
    """``agreements``, ``ukr-ltu-2024`` → the IRI of that record."""
    return f"{BASE}{folder}/{slug}"


def part_iri(owner: str, key: str, slug: str) -> str:
    """A part's IRI: its owner's, the property's local name, and the part's slug."""
    return f"{owner}/{key}/{slug}"


def claim_iri(subject: str, key: str, digest: str) -> str:
    """A claim's IRI: what it is about, which property, and a digest of value and sources."""
    return f"{subject}/claim/{key}-{digest}"


def graph_iri(folder: str, slug: str) -> str:
    """The named graph that holds one record."""
    return f"{GRAPHS}{folder}/{slug}"


def local_name(iri: str) -> str:
    """What stands after the last ``#`` or ``/``."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
