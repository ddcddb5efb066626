"""How each state stood to Ukraine's agreements on a day: signed, joined what they further, in the EU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from api import wording
from api.errors import BadRequest
from kg import tables
from kg.store import Snapshot
from kg.tables import Row

HOME = "UKR"
UNION = "EU"
STATES = ("signed", "joined", "neither")
COLUMNS = ["party", "state", "agreement", "signed", "place", "joined", "eu_since"]

_QUERY = """\
PREFIX party: <https://w3id.org/security-agreements/parties/>
PREFIX sa: <https://w3id.org/security-agreements/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

SELECT DISTINCT ?party ?agreement ?signed ?joined ?eu_since
WHERE {
  {
    SELECT DISTINCT ?party WHERE {
      { ?pact a sa:Agreement ; sa:party ?party }
      UNION { ?pact a sa:Agreement ; sa:furthers ?basis . ?basis sa:membership/sa:holder ?party }
      UNION { party:EU sa:membership/sa:holder ?party }
      FILTER (?party != party:UKR)
    }
  }
  OPTIONAL {
    ?agreement a sa:Agreement ; sa:party ?party ; sa:signedEarliest ?signed .
    FILTER (?signed <= "DAY"^^xsd:date)
  }
  OPTIONAL {
    SELECT ?party (MIN(?day) AS ?joined) WHERE {
      ?other a sa:Agreement ; sa:furthers ?declaration .
      { ?declaration sa:membership ?joining . ?joining sa:holder ?party ; sa:startEarliest ?day }
      UNION { ?declaration sa:membership/sa:holder ?anyone ; sa:party ?party ; sa:signedEarliest ?day }
      FILTER (?day <= "DAY"^^xsd:date)
    } GROUP BY ?party
  }
  OPTIONAL {
    party:EU sa:membership ?spell . ?spell sa:holder ?party ; sa:startEarliest ?eu_since .
    OPTIONAL { ?spell sa:endLatest ?until }
    FILTER (?eu_since <= "DAY"^^xsd:date && (!BOUND(?until) || ?until >= "DAY"^^xsd:date))
  }
}
ORDER BY ?party ?signed
"""


def day(text: str, otherwise: str) -> str:
    """A day as an address gives it, ``otherwise`` where it gives none; raises BadRequest."""
    if not text.strip():
        return otherwise
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise BadRequest(400, f"'{text}' is no day; write it as 2024-06-27") from error


def query(on: str) -> str:
    """A SELECT that gives the same for a day (``2024-06-27``)."""
    return _QUERY.replace("DAY", on)


def read(snapshot: Snapshot, on: str) -> list[Row]:
    """A row for each party and agreement by that day; parties without one have one row.

    ``state`` is signed, joined or neither; ``eu_since`` is empty for who was no member on the day.
    """
    signed = _signed(snapshot, on)
    joined = _joined(snapshot, on)
    union = {row["member"]: row["start"] for row in _members(snapshot, {UNION}) if _holds(row, on)}
    parties = sorted(_parties(snapshot))
    return [row for party in parties for row in _rows(party, signed.get(party, []), joined, union)]


def _rows(party: str, pacts: list[Row], joined: dict[str, str], union: dict[str, str]) -> Iterator[Row]:
    known = {"party": party, "joined": joined.get(party, ""), "eu_since": union.get(party, "")}
    for pact in pacts:
        yield known | {"state": "signed"} | {name: pact[name] for name in ("agreement", "signed", "place")}
    if not pacts:
        yield known | {"state": "joined" if party in joined else "neither", "agreement": "", "signed": "", "place": ""}


def _parties(snapshot: Snapshot) -> set[str]:
    """Who has signed, joined or is a member of the EU on any day."""
    partners = {code for row in tables.rows(snapshot, "agreements") for code in wording.items(row["partner"])}
    members = {row["member"] for row in _members(snapshot, {UNION} | _declarations(snapshot))}
    return (partners | members) - {HOME}


def _signed(snapshot: Snapshot, on: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in sorted(tables.rows(snapshot, "agreements"), key=lambda row: (row["signed"], row["agreement"])):
        if row["signed"] and row["signed"] <= on:
            for code in wording.items(row["partner"]):
                found.setdefault(code, []).append(row)
    return found


def _declarations(snapshot: Snapshot) -> set[str]:
    """The instruments that agreements further and that others could join."""
    furthered = {slug for row in tables.rows(snapshot, "agreements") for slug in wording.items(row["furthers"])}
    return furthered & {row["body"] for row in tables.rows(snapshot, "memberships")}


def _joined(snapshot: Snapshot, on: str) -> dict[str, str]:
    """The first day on which each party stood behind such a declaration, as its author or by joining."""
    declarations = _declarations(snapshot)
    days = [(row["member"], row["start"]) for row in _members(snapshot, declarations)]
    for row in tables.rows(snapshot, "instruments"):
        if row["instrument"] in declarations:
            days += [(code, row["signed"]) for code in wording.items(row["parties"])]
    found: dict[str, str] = {}
    for code, start in sorted(days, key=lambda pair: pair[1], reverse=True):
        if start and start <= on:
            found[code] = start
    return found


def _members(snapshot: Snapshot, bodies: Iterable[str]) -> list[Row]:
    return [row for row in tables.rows(snapshot, "memberships") if row["body"] in set(bodies)]


def _holds(row: Row, on: str) -> bool:
    return bool(row["start"]) and row["start"] <= on and (not row["end"] or row["end"] >= on)
