"""Which language a page is in: by the first segment of its address, else by Accept-Language.

::

    /uk/agreements    Ukrainian, whatever the browser prefers; links stay below /uk
    /en/agreements    English, likewise
    /agreements       as Accept-Language says, English on a tie; links go where the language is kept

Data has no language of its own: below ``/uk`` the same files answer.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LANGUAGES = {"en": "English", "uk": "Українська"}
DEFAULT = "en"
_SCOPE = "kg.language"
_PREFIX = "kg.prefix"
_ADDRESS = re.compile(rf"/({'|'.join(LANGUAGES)})(/.*)?")
_RANGE = re.compile(r"\s*([A-Za-z-]{1,35}|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")
# Links to pages of this site, in HTML that this package has made; files are the same in each language.
_LINK = re.compile(rf'(\b(?:href|action)=")/(?!/|static/|assets/|downloads/|(?:{"|".join(LANGUAGES)})[/"?#])([^"]*)')


class Language:
    """Takes the language from the address, for routes that know nothing of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its language in the scope."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        found = _ADDRESS.fullmatch(scope["path"])
        if found is None:
            wished = preferred(Headers(scope=scope).get("accept-language", ""))
            prefix = "" if wished == DEFAULT else f"/{wished}"
            scope = {**scope, _SCOPE: wished, _PREFIX: prefix}
        else:
            path = found[2] or "/"
            scope = {**scope, "path": path, "raw_path": path.encode(), _SCOPE: found[1], _PREFIX: f"/{found[1]}"}

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(MutableHeaders(raw=message["headers"]), scope, negotiated=found is None)
            await send(message)

        await self.app(scope, receive, told)


def preferred(accept_language: str) -> str:
    """The language of this site that is wished most: ``uk-UA,uk;q=0.9,en;q=0.5`` → ``uk``."""
    rated = dict.fromkeys(LANGUAGES, 0.0)
    for item in accept_language.split(","):
        wish = _RANGE.fullmatch(item)
        language = wish[1].split("-")[0].lower() if wish else ""
        if wish and language in rated:
            rated[language] = max(rated[language], float(wish[2] or 1))
    best = max(rated, key=lambda language: (rated[language], language == DEFAULT))
    return best if rated[best] else DEFAULT


def of(connection: HTTPConnection) -> str:
    """The language of a request."""
    return str(connection.scope.get(_SCOPE, DEFAULT))


def prefix_of(connection: HTTPConnection) -> str:
    """What the links of a page begin with, so that they stay in its language."""
    return str(connection.scope.get(_PREFIX, ""))


def kept(html: str, prefix: str) -> str:
    """A page whose links to this site stay in its language."""
    return _LINK.sub(rf"\1{prefix}/\2", html) if prefix else html


def _tell(headers: MutableHeaders, scope: Scope, *, negotiated: bool) -> None:
    location = headers.get("location", "")
    if location.startswith("/") and not location.startswith("//"):
        headers["Location"] = scope[_PREFIX] + location
    if headers.get("content-type", "").startswith("text/html"):
        headers["Content-Language"] = scope[_SCOPE]
        if negotiated:
            headers.add_vary_header("Accept-Language")
