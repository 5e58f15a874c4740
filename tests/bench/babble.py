"""Invent any number of texts with the word frequencies of a language, the same for the same seed and number (pure).

Words are drawn by Zipf's law from an invented vocabulary, every fortieth is a number. Where copies are wanted, a text
may repeat an earlier one: cut to 60 to 100 %, one word in fifty changed, with an outlet's paragraph under it.
"""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import accumulate, count, product

VOCABULARY = 40_000
OUTLETS = 60
RECENT = 4_000  # how far back, in texts, what is copied may lie
_ONSETS = "b br d dr f g gr h k kl l m n p pr r s st t v".split()
_CORES = "a e i o u ai ea ou".split()
_ENDS = ["", "n", "r", "s", "l", "t"]


def _vocabulary() -> list[str]:
    """Short words first, as the frequent ones are."""
    one = [a + b + c for a, b, c in product(_ONSETS, _CORES, _ENDS)]
    random.Random(1).shuffle(one)
    two = (a + b for a, b in product(one, one))
    return [*one, *(word for word, _ in zip(two, range(VOCABULARY - len(one)), strict=False))]


_WORDS = _vocabulary()
_WEIGHTS = list(accumulate(1 / (rank + 2.7) for rank in range(len(_WORDS))))  # Mandelbrot's form of the law


@lru_cache(maxsize=RECENT * 2)
def original(seed: int, number: int) -> str:
    """300 to 800 words that no other number has."""
    dice = random.Random(f"{seed}:{number}")
    words = dice.choices(_WORDS, cum_weights=_WEIGHTS, k=dice.randint(300, 800))
    for place in range(dice.randrange(40), len(words), 40):
        words[place] = str(dice.randint(2, 9999))
    return " ".join(words)


def text(seed: int, number: int, copies: float) -> str:
    """Text `number` of a stream in which that share of the texts are copies of an earlier one."""
    dice = random.Random(f"{seed}:{number}:kind")
    if number == 0 or dice.random() >= copies:
        return original(seed, number)
    return _copy(dice, original(seed, _source(dice, seed, number, copies)))


def _source(dice: random.Random, seed: int, number: int, copies: float) -> int:
    """An earlier number whose text is no copy itself."""
    for _ in count():
        found = dice.randrange(max(0, number - RECENT), number)
        if found == 0 or random.Random(f"{seed}:{found}:kind").random() >= copies:
            return found
    raise AssertionError


def _copy(dice: random.Random, source: str) -> str:
    words = source.split()
    words = words[: int(len(words) * dice.uniform(0.6, 1.0))]
    for place in dice.sample(range(len(words)), len(words) // 50):
        words[place] = dice.choice(_WORDS)
    boiler = original(-1, dice.randrange(OUTLETS)).split()[:30]
    return " ".join([*words, *boiler])
