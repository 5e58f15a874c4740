"""Compare the CPU time of our feed reading with feedparser's, file by file in turn: feeds.py FOLDER|FILE ..."""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from pathlib import Path

import feedparser

from ingest import feeds
from ingest.body import Odd, Unreadable
from ingest.formats import judge


def ours(data: bytes) -> int:
    """Entries by the fast readers, or by the judge where they give up (in this process, to count its time)."""
    try:
        try:
            return len(feeds.read(data, "").entries)
        except Odd:
            return len(judge.parse(feeds.prepared(data, "")).entries)
    except Unreadable:
        return 0


def theirs(data: bytes) -> int:
    """Entries by feedparser as it comes."""
    return len(feedparser.parse(io.BytesIO(data)).entries)


def clocked(reader: Callable[[bytes], int], data: bytes) -> tuple[float, int]:
    """(CPU seconds, entries) of one reading."""
    began = time.process_time()
    found = reader(data)
    return time.process_time() - began, found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("paths", nargs="+", type=Path)
    options.add_argument("--rounds", type=int, default=1)
    chosen = options.parse_args()
    files = [f for p in chosen.paths for f in (sorted(p.iterdir()) if p.is_dir() else [p]) if f.is_file()]
    bodies = [file.read_bytes() for file in files]
    for data in bodies[:3]:  # warm both
        ours(data), theirs(data)
    spent, found, odd = [0.0, 0.0], [0, 0], 0
    for _ in range(chosen.rounds):
        for data in bodies:
            for side, reader in enumerate((ours, theirs)):
                seconds, entries = clocked(reader, data)
                spent[side] += seconds
                found[side] += entries
    for data in bodies:
        try:
            feeds.read(data, "")
        except (Odd, Unreadable):
            odd += 1
    size = sum(map(len, bodies)) / 1e6
    print(f"{len(bodies)} files, {size:.1f} MB, {odd} not for the fast readers, {chosen.rounds} rounds")
    print(f"ours        {spent[0]:8.2f} s CPU   {found[0]} entries")
    print(f"feedparser  {spent[1]:8.2f} s CPU   {found[1]} entries")
    print(f"ratio       {spent[1] / max(spent[0], 1e-9):8.1f} times as fast as feedparser")


if __name__ == "__main__":
    main()
