"""Choose the blocks of a page that are the article's text, and write them as paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workers import byline, normalise, strays
from workers.forest import Forest
from workers.metadata import Metadata
from workers.outline import LANDMARKS, Block, Box, Outline
from workers.scales import runs
from workers.traits import Said, traits

_WORD = re.compile(r"\w+")
_FIGURE = 1 << LANDMARKS.index("figure") | 1 << LANDMARKS.index("figcaption")
_ASIDE = sum(1 << LANDMARKS.index(name) for name in ("aside", "nav", "footer"))
BEFORE, AFTER, LINE = 10, 6, 200  # lines around the text that may say who wrote it, and their longest in characters
KEEP = 0.55  # the chance from which a block is kept
DOUBT = 0.9  # what is less sure than this is shown to a second opinion
TRUST = 0.35  # what that one's word counts at least
SHORT = 80  # words
HEAD = 6  # paragraphs at the start among which a repeated headline or a byline can stand


@dataclass(frozen=True, slots=True)
class Weighed:
    """A page's blocks, and for each the chance that it is the article's."""

    blocks: Sequence[Block]
    chances: Sequence[float]

    def kept(self) -> list[Block]:
        """The blocks that are likely the article's, in order."""
        return [block for block, chance in zip(self.blocks, self.chances, strict=True) if chance >= KEEP]

    def sure(self) -> float:
        """The F1 score that keeping them is expected to have, 0 to 1, if the chances are right."""
        kept = right = there = 0.0
        for block, chance in zip(self.blocks, self.chances, strict=True):
            there += chance * block.size
            if chance >= KEEP:
                kept += block.size
                right += chance * block.size
        return 2 * right / (kept + there) if kept else 0.0


def weigh(page: Outline, known: Said, forest: Forest) -> Weighed:
    """The chance of every block; those that cannot be text at all have none."""
    chances = [0.0] * len(page.blocks)
    for at, row in traits(page, known):
        chances[at] = forest.chance(row)
    return Weighed(page.blocks, chances)


def advised(weighed: Weighed, text: str) -> Weighed:
    """The chances mixed with whether each block stands in a second opinion's text; it counts more the less is sure."""
    if not text:  # it failed or found nothing: that is no word against anything
        return weighed
    trust = min(1.0, max(TRUST, DOUBT + 0.25 - weighed.sure()))
    known = runs(text, 3)
    lines = {" ".join(_WORD.findall(line)) for line in text.split("\n")}
    chances = [
        (1 - trust) * chance + trust * _covered(block.text, known, lines)
        for block, chance in zip(weighed.blocks, weighed.chances, strict=True)
    ]
    return Weighed(weighed.blocks, chances)


def _covered(text: str, known: set[tuple[str, ...]], lines: set[str]) -> float:
    """The share of a block's runs of three words that the other text has; short blocks must be lines of it."""
    words = _WORD.findall(text)
    if len(words) < 3:
        return 1.0 if " ".join(words) in lines else 0.0
    own = list(zip(words, words[1:], words[2:], strict=False))
    return sum(run in known for run in own) / len(own)


def chosen(weighed: Weighed, found: Metadata) -> list[Block]:
    """The blocks of the article's text: likely ones, none twice, none of another article, no headline, no byline."""
    heads = _heads(found)
    kept = strays.without_copies(weighed.kept())
    kept = strays.without_others(kept, weighed.blocks, _headline(weighed.blocks, heads))
    names = {normalise.bare(name) for name in found.chosen.said.authors}
    kept = [block for at, block in enumerate(kept) if not (at < HEAD and _before(block.text, heads, names))]
    kept = [block for block in kept if block.box.tag != "h1" or not _repeats(block.text, heads)]
    start = [block.text for block in kept[:HEAD]]
    return [block for at, block in enumerate(kept) if at >= HEAD or block.text not in start[:at]]


def _before(text: str, heads: set[str], names: set[str]) -> bool:
    """Whether a block at the start is a headline or a byline."""
    return _repeats(text, heads) or _byline(text, names)


def _headline(blocks: Sequence[Block], heads: set[str]) -> Block | None:
    """The page's headline: the h1 that its metadata repeat, else the first h1."""
    tops = [block for block in blocks if block.box.tag == "h1"]
    return next((block for block in tops if normalise.bare(block.text) in heads), tops[0] if tops else None)


def _heads(found: Metadata) -> set[str]:
    return {key for head in said(found).heads if (key := normalise.bare(head))}


def _repeats(text: str, heads: set[str]) -> bool:
    return len(text) < 500 and normalise.bare(text) in heads


def said(found: Metadata) -> Said:
    """What title, description and JSON-LD say of the text."""
    heads = (found.heading, found.title, *(claim.title for claim in found.claims.values()))
    bodies = [body for node in found.nodes if isinstance(body := node.get("articleBody"), str)]
    return Said(
        tuple(dict.fromkeys(head for head in heads if head)),
        found.chosen.said.description or "",
        max(bodies, key=len, default=""),
    )


def shown(page: Outline) -> list[Block]:
    """All blocks of a page that is nothing but the article, captions aside."""
    return [block for block in page.blocks if not block.box.within & _FIGURE]


def beside(page: Outline, kept: Sequence[Block]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The short lines just before and just after the text, where those stand who wrote it; none around other texts."""
    if not kept or kept[0] not in page.blocks or kept[-1] not in page.blocks:
        return (), ()
    first, last = page.blocks.index(kept[0]), page.blocks.index(kept[-1])
    before, after = page.blocks[max(0, first - BEFORE) : first], page.blocks[last + 1 : last + 1 + AFTER]
    return _lines(before), _lines(after)


def _lines(blocks: Iterable[Block]) -> tuple[str, ...]:
    found = (normalise.line(b.text) for b in blocks if len(b.text) <= LINE and not b.box.within & (_FIGURE | _ASIDE))
    return tuple(line for line in found if line)


def paragraphs(kept: Iterable[Block]) -> list[str]:
    """One clean line per block; cells of one table row stand on one line, apart by a bar."""
    found: list[str] = []
    last: Box | None = None  # the cell of the paragraph before
    for block in kept:
        if not (text := normalise.line(block.text)):
            continue
        cell = _cell(block.box)
        if cell and last and cell is not last and cell.parent is last.parent:
            found[-1] += f" | {text}"
        else:
            found.append(text)
        last = cell
    return found


def _cell(box: Box) -> Box | None:
    """The table cell that a box is, or that has nothing else in it."""
    if box.parent and box.parent.boxes == 1 and box.size == box.parent.size:
        box = box.parent
    return box if box.tag in ("td", "th") else None


def _byline(part: str, names: set[str]) -> bool:
    """Whether a paragraph names the authors and nothing else."""
    if len(part) > 160 or not names:
        return False
    spoken = {normalise.bare(name) for name in byline.spoken(part)}
    return (bool(spoken) and spoken <= names) or _little(normalise.bare(part), names)


def _little(line: str, names: set[str]) -> bool:
    """Whether a line says an author's name and hardly more: the word before it, in any language."""
    rest = line
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "") if len(name) > 1 else rest
    return rest != line and len(rest) <= 6


def confidence(sure: float, text: str, free: bool | None) -> tuple[int, str]:
    """Percent: how sure it is that this is the whole text, and what lowers it: paywall, short, or the page's build."""
    found = max(1, round(100 * sure))
    if free is False:
        return min(found, 60), "paywall"
    return (max(1, found - 20), "short") if normalise.words(text) < SHORT else (found, "text")
