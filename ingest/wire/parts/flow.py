"""Text on its way from markup into paragraphs: breaks, tables, lines wrapped by hand, characters that went wrong."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import chain

from ingest import tidy

BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 hl1 hl2 hedline li dt dd tr caption blockquote bq pre div section article main ul ol dl table "
    "tbody thead tfoot block body body.content body.head body.end fn hr nitf-table note address center details "
    "summary byttl".split()
)
_SPECIAL = frozenset(("tr", "table", "pre"))  # blocks that are more than a paragraph
_CELLS = frozenset(("td", "th"))
_BREAK = "\x1e"  # a line break inside a paragraph; no text holds the character, and it counts as white space
_GAP = re.compile(rf"{_BREAK}\s*{_BREAK}")
_FAR = 12  # columns; what is set further in is a table or a signature
_DEEP = 40  # tables within tables, after which rows are mere blocks
_MARGIN = re.compile(r"\n\S")
_REFERENCE = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|(?:amp|lt|gt|quot|apos|nbsp|[lr]s?[ad]quo|[mn]dash|hellip));"
)


def line(text: str) -> str:
    """One line, mended and without control characters; references that were escaped twice are resolved."""
    if "  " not in text and text.isprintable():
        words = text.strip()
        if words.isascii() and "&" not in words:
            return words
    else:
        words = " ".join(text.split())
    if "&" in words and _REFERENCE.search(words):
        words = " ".join(_REFERENCE.sub(lambda found: html.unescape(found[0]), words).split())
    if words.isprintable() and not _is_misread(words):
        return words
    return tidy.line(" ".join(tidy.mended(words).split()))


def _is_misread(words: str) -> bool:
    """Whether a line is UTF-8 that was taken for Latin-1."""
    if words.isascii():
        return False
    try:
        words.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


class Flow:
    """The paragraphs so far, and the rows of tables that are open around the one being written."""

    def __init__(self) -> None:
        self.verbatim = 0  # how many elements around keep their line ends (pre)
        self._done: list[str] = []
        self._open: list[str] = []
        self._rows: list[_Row | None] = []  # None: a table between a row and its own rows

    def said(self, text: str | None) -> None:
        """Text of the element opened last."""
        if text and (self._open or not text.isspace()):
            self._open.append(text)

    def broken(self) -> None:
        """A line ends, and perhaps a paragraph."""
        self._open.append(_BREAK)

    def opened(self, name: str) -> None:
        """An element begins; its name is in lower case."""
        if name in BLOCKS:
            if self._open:
                self._paragraph()
            if name in _SPECIAL:
                self.verbatim += name == "pre"
                if len(self._rows) < _DEEP:
                    self._table(name)
        elif name == "br":
            self.broken()
        elif name in _CELLS:
            self._cell()

    def closed(self, name: str) -> None:
        """An element ends, be it open or not."""
        if name in BLOCKS:
            if self._open:
                self._paragraph()
            if name in _SPECIAL:
                self.verbatim -= name == "pre" and self.verbatim > 0
                if name != "pre":
                    self._untable(name)

    def leaf(self, name: str, text: str | None) -> None:
        """An element that holds nothing but text: opened(), said() and closed() at once."""
        if name in BLOCKS and name not in _SPECIAL:
            if self._open:
                self._paragraph()
            if text and "\n" not in text:  # no more than a line
                if words := line(text):
                    self._done.append(words)
            elif text:
                self._open.append(text)
                self._paragraph()
        else:
            self.opened(name)
            self.said(text)
            self.closed(name)

    def ended(self) -> list[str]:
        """The paragraphs, in order."""
        self._paragraph()
        while self._rows:
            self._pop()
        return self._done

    def _paragraph(self) -> None:
        """End the paragraph; in it, line breaks are spaces and blank lines part."""
        if not self._open:
            return
        text = self._open[0] if len(self._open) == 1 else "".join(self._open)
        self._open.clear()
        if "\n " in text and _MARGIN.search(text):
            text = _wrapped(text)
        if self.verbatim:
            text = text.replace("\n", _BREAK)
        if _BREAK in text and _GAP.search(text):
            self._done += _parted(text.split(_BREAK))
        elif words := line(text):
            self._done.append(words)

    def _table(self, name: str) -> None:
        if name == "table":
            self._rows.append(None)
        elif name == "tr":
            if self._rows and self._rows[-1]:
                self._pop()  # nobody closed the row before
            self._rows.append(_Row(self._done))
            self._done = []

    def _untable(self, name: str) -> None:
        if self._rows and self._rows[-1]:
            self._pop()
        if name == "table" and self._rows and self._rows[-1] is None:
            self._rows.pop()

    def _cell(self) -> None:
        self._paragraph()
        if self._rows and (row := self._rows[-1]):
            row.cells.append(self._done)
            self._done = []

    def _pop(self) -> None:
        if row := self._rows.pop():
            cells = [cell for cell in (*row.cells, self._done) if cell]
            texts = list(chain.from_iterable(cells))
            self._done = row.before
            self._done += [" ".join(texts)] if texts and len(texts) == len(cells) else texts


def _parted(pieces: list[str]) -> Iterator[str]:
    """The paragraphs that empty lines part, each of its lines on one."""
    lines: list[str] = []
    for piece in (*pieces, ""):
        if piece and not piece.isspace():
            lines.append(piece)
        elif lines:
            if words := line(" ".join(lines)):
                yield words
            lines = []


def _wrapped(text: str) -> str:
    """Text wrapped by hand keeps its paragraphs: lines begin at the margin, those of new ones a little further in.

    Where no line begins at the margin, or one far from it, the indent is that of the markup and means nothing.
    """
    lines = text.split("\n")
    indents = {len(each) - len(each.lstrip(" ")) for each in lines[1:] if each.strip()}
    if 0 not in indents or not any(2 <= indent <= _FAR for indent in indents):
        return text
    return "\n".join(_BREAK * 2 + each if each.startswith("  ") or not each.strip() else each for each in lines)


class _Row:
    """A row that is open: the paragraphs before it, and those of each cell that is complete."""

    def __init__(self, before: list[str]) -> None:
        self.before = before
        self.cells: list[list[str]] = []
