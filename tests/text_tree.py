"""A text of ``shared/texts`` as a tree of headings, numbers and paragraphs, so that a locator can be looked up.

The mark of a block (``II.``, ``Part 3``, ``B.``, ``14)``, ``(iv)``, ``--``) gives its level; a block without a mark is
a heading if it reads like one, else a paragraph. Where a text departs from this, ``ODDITIES`` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from text_blocks import (
    ARTICLE,
    ARTICLE_MARK,
    BULLET,
    CLOSING,
    CYRILLIC,
    DOUBLE,
    HEADING,
    INNER,
    LETTER,
    LETTERED,
    LIST,
    MARKS,
    NUMBER,
    NUMERAL,
    OPENING,
    PARAGRAPH,
    PART,
    PART_MARK,
    POINT,
    blocks,
    reads_like_heading,
)

SKIPPED = (PART, ARTICLE, HEADING, LETTERED, LIST)  # a locator may leave these out; all deeper levels it must name


@dataclass(frozen=True)
class Oddity:
    """What one text does that no other does."""

    swap: tuple[tuple[str, str], ...] = ()  # patterns replaced before reading
    parts: str = ""  # pattern of a part's heading that is a number elsewhere
    letters: int = LETTER  # level of ``a.`` and ``a)``


ODDITIES = {
    "BEL": Oddity(letters=LETTERED),
    "CAN": Oddity(swap=((r"Participants(?=will|to)", "Participants "),)),
    "ESP": Oddity(swap=((r"(?m)Euro-Atlantic integration\.$", "Euro-Atlantic integration"),)),
    "ITA": Oddity(letters=LETTERED),
    "JPN": Oddity(
        swap=(
            (r"areas in\s+\(1\) and", "areas in (1) and"),
            (r"(?m)enhancement, such as$", "enhancement, such as:"),
            (r"risks\.\nThe (?=Participants also)", "risks. The\n"),
        )
    ),
    "LVA": Oddity(parts=r"(\d)\. (.*)"),
    "SWE": Oddity(swap=((r"\n\n1\n\s+Sweden’s commitment is stated.*\n\s*", "\n"), (r"(?m)^1 The", "1. The"))),
}
_PART_LABEL = re.compile(
    r"[IVX]+|\d+|annex|preamble"
)  # a heading below one of these stands under it; else it is a part


@dataclass(eq=False)
class Node:
    """A block with what stands below it; ``labels`` are the segments by which a locator may name it."""

    level: int
    labels: tuple[str, ...]
    text: str
    above: Node | None = None
    below: list[Node] = field(default_factory=list)
    names: list[tuple[str, Node]] = field(default_factory=list)  # what a segment after this one may name
    counts: dict[str, int] = field(default_factory=dict)

    @cached_property
    def whole(self) -> str:
        """The block and everything below it."""
        return "\n".join([self.text, *(node.whole for node in self.below)]).strip()

    def count(self, kind: str) -> int:
        """One more unnumbered block of a kind since this one began."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return self.counts[kind]

    def under(self) -> Iterator[Node]:
        """Everything below it."""
        for node in self.below:
            yield node
            yield from node.under()

    def ancestors(self) -> Iterator[Node]:
        """From the next above to the root."""
        if self.above:
            yield self.above
            yield from self.above.ancestors()


@dataclass
class Tree:
    """The nodes of one text in order, and the root above them."""

    root: Node
    nodes: list[Node] = field(default_factory=list)

    def find(self, locator: str) -> list[Node]:
        """What a locator names: one node, none if it does not resolve, several if it is ambiguous."""
        found = list(self._under(self.root, locator.split("/")))
        least = min((cost for cost, _ in found), default=0)
        return list({id(node): node for cost, node in found if cost == least}.values())

    def _under(self, base: Node, segments: list[str], cost: int = 0) -> Iterator[tuple[int, Node]]:
        """What the segments name under a node, each with the number of headings that they leave out."""
        for label, node in base.names:
            if _names(label, segments[0]) and len(segments) == 1:
                yield cost, node
            elif _names(label, segments[0]):
                yield from self._under(node, segments[1:], cost)
            if node.level in SKIPPED and label == node.labels[0]:
                yield from self._under(node, segments, cost + 1)


def _names(label: str, segment: str) -> bool:
    """Whether a segment is a label or, for a heading, its first words."""
    return label == segment or ("-" in segment and label.startswith(segment + "-"))


def slug(heading: str) -> str:
    """A heading in small letters, words joined with hyphens."""
    plain = re.sub(r"['’]", "", heading.lower()).replace("&", "and")
    return re.sub(r"[^\w]+", "-", re.sub(r"(?<=[a-z])\d$", "", plain.strip())).strip("-")


def read(code: str, text: str) -> Tree:
    """The tree of one text."""
    odd = ODDITIES.get(code, Oddity())
    for pattern, other in odd.swap:
        text = re.sub(pattern, other, text)
    return _Builder(odd).build(list(blocks(text)))


