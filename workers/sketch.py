"""Sketch a text by the smallest hashes of its word runs, so that two sketches tell what one text holds of the other.

A bottom-k sketch (Broder 1997, "On the resemblance and containment of documents"; Cohen and Kaplan 2007): of all runs
of five words the 64 with the smallest hash are kept, and the hash of the next one says at which rate they stand for
the text. Two sketches are compared at the lower of their rates, where each is a fair sample of its text. Scripts
without spaces between words are cut into runs of letters about as long.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest
from itertools import accumulate, count
from operator import add
from zlib import crc32

from workers.normalise import IDEOGRAPHS, UNSPACED

RUN = 5  # words
LETTERS = (  # of scripts without spaces: letters of a run, which endings fill more than words do, and of five words
    (re.compile(f"[{IDEOGRAPHS}]"), 12, 9),
    (re.compile(f"[{UNSPACED}]"), 20, 16),
)
MOST = 64  # runs kept
NAMED = 28  # of them that are filed in the index, the smallest: enough to find a text again; all of them measure it
LEAST = 8  # runs; a text with fewer is too short to be compared
NUMBERS = 24  # numbers kept
BLOCK = 50_000  # words that are cut into runs at once
ALL = 2**32  # the rate of a sketch that holds every run

# Marks that stand on letters of Indic, Arabic and Hebrew words are no word characters for `re`.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"
_SINGLE = f"[{IDEOGRAPHS}{UNSPACED}]"
_TOKEN = re.compile(rf"{_SINGLE}|(?:(?!{_SINGLE})[\w{_MARKS}])+")
_WORD = re.compile(r"\w+")
_ODD = re.compile(f"[{IDEOGRAPHS}{UNSPACED}{_MARKS}]")  # what `\w+` does not cut into words
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_APART = re.compile(r"[.,:]")
_HEAD = struct.Struct(">HIBBI")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sample of one text; equal texts have equal sketches."""

    words: int  # of the text; letters of unspaced scripts are counted as the words they make
    rate: int  # every run whose hash is below it is in the sample; ALL: the sample is the text
    runs: tuple[int, ...]  # 32-bit hashes, ascending
    names: tuple[int, ...]  # 32-bit hashes under which the first NAMED of them are filed
    numbers: tuple[int, ...]  # 16-bit hashes of the numbers in the text, ascending, at most NUMBERS
    lead: int = 0  # bit i: named run i stands in the first third of the text; what texts share below it is furniture

    def pack(self) -> bytes:
        """The bytes that members.lua reads: words, rate - 1, two counts, lead; numbers, runs, names; big-endian."""
        head = _HEAD.pack(min(self.words, 65535), self.rate - 1, len(self.numbers), len(self.runs), self.lead)
        hashes = (*self.runs, *self.names)
        return head + struct.pack(f">{len(self.numbers)}H{len(hashes)}I", *self.numbers, *hashes)


NOTHING = Sketch(0, ALL, (), (), ())


def sketch(text: str) -> Sketch:
    """The sketch of a text; NOTHING for one that is too short to be compared."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text.casefold())
    odd = not folded.isascii() and _ODD.search(folded) is not None
    words = (_TOKEN if odd else _WORD).findall(folded)
    length, five = _lengths(folded, len(words)) if odd else (RUN, RUN)
    found = _least(words, length)
    if len(found) < LEAST:
        return NOTHING
    order = nsmallest(MOST + 1, found)
    rate = order[MOST] if len(order) > MOST else ALL
    places = [found[hashed] for hashed in order[:NAMED]]
    names = tuple(_name(words[at : at + length]) for at in places)
    lead = sum(1 << n for n, at in enumerate(places) if 3 * at < len(words) - length + 1)
    return Sketch(len(words) * 5 // five, rate, tuple(order[:MOST]), names, _numbers(folded), lead)


def _lengths(text: str, words: int) -> tuple[int, int]:
    """How many tokens make a run, and five words: letters where most of the text is written without spaces."""
    found = ((run, five) for letters, run, five in LETTERS if len(letters.findall(text)) * 2 > words)
    return next(found, (RUN, RUN))


def _least(words: Sequence[str], length: int) -> dict[int, int]:
    """The runs that a sketch may hold; of a long text some at a time, for a page may be megabytes of short words."""
    found: dict[int, int] = {}
    for start in range(0, max(1, len(words) - length + 1), BLOCK):
        found = {hashed: found[hashed] for hashed in nsmallest(MOST + 1, found)}
        found |= _runs(words[start : start + BLOCK + length - 1], length, start)
    return found


def _runs(words: Sequence[str], length: int, first: int) -> dict[int, int]:
    """The place of every run, counted from `first`, by the hash that orders it.

    CRC-32 is the one even hash of the standard library that costs nothing.
    """
    whole = " ".join(words).encode("utf-8", "surrogatepass")
    length = min(length, max(1, len(words)))
    edges = list(accumulate(map(len, whole.split(b" ")), initial=0))  # of the words, without the spaces between them
    starts, ends = map(add, edges, count()), map(add, edges[length:], count(length - 1))
    pieces = [whole[start:end] for start, end in zip(starts, ends, strict=False)]
    return dict(zip(map(crc32, pieces), count(first), strict=False))


def _name(run: Sequence[str]) -> int:
    """The hash a run is filed under: the one that orders would crowd a small corner of the index."""
    return int.from_bytes(blake2b(" ".join(run).encode("utf-8", "surrogatepass"), digest_size=4).digest())


def _numbers(text: str) -> tuple[int, ...]:
    """Figures are what robot texts differ in."""
    found = {crc32(_APART.sub("", number).encode()) & 0xFFFF for number in _NUMBER.findall(text)}
    return tuple(sorted(found)[:NUMBERS])
