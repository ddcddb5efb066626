"""Records: YAML files read as plain text, with the line of every value. The one way into yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg.errors import Finding

# A second coding is compared with the records, never loaded.
SECOND_CODING = "second-coding"
ASSERTIONS = "assertions.yaml"  # lies beside the folders of records and is none
SLUG = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
DEEPEST = 20  # levels of a record; the deepest one in use has five
_EMPTY = "empty value; leave the key out (in braces, quote a value with a comma)"
_COLON = "mapping values are not allowed in this context"


@dataclass(frozen=True)
class Scalar:
    """One value as written, never guessed at: ``NO`` stays ``NO`` and ``012`` stays ``012``."""

    text: str
    line: int


@dataclass(frozen=True)
class Sequence:
    """Several values."""

    items: tuple[Value, ...]
    line: int


@dataclass(frozen=True)
class Mapping:
    """Values by key; each key once."""

    items: tuple[tuple[Scalar, Value], ...]
    line: int

    def get(self, key: str) -> Value | None:
        """The value under a key, or None."""
        return next((value for name, value in self.items if name.text == key), None)


Value = Scalar | Sequence | Mapping


@dataclass(frozen=True)
class Record:
    """One file: the folder gives its class, the file name its slug."""

    folder: str
    slug: str
    file: str
    body: Mapping


def read_all(data: Path) -> tuple[list[Record], list[Finding]]:
    """Every record under ``data/*/``, in path order, and every fault of form or place in them."""
    found: list[Record] = []
    findings: list[Finding] = []
    for path in sorted(p for p in data.rglob("*") if p.suffix.lower() in (".yaml", ".yml")):
        if path == data / ASSERTIONS or path.parent == data / SECOND_CODING:
            continue
        record, faults = read(path, data.parent) if path.parent.parent == data else (None, [_misplaced(path, data)])
        findings += faults
        found += [record] if record else []
    return found, findings


def _misplaced(path: Path, data: Path) -> Finding:
    file = path.relative_to(data.parent).as_posix()
    return Finding(file, 1, "", "a record lies in data/<folder>/, no deeper and no higher")


def read(path: Path, root: Path) -> tuple[Record | None, list[Finding]]:
    """One file as a record, as far as it can be read, and the faults of its form."""
    file = path.relative_to(root).as_posix()
    if not SLUG.fullmatch(path.stem) or path.suffix != ".yaml":
        message = f"bad file name '{path.name}'; letters, digits and single hyphens, ending in .yaml"
        return None, [Finding(file, 1, "", message)]
    reader = _Reader(file)
    try:
        body = reader.document(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        return None, [Finding(file, 1, "", f"not UTF-8 at byte {error.start + 1}")]
    return (Record(path.parent.name, path.stem, file, body) if body else None), reader.findings


def plain(text: str, file: str) -> tuple[Any, list[Finding]]:
    """YAML text as dicts, lists and strings, by the same rules as a record; used for query headers."""
    reader = _Reader(file)
    return _plain(reader.document(text)), reader.findings


def _plain(value: Value | None) -> Any:  # noqa: ANN401  # what plain YAML holds
    if isinstance(value, Mapping):
        return {key.text: _plain(item) for key, item in value.items}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value.items]
    return value.text if value else {}


class _Reader:
    """Builds values from one file's YAML events and keeps the faults it meets."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def document(self, text: str) -> Mapping | None:
        events = self._events(text)
        if not events or self._too_deep(events):
            return None
        self._check_count(events)
        stream = iter(events[2:])
        body = self._value(next(stream), stream, "") if len(events) > 2 else None
        if isinstance(body, Mapping):
            return body
        self._fault(1, "", "a record is a mapping of keys to values")
        return None

    def _events(self, text: str) -> list[yaml.Event]:
        try:
            return list(yaml.parse(text, Loader=yaml.CSafeLoader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            hint = "; quote a text with a colon in it" if error.problem == _COLON else ""
            self._fault(mark.line + 1 if mark else 1, "", f"{error.problem}{hint}")
        except yaml.YAMLError as error:
            self._fault(1, "", f"no YAML: {' '.join(str(error).split())}")
        return []

    def _too_deep(self, events: list[yaml.Event]) -> bool:
        depth = 0
        for event in events:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                self._fault(_line(event), "", f"nested deeper than {DEEPEST} levels")
                return True
        return False

    def _check_count(self, events: list[yaml.Event]) -> None:
        starts = [event for event in events if isinstance(event, yaml.DocumentStartEvent)]
        for extra in starts[1:]:
            self._fault(_line(extra), "", "one record a file; '---' begins a second one")

    def _fault(self, line: int, key: str, message: str) -> None:
        self.findings.append(Finding(self.file, line, key, message))

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], key: str) -> Value | None:
        line = _line(event)
        if getattr(event, "anchor", None):
            self._fault(line, key, "no anchors or aliases; write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fault(line, key, f"no tags; leave '{tag}' out")
        if isinstance(event, yaml.CollectionStartEvent):
            return self._collection(event, events, key)
        return self._scalar(event, line, key) if isinstance(event, yaml.ScalarEvent) else None

    def _collection(
        self, event: yaml.CollectionStartEvent, events: Iterator[yaml.Event], key: str
    ) -> Mapping | Sequence | None:
        line, before = _line(event), len(self.findings)
        mapping = isinstance(event, yaml.MappingStartEvent)
        made = Mapping(tuple(self._pairs(events)), line) if mapping else Sequence(tuple(self._items(events, key)), line)
        if not made.items and len(self.findings) == before:
            self._fault(line, key, _EMPTY)
        return made if made.items else None

    def _scalar(self, event: yaml.ScalarEvent, line: int, key: str) -> Scalar | None:
        text = event.value.strip()
        if not text:
            self._fault(line, key, _EMPTY)
        return Scalar(text, line) if text and event.tag is None else None

    def _pairs(self, events: Iterator[yaml.Event]) -> Iterator[tuple[Scalar, Value]]:
        first: dict[str, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            key = self._value(event, events, "")
            if isinstance(key, Mapping | Sequence):
                self._fault(key.line, "", "a key is plain text")
            name = key.text if isinstance(key, Scalar) else ""
            value = self._value(next(events), events, name)
            if isinstance(key, Scalar) and self._new_key(key, first) and value is not None:
                yield key, value

    def _new_key(self, key: Scalar, first: dict[str, int]) -> bool:
        if key.text == "<<":
            self._fault(key.line, key.text, "no merge keys; write the values out")
            return False
        if key.text in first:
            self._fault(key.line, key.text, f"written twice (first on line {first[key.text]})")
            return False
        first[key.text] = key.line
        return True

    def _items(self, events: Iterator[yaml.Event], key: str) -> Iterator[Value]:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            value = self._value(event, events, key)
            if value is not None:
                yield value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
