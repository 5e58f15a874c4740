"""Write an extracted body as clean HTML: a handful of elements, no attributes, everything escaped."""

from __future__ import annotations

from html import escape

from lxml.etree import _Element

from workers import normalise

_TAGS = {
    "p": "p",
    "head": "h2",
    "quote": "blockquote",
    "item": "li",
    "row": "p",
    "code": "pre",
}  # the extractor's names


def html(body: _Element | None, parts: list[str]) -> str:
    """The blocks of the body whose text is among the kept paragraphs, in order."""
    kept = normalise.bare(" ".join(parts))
    found = [block for block in _blocks(body) if normalise.bare(block[1]) in kept] if body is not None else []
    lines: list[str] = []
    for index, (tag, text) in enumerate(found):
        opens = tag == "li" and (index == 0 or found[index - 1][0] != "li")
        closes = tag == "li" and (index + 1 == len(found) or found[index + 1][0] != "li")
        lines.append(f"{'<ul>' if opens else ''}<{tag}>{escape(text, quote=False)}</{tag}>{'</ul>' if closes else ''}")
    return "\n".join(lines)


def _blocks(body: _Element) -> list[tuple[str, str]]:
    """(element name, text) of every block, the innermost that the extractor names."""
    found = []
    for element in body.iter(*_TAGS):
        if next(element.iterdescendants(*_TAGS), None) is None and (
            text := normalise.line("".join(map(str, element.itertext())))
        ):
            found.append((_TAGS[element.tag], text))
    return found
