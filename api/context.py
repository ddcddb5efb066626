"""What every page is given: the release it shows, where it stands, and how values read."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from api import service, wording

NAV = (("/agreements", "Agreements"), ("/networks", "Network"), ("/sparql", "SPARQL"), ("/downloads", "Downloads"))


def context(request: Request) -> dict[str, Any]:
    """The common values of templates: ``snapshot`` (id, version, released), ``path``, ``nav``, ``words``.

    A page may add ``crumbs`` ((address, label) pairs after the home page; the last is the page itself)
    and ``alternates`` ((media type, address) pairs).
    """
    path = request.url.path
    return {
        "snapshot": service.of(request).snapshot,
        "path": path,
        "nav": [(href, label, _within(path, href)) for href, label in NAV],
        "words": wording,
    }


def _within(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/")
