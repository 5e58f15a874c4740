"""Searches of a page's tree: compiled XPath with the type of what it finds, and the marked elements in one pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from lxml import etree
from lxml.html import HtmlElement


@dataclass(slots=True)
class Marked:
    """The elements that carry metadata by their tag, each list in the page's order."""

    metas: list[HtmlElement] = field(default_factory=list)
    links: list[HtmlElement] = field(default_factory=list)
    scripts: list[HtmlElement] = field(default_factory=list)
    times: list[HtmlElement] = field(default_factory=list)
    figures: list[HtmlElement] = field(default_factory=list)
    headings: list[HtmlElement] = field(default_factory=list)  # h1
    lesser: list[HtmlElement] = field(default_factory=list)  # h2, h3
    titles: list[HtmlElement] = field(default_factory=list)


def marked(tree: HtmlElement) -> Marked:
    """One walk for all of them: what a walk costs is visiting the nodes, not asking for more names."""
    found = Marked()
    lists = {
        "meta": found.metas, "link": found.links, "script": found.scripts, "time": found.times, "h1": found.headings,
        "h2": found.lesser, "h3": found.lesser, "figure": found.figures, "title": found.titles,
    }  # fmt: skip
    for element in tree.iter(*lists):
        lists[cast("str", element.tag)].append(element)
    return found


def elements(path: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """A search for elements, in the page's order."""
    return cast("Callable[[HtmlElement], list[HtmlElement]]", etree.XPath(path))


def texts(path: str) -> Callable[[HtmlElement], list[str]]:
    """A search for pieces of text, as plain strings that do not hold on to the tree."""
    return cast("Callable[[HtmlElement], list[str]]", etree.XPath(path, smart_strings=False))


def text(path: str) -> Callable[[HtmlElement], str]:
    """The text of the first element a path leads to, empty if there is none."""
    return cast("Callable[[HtmlElement], str]", etree.XPath(f"string({path})", smart_strings=False))


def holds(path: str) -> Callable[[HtmlElement], bool]:
    """Whether a path leads anywhere."""
    return cast("Callable[[HtmlElement], bool]", etree.XPath(f"boolean({path})"))
