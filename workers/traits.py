"""What can be said of each block of a page that tells the article's text from all else, in small whole numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workers.classwords import COMMENT, NAMES
from workers.outline import LANDMARKS, Block, Box, Outline
from workers.scales import of_count, of_share, of_size, of_step, plain, runs, telling, tenths

_END = re.compile("[.!?…。！？।؟۔][\"'”’»)\\]」』]*$")
_STOP = re.compile("[.!?…。！？।؟۔](?:\\s|$|[^\\w\\s.])")
_CAPITAL = re.compile("[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
_TAGS = {
    tag: at + 1
    for at, tag in enumerate(
        "p div section article main body blockquote pre li ul ol dd dt dl td th tr table tbody h2 h3 h4 h5 h6 h1 "
        "figcaption figure header footer aside nav form address center details summary button label".split()
    )
}
RUN = 3  # words in a row that two texts must share


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says of its article elsewhere, in plain text; empty where it does not."""

    heads: tuple[str, ...] = ()  # its headlines in all spellings
    description: str = ""
    body: str = ""  # JSON-LD's articleBody


def traits(found: Outline, said: Said) -> list[tuple[int, list[int]]]:
    """(index of the block, its numbers in the order of TRAITS) for every block that may be the article's at all.

    Links and scraps outside the box that holds most of the page's prose are left out: half of a page, hardly ever text.
    Time and memory grow with the page, not with its square.
    """
    if not found.blocks:
        return []
    page = _Page(found, said)
    return [(at, page.row(at)) for at in range(len(found.blocks)) if page.hopeful(at)]


