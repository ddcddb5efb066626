"""What the pages say, gathered from templates and tables → ``api/locale/<language>.po``. Reads them with babel.

``python -m api.messages`` brings the catalogues up to date: new messages come in without a translation,
those no page says go out. Messages stand in templates inside ``_()`` or ``{% trans %}``, and in the tables below.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from api import columns, context, dossier, language, listing, profile, prose, record, registers, sums
from api.errors import ANSWERS
from api.routers import pages
from kg import paths
from kg.catalogue import Query, of_kind

_HERE = Path(__file__).parent
LOCALE = _HERE / "locale"
_OPTIONS = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
# Titles of pages, at the end of their crumbs, that no table below holds.
_CRUMBS = ("Commitments", "Provisions", "Search", "Compare", "Ontology", "Examples")
_FORMATS = ("Tables", "Graphs")  # groups of formats beside a query


def gathered() -> Catalog:
    """Every message with the places that say it, in the order of the alphabet."""
    found: dict[str | tuple[str, ...], list[tuple[str, int]]] = {}
    for path, line, message, _, _ in extract_from_dir(
        _HERE, method_map=[("templates/**.html", "jinja2")], options_map={"templates/**.html": _OPTIONS}
    ):
        found.setdefault(message, []).append((path, line))
    for message, module in _told():
        found.setdefault(message, []).append((module, 0))
    catalogue = Catalog(charset="utf-8")
    for message in sorted(found, key=str):
        places = sorted({(path, 0) for path, _ in found[message]})
        catalogue.add(message, locations=places, flags=["python-format"] if "%(" in str(message) else [])
    return catalogue


def _told() -> Iterator[tuple[str, str]]:
    """Messages that stand in tables of Python, with the module."""
    by_module = {
        "context.py": [label for _, label in (*context.NAV, *context.FOOT)],
        "dossier.py": [fact[0] for fact in dossier.FACTS],
        "errors.py": [
            *(answer.title for answer in ANSWERS.values()),
            *map(_phrase, (400, 403, 404, 405, 406, 415, 429)),
        ],
        "listing.py": [text for label, (note, _) in listing.COUNTED.items() for text in (label, note)],
        "profile.py": [profile.AGREEMENTS, *(title for parts in profile.PARTS.values() for _, _, title in parts)],
        "prose.py": [prose.TABLE],
        "record.py": record.BORROWED.values(),
        "registers.py": [*columns.HEADS.values(), *_of_registers()],
        "routers": _CRUMBS,
        "routers/workbench.py": _FORMATS,
        "routers/pages.py": pages.QUESTIONS.values(),
        "queries/views": [text for view in _views() for text in (view.summary, view.question)],
        "sums.py": sums.REASONS.values(),
    }
    for module, messages in by_module.items():
        yield from ((message, module) for message in messages)


def _of_registers() -> Iterator[str]:
    for shown in registers.REGISTERS.values():
        yield from (shown.title, shown.lead, *(facet.title for facet in shown.register.facets))


def _views() -> list[Query]:
    return list(of_kind(paths.queries(), "views").values())


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def read(tag: str) -> Catalog:
    """The catalogue of a language as it is checked in; empty where there is none."""
    path = LOCALE / f"{tag}.po"
    if not path.is_file():
        return Catalog(locale=tag, charset="utf-8")
    with path.open("rb") as opened:
        return read_po(opened, locale=tag)


def wanting(catalogue: Catalog) -> list[str]:
    """The messages of a catalogue that have no translation, or lack one of their plural forms."""
    return [str(_first(message)) for message in catalogue if message.id and not _whole(message, catalogue.num_plurals)]


def _first(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (list, tuple)) else message.id)


def _whole(message: Message, plurals: int) -> bool:
    if isinstance(message.string, (list, tuple)):
        return len(message.string) == plurals and all(message.string)
    return bool(message.string) and not message.pluralizable


def updated(tag: str) -> Catalog:
    """The catalogue of a language with every message of the pages, and no other."""
    catalogue, old = Catalog(locale=tag, charset="utf-8", fuzzy=False), read(tag)
    for message in gathered():
        if message.id:
            known = old.get(_first(message))
            kept = known.string if known is not None and known.pluralizable == message.pluralizable else None
            catalogue.add(message.id, kept, locations=message.locations, flags=message.flags)
    return catalogue


def write(tag: str) -> None:
    """Bring the catalogue of a language up to date."""
    catalogue = updated(tag)
    LOCALE.mkdir(exist_ok=True)
    with (LOCALE / f"{tag}.po").open("wb") as opened:
        write_po(opened, catalogue, width=120, omit_header=True, include_lineno=False)


def main() -> None:
    """Bring every catalogue up to date."""
    for tag in language.LANGUAGES:
        if tag != language.DEFAULT:
            write(tag)


if __name__ == "__main__":
    main()
