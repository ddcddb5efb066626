"""Queries answered by another SPARQL 1.1 engine, asked over HTTP by its address.

::

    run ── lanes ── POST to the engine ── its JSON or N-Triples, parsed and written anew ── Answer

Nothing that the engine writes is passed on unread: engines end a broken answer with words in its
body and a whole transfer, which only a parser sees.
"""

from __future__ import annotations

from kg.remote.remote import Remote
from kg.remote.settings import RemoteSettings

__all__ = ["Remote", "RemoteSettings"]
