"""Find an article's text where only a script would show it: in strings of JSON, in JSON-LD, in embedded data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from ingest.errors import GiveUp
from workers import markup, search
from workers.outline import Outline, outline

LEAST = 400  # letters of prose that are worth the search's result
MAX_STRINGS = 50  # longest strings that are looked at
_SCRIPTS = search.texts("//script/text()")
_STRING = re.compile(r'(?<!\\)"((?:[^"\\\n]|\\.){400,}+)"')  # linear: a quote within a string starts none
_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|li|blockquote)\b[^<>]*>", re.I)


def find(tree: HtmlElement, nodes: Iterable[dict[str, Any]]) -> Outline:
    """The text with the most prose among all long strings of the page's data; empty if none has LEAST letters."""
    best = Outline()
    for text in _candidates(tree, nodes):
        read = _read(text)
        if _prose(read) > max(_prose(best), LEAST - 1):
            best = read
    return best


def _prose(read: Outline) -> int:
    return read.boxes[0].prose if read.boxes else 0


def _candidates(tree: HtmlElement, nodes: Iterable[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        if isinstance(body := node.get("articleBody"), str):
            yield _plain(body)
    found = [match[1] for script in _SCRIPTS(tree) for match in _STRING.finditer(script)]
    for string in sorted(found, key=len, reverse=True)[:MAX_STRINGS]:
        yield from _unpacked(string)


def _unpacked(string: str) -> Iterator[str]:
    """A string of a script, and the long strings in it if it is JSON itself; only what is marked up as paragraphs."""
    try:
        text = json.loads(f'"{string}"')
    except ValueError:
        return
    if text.lstrip()[:1] in ("{", "["):
        inner = [match[1] for match in _STRING.finditer(text)]
        for part in sorted(inner, key=len, reverse=True)[:MAX_STRINGS]:
            yield from _unpacked(part)
        return
    if len(_MARKUP.findall(text := _plain(text))) > 1:
        yield text


def _plain(text: str) -> str:
    """Markup that was escaped as HTML, up to twice, as markup."""
    for _ in range(2):
        if _MARKUP.search(text):
            break
        text = unescape(text)
    return text


def _read(text: str) -> Outline:
    """The blocks of a text, with or without markup; line ends part paragraphs where there is none."""
    if not _MARKUP.search(text):
        text = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    try:
        return outline(markup.parse(f"<body>{text}</body>", ""))
    except GiveUp:
        return Outline()
