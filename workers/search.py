"""Compiled XPath searches, each with the type of what it finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from lxml import etree
from lxml.html import HtmlElement


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
