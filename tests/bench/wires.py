"""What reading wire messages costs against a bare parse of the same bytes: `wires.py FOLDER [--rounds N]`.

The reference is lxml's hardened parser for XML, json.loads for JSON, and decoding for text; both sides take turns. CPU
time of the process, all threads; both are measured in the thread that reads for the service. FOLDER holds messages, in
folders by format or not.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from lxml import etree

from ingest import apart, dialect, wires
from ingest.body import Unreadable
from ingest.message import Message

BURST = 20_000_000  # ns of one side before the other has its turn


def reference(raw: bytes) -> Callable[[], object]:
    """The bare parse of these bytes."""
    message = Message(raw)
    if message.is_json:
        return lambda: json.loads(raw)
    if message.is_xml:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
        return lambda: etree.fromstring(raw, parser)
    return lambda: raw.decode("latin-1").split("\n")


def cost(step: Callable[[], object]) -> float:
    """Nanoseconds of CPU of one run, over a burst of them."""
    runs, began = 0, time.process_time_ns()
    while (spent := time.process_time_ns() - began) < BURST or not runs:
        step()
        runs += 1
    return spent / runs


def main() -> int:
    """Print a line a format: files, median microseconds of an item, of the bare parse, their ratio, items a second."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--rounds", type=int, default=1)
    given = asked.parse_args()
    manner = wires.Manner(dialects=dialect.ours())
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for path in sorted(p for p in given.folder.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        try:
            items = wires.read(raw, path.name, manner)
        except Unreadable:
            continue
        bare, ours = reference(raw), partial(wires.read, raw, path.name, manner)
        pairs = apart.apart(lambda: [(cost(ours), cost(bare)) for _ in range(given.rounds)])  # noqa: B023
        pairs = [(whole / len(items), least / len(items)) for whole, least in pairs]
        rows[items[0].format].append((median(w for w, _ in pairs), median(b for _, b in pairs)))
    print(f"{'format':16} {'files':>5} {'us/item':>8} {'bare':>8} {'ratio':>6} {'items/s':>8}")
    for kind, found in sorted(rows.items()):
        item, least = median(w for w, _ in found), median(b for _, b in found)
        ratio = median(w / b for w, b in found)
        print(f"{kind:16} {len(found):5} {item / 1e3:8.0f} {least / 1e3:8.0f} {ratio:6.1f} {1e9 / item:8.0f}")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
