"""The text of a body in markup (XHTML, NITF, HTML strings) as plain paragraphs.

Every block is a paragraph of its own (subheads, list items), a row of a table is one where its cells hold one each.
A line break is a space, two in a row end a paragraph. Nothing here can fail, and all of it takes linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

from lxml import etree

from ingest.wire.parts.flow import BLOCKS, Flow, line

NEVER = frozenset(  # elements whose text is none of the article
    "script style template noscript media media-caption media-metadata media-producer figure figcaption svg iframe "
    "object audio video canvas button select textarea head header footer nav aside note nitf-table-metadata rt "
    "rp".split()
)
_INLINE = frozenset(  # known to stand within a line; any other element may be a paragraph, see _walk
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q s samp small span "
    "strike strong sub sup time tt u var wbr ruby rb rt rp td th person org location event function object.title "
    "virtloc chron money num frac copyrite lang pronounce postaddr alt-code classifier region country state city "
    "sublocation name.given name.family".split()
)
_LINES = frozenset("p h1 h2 h3 h4 h5 h6 hl1 hl2".split())  # blocks that hold no others
_VOID = frozenset("br hr img input meta link wbr col embed source area base track param".split())
_SECTIONS = tuple(f"{{*}}{name}" for name in ("section", "div", "article", "main"))
_RAW = ("script", "style", "template", "textarea")  # no tag inside them is one
_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _RAW}
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
_BLOCKY = re.compile(r"</?(?:p|div|br|h[1-6]|ul|table|section|blockquote)\b[^<>]*>", re.IGNORECASE)
_LONG = re.compile(r"&#[0-9]{8,}+;?")  # beyond Unicode; int() would refuse the longest


def skipped(more: Iterable[str]) -> Container[str]:
    """The names of elements whose text is none of the article, with those of a dialect."""
    return NEVER.union(more) if more else NEVER


def paragraphs(root: etree._Element, skip: Container[str] = NEVER, omit: Container[str] = ()) -> list[str]:
    """The paragraphs of an XML element.

    `skip` are local names, `omit` class tokens of elements that hold no text of the article.
    """
    flow = Flow()
    flow.verbatim = int(local(root) == "pre" or not len(root))
    _walk(root, skip, omit, flow)
    return flow.ended()


def article(root: etree._Element, main: Container[str] = ("main",), **skips: Container[str]) -> list[str]:
    """The paragraphs of the text proper in a document; `skips` as in paragraphs().

    NITF's body.content, else the parts of the body with a class token of `main`, else XHTML's body, else all of it.
    """
    bodies = list(root.iter("{*}body"))
    if found := contents(root, bodies):
        return _all(found, skips)
    body = bodies[0] if bodies else root
    parts = _marked_as(main, body)
    return _all(parts or _marked_as(main, body.iter(*_SECTIONS)) or [body], skips)


def _marked_as(main: Container[str], elements: Iterable[etree._Element]) -> list[etree._Element]:
    """The elements with a class token of `main`, without those inside another."""
    found: dict[etree._Element, None] = {}  # in order, and quick to look into
    for element in elements:
        chosen = any(token in main for token in _classes(element))
        if chosen and not any(around in found for around in element.iterancestors()):
            found[element] = None
    return list(found)


def contents(root: etree._Element, bodies: Iterable[etree._Element]) -> list[etree._Element]:
    """NITF's body.content: those of the first body that has any. Notes have some of their own, which are not meant."""
    for body in bodies:
        if found := list(body.iterchildren("{*}body.content")):
            return found
    return [root] if local(root) == "body.content" else list(root.iterchildren("{*}body.content"))


def words(element: etree._Element) -> str:
    """All text of an element that holds no paragraphs to keep apart, on one line."""
    return " ".join(paragraphs(element, ())) if len(element) else line(element.text or "")


def fragment(markup: str, skip: Container[str] = NEVER, omit: Container[str] = ()) -> list[str]:
    """The paragraphs of HTML in a string, however broken; blank lines part text that has no blocks of its own."""
    flow, hidden, depth = Flow(), "", 0
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


def loose(text: str, skip: Container[str] = NEVER, omit: Container[str] = ()) -> list[str]:
    """The paragraphs of a string that may be HTML: it is where some tag of a block opens or closes in it."""
    return fragment(text, skip, omit) if _BLOCKY.search(text) else plain(text)


def plain(text: str) -> list[str]:
    """The paragraphs of text without markup: blank lines part them, and indents where other lines have none."""
    flow = Flow()
    flow.verbatim = 1
    flow.said(text.replace("\r\n", "\n").replace("\r", "\n"))
    return flow.ended()


def joined(parts: Iterable[str]) -> str:
    """Paragraphs as one text, apart by blank lines."""
    return "\n\n".join(parts)


def local(element: etree._Element) -> str:
    """An element's name without its namespace, lower-cased; empty for what is no element."""
    return _local(element.tag)


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


@lru_cache(maxsize=2048)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _all(roots: list[etree._Element], skips: dict[str, Container[str]]) -> list[str]:
    """The paragraphs of all; what holds no element may be markup that was escaped."""
    found = (paragraphs(root, **skips) if len(root) else loose(root.text or "", **skips) for root in roots)
    return [paragraph for each in found for paragraph in each]


def _classes(element: etree._Element) -> list[str]:
    named = element.get("class")
    return named.split() if named else []


def _walk(element: etree._Element, skip: Container[str], omit: Container[str], flow: Flow) -> None:
    """Hand an element to the flow.

    Children nobody knows are paragraphs where their parent is none itself and holds no text of its own.
    """
    flow.said(element.text)
    bare: bool | None = False if _local(element.tag) in _LINES else None
    for child in element:
        name = _local(child.tag)
        if name == "br":
            flow.broken()
            if len(child) or child.text:  # nobody closed it
                _walk(child, skip, omit, flow)
        elif not name:
            flow.said(_entity(child))
        elif not (name in skip or (omit and any(token in omit for token in _classes(child)))):
            if name not in BLOCKS and name not in _INLINE:
                bare = _is_bare(element) if bare is None else bare
                name = "div" if bare else name
            if len(child):
                flow.opened(name)
                _walk(child, skip, omit, flow)
                flow.closed(name)
            else:
                flow.leaf(name, child.text)
        if tail := child.tail:
            flow.said(tail)


def _is_bare(element: etree._Element) -> bool:
    return not (element.text or "").strip() and not any((child.tail or "").strip() for child in element)


def _entity(node: etree._Element) -> str:
    """What an entity nobody declared stands for, where HTML knows its name."""
    text = node.text or ""
    return html.unescape(text) if isinstance(node, etree._Entity) else ""
