"""Bring lengths, shares, counts and distances to small whole numbers, and texts to the words that compare them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

_WORD = re.compile(r"\w+")
_SIZES = (3, 6, 10, 15, 20, 30, 40, 50, 65, 80, 100, 130, 170, 220, 280, 360, 500, 700, 1000, 2000)
_SHARES = (0.0001, 0.005, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
_COUNTS = (1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 50)
_STEPS = (-15, -9, -5, -3, -2, -1, 0, 1, 2, 3, 4, 6, 9, 14, 20, 30)


def scale(bounds: Sequence[float]) -> Callable[[float], int]:
    """A function that gives the number of bounds which a value reaches."""
    return lambda value: bisect_right(bounds, value)


of_size, of_share, of_count, of_step = scale(_SIZES), scale(_SHARES), scale(_COUNTS), scale(_STEPS)


def tenths(part: int, whole: int) -> int:
    """The part in tenths of the whole, 0 where there is none."""
    return 10 * part // whole if whole else 0


def plain(text: str) -> str:
    """A text without case, white space and signs, to tell whether two say the same."""
    return "".join(_WORD.findall(text.lower()))


def telling(text: str) -> set[str]:
    """The words that say what a text is about: long ones, and all of scripts with few letters to a word."""
    return {word for word in _WORD.findall(text.lower()) if len(word) > 4 or not word.isascii()}


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """All runs of so many words."""
    words = _WORD.findall(text)
    return set(zip(*(words[start:] for start in range(length)), strict=False))
