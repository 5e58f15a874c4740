"""Say what differs between two versions of one document's text: whole sentences that came, went and stayed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workers.sentences import sentences

MOST = 2000  # characters of sentences that a summary holds
_CUT = 4  # a sentence takes at most this part of them
_DASH = re.compile(r"[‐-―−﹘﹣－]")
# What two spellings of one sentence may differ in: white space, quotes, punctuation, bullets, arrows, rendering marks.
# Marks that belong to a number stay: 3.5 is not 35, 2-1 is not 21, -5 is not 5.
_LOOSE = re.compile(
    r"[\s!\"'()*;?\[\]_`{}|~¡§«¶·»¿´¨՚-՟։׀׃־׳״،؛؞؟٪٬۔।॥‘-‧‹›※‼-⁞←-⇿■-◿☀-➿、。〃〈-】〔-〟〰・\u200b-\u200f\u2028-\u202f\ufe00-\ufe0f]"
    r"|\.(?!\d)|[,:](?!\d)|(?<!\d)[,:]|-(?!\d)|(?<=[^\W\d])-"
)


@dataclass(frozen=True, slots=True)
class Change:
    """Whole sentences in the order of their version; a reworded one is in both, a moved one in neither."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int  # how many stayed


def compare(before: str, after: str) -> Change:
    """What differs. Sentences count as often as they occur, and stay if their `fold` does, wherever they stand."""
    old, new = sentences(before), sentences(after)
    gone, come = _differ(*_differ(old, new, str), fold) if old != new else ([], [])
    return Change(tuple(come), tuple(gone), len(new) - len(come))


def fold(sentence: str) -> str:
    """A sentence without case, white space, quotes and punctuation: equal for two spellings of one."""
    text = unicodedata.normalize("NFKC", sentence).casefold()
    return _LOOSE.sub("", text if text.isascii() else _DASH.sub("-", text))


def cancel(old: Iterable[str], new: Iterable[str], form: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """What is left of both, in order, once every pair that is equal in that form is taken out."""
    return _differ(list(old), list(new), form)


def summary(change: Change, most: int = MOST) -> dict[str, Any]:
    """The change in a shape for an event.

    `added`, `removed` and `kept` are counts of sentences; `plus` and `minus` are lists of the first added and removed
    sentences, as many of each in turn as fit into `most` characters in all; one longer than a quarter of that is cut
    and ends with an ellipsis.
    """
    plus: list[str] = []
    minus: list[str] = []
    left = most
    for sentence, place in _in_turn((change.added, plus), (change.removed, minus)):
        shown = _cut(sentence, most // _CUT)
        if not shown or len(shown) > left:
            break
        place.append(shown)
        left -= len(shown)
    counts = {"added": len(change.added), "removed": len(change.removed), "kept": change.kept}
    return {**counts, "plus": plus, "minus": minus}


def lines(change: Change) -> list[str]:
    """The change for people, a sentence on a line: `- ` before what went, then `+ ` before what came."""
    return [*(f"- {s}" for s in change.removed), *(f"+ {s}" for s in change.added)]


def _differ(old: list[str], new: list[str], form: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """The items of each list that have no partner of the same form in the other; of equal ones the later are left."""
    old_forms, new_forms = [form(s) for s in old], [form(s) for s in new]
    return _unmatched(old, old_forms, Counter(new_forms)), _unmatched(new, new_forms, Counter(old_forms))


def _unmatched(items: list[str], forms: list[str], partners: Counter[str]) -> list[str]:
    left = []
    for item, form in zip(items, forms, strict=True):
        if partners[form] > 0:
            partners[form] -= 1
        else:
            left.append(item)
    return left


def _in_turn(*rows: tuple[tuple[str, ...], list[str]]) -> Iterator[tuple[str, list[str]]]:
    """The first sentence of each row with its place, then the second of each, and so on."""
    for at in range(max(len(said) for said, _ in rows)):
        yield from ((said[at], place) for said, place in rows if at < len(said))


def _cut(sentence: str, most: int) -> str:
    return sentence if len(sentence) <= most else sentence[: most - 1].rstrip() + "…" if most > 0 else ""
