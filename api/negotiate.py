"""Accept header → format, with q-values; and what to do when nothing fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from starlette.requests import HTTPConnection

from kg.errors import UnknownName
from kg.formats import FORMATS, Format

HTML = "text/html"
# Media types under which clients ask for these, each with what it may mean.
_ALIASES = {
    "application/json": ("application/sparql-results+json", "application/ld+json"),
    "application/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/plain": ("application/n-triples",),
    "application/turtle": ("text/turtle",),
    "application/x-turtle": ("text/turtle",),
    "text/n3": ("text/turtle",),
    "text/rdf+n3": ("text/turtle",),
}
# Names that libraries give these formats, beside ours.
_NAMES = {
    "rdfxml": ("xml", "rdf+xml"),
    "jsonld": ("json", "json-ld"),
    "turtle": ("n3",),
    "ntriples": ("n-triples",),
    "nquads": ("n-quads",),
}
_QUALITY = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)


class Wish(NamedTuple):
    """One media range of an Accept header and how much it is wished, 0 to 1."""

    media_range: str
    quality: float


def accept(request: HTTPConnection) -> str:
    """All Accept lines of a request as one, which is what several of them mean (RFC 9110, 5.3)."""
    return ", ".join(request.headers.getlist("accept"))


def wishes(accept: str) -> list[Wish]:
    """The media ranges of an Accept header; an empty or missing header wishes anything."""
    return [_wish(item) for item in (accept or "*/*").split(",") if item.strip()]


def best(accept: str, formats: Sequence[Format]) -> Format | None:
    """The format wished most among those that fit, the earlier one on a tie; None when nothing fits."""
    asked = wishes(accept)
    rated = [(quality(form.media_type, asked), form) for form in formats]
    top = max((rate for rate, _ in rated), default=0.0)
    return next((form for rate, form in rated if rate == top and rate > 0), None)


def named(name: str, fitting: Sequence[Format]) -> Format:
    """The format of that name among those that fit, by a library's name for it, its suffix or media type too.

    A known format that does not fit is given all the same; raises UnknownName for any other.
    """
    given = name.lower().split(",")[0].strip()
    for form in (*fitting, *FORMATS):
        if given in (form.name, form.suffix, *_NAMES.get(form.name, ())) or _means(given, form.media_type):
            return form
    raise UnknownName("format", name, sorted(form.name for form in fitting))


def prefers_html(accept: str, formats: Sequence[Format]) -> bool:
    """Whether a page is wished more than any of these formats, as browsers do."""
    if "html" not in accept.lower():
        return False
    asked = wishes(accept)
    if not any(wish.media_range in (HTML, "application/xhtml+xml") for wish in asked):
        return False
    return quality(HTML, asked) > max((_named_quality(form.media_type, asked) for form in formats), default=0.0)


def names_one(accept: str, formats: Sequence[Format]) -> bool:
    """Whether a header asks for one of these formats by its own name, and not only for anything."""
    asked = wishes(accept)
    return any(_named_quality(form.media_type, asked) > 0 for form in formats)


def quality(media_type: str, asked: Sequence[Wish]) -> float:
    """How much a media type is wished: the most exact range that covers it decides (RFC 9110, 12.5.1)."""
    covering = [(_exactness(wish.media_range, media_type), wish.quality) for wish in asked]
    fitting = [pair for pair in covering if pair[0] > 0]
    return max(fitting)[1] if fitting else 0.0


def _named_quality(media_type: str, asked: Sequence[Wish]) -> float:
    return max((wish.quality for wish in asked if _means(wish.media_range, media_type)), default=0.0)


def _means(given: str, media_type: str) -> bool:
    return given == media_type or media_type in _ALIASES.get(given, ())


def _exactness(media_range: str, media_type: str) -> int:
    if media_range == media_type:
        return 4
    if _means(media_range, media_type):
        return 3
    if media_range.endswith("/*") and media_type.startswith(media_range[:-1]):
        return 2
    return 1 if media_range == "*/*" else 0


def _wish(item: str) -> Wish:
    media_range, *parameters = item.split(";")
    found = next((match for p in parameters if (match := _QUALITY.fullmatch(p))), None)
    return Wish(media_range.strip().lower(), float(found[1]) if found else 1.0)
