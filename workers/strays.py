"""Take out of the chosen blocks what is not this article's: texts said twice, and whole articles that follow it."""

from __future__ import annotations

from collections.abc import Sequence

from workers.outline import Block, Box
from workers.scales import runs

COPY = 0.7  # share of a block's runs of words that must stand elsewhere in the text before it is a copy
PART = 80  # letters; shorter blocks return in any text
LONG = 300  # letters that a block must have to hold a copy of the others
TWICE = 0.15  # share of the text that must return before it is a copy
LEAST = 250  # letters of text that an <article> must have before it is believed to be the page's own
OWN = 0.15  # and its share of all that was chosen
_HEADINGS = frozenset(["h2", "h3", "h4"])


def without_copies(kept: list[Block]) -> list[Block]:
    """The blocks without a second copy of the whole text; a line or two that return belong to it.

    A copy has the same blocks once more, or is one long block that holds the text of the others.
    """
    whole = sum(block.size for block in kept)
    first: dict[str, Block] = {}
    again = [block for block in kept if block.size >= PART and first.setdefault(block.text, block) is not block]
    if sum(block.size for block in again) >= TWICE * whole:
        gone = {id(block) for block in again}
        kept = [block for block in kept if id(block) not in gone]
    for block in [block for block in kept if block.size >= max(LONG, whole // 4)]:
        rest = [other for other in kept if other is not block]
        own = _runs([block])
        if own and len(own & _runs(rest)) >= COPY * len(own):
            kept = rest
    return kept


def _runs(blocks: Sequence[Block]) -> set[tuple[str, ...]]:
    """All runs of four words."""
    return set[tuple[str, ...]]().union(*(runs(block.text, 4) for block in blocks))


def without_others(kept: list[Block], page: Sequence[Block], headline: Block | None) -> list[Block]:
    """The chosen blocks of a page without those of <article> elements that stand beside the one with the headline.

    A single one without a headline may be a part of the same article (a recipe's steps, say) and stays.
    """
    own = _article(headline.box) if headline else None
    if own is None:
        return kept
    homes = [(block, _article(block.box)) for block in kept]
    mine = sum(block.size for block, home in homes if home and _inside(home, own))
    if mine < max(LEAST, OWN * sum(block.size for block in kept)):
        return kept
    strange = {id(home): home for _, home in homes if home and not _inside(home, own) and not _inside(own, home)}
    headed = {id(_article(block.box)) for block in page if _leads(block)}
    if len(strange) == 1 and not headed & strange.keys():
        return kept
    return [block for block, home in homes if id(home) not in strange]


def _leads(block: Block) -> bool:
    """Whether it heads an article of its own: a first heading, or one that is a link to another page."""
    return block.box.tag == "h1" or (block.box.tag in _HEADINGS and 2 * block.linked > block.size)


def _article(box: Box | None) -> Box | None:
    """The innermost <article> a box is or stands in."""
    while box is not None and box.tag != "article":
        box = box.parent
    return box


def _inside(box: Box | None, other: Box) -> bool:
    while box is not None and box is not other:
        box = box.parent
    return box is other
