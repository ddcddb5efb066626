"""The SPARQL 1.1 Protocol: from an HTTP request to a query, its dataset and the format asked for."""

from __future__ import annotations

import re
from binascii import a2b_qp
from dataclasses import dataclass

from starlette.requests import Request

from api.errors import BadRequest

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_KNOWN = {"query", "default-graph-uri", "named-graph-uri", "format"}


@dataclass(frozen=True)
class Asked:
    """What a client asked: the query (None when there is none), its dataset, and names of the format.

    ``format_names`` are as given: libraries send several for one format.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format_names: tuple[str, ...] = ()


async def read(request: Request, most: int) -> Asked:
    """What a GET, HEAD or POST asks; ``most`` bounds the body in bytes. Raises BadRequest."""
    in_address = _pairs(request.scope["query_string"], "the address")
    if request.method != "POST":
        return _asked(in_address)
    kind = _kind(request)
    body = await _body(request, most)
    if kind == DIRECT:
        return _asked([("query", _text(body, "the body")), *in_address])
    return _asked(_pairs(body, "the form") + in_address)


def _asked(pairs: list[tuple[str, str]]) -> Asked:
    for name, _ in pairs:
        if name in ("update", "using-graph-uri", "using-named-graph-uri"):
            raise BadRequest(400, f"'{name}' belongs to SPARQL updates, which are refused: the graph is read-only")
    values = {known: tuple(value for name, value in pairs if name == known) for known in _KNOWN}
    if len(values["query"]) > 1:
        raise BadRequest(400, f"'query' is given {len(values['query'])} times; once is meant")
    graphs = values["default-graph-uri"] + values["named-graph-uri"]
    for graph in graphs:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*", graph):
            raise BadRequest(400, f"'{graph}' is no absolute IRI of a graph")
    return Asked(
        query=next(iter(values["query"]), None),
        default_graphs=values["default-graph-uri"],
        named_graphs=values["named-graph-uri"],
        format_names=tuple(name for name in values["format"] if name.strip()),
    )


def _kind(request: Request) -> str:
    """The body's media type; raises BadRequest for one that is not of the protocol, or is not plain UTF-8."""
    kind, *parameters = request.headers.get("content-type", "").split(";")
    kind = kind.strip().lower()
    if kind not in (FORM, DIRECT):
        raise BadRequest(415, f"POST takes {FORM} or {DIRECT}, not '{kind}'; SPARQL updates are refused")
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8", "us-ascii"):
            raise BadRequest(415, f"a query is UTF-8, not '{charset}'")
    coding = request.headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        raise BadRequest(415, f"a body is taken as it is, not as '{coding}'", {"Accept-Encoding": "identity"})
    return kind


async def _body(request: Request, most: int) -> bytes:
    """The body, read no further than allowed (a form may be three times its text)."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and len(told) < 20 and int(told) > 3 * most + 8192:
        raise BadRequest(413, f"the body is longer than a query of {most:,} bytes can be")
    taken = b""
    async for piece in request.stream():
        taken += piece
        if len(taken) > 3 * most + 8192:
            raise BadRequest(413, f"the body is longer than a query of {most:,} bytes can be")
    return taken


def _pairs(text: bytes, where: str) -> list[tuple[str, str]]:
    pairs = []
    for piece in text.split(b"&"):
        if piece:
            name, _, value = piece.partition(b"=")
            pairs.append((_decoded(name, where), _decoded(value, where)))
    return pairs


def _decoded(text: bytes, where: str) -> str:
    if _BAD_PERCENT.search(text):
        raise BadRequest(400, f"bad percent-encoding in {where}")
    # Percent-encoding is quoted-printable with another sign, and that is decoded in C, twenty times as fast.
    return _text(a2b_qp(text.replace(b"=", b"=3D").replace(b"+", b" ").replace(b"%", b"=")), where)


def _text(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(400, f"{where} is not UTF-8 at byte {error.start + 1}") from error
