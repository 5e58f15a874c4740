"""The text of a body in markup (XHTML, NITF, HTML strings) as plain paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable

from lxml import etree

BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 hl1 hl2 li dt dd tr caption blockquote pre div section article ul ol dl table tbody thead "
    "block body body.content fn hr nitf-table note".split()
)
NEVER = frozenset("script style media figure figcaption img svg iframe object head header footer nav aside".split())
_SPACE = re.compile(r"\s+")


def paragraphs(root: etree._Element, skip: Container[str] = NEVER) -> list[str]:
    """The paragraphs of an element, subheads and list items as paragraphs of their own, a table row as one.

    `skip` are local names of elements that hold no text of the article.
    """
    found: list[list[str]] = [[]]
    _walk(root, skip, found)
    return [text for parts in found if (text := _SPACE.sub(" ", "".join(parts)).strip())]


def joined(parts: Iterable[str]) -> str:
    """Paragraphs as one text, apart by blank lines."""
    return "\n\n".join(parts)


def local(element: etree._Element) -> str:
    """An element's name without its namespace, lower-cased; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _walk(element: etree._Element, skip: Container[str], found: list[list[str]]) -> None:
    name = local(element)
    if not name:
        found[-1].append(_entity(element))
    elif name not in skip:
        block = name in BLOCKS
        if block:
            found.append([])
        elif name in ("br", "td", "th", "nitf-col"):
            found[-1].append(" ")
        found[-1].append(element.text or "")
        for child in element:
            _walk(child, skip, found)
            found[-1].append(child.tail or "")
        if block:
            found.append([])


def _entity(node: etree._Element) -> str:
    """What an entity nobody declared stands for, where HTML knows its name."""
    text = node.text or ""
    return html.unescape(text) if isinstance(node, etree._Entity) else ""
