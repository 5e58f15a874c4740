"""Compare one story as several formats tell it, and texts with the lengths that IPTC 7901 declares:

    python -m tests.bench.twins FOLDER [--guid PATTERN]     # only of guids that hold it

Items of the same guid in different formats must have equal headline, text and times. Text formats without a guid are
paired by headline, and must agree in text and day. A message that declares how many words it has must have them, within
1 %. Prints what differs; exit 1 if anything does, or if there is nothing to compare.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from ingest import dialect, wires
from ingest.body import Unreadable
from ingest.item import Item
from workers import copy
from workers.normalise import bare

TEXTS = ("iptc7901", "anpa1312", "zczc")


def main() -> int:
    """Read every message of a folder, and compare."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--guid", default=".", help="only items whose guid holds this pattern")
    given = asked.parse_args()
    manner = wires.Manner(dialects=dialect.ours())
    found: list[tuple[str, Item]] = []
    for path in sorted(p for p in given.folder.rglob("*") if p.is_file()):
        try:
            found += [(path.name, item) for item in wires.read(path.read_bytes(), path.name, manner)]
        except Unreadable:
            continue
    texts = [(name, item) for name, item in found if item.kind == "text" and item.body]
    mine = [(n, i) for n, i in texts if i.format in TEXTS or re.search(given.guid, i.guid or "")]
    compared, wrong = _twins(mine)
    declared, off = _lengths(texts)
    for line in (*wrong, *off):
        print(line)
    print(f"{compared} pairs compared, {len(wrong)} differ; {declared} lengths declared, {len(off)} are off")
    return 1 if wrong or off or not compared else 0


def _twins(texts: list[tuple[str, Item]]) -> tuple[int, list[str]]:
    groups: dict[str, list[tuple[str, Item]]] = defaultdict(list)
    for name, item in texts:
        key = bare(item.headline or name) if item.format in TEXTS else f"{item.guid} {item.version}"
        groups[key].append((name, item))
        if item.format not in TEXTS:
            groups[bare(item.headline or name)].append((name, item))
    pairs = {
        tuple(sorted((one, other), key=lambda pair: pair[0]))
        for group in groups.values()
        for one, other in combinations(group, 2)
        if one[1].format != other[1].format and _same(one[1], other[1])
    }
    wrong = [line for one, other in pairs for line in _differ(one, other)]
    return len(pairs), sorted(wrong)


def _same(one: Item, other: Item) -> bool:
    """Whether two items tell the same version of a story, as far as both can say."""
    return _nameless(one, other) or (one.guid, one.version) == (other.guid, other.version)


def _nameless(one: Item, other: Item) -> bool:
    """Whether one of them has no guid to compare."""
    return one.format in TEXTS or other.format in TEXTS


def _differ(one: tuple[str, Item], other: tuple[str, Item]) -> list[str]:
    (a, left), (b, right) = one, other
    short = _nameless(left, right)
    said: dict[str, tuple[object, object]] = {
        "headline": (left.headline, right.headline),
        "text": (_text(left), _text(right)),
    }
    if short:
        said["day"] = (left.published and left.published.day, right.published and right.published.day)
    else:
        said["published"] = (left.published, right.published)
        said["embargoed"] = (left.embargoed, right.embargoed)
    return [f"{a} | {b}: {name} differs" for name, (x, y) in said.items() if x != y]


def _text(item: Item) -> str:
    """Its text without the dateline and the marks of lists that only text formats write into it."""
    text = copy.article(item).text.removeprefix(item.dateline or "").strip()
    return "\n\n".join(part.removeprefix("* ") for part in text.split("\n\n"))


def _lengths(texts: list[tuple[str, Item]]) -> tuple[int, list[str]]:
    told = [
        (name, item.words, len(item.body.split())) for name, item in texts if item.words and item.format == "iptc7901"
    ]
    return len(told), [f"{n}: {o} words, {d} declared" for n, d, o in told if abs(o - d) > max(1, d // 100)]


if __name__ == "__main__":
    sys.exit(main())
