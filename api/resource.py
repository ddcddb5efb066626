"""A path → the thing it names, the graph that says it, and the queries that ask for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import RDF, RDFS, SKOS
from rdflib.namespace import DCTERMS

from kg import names
from kg.store import Snapshot

_PATH = re.compile(r"/([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*){0,11})")
_GRAPHS = "data"
_SCHEMES = "schemes"
# Documents that the snapshot holds as a file: path → file.
DOCUMENTS = {"ontology": "ontology.ttl", "void": "void.ttl", "catalog": "catalog.ttl", "service": "service.ttl"}
_LABELS = f"<{RDFS.label}> <{SKOS.prefLabel}> <{DCTERMS.title}>"


@dataclass(frozen=True)
class Resource:
    """Something with an IRI of ours: a record, a part of one, a concept, a named graph or a document.

    ``graph`` is the named graph that says it; ``document`` the file that is it; ``class_iri`` what it is,
    where the path alone tells.
    """

    path: str
    graph: str = ""
    class_iri: str = ""
    document: str = ""

    @property
    def iri(self) -> str:
        """Its name."""
        return names.BASE + self.path

    @property
    def address(self) -> str:
        """Where this service answers for it."""
        return f"/{self.path}"

    @property
    def owner(self) -> str:
        """The path of the record that it is a part of, or of the list that a concept is in; empty for neither."""
        owner = "/".join(self.path.split("/")[:2])
        return "" if owner == self.path or self.is_graph or self.document else owner

    @property
    def is_graph(self) -> bool:
        """Whether it is a named graph itself."""
        return bool(self.graph) and self.iri == self.graph


@cache
def folders(snapshot: Snapshot) -> dict[str, str]:
    """The folders of records in a snapshot, each with its class."""
    return dict(snapshot.manifest.get("folders", {}))


def find(path: str, known: Mapping[str, str]) -> Resource | None:
    """What a path could name, by its form alone; ``known`` are the folders. None when it is no IRI of ours."""
    if path == "/":  # the dataset's own name
        return Resource("void", document=DOCUMENTS["void"])
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    folder, *rest = match[1].split("/")
    if not rest:
        return Resource(folder, document=DOCUMENTS[folder]) if folder in DOCUMENTS else None
    if folder in known:
        return Resource(match[1], names.graph_iri(folder, rest[0]), known[folder] if len(rest) == 1 else "")
    if folder == _SCHEMES and len(rest) <= 2:
        return Resource(match[1], names.ONTOLOGY_GRAPH)
    whole = rest == ["ontology"] or (len(rest) == 2 and rest[0] in known)
    return Resource(match[1], graph=names.BASE + match[1]) if folder == _GRAPHS and whole else None


def exists(found: Resource) -> str:
    """Whether anything is said of it."""
    said = "?s ?p ?o" if found.is_graph else f"<{found.iri}> ?p ?o"
    return f"ASK {{ GRAPH <{found.graph}> {{ {said} }} }}"


def own(found: Resource) -> str:
    """A pattern of the triples about it and its parts: those of its graph, or of what lies beneath it in there."""
    if found.is_graph:
        return f"GRAPH <{found.graph}> {{ ?s ?p ?o }}"
    beneath = f'FILTER (?s = <{found.iri}> || STRSTARTS(STR(?s), "{found.iri}/"))'
    return f"GRAPH <{found.graph}> {{ ?s ?p ?o {beneath} }}"


def triples(found: Resource) -> str:
    """The query of its own triples."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {own(found)} }}"


def description(found: Resource) -> str:
    """The query of its concise description: its own triples, links to it in its graph, labels of what it links to."""
    if found.is_graph:
        return triples(found)
    linked = (
        own(found).replace("?s ?p ?o", "?about ?link ?s").replace("?s =", "?about =").replace("STR(?s)", "STR(?about)")
    )
    return f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ {own(found)} }}
  UNION {{ GRAPH <{found.graph}> {{ ?s ?p <{found.iri}> }} BIND (<{found.iri}> AS ?o) }}
  UNION {{ {linked} FILTER (?link != <{RDF.type}>) VALUES ?p {{ {_LABELS} }} ?s ?p ?o }}
}}"""


def pairs(found: Resource) -> str:
    """The query of its own triples as rows, with an English label of each value that has one."""
    return f"""SELECT (?s AS ?subject) (?p AS ?property) (?o AS ?value) (LANG(?o) AS ?language) ?label WHERE {{
  {own(found)}
  OPTIONAL {{ VALUES ?path {{ {_LABELS} }} ?o ?path ?label FILTER (LANG(?label) = "en") }}
}} ORDER BY ?subject ?property ?value"""


def mentions(found: Resource, most: int, language: str) -> str:
    """The query of what links to it from elsewhere: subject, property and a label."""
    return f"""SELECT ?subject ?property ?label WHERE {{
  ?subject ?property <{found.iri}> FILTER (!STRSTARTS(STR(?subject), "{found.iri}/"))
  OPTIONAL {{ VALUES ?path {{ {_LABELS} }} ?subject ?path ?label FILTER (LANG(?label) = "{language}") }}
}} ORDER BY ?property ?subject LIMIT {most}"""


def siblings(found: Resource, most: int = 5000) -> str:
    """The query of names near to one that is not there: the same folder's records, or the same owner's parts."""
    if found.owner and not found.path.startswith(f"{_SCHEMES}/"):
        return f"SELECT DISTINCT ?name WHERE {{ GRAPH <{found.graph}> {{ ?name ?p ?o }} }} LIMIT {most}"
    folder = found.path.rsplit("/", 1)[0]
    if folder.startswith(_SCHEMES):
        inside = f'FILTER (STRSTARTS(STR(?name), "{names.BASE}{folder}/"))'
        return f"SELECT DISTINCT ?name WHERE {{ GRAPH <{found.graph}> {{ ?name ?p ?o }} {inside} }} LIMIT {most}"
    space = f"{names.GRAPHS}{folder.removeprefix(f'{_GRAPHS}/')}/"
    return f'SELECT ?name WHERE {{ GRAPH ?name {{}} FILTER (STRSTARTS(STR(?name), "{space}")) }} LIMIT {most}'


def terms(language: str) -> str:
    """The query of the words of the ontology: kind, label and English definition of each term."""
    return f"""SELECT ?term ?label ?definition (SAMPLE(?class) AS ?kind) WHERE {{ GRAPH <{names.ONTOLOGY_GRAPH}> {{
  ?term <{RDFS.label}> ?label ; a ?class FILTER (LANG(?label) = "{language}" && STRSTARTS(STR(?term), "{names.SA}"))
  OPTIONAL {{ ?term <{SKOS.definition}> ?definition FILTER (LANG(?definition) = "en") }}
}} }} GROUP BY ?term ?label ?definition ORDER BY ?term"""
