"""``/map``: who had signed by a day, who had joined the declaration, who was in the EU; as a picture and as files."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api import atlas, built, geometry, labels, language, partners, twins, wording
from api.atlas import Told
from api.context import context
from api.errors import BadRequest
from api.labels import Labels
from api.rendering import environment, page
from api.service import Service, of
from kg.tables import Row

router = APIRouter()
_PLACES = """\
PREFIX sa: <https://w3id.org/security-agreements/ontology#>
SELECT DISTINCT ?place ?country ?agreement ?signed
WHERE {
  ?agreement a sa:Agreement ; sa:place ?place ; sa:signedEarliest ?signed .
  ?place sa:country ?country .
}
ORDER BY ?country ?place ?signed ?agreement
"""
_UNION = ("show", "hide")


@router.get("/map.{suffix}", response_class=Response, tags=["tables"])
async def map_file(request: Request, suffix: str, on: str = "", state: str = "", eu: str = "show") -> Response:
    """How each party stood on a day (``on``), as csv, json or xlsx."""
    snapshot = of(request).snapshot
    rows = _asked(request, partners.day(on, snapshot.released), state, eu)
    return await twins.of_rows(suffix, "map", partners.COLUMNS, rows, snapshot.released)


@router.get("/map", response_class=HTMLResponse, include_in_schema=False)
async def map_page(request: Request, on: str = "", state: str = "", eu: str = "show") -> HTMLResponse:
    """A map of the partners by a day, with the table behind it."""
    service = of(request)
    day = partners.day(on, service.snapshot.released)
    rows = _asked(request, day, state, eu)
    places = [row for row in await _places(service) if row["signed"] <= day]
    words = labels.of(service.snapshot, language.of(request))
    outlines = geometry.read(built.read(service.settings.assets).outlines)
    asked = f"?{request.url.query}" if request.url.query else ""
    return page(
        "map.html",
        **context(request),
        crumbs=[("/map", "Map")],
        alternates=[("text/csv", f"/map.csv{asked}"), ("application/json", f"/map.json{asked}")],
        atlas=atlas.read(outlines, _told(rows, places, words, language.of(request), eu)),
        rows=rows,
        counted={name: len({r["party"] for r in rows if r["state"] == name}) for name in partners.STATES},
        places=_by_place(places),
        spots={row["agreement"]: row["place"] for row in places},
        on=day,
        state=state,
        eu=eu,
        asked=asked,
        states=partners.STATES,
        home=partners.HOME,
        union=next((row for row in rows if row["party"] == partners.UNION), None),
        query=partners.query(day),
    )


def _asked(request: Request, day: str, state: str, eu: str) -> list[Row]:
    """The rows of a day in one state, all where none is named; raises BadRequest."""
    for name, value, known in (("state", state, ("", *partners.STATES)), ("eu", eu, _UNION)):
        if value not in known:
            raise BadRequest(400, f"'{value}' is no {name}; known: {', '.join(filter(None, known))}")
    return [row for row in partners.read(of(request).snapshot, day) if state in ("", row["state"])]


async def _places(service: Service) -> list[Row]:
    """Where agreements were signed: place and country as slug and code, agreement, day."""
    found = json.loads(await service.answer(_PLACES))["results"]["bindings"]
    return [{name: wording.tail(term["value"]) for name, term in row.items()} for row in found]


def _by_place(places: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """Agreements by country and place, the place with most of them first."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in places:
        grouped.setdefault((row["country"], row["place"]), []).append(row)
    return dict(sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])))


def _told(rows: list[Row], places: list[Row], words: Labels, tongue: str, eu: str) -> dict[str, Told]:
    """What the map says of each party: a look by state, a sentence, and how many were signed on its soil."""
    says = environment(tongue).globals["gettext"]
    hosted: dict[str, int] = {}
    for row in places:
        hosted[row["country"]] = hosted.get(row["country"], 0) + 1
    found: dict[str, Told] = {}
    for row in rows:
        code = row["party"]
        if code not in found and code != partners.UNION:
            found[code] = Told(row["state"], _sentence(row, words, says), _mark(hosted, code), _in_union(row, eu))
    found[partners.HOME] = Told("home", words.of(partners.HOME, "parties"), _mark(hosted, partners.HOME))
    for code in set(hosted) - set(found):
        found[code] = Told("host", words.of(code, "parties"), _mark(hosted, code))
    return found


def _mark(hosted: dict[str, int], code: str) -> str:
    return f"◆{hosted[code]}" if code in hosted else ""


def _in_union(row: Row, eu: str) -> bool:
    return eu == "show" and bool(row["eu_since"])


def _sentence(row: Row, words: Labels, says: Any) -> str:  # noqa: ANN401  # gettext of a template environment
    """``Lithuania: signed 27 June 2024; EU member since 1 May 2004``."""
    parts = {
        "signed": f"{says('signed')} {wording.day(row['signed'])}",
        "joined": f"{says('joined the declaration')} {wording.day(row['joined'])}",
        "neither": says("neither signed nor joined"),
    }
    told = [parts[row["state"]]]
    if row["eu_since"]:
        told.append(f"{says('EU member since')} {wording.day(row['eu_since'])}")
    return f"{words.of(row['party'], 'parties')}: {'; '.join(told)}"
