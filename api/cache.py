"""Ready answers by key, within a budget of bytes; the longest unused goes first."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

Headers = list[tuple[bytes, bytes]]
# What keeping an entry costs beside its body: key, header list, places in two dictionaries.
_OVERHEAD = 2_000
# A client chooses how long a key is; of a longer one only a digest is kept, so that the budget holds.
_LONGEST_KEY = 600
# An entry may take this part of the budget, and no more than so many bytes, since each request gathers its own.
_SHARE = 8
_LARGEST = 2 * 1024 * 1024
# Validators outlive their bodies, so that a 304 needs no body; each takes a key and its headers.
_VALIDATORS = 10_000


@dataclass(frozen=True)
class Kept:
    """An answer as it goes over the wire; ``etag`` is among the headers too."""

    headers: Headers
    body: bytes
    etag: str = ""


def short(key: tuple[bytes, ...]) -> Hashable:
    """A key to keep: itself, or its digest where it is long."""
    if sum(map(len, key)) <= _LONGEST_KEY:
        return key
    return hashlib.sha256(b"".join([b"%d:%b" % (len(part), part) for part in key])).digest()


class AnswerCache:
    """One per snapshot, so a key never names the snapshot. ``hits`` and ``misses`` count look-ups."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.size = 0
        self.hits = 0
        self.misses = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._validators: OrderedDict[Hashable, Kept] = OrderedDict()

    @property
    def largest(self) -> int:
        """The longest body that is kept, in bytes; below zero when nothing is."""
        return min(self.budget // _SHARE - _OVERHEAD, _LARGEST)

    def get(self, key: Hashable) -> Kept | None:
        """The answer, if it is kept."""
        found = self._kept.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found

    def validator(self, key: Hashable) -> Kept | None:
        """The headers of an answer that was given before, without its body."""
        return self._validators.get(key)

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep an answer unless it is too large."""
        if len(kept.body) > self.largest:
            return
        self._drop(key)
        self._kept[key] = kept
        self.size += len(kept.body) + _OVERHEAD
        while self.size > self.budget:
            self._drop(next(iter(self._kept)))

    def remember(self, key: Hashable, headers: Headers, etag: str) -> None:
        """Keep the validator of an answer, whatever its size."""
        self._validators[key] = Kept(headers, b"", etag)
        self._validators.move_to_end(key)
        if len(self._validators) > _VALIDATORS:
            self._validators.popitem(last=False)

    def _drop(self, key: Hashable) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self.size -= len(old.body) + _OVERHEAD
