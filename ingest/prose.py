"""The text of a body in markup (XHTML, NITF, HTML strings) as plain paragraphs.

Every block is a paragraph of its own (subheads, list items), a row of a table is one where its cells hold one each.
A line break is a space, two in a row end a paragraph. Nothing here can fail, and all of it takes linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable, Iterator
from itertools import chain

from lxml import etree

from ingest import tidy

BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 hl1 hl2 hedline li dt dd tr caption blockquote bq pre div section article main ul ol dl table "
    "tbody thead tfoot block body body.content body.head body.end fn hr nitf-table note address center details "
    "summary".split()
)
NEVER = frozenset(  # elements whose text is none of the article
    "script style template noscript media media-caption media-metadata media-producer figure figcaption svg iframe "
    "object audio video canvas button select textarea head header footer nav aside note nitf-table-metadata rt "
    "rp".split()
)
_VOID = frozenset("br hr img input meta link wbr col embed source area base track param".split())
_RAW = ("script", "style", "template", "textarea")  # no tag inside them is one
_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _RAW}
_CELLS = frozenset(("td", "th"))
_BREAK = "\x1e"  # a line break inside a paragraph; no text holds the character
_DEEP = 40  # tables within tables, after which rows are mere blocks
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9.:_-]{0,60})(?=\s|/?\s*+>)"
    r"(?:([^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+)*+)>|[^<>]*+>)"  # else its quotes do not pair
    r"|<[!?][^<>]*+>"
)
_CLOSING = re.compile(r"</([A-Za-z][A-Za-z0-9.:_-]{0,60})(?=[\s>])")
_CLASS = re.compile(r"\bclass\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)
_PARTING = re.compile(
    rf"<(?:br|{'|'.join(sorted(map(re.escape, BLOCKS - {'note', 'main', 'summary'}), reverse=True))})[\s/>]",
    re.IGNORECASE,
)
_LONG = re.compile(r"&#[0-9]{8,}+;?")  # beyond Unicode; int() would refuse the longest
_BLANK = re.compile(r"\n[^\S\n]*+\n\s*+")


def paragraphs(root: etree._Element, skip: Container[str] = NEVER, omit: Container[str] = ()) -> list[str]:
    """The paragraphs of an XML element.

    `skip` are local names, `omit` class tokens of elements that hold no text of the article.
    """
    flow = _Flow()
    _walk(root, skip, omit, flow)
    return flow.ended()


def fragment(markup: str, skip: Container[str] = NEVER, omit: Container[str] = ()) -> list[str]:
    """The paragraphs of HTML in a string, however broken; blank lines part text that has no blocks of its own."""
    flow, hidden, depth = _Flow(), "", 0
    flow.verbatim = 0 if _PARTING.search(markup) else 1
    markup = _uncommented(markup)
    last = {match[1].lower(): match.start() for match in _CLOSING.finditer(markup)}
    for closing, name, attributes, text, at in _tokens(markup, last):
        if hidden:
            depth += 0 if name != hidden or attributes.endswith("/") else -1 if closing else 1
            hidden = hidden if depth else ""
            continue
        flow.said(text)
        if closing:
            flow.closed(name)
        elif (name in skip or _marked(attributes, omit)) and name not in _VOID:
            if last.get(name, -1) > at and not attributes.endswith("/"):  # else it is never closed and hides nothing
                hidden, depth = name, 1
        else:
            flow.opened(name)
    return flow.ended()


def plain(text: str) -> list[str]:
    """The paragraphs of text without markup: blank lines part them."""
    return [line for part in _BLANK.split(text.replace("\r\n", "\n").replace("\r", "\n")) if (line := _line(part))]


def joined(parts: Iterable[str]) -> str:
    """Paragraphs as one text, apart by blank lines."""
    return "\n\n".join(parts)


def local(element: etree._Element) -> str:
    """An element's name without its namespace, lower-cased; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


class _Flow:
    """Text on its way into paragraphs, and the rows of tables that are open around it."""

    def __init__(self) -> None:
        self.verbatim = 0  # how many elements around keep their line ends (pre)
        self._done: list[str] = []
        self._open: list[str] = []
        self._rows: list[_Row | None] = []  # None: a table between a row and its own rows

    def said(self, text: str | None) -> None:
        if text:
            self._open.append(text.replace("\n", _BREAK) if self.verbatim else text)

    def opened(self, name: str) -> None:
        if name == "br":
            self._open.append(_BREAK)
        elif name in _CELLS:
            self._cell()
        elif name in BLOCKS:
            self._paragraph()
            self.verbatim += name == "pre"
            if len(self._rows) < _DEEP:
                self._table(name)

    def closed(self, name: str) -> None:
        if name in BLOCKS:
            self._paragraph()
            self.verbatim -= name == "pre" and self.verbatim > 0
            if name in ("tr", "table"):
                self._untable(name)

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
        lines, parts = "".join(self._open).split(_BREAK), [""]
        self._open = []
        for line in lines if len(lines) > 1 else ():
            if line.strip():
                parts[-1] += f" {line}"
            else:
                parts.append("")
        self._done += filter(None, map(_line, parts if len(lines) > 1 else lines))

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


class _Row:
    """A row that is open: the paragraphs before it, and those of each cell that is complete."""

    def __init__(self, before: list[str]) -> None:
        self.before = before
        self.cells: list[list[str]] = []


def _tokens(markup: str, last: dict[str, int]) -> Iterator[tuple[bool, str, str, str, int]]:
    """Whether a tag closes, its name (empty at the end and for declarations) and attributes, the text before, where."""
    start = 0
    while match := _TAG.search(markup, start):
        name = (match[2] or "").lower()
        yield bool(match[1]), name, match[3] or "", _unescaped(markup[start : match.start()]), match.start()
        start = match.end()
        if name in _RAW and not match[1] and last.get(name, -1) >= start and (end := _END[name].search(markup, start)):
            start = end.start()
    yield False, "", "", _unescaped(markup[start:]), len(markup)


def _uncommented(markup: str) -> str:
    """Without comments, and without the brackets of CDATA; an open comment loses its mark alone."""
    head, *rest = markup.replace("<![CDATA[", "").replace("]]>", "").replace("\r", "\n").split("<!--")
    return head + "".join(part.partition("-->")[2] if "-->" in part else part for part in rest)


def _marked(attributes: str, omit: Container[str]) -> bool:
    """Whether one of the class tokens of a tag in a string is among those."""
    if not omit or not attributes or not (match := _CLASS.search(attributes)):
        return False
    return any(token in omit for token in (match[1] or match[2] or match[3] or "").split())


def _unescaped(text: str) -> str:
    return html.unescape(_LONG.sub("", text)) if "&" in text else text


def _line(text: str) -> str:
    """One line, mended and without control characters."""
    words = " ".join(text.split())
    return words if words.isascii() and words.isprintable() else tidy.line(" ".join(tidy.mended(words).split()))


def _walk(element: etree._Element, skip: Container[str], omit: Container[str], flow: _Flow) -> None:
    name = local(element)
    if not name:
        flow.said(_entity(element))
        return
    if name in skip or (omit and any(token in omit for token in element.get("class", "").split())):
        return
    flow.opened(name)
    flow.said(element.text)
    for child in element:
        _walk(child, skip, omit, flow)
        flow.said(child.tail)
    flow.closed(name)


def _entity(node: etree._Element) -> str:
    """What an entity nobody declared stands for, where HTML knows its name."""
    text = node.text or ""
    return html.unescape(text) if isinstance(node, etree._Entity) else ""
