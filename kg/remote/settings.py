"""Where the other engine is, how to speak to it, and with which credentials."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from kg.errors import EngineAway

UNIONS = ("auto", "parameter", "default")


@dataclass(frozen=True)
class RemoteSettings:
    """Address, credentials, and how the engine's default graph becomes the union of all graphs.

    ``union`` is ``parameter`` (send ``union-default-graph``, as Oxigraph's server takes it),
    ``default`` (it is the union already, as Virtuoso's) or ``auto`` (by what the engine says it is).
    Credentials are a user and a password, or a token; neither is shown anywhere.
    """

    url: str
    union: str = "auto"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EngineAway("the engine's address is no http:// or https:// one")
        if parts.username or parts.password:
            raise EngineAway("the engine's address holds credentials; give them by their own variables")
        if self.union not in UNIONS:
            raise EngineAway(f"'{self.union}' is no way to read the union of the graphs; known: {', '.join(UNIONS)}")

    @property
    def shown(self) -> str:
        """The address without what may be secret in it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"