class _Builder:
    """Puts each block under the innermost open block of a higher level."""

    def __init__(self, odd: Oddity) -> None:
        self.odd = odd
        self.here = Node(-1, (), "")
        self.tree = Tree(self.here)
        self.item: Node | None = None  # the last item of a list: paragraphs after it are counted from it, too

    def build(self, found: list[str]) -> Tree:
        if not (OPENING.fullmatch(found[0]) or self.level(found[0])[0] == PART):
            self.add(PART, ("preamble",), "")
        for text, following in zip(found, [*found[1:], ""], strict=True):
            self.block(text, following)
        return self.tree

    def block(self, text: str, following: str) -> None:
        if OPENING.fullmatch(text):
            self.add(PART, (slug(text).replace("преамбула", "preamble"),), text)
        elif CLOSING.match(text):
            self.add(PART, ("close",), text)
        elif text == "Annex":
            self.add(PART, ("annex",), text)
        elif self.in_close():
            self.here.text += "\n" + text
        else:
            self.marked(DOUBLE.sub("", text), following)

    def in_close(self) -> bool:
        return "close" in self.here.labels

    def marked(self, text: str, following: str) -> None:
        level, label, rest = self.level(text)
        if level is None:
            self.unmarked(text)
        elif level in (BULLET, POINT):
            self.counted("b", level, rest)
        elif level == NUMBER and label == "1" and reads_like_heading(rest) and self.level(following)[0] == NUMBER:
            self.add(HEADING, (slug(rest),), rest).counts["number"] = 1
            self.add(LIST, ("list1",), "")
        elif level == NUMBER:
            self.number(label, rest, text[len(label)])
        else:
            extra = (slug(rest),) if level in SKIPPED else ()
            self.add(level, (label, *extra), rest)

    def level(self, text: str) -> tuple[int | None, str, str]:
        if self.odd.parts and (part := re.fullmatch(self.odd.parts, text)):
            return PART, part[1], part[2]
        if match := PART_MARK.fullmatch(text):
            return PART, match[1].translate(CYRILLIC), match[2]
        if match := ARTICLE_MARK.fullmatch(text):
            return ARTICLE, match[1], match[2]
        latin = text[:5].translate(CYRILLIC) + text[5:]
        numeral = NUMERAL.fullmatch(latin)
        if numeral and not self.follows(numeral[1], LETTERED) and reads_like_heading(numeral[2]):
            return PART, numeral[1], numeral[2]
        for level, pattern in MARKS:
            match = pattern.fullmatch(text[:2].translate(CYRILLIC) + text[2:])
            if match and not (level == LETTER and match[1] in "ivx" and not self.follows(match[1], LETTER)):
                return (self.odd.letters if level == LETTER else level), match[1], match[2]
        return None, "", text

    def follows(self, letter: str, level: int) -> bool:
        """Whether a letter that could be a numeral goes on from the letter before it."""
        last = next((node for node in reversed(self.tree.nodes) if node.level == level), None)
        return len(letter) == 1 and last is not None and ord(last.labels[0][0]) == ord(letter) - 1

    def number(self, label: str, text: str, sign: str) -> None:
        """A number; ``1)`` below ``1.`` is an inner one, and one that does not go on begins a list of its own."""
        head = next(node for node in (self.here, *self.here.ancestors()) if node.level <= LETTERED)
        last = head.counts.get("number", 0)
        if sign == ")" and head.counts.get("points") and (self.open(INNER) or int(label) <= last):
            self.add(INNER, (label,), text)
            return
        head.counts["points"] = sign == "."
        if int(label) <= last or not last:
            self.add(LIST, (f"list{head.count('list')}",), "")
        head.counts["number"] = int(label)
        self.add(NUMBER, (label,), text)

    def unmarked(self, text: str) -> None:
        opening = next(node for node in (self.here, *self.here.ancestors()) if node.level == PART)
        if reads_like_heading(text) and "preamble" not in opening.labels and len(text) > 2:
            self.add(PART if not _PART_LABEL.fullmatch(opening.labels[0]) else HEADING, (slug(text),), text)
        else:
            self.counted("p", PARAGRAPH, text)

    def counted(self, kind: str, level: int, text: str) -> None:
        """A block known by its count, from each open block up to its number or heading."""
        line = [self.here, *self.here.ancestors()]
        head = next(i for i, node in enumerate(line) if node.level <= LETTERED)
        last = next((i for i, node in enumerate(line[:head]) if node.level == NUMBER), head)
        bases = [node for node in line[: last + 1] if node.level != LIST and not (kind == "b" and node.level >= level)]
        if last < head and line[head].counts.get(kind):
            bases.append(line[head])
        if kind == "p" and self.item and self.item not in bases and line[last] in self.item.ancestors():
            bases.insert(0, self.item)
        if level == POINT:
            bases = bases[:1]
        if kind == "p" and self.here is self.item and reads_like_heading(self.here.text):
            level = self.here.level + 1  # the item is a heading
        names = [(node, f"{kind}{node.count(kind)}") for node in bases]
        own = next(label for node, label in names if node.level < level)
        node = self.add(level, (own,), text)
        for base, label in names:
            if (label, node) not in base.names:
                base.names.append((label, node))

    def open(self, level: int) -> bool:
        return any(node.level == level for node in (self.here, *self.here.ancestors()))

    def add(self, level: int, labels: tuple[str, ...], text: str) -> Node:
        above = self.here
        while above.above and above.level >= level:
            above = above.above
        node = Node(level, tuple(label for label in labels if label), text, above)
        above.below.append(node)
        self.tree.nodes.append(node)
        self.here = node
        self.item = node if level > PARAGRAPH else self.item
        bases = [above, *([above.above] if above.above and above.level == PARAGRAPH and level < BULLET else [])]
        for base in bases:
            base.names += [(label, node) for label in node.labels]
        return node
