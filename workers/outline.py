"""Walk a page once: its boxes (block elements) and its blocks (pieces of text as a reader sees them), in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from workers.classwords import BODY, kinds

_SILENT = frozenset(
    "script style noscript template iframe object embed svg math head title select option textarea audio video "
    "canvas input datalist map area source track param link meta".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd mark nobr picture q rp rt ruby s "
    "samp slot small span strike strong sub sup time tt u var wbr".split()
)
_STRONG = frozenset(["b", "strong"])
_THIN = frozenset("p li h1 h2 h3 h4 h5 h6 blockquote td".split())  # boxes of one paragraph
LANDMARKS = tuple(
    "article main aside nav footer header ul ol table form figure figcaption blockquote li section".split()
)
_LANDMARK = {tag: 1 << at for at, tag in enumerate(LANDMARKS)}
_SKIPPED = 2
_DRAWN, _NEVER_DRAWN = frozenset(["svg", "math"]), ("p", "h1", "h2", "article")
_KIND = {**dict.fromkeys(_INLINE, 1), **dict.fromkeys(_SILENT, _SKIPPED)}
# Letters of scripts that write without spaces or in syllables: one says as much as three of an alphabet.
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(slots=True, eq=False)
class Box:
    """A block element, and what stands in it; sizes are letters, those of dense scripts counted threefold."""

    tag: str
    parent: Box | None
    own: int  # kinds its class and id name (workers/classwords.py)
    near: int  # those of its parent and its parent's parent too
    far: int  # those of all its ancestors too
    within: int  # LANDMARKS it is or stands in, as bits
    depth: int
    first: int  # index of its first block
    last: int = 0  # index after its last block
    size: int = 0
    linked: int = 0  # of it in links
    prose: int = 0  # of it in blocks that read like prose
    paragraphs: int = 0  # how many such blocks
    boxes: int = 0  # how many boxes stand in it directly

    @property
    def group(self) -> Box:
        """The box whose paragraphs belong together: the one that a box of one paragraph stands in, else itself."""
        return self.parent if self.parent and self.tag in _THIN else self


@dataclass(slots=True, eq=False)
class Block:
    """A run of text that no block element and no two line breaks interrupt."""

    box: Box
    text: str  # white space collapsed
    size: int
    linked: int
    strong: int
    prose: bool  # whether it is long and mostly no link


@dataclass(slots=True)
class Outline:
    """The boxes of a page in order of their start, and its blocks."""

    boxes: list[Box] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def outline(root: HtmlElement) -> Outline:
    """Read everything below an element, hidden parts too: some pages show them with a script."""
    walk = _Walk()
    walk.through(root)
    found = Outline(walk.boxes, walk.blocks)
    _sum(found)
    return found


class _Walk:
    """The state of one walk: open boxes, the text gathered since the last block ended."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.blocks: list[Block] = []
        self._open: list[Box] = []
        self._text: list[str] = []
        self._linked = self._strong = 0  # letters of the gathered text
        self._links = self._strongs = self._breaks = 0  # open elements; line breaks in a row

    def through(self, root: HtmlElement) -> None:
        """Walk without recursion, so depth costs nothing."""
        walk = etree.iterwalk(root, events=("start", "end"))
        opened: list[str | None] = []  # None: a box, "": skipped, else an inline element's name
        for event, element in walk:
            if event == "start":
                tag = element.tag
                kind = _KIND.get(tag, 0) if opened and isinstance(tag, str) else _SKIPPED if opened else 0
                if kind == 0:
                    opened.append(None)
                    self._box(element, tag)
                elif kind == 1:
                    opened.append(tag)
                    self._inline(tag, element.text)
                elif tag in _DRAWN and next(element.iter(*_NEVER_DRAWN), None) is not None:
                    opened.append(tag)  # a drawing that was never closed ends there for browsers
                else:
                    walk.skip_subtree()
                    opened.append("")
                continue
            tag = opened.pop()
            if tag is None:
                self._flush()
                self._open.pop().last = len(self.blocks)
            elif tag == "a":
                self._links -= 1
            elif tag in _STRONG:
                self._strongs -= 1
            if opened and (tail := element.tail):
                self._add(tail)

    def _inline(self, tag: str, text: str | None) -> None:
        if tag == "br":
            self._breaks += 1
            self._add(" ")
            if self._breaks > 1:
                self._flush()
            return
        if tag == "a":
            self._links += 1
        elif tag in _STRONG:
            self._strongs += 1
        if text:
            self._add(text)

    def _add(self, text: str) -> None:
        letters = len(text.strip())
        if letters or self._text:  # white space alone starts no block
            self._text.append(text)
        if letters:
            self._breaks = 0
            if self._links:
                self._linked += letters
            if self._strongs:
                self._strong += letters

    def _box(self, element: HtmlElement, tag: str) -> None:
        self._flush()
        above = self._open[-1] if self._open else None
        own = kinds(names) if (names := element.get("class")) else 0
        if names := element.get("id"):
            own |= kinds(names)
        if element.get("itemprop") == "articleBody":
            own |= BODY
        mark = _LANDMARK.get(tag, 0)
        if above is None:
            box = Box(tag, None, own, own, own, mark, 0, 0)
        else:
            near = own | above.own | (above.parent.own if above.parent else 0)
            box = Box(
                tag, above, own, near, above.far | own, above.within | mark, above.depth + 1,
                len(self.blocks),
            )  # fmt: skip
            above.boxes += 1
        self.boxes.append(box)
        self._open.append(box)
        if text := element.text:
            self._add(text)

    def _flush(self) -> None:
        """End the block that was gathered, if there is any text in it."""
        self._breaks = 0
        if self._text:
            if text := " ".join("".join(self._text).split()):
                size = len(text)
                linked = min(self._linked, size)
                dense = 0 if text.isascii() else 2 * len(_DENSE.findall(text))
                linked += dense * linked // size
                whole = size + dense
                prose = whole >= 80 and 2 * linked < whole
                self.blocks.append(Block(self._open[-1], text, whole, linked, min(self._strong, size), prose))
            self._text.clear()
        self._linked = self._strong = 0


def _sum(found: Outline) -> None:
    """Add up the blocks of every box; boxes stand before those in them."""
    for block in found.blocks:
        box, prose = block.box, block.prose
        box.size += block.size
        box.linked += block.linked
        if prose:
            box.prose += block.size
            box.paragraphs += 1
    for box in reversed(found.boxes):
        above = box.parent
        if above is not None:
            above.size += box.size
            above.linked += box.linked
            above.prose += box.prose
            above.paragraphs += box.paragraphs
