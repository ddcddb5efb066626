"""Status and headers of the engine's reply → fine to read on, or the error to raise."""

from __future__ import annotations

import re

import httpx

from kg import evaluate
from kg.errors import (
    EngineAway,
    EngineFailed,
    KgError,
    MemoryLimit,
    QueryRefused,
    QuerySyntaxError,
    RowLimit,
    TimeLimit,
)
from kg.formats import Content
from kg.remote import rewriter

_LONGEST = 300  # characters of an engine's words that are passed on
_READ = 4_096  # bytes of an error that are read for them
# Virtuoso: "Virtuoso 37000 Error SP030: SPARQL compiler, line 2: the words", then the query after an empty line.
_VIRTUOSO = re.compile(r"Virtuoso (\w+) Error (?:\w+: )?(?:SPARQL compiler(?:, line \d+)?: )?(.*)", re.DOTALL)
_TIME = re.compile(r"time[d -]*out|timeout|has been cancelled|exceeds the limit|S1T\w\w", re.IGNORECASE)
_MEMORY = re.compile(r"out of memory|memory (?:limit|pool|allocat)|MaxQueryMem|OutOfMemory", re.IGNORECASE)
_STOPPED = "the engine stopped the query at its own time limit; narrow it, or add a LIMIT"

# What a status says, whatever the words beside it.
_STATUSES: dict[int, tuple[type[KgError], str]] = {
    401: (EngineFailed, "the engine refuses this service; its operator can mend that"),
    403: (EngineFailed, "the engine refuses this service; its operator can mend that"),
    413: (QueryRefused, "the query is longer than the engine takes"),
    414: (QueryRefused, "the query is longer than the engine takes"),
    429: (EngineAway, "the engine has no time now; try again in a moment"),
    503: (EngineAway, "the engine has no time now; try again in a moment"),
}


async def check(response: httpx.Response, content: Content) -> None:
    """Raise what the reply says against reading on: KgError of every kind, as ``Remote.run`` tells."""
    if response.status_code != httpx.codes.OK:
        raise _failure(response.status_code, await _words(response))
    _check_whole(response)
    media_type = media_type_of(response)
    if not rewriter.readable(media_type, content):
        raise EngineFailed(f"the engine answered with '{media_type[:80]}', which is no format that was asked for")
    framed = "content-length" in response.headers or "transfer-encoding" in response.headers
    if not framed and response.http_version in ("HTTP/1.0", "HTTP/1.1"):
        raise EngineFailed("the engine does not tell where its answer ends, so a cut one would look whole")


def media_type_of(response: httpx.Response) -> str:
    """The media type without parameters, in lower case."""
    return str(response.headers.get("content-type", "")).split(";")[0].strip().lower()


def cut_by(tail: bytes) -> KgError | None:
    """What the last bytes of an answer that cannot be parsed say, if that was the engine's time or memory."""
    text = tail.decode("utf-8", "replace")
    if _TIME.search(text):
        return TimeLimit(_STOPPED)
    return MemoryLimit("the engine ran out of memory; narrow the query") if _MEMORY.search(text) else None


def _check_whole(response: httpx.Response) -> None:
    """Virtuoso answers 200 to what it has cut, and tells so in headers of its own."""
    rows = response.headers.get("x-sparql-maxrows")
    if rows is not None:
        most = int(rows) if rows.isdecimal() and len(rows) < 16 else 0
        raise RowLimit(f"the engine gives no more than {most:,} rows, and this answer may have more; narrow it", most)
    state = response.headers.get("x-sql-state", "")
    if state.startswith("S1T"):
        raise TimeLimit(_STOPPED)
    if state:
        raise EngineFailed(f"the engine gave an incomplete answer (SQL state {state[:10]})")


def _failure(status: int, words: str) -> KgError:
    if status in _STATUSES:
        kind, message = _STATUSES[status]
        return kind(message)
    if _TIME.search(words) and status >= 408:
        return TimeLimit(_STOPPED)
    if _MEMORY.search(words) and status >= 500:
        return MemoryLimit("the engine ran out of memory; narrow the query")
    if status == 400:
        return _refusal(words)
    told = _VIRTUOSO.match(words)
    return EngineFailed(f"the engine failed: {_shortened(told[2]) if told else f'status {status}'}")


def _refusal(words: str) -> KgError:
    found = _VIRTUOSO.match(words)
    if found:
        kind = QuerySyntaxError if found[1] == "37000" else QueryRefused
        return kind(_shortened(found[2]))
    if words.startswith("error at "):
        return evaluate.syntax_error(words)
    return QueryRefused(_shortened(words) or "the engine refuses the query")


def _shortened(words: str) -> str:
    first = re.split(r"\n\s*\n", words.strip())[0]
    line = " ".join(first.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


async def _words(response: httpx.Response) -> str:
    """The beginning of an error's text, where it is text."""
    taken = b""
    async for piece in response.aiter_bytes():
        taken += piece
        if len(taken) >= _READ:
            break
    plain = media_type_of(response) in ("text/plain", "application/json", "application/problem+json", "")
    return taken[:_READ].decode("utf-8", "replace") if plain else ""
