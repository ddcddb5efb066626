"""A text of ``shared/texts`` as blocks: paragraphs, headings and items, and the marks by which they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator

PART, ARTICLE, HEADING, LETTERED, LIST, NUMBER, INNER, PARAGRAPH, LETTER, ROMAN, CAPITAL, BULLET, POINT = range(13)

OPENING = re.compile(r"preamble|introduction|преамбула", re.IGNORECASE)
CLOSING = re.compile(r"(?i:signed,? (in|at) )|SIGNED |Done at |Підписано ")
PART_MARK = re.compile(r"(?:Part|PART|Article|Paragraph|Частина)\s+([IVXІХ]+|\d+)[.:]\s*(.*)")
ARTICLE_MARK = re.compile(r"Стаття (\d+)[.]\s*(.*)")
NUMERAL = re.compile(r"([IVX]+)(?:[.)]|\s)\s*(?=\S)(.*)")
MARKS = (
    (LETTERED, re.compile(r"([A-Z])\.\s+(.*)")),
    (NUMBER, re.compile(r"(\d{1,2})[.)](?!\d)\s*(.*)")),
    (INNER, re.compile(r"\((\d{1,2})\)\s*(.*)")),
    (CAPITAL, re.compile(r"\(([A-H])\)\s*(.*)")),
    (LETTER, re.compile(r"\(?([a-z])[.)]\s+(.*)")),
    (ROMAN, re.compile(r"\(?([ivx]+)\)\s*(.*)")),
    (BULLET, re.compile(r"(?:--|[•−])\s*()(.*)")),
    (POINT, re.compile(r"o\s+()(.*)")),
)
_BULLET = re.compile(r"(--|[•−]|o) ")
DOUBLE = re.compile(r"(?:--|\d+\))\s*(?=\([A-Za-z]+\))")  # a mark of the conversion before the mark of the text
CYRILLIC = str.maketrans("абсеІХ", "abceIX")


def blocks(text: str) -> Iterator[str]:
    """Paragraphs, headings and items in order, without the title, page numbers and hard line breaks."""
    text = re.sub(r"[\ufeff\u200b]", "", text).replace("\xa0", " ")
    hard = text.count("\n\n") * 4 < text.count("\n")  # few blank lines: lines were broken by a page's width
    text = re.sub(r"\s*\n[\f ]*\d{1,2} *\n(?:[\f ]*\n)*", "\n", text) if hard else text  # pages and their numbers
    _, _, body = text.strip().partition("\n\n")
    lines = body.replace("\f", "").split("\n")
    yield from _joined(lines) if hard else (line.strip() for line in lines if line.strip())


def _joined(lines: list[str]) -> Iterator[str]:
    """Broken lines joined: a block ends at a blank line, before a mark, and after a short line that ends a sentence."""
    width, block = max(len(line) for line in lines), ""
    for here, line in enumerate(lines):
        stripped = line.strip()
        ended = not stripped or _marked(stripped) or CLOSING.match(stripped)
        headed = block.endswith(".") and _heads(stripped, lines[here + 1 : here + 2], width)
        if block and (ended or headed or _stops(block, lines[here - 1], stripped, width)):
            yield block
            block = ""
        block = f"{block} {stripped}".strip()
    if block:
        yield block


def _marked(line: str) -> bool:
    patterns = (PART_MARK, *(pattern for _, pattern in MARKS))
    numeral = NUMERAL.match(line)
    return any(pattern.match(line) for pattern in patterns) or bool(numeral and "." in line[:6])


def _stops(block: str, line: str, following: str, width: int) -> bool:
    """Whether a block ends with a line: by its sign, by the room left for the next word, or as a heading."""
    line, room = line.rstrip(), width * 0.95 - len(line.rstrip()) - len(following.split(maxsplit=1)[0])
    if line.endswith((";", "; and", "; or")):
        return following != "and" and not following.startswith("and ")
    if _BULLET.match(block):
        return False
    opens = following.startswith(("The ", "Recalling ")) if block[0] in "(0123456789" else following[:1].isupper()
    title = block == line.strip() and len(block) < width * 0.8 and reads_like_heading(block) and opens
    return title or (line[-1:] in ".:" and room > 0) or (line[-1:] == "," and room > width * 0.2)


def _heads(line: str, following: list[str], width: int) -> bool:
    """Whether a line after a page's end is a heading: a short one with a number after it."""
    return len(line) < width * 0.8 and reads_like_heading(line) and any(_marked(after.strip()) for after in following)


def reads_like_heading(text: str) -> bool:
    """Whether a block is short, begins with a capital and does not end like a sentence."""
    return len(text) < 125 and (text[:1].isupper() or not text[:1].isalpha()) and text[-1:] not in ".;:,"
