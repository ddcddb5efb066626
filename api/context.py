"""What every page is given: the release it shows, where it stands, its language, and how values read."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from api import labels, language, service
from api.words import Words

NAV = (
    ("/agreements", "Agreements"),
    ("/commitments", "Commitments"),
    ("/compare", "Compare"),
    ("/networks", "Networks"),
    ("/map", "Map"),
    ("/timeline", "Timeline"),
    ("/sparql", "SPARQL"),
    ("/downloads", "Downloads"),
)
# What a reader looks for at the foot of a page.
FOOT = (
    ("/officials", "Officials"),
    ("/parties", "Parties"),
    ("/statements", "Statements"),
    ("/events", "Events"),
    ("/instruments", "Other instruments"),
    ("/clauses", "Clauses"),
    ("/claims", "Where sources disagree"),
    ("/sets", "Counts"),
    ("/sources", "Sources"),
    ("/codebook", "Codebook"),
    ("/ontology", "Ontology"),
    ("/docs", "Interface for programs"),
    ("/about", "About"),
    ("/privacy", "Privacy"),
    ("/accessibility", "Accessibility"),
)


def context(request: Request) -> dict[str, Any]:
    """The common values of templates.

    ``snapshot`` (id, version, released; None while there is none), ``path`` (without its language),
    ``query_string``, ``nav``, ``foot``, ``words``, ``labels`` (what things are called), ``language``, ``languages`` and
    ``prefix``. A page may add ``crumbs`` ((address, label) pairs after the home page; the last is the page itself)
    and ``alternates`` ((media type, address) pairs).
    """
    path = request.url.path
    serving = service.found(request)
    snapshot = serving.snapshot if serving else None
    names = labels.of(snapshot, language.of(request))
    return {
        "snapshot": snapshot,
        "labels": names,
        "path": path,
        "query_string": request.url.query,
        "nav": [(href, label, _within(path, href)) for href, label in NAV],
        "foot": FOOT,
        "words": Words(names),
        "language": language.of(request),
        "languages": language.LANGUAGES,
        "prefix": language.prefix_of(request),
    }


def _within(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/")
