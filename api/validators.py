"""Entity tags (RFC 9110, 8.8): made from what decides the bytes, compared with what a client holds."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def etag(*parts: str | bytes) -> str:
    """A strong tag of everything that decides an answer's bytes: snapshot, software, address, format, coding."""
    raw = [part.encode() if isinstance(part, str) else part for part in parts]
    digest = hashlib.sha256(b"".join([b"%d:%b" % (len(part), part) for part in raw]))
    return f'"{digest.hexdigest()[:32]}"'


def coded(tag: str, coding: str) -> str:
    """The tag of the same bytes under a content coding: ``"abc"``, ``gzip`` → ``"abc-gzip"``."""
    return f'{tag[:-1]}-{coding}"' if coding else tag


def matches(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match header names the tag, by the weak comparison that it asks for."""
    if if_none_match.strip() == "*":
        return True
    return tag.removeprefix("W/") in _TAG.findall(if_none_match)


def http_date(released: str) -> str:
    """A release day as an HTTP date: ``2024-06-27`` → ``Thu, 27 Jun 2024 00:00:00 GMT``; empty for what is no day."""
    try:
        day = datetime.strptime(released, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return ""
    return format_datetime(day, usegmt=True)
