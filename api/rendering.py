"""Jinja templates → HTML pages, in each language. The one way into jinja2 and babel for pages.

Words of templates stand in English inside ``_()`` or ``{% trans %}``; ``api/locale/<language>.po`` has them in others.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api import language as languages

_TEMPLATES = Path(__file__).parent / "templates"
_LOCALE = Path(__file__).parent / "locale"


@cache
def environment(language: str = languages.DEFAULT) -> Environment:
    """The templates: every value is escaped, and a missing one is an error."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Not the new style: that takes every message for safe HTML, and some of ours come from the data.
    made.install_gettext_translations(translations(language), newstyle=False)  # type: ignore[attr-defined]  # by i18n
    return made


@cache
def translations(language: str) -> NullTranslations:
    """The words of a language; English stands in for what is not translated."""
    path = _LOCALE / f"{language}.po"
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401  # what a template takes
    """A page made of a template in api/templates; ``values`` hold what ``context.context`` gives, and more."""
    return HTMLResponse(html(template, **values), status_code=status)


def html(template: str, **values: Any) -> str:  # noqa: ANN401  # what a template takes
    """The text of a page, its links kept in its language."""
    made = environment(values.get("language", languages.DEFAULT)).get_template(template).render(**values)
    return languages.kept(made, values.get("prefix", ""))
