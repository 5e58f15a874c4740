"""How much of one text stands in another, measured on runs of words, and which relations that allows (pure).

The measure is the tests' own: nothing of the service is used, so that no mistake of its can hide itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

# Scripts without spaces between words: their characters stand for words, and a run is longer.
_IDEOGRAPH = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_THAI = "\u0e01-\u0e3a\u0e40-\u0e5b"
_TOKEN = re.compile(f"[{_IDEOGRAPH}{_THAI}]|[^\\W{_IDEOGRAPH}{_THAI}]+")
_LONE = re.compile(f"[{_IDEOGRAPH}]")
_LONE_THAI = re.compile(f"[{_THAI}]")
WORDS, IDEOGRAPHS, THAI = 5, 8, 16  # tokens of a run: about five words in each kind of script

Runs = frozenset[tuple[str, ...]]


def runs(text: str) -> Runs:
    """The runs of five words of a text, or of as many characters as make about five; a shorter text is one run."""
    tokens = _TOKEN.findall(text.lower())
    size = _size(text, len(tokens))
    columns: Sequence[Sequence[str]] = [list(islice(tokens, start, None)) for start in range(size)]
    return frozenset(zip(*columns, strict=False)) or frozenset([tuple(tokens)])


def _size(text: str, tokens: int) -> int:
    if len(_LONE.findall(text)) * 2 > tokens:
        return IDEOGRAPHS
    return THAI if len(_LONE_THAI.findall(text)) * 2 > tokens else WORDS


def shares(one: Runs, other: Runs) -> tuple[float, float]:
    """The share of `one` that stands in `other`, and the share of `other` that stands in `one`."""
    both = len(one & other)
    return both / len(one), both / len(other)


def allowed(a: float, b: float) -> set[str]:
    """What a document may be called towards another: `a` of it stands there, and it holds `b` of the other.

    The bands overlap: nobody can say at which share a copy becomes an excerpt. Empty where little is shared one way
    only, and then nothing but the relation of another pair can be right.
    """
    words = {
        "copy": a >= 0.6 and b >= 0.6,
        "excerpt": a >= 0.6 and b <= 0.8,
        "extends": b >= 0.6 and a <= 0.8,
        "version": a < 0.75 and b < 0.75,
    }
    return {word for word, fits in words.items() if fits}
