"""Write the chosen blocks as clean HTML: a handful of elements, no attributes, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workers import normalise
from workers.outline import LANDMARKS, Block

_QUOTE, _ITEM = (1 << LANDMARKS.index(tag) for tag in ("blockquote", "li"))
_SAME = frozenset(["h2", "h3", "h4", "h5", "h6", "pre"])


def html(kept: Sequence[Block]) -> str:
    """One element per block, in order; items that follow each other share a list."""
    found = [(_tag(block), text) for block in kept if (text := normalise.line(block.text))]
    lines: list[str] = []
    for index, (tag, text) in enumerate(found):
        opens = tag == "li" and (index == 0 or found[index - 1][0] != "li")
        closes = tag == "li" and (index + 1 == len(found) or found[index + 1][0] != "li")
        lines.append(f"{'<ul>' if opens else ''}<{tag}>{escape(text, quote=False)}</{tag}>{'</ul>' if closes else ''}")
    return "\n".join(lines)


def _tag(block: Block) -> str:
    box = block.box
    if box.tag in _SAME:
        return box.tag
    if box.tag == "h1":
        return "h2"
    return "blockquote" if box.within & _QUOTE else "li" if box.within & _ITEM else "p"
