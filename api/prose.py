"""Markdown → HTML: pages of text, and the codebook that lies with the records. The one way into markdown-it."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from api import language as languages
from api.rendering import translations

_TEXTS = Path(__file__).parent / "texts"
TABLE = "Table"  # what a table is called to those who cannot see it
_RECORD = re.compile(r"(?:\.\./data/)?([a-z-]+)/([\w-]+)\.yaml")
_NOT_WORD = re.compile(r"[^\w]+")
_PAGES = {"../ontology/README.md": "/ontology", "README.md": "/codebook"}


class Prose(NamedTuple):
    """A text: its title, the headings below it (anchor, text), its HTML without the title, and its language."""

    title: str
    headings: tuple[tuple[str, str], ...]
    html: str
    language: str


@cache
def read(name: str, language: str) -> Prose:
    """A page of text in a language, in English where there is no other."""
    path = _TEXTS / f"{name}.{language}.md"
    if not path.is_file():
        path, language = _TEXTS / f"{name}.{languages.DEFAULT}.md", languages.DEFAULT
    return rendered(path.read_text("utf-8"), language)


def rendered(text: str, language: str = languages.DEFAULT) -> Prose:
    """Markdown whose first line is its title; HTML in it is shown as text, links to records lead to their pages."""
    first, _, rest = text.partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(rest)
    headings = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            anchor = _NOT_WORD.sub("-", inline.content.lower()).strip("-")
            opening.attrSet("id", anchor)
            if opening.tag == "h2":
                headings.append((anchor, inline.content))
        elif opening.type == "table_open":
            opening.attrSet("class", "prose-table")
        for child in inline.children or ():
            _link(child)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Prose(first.removeprefix("# ").strip(), tuple(headings), _boxed(html, language), language)


def _link(token: Token) -> None:
    """Point links between files of the checkout to the pages of this site; what has none leads nowhere."""
    href = token.attrGet("href")
    if token.type != "link_open" or not isinstance(href, str) or href.startswith(("http", "/", "#")):
        return
    record = _RECORD.fullmatch(href)
    token.attrSet("href", f"/{record[1]}/{record[2]}" if record else _PAGES.get(href, "#"))


def _boxed(html: str, language: str) -> str:
    """Tables in boxes of their own, which scroll on narrow screens, as long lines of code do."""
    label = translations(language).gettext(TABLE)
    opening = f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table'
    return html.replace("<table", opening).replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
