"""Other ways to put like texts together, for measuring only: exact hash, SimHash, MinHash with LSH.

datasketch is no dependency: `uv pip install --target DIR datasketch` (or pip), then PYTHONPATH=DIR. Each method gives a
story to every document; documents found alike are joined, and so are those they were joined with.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

from tests.bench.grouping import Found

_WORD = re.compile(r"\w+")
LANE = 16  # bits of one counter of a SimHash; a text may have 65,535 phrases
_SPREAD = [  # at, byte -> one in the lane of each bit that is set
    [sum((byte >> bit & 1) << LANE * (8 * at + bit) for bit in range(8)) for byte in range(256)] for at in range(8)
]

Texts = Mapping[str, str]
Rival = Callable[[Texts], dict[str, Found]]


def exact(texts: Texts) -> dict[str, Found]:
    """Texts whose words are the same, whatever their case."""
    return {name: Found(tuple(_words(text))) for name, text in texts.items()}


def simhash(distance: int, texts: Texts) -> dict[str, Found]:
    """SimHash (Charikar 2002) of 64 bits over runs of three words; joined within a Hamming distance."""
    marks = {name: _simhash(_phrases(_words(text), 3)) for name, text in texts.items()}
    names = list(marks)
    alike = ((a, b) for at, a in enumerate(names) for b in names[:at] if (marks[a] ^ marks[b]).bit_count() <= distance)
    return _joined(names, alike)


def minhash(threshold: float, texts: Texts) -> dict[str, Found]:
    """MinHash of 128 values over runs of five words, LSH, and the estimate of Jaccard's index for what it brings up.

    Raises ImportError where datasketch is not installed.
    """
    library = import_module("datasketch")
    index = library.MinHashLSH(threshold=threshold, num_perm=128)
    marks = {name: signature(library, text) for name, text in texts.items()}
    alike = []
    for name, mark in marks.items():
        alike += [(name, other) for other in index.query(mark) if mark.jaccard(marks[other]) >= threshold]
        index.insert(name, mark)
    return _joined(marks, alike)


def signature(library: Any, text: str) -> Any:
    """A text's MinHash as datasketch makes it."""
    words = _words(text)
    mark = library.MinHash(num_perm=128)
    mark.update_batch([phrase.encode() for phrase in _phrases(words, 5)])
    return mark


RIVALS: dict[str, Rival] = {
    "exact hash": exact,
    "SimHash-64, <= 3": partial(simhash, 3),
    "SimHash-64, <= 10": partial(simhash, 10),
    "MinHash-128 LSH, .5": partial(minhash, 0.5),
    "MinHash-128 LSH, .7": partial(minhash, 0.7),
}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _phrases(words: list[str], size: int) -> list[str]:
    return [" ".join(words[at : at + size]) for at in range(max(1, len(words) - size + 1))]


def _simhash(phrases: list[str]) -> int:
    """All 64 counters are lanes of one long number, so that a phrase is counted by eight additions."""
    total = 0
    for phrase in phrases:
        digest = hashlib.blake2b(phrase.encode(), digest_size=8).digest()
        total += sum(_SPREAD[at][byte] for at, byte in enumerate(digest))
    half, mask = len(phrases) / 2, (1 << LANE) - 1
    return sum((total >> LANE * bit & mask > half) << bit for bit in range(64))


def _joined(names: Iterable[str], alike: Iterable[tuple[str, str]]) -> dict[str, Found]:
    """Stories as the parts of the graph of what is alike."""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in alike:
        near[one].add(other)
        near[other].add(one)
    story: dict[str, Found] = {}
    for name in names:
        left = [name] if name not in story else []
        while left:
            one = left.pop()
            story[one] = Found(name)
            left += [other for other in near[one] if other not in story]
    return story
