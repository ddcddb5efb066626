"""What every page is given: the release it shows, where it stands, its language, and how values read."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from api import labels, language, service, wording

NAV = (("/agreements", "Agreements"), ("/networks", "Network"), ("/sparql", "SPARQL"), ("/downloads", "Downloads"))


def context(request: Request) -> dict[str, Any]:
    """The common values of templates.

    ``snapshot`` (id, version, released; None while there is none), ``path`` (without its language),
    ``query_string``, ``nav``, ``words``, ``labels`` (what things are called), ``language``, ``languages`` and
    ``prefix``. A page may add ``crumbs`` ((address, label) pairs after the home page; the last is the page itself)
    and ``alternates`` ((media type, address) pairs).
    """
    path = request.url.path
    serving = service.found(request)
    snapshot = serving.snapshot if serving else None
    return {
        "snapshot": snapshot,
        "labels": labels.of(snapshot, language.of(request)),
        "path": path,
        "query_string": request.url.query,
        "nav": [(href, label, _within(path, href)) for href, label in NAV],
        "words": wording,
        "language": language.of(request),
        "languages": language.LANGUAGES,
        "prefix": language.prefix_of(request),
    }


def _within(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/")
