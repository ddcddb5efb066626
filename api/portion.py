"""Which part of a network an address asks for: ``?on=2024-05-01&kind=Agreement&node=parties/LTU&radius=1``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from api.errors import BadRequest

RADII = (1, 2)


@dataclass(frozen=True)
class Portion:
    """A part of a network: as of a day, of some kinds of node, around a node; empty values ask for all of it.

    ``node`` is as the address has it: an id, or what a node is called. ``radius`` counts edges, 0 without a node.
    """

    on: str = ""
    kinds: tuple[str, ...] = ()
    node: str = ""
    radius: int = 0

    @property
    def query_string(self) -> str:
        """The same wish as the query of an address, always written in one way."""
        pairs = [("on", self.on), *(("kind", kind) for kind in self.kinds), ("node", self.node)]
        pairs.append(("radius", str(self.radius or "")))
        return urlencode([(name, value) for name, value in pairs if value], safe="/")

    def but(self, **changes: str | int | tuple[str, ...]) -> str:
        """The query of an address that asks for the same with some changes."""
        return replace(self, **changes).query_string  # type: ignore[arg-type]  # by name


def read(asked: QueryParams) -> Portion:
    """The part that an address asks for; raises BadRequest for what is no day or no radius."""
    node = asked.get("node", "").strip()[:400]
    kinds = tuple(sorted({kind for kind in asked.getlist("kind") if kind}))
    return Portion(_day(asked.get("on", "")), kinds, node, _radius(asked.get("radius", "")) if node else 0)


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(400, f"on: '{text}' is no day; write it as 2024-05-01") from error
    return day.isoformat()


def _radius(text: str) -> int:
    if text not in ("", *map(str, RADII)):
        raise BadRequest(400, f"radius: '{text}' is no radius; it is 1 or 2")
    return int(text or RADII[0])