class _Page:
    """What is known of a whole page when its blocks are looked at one by one."""

    def __init__(self, found: Outline, said: Said) -> None:
        self.blocks, top = found.blocks, found.boxes[0]
        self.total, self.size = top.prose or 1, top.size or 1  # letters of prose, and of all
        self.core = _core(found.boxes, self.total)
        self._marks: dict[tuple[int, int, int, int], list[int]] = {}
        self._boxes: dict[int, list[int]] = {}
        self._words(said)
        self._order()
        self._families()

    def hopeful(self, at: int) -> bool:
        """Whether a block may be text of the article."""
        block = self.blocks[at]
        return self.core.first <= at < self.core.last or (block.size >= 65 and block.linked < block.size)

    def row(self, at: int) -> list[int]:
        """The traits of one block."""
        block = self.blocks[at]
        box = block.box
        key = (box.own, box.near, box.far, box.within)
        marks = self._marks.get(key)
        if marks is None:
            marks = self._marks[key] = _marks(box, self.core.far)
        around = self._boxes.get(id(box))
        if around is None:
            around = self._boxes[id(box)] = _around(box, self.total)
        return [
            *self._own(block), *self._place(at, block), *around, *self._family[at], *self._telling(at, block), *marks,
        ]  # fmt: skip

    def _words(self, said: Said) -> None:
        """Gather the words of headline and description, and how many blocks of prose have each word."""
        self._heads = frozenset(plain(head) for head in said.heads if head) - {""}
        self._longest = 2 * max(map(len, self._heads), default=0) + 20
        self._said = telling(" ".join(said.heads)), telling(said.description)
        self._body = runs(said.body, RUN) if len(said.body) > 200 else frozenset[tuple[str, ...]]()
        self._same = Counter(block.text for block in self.blocks)
        self._known: Counter[str] = Counter()
        self._sets: dict[int, set[str]] = {}
        for at, block in enumerate(self.blocks):
            if block.prose:
                self._sets[at] = telling(block.text)
                self._known.update(self._sets[at])

    def _order(self) -> None:
        """Go through the blocks in order: text so far, prose so far, comments so far."""
        self._headline = next((at for at, block in enumerate(self.blocks) if self._heading(block)), None)
        prose = [at for at in range(self.core.first, self.core.last) if self.blocks[at].prose]
        self._first, self._last = (prose[0], prose[-1]) if prose else (0, len(self.blocks))
        self._biggest = max(
            range(len(self.blocks)), key=lambda at: self.blocks[at].size if self.blocks[at].prose else 0
        )
        self._before: list[tuple[int, int, int]] = []
        size = prosed = comments = 0
        for block in self.blocks:
            comments += bool(block.box.near & COMMENT)
            self._before.append((20 * size // self.size, 20 * prosed // self.total, of_count(comments)))
            size += block.size
            prosed += block.size if block.prose else 0

    def _heading(self, block: Block) -> bool:
        if block.box.tag == "h1":
            return True
        return 15 < len(block.text) <= self._longest and plain(block.text) in self._heads

    def _families(self) -> None:
        """Measure what stands in the same group of boxes, and in boxes of the same make."""
        group: dict[int, int] = {}
        make: dict[tuple[object, ...], list[int]] = {}
        keys = []
        for block in self.blocks:
            box, above = block.box, block.box.parent
            key = (box.tag, box.own, above.tag, above.own) if above else (box.tag, box.own)
            own = id(box.group)
            keys.append((key, own))
            seen = make.setdefault(key, [0, 0, 0, 0])
            seen[0] += 1
            seen[1] += block.size
            seen[2] += block.linked
            if block.prose:
                seen[3] += block.size
                group[own] = group.get(own, 0) + block.size
        made = {
            key: [of_count(n), of_size(size // n), tenths(linked, size), of_share(prose / self.total)]
            for key, (n, size, linked, prose) in make.items()
        }
        grouped = {key: of_share(size / self.total) for key, size in group.items()}
        self._family = [[grouped.get(own, 0), *made[key]] for key, own in keys]

    def _own(self, block: Block) -> tuple[int, ...]:
        """The block's own text and tag."""
        text, size, box = block.text, block.size, block.box
        words = text.count(" ") + 1
        return (
            of_size(size),
            tenths(block.linked, size),
            4 * block.strong // len(text),
            1 if _END.search(text, max(0, len(text) - 8)) else 0,
            min(len(_STOP.findall(text)), 8) if size > 30 else 0,
            20 * len(_CAPITAL.findall(text, 0, 120)) // min(120, len(text)),
            1 if text[0].isupper() else 2 if text[0].islower() else 0,
            min(len(text) // words, 14),
            of_count(words),
            1 if "|" in text else 2 if "©" in text or "@" in text else 3 if text[-1] in ":：" else 0,
            min(self._same[text], 4),
            _TAGS.get(box.tag, 0),
            _TAGS.get(box.parent.tag, 0) if box.parent else 0,
        )

    def _place(self, at: int, block: Block) -> tuple[int, ...]:
        """Where on the page the block stands."""
        return (
            1 if self.core.first <= at < self.core.last else 0,
            min(max(block.box.depth - self.core.depth, -3), 8) + 3,
            20 * at // len(self.blocks),
            *self._before[at],
            of_step(at - self._headline) + 1 if self._headline is not None else 0,
            of_step(at - self._first),
            of_step(self._last - at),
            of_step(at - self._biggest),
        )

    def _telling(self, at: int, block: Block) -> tuple[int, ...]:
        """How its words are those of headline, description, articleBody, and of the rest of the page's prose."""
        (heads, description), known, body = self._said, self._known, self._body
        words = self._sets.get(at)
        if words is None:
            words = telling(block.text)
        least = 1 if block.prose else 0
        headed = len(words & heads)
        own = runs(block.text, RUN) if body else ()
        return (
            tenths(headed, len(heads)),
            tenths(headed, len(words)),
            tenths(len(words & description), len(description)),
            tenths(sum([known[word] > least for word in words]), len(words)) if words else 11,
            (1 + tenths(len(body.intersection(own)), len(own)) if own else 12) if body else 0,
        )


def _core(boxes: Sequence[Box], total: int) -> Box:
    """The innermost box with most of the prose."""
    core = boxes[0]
    for box in boxes:  # each stands after the one it is in
        if box.parent is core and box.prose >= 0.55 * total:
            core = box
    return core


def _around(box: Box, total: int) -> list[int]:
    """The box and the three it stands in."""
    one = box.parent or box
    two = one.parent or one
    three = two.parent or two
    return [
        *[of_share(b.prose / total) for b in (box, one, two, three)],
        *[tenths(b.linked, b.size) for b in (box, one, two)],
        *[of_count(b.paragraphs) for b in (one, two)],
        *[of_count(b.boxes) for b in (box, one, two)],
    ]


def _marks(box: Box, core: int) -> list[int]:
    """For each kind: whether its own box (3), one near (2) or any (1) is named so; and landmarks it stands in."""
    kinds = [
        (3 if box.own >> at & 1 else 2 if box.near >> at & 1 else 1 if box.far >> at & 1 else 0)
        + (4 if box.far >> at & 1 and not core >> at & 1 else 0)
        for at in range(len(NAMES))
    ]
    return kinds + [box.within >> at & 1 for at in range(len(LANDMARKS))]


_NAMES = (
    "size linked strong ended stops capitals first letters words mark same tag above "
    "core depth place passed prose-passed comments from-headline from-first to-last from-biggest "
    "box-prose above-prose above2-prose above3-prose box-linked above-linked above2-linked above-paragraphs "
    "above2-paragraphs box-boxes above-boxes above2-boxes group-prose alike alike-size alike-linked alike-prose "
    "head-said said-head said-description shared said-body"
).split()
TRAITS = (
    *_NAMES,
    *(f"in-{name}" for name in NAMES),
    *(f"within-{tag}" for tag in LANDMARKS),
)
