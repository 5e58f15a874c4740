"""The work of `wiredesk extract` over and over: same texts, flat memory, and no dearer in two processes than in one.

    python -m tests.bench.rounds FOLDER [--rounds 5]

FOLDER holds pages (*.html, *.html.gz, at any depth). One process reads all of them `rounds` times, each time in another
order; then two do so at once, each in orders of its own. A round's line is a digest over all pages' lines as `extract
--json` writes them, resident memory after it, and CPU a page. Exits with 1 if the digests differ, if memory after the
last round is more than 3 % above that after the second, or if a page costs more than 1.1 times as much in two of them.
(The first round fills the bounded caches; the allocator's pools settle in the second, by some 3 MB of 125.)
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import Settings, load
from ingest.errors import GiveUp
from tests.bench import pipelines
from workers import extract
from workers.cli.extract import content

FLAT = 1.03
DEARER = 1.1
NOW = datetime(2030, 1, 1, tzinfo=UTC)  # the same in every round: what a page may claim depends on it


@dataclass(frozen=True, slots=True)
class Round:
    """What one process did in one round."""

    digest: str
    resident: float  # MB
    spent: float  # CPU milliseconds a page


def pages(folder: Path) -> list[Path]:
    """The stored pages of a folder, in a stable order."""
    return sorted(p for p in folder.rglob("*.html*") if p.name.endswith((".html", ".html.gz")))


def resident() -> float:
    """Resident memory of this process in MB."""
    gc.collect()
    size = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return size * os.sysconf("SC_PAGE_SIZE") / 2**20


def read(path: Path, settings: Settings) -> tuple[float, str]:
    """CPU seconds for a page without opening the file, and its line."""
    body, url, headers = content(str(path), settings)
    page = extract.Page(body, url, NOW, headers.get("content-type"), headers)
    start = time.process_time()
    answer = pipelines.read(page)
    return time.process_time() - start, json.dumps(answer.line, sort_keys=True)


def work(folder: Path, rounds: int, seed: int) -> None:
    """Go round, and print a line of JSON per round."""
    with suppress(GiveUp):  # the page it warms up with is none of those measured
        extract.warm()
    found, settings = pages(folder), load({})
    for number in range(rounds):
        order = random.Random(100 * seed + number)
        lines, spent = {}, 0.0
        for path in order.sample(found, len(found)):
            seconds, line = read(path, settings)
            lines[path.name] = hashlib.sha256(line.encode()).hexdigest()
            spent += seconds
        digest = hashlib.sha256(json.dumps(sorted(lines.items())).encode()).hexdigest()[:16]
        row = {"digest": digest, "resident": resident(), "spent": 1000 * spent / len(found)}
        sys.stdout.write(json.dumps(row) + "\n")


def at_once(folder: Path, rounds: int, seeds: list[int]) -> list[list[Round]]:
    """Let a process per seed go round at the same time."""
    made = [sys.executable, "-m", "tests.bench.rounds", str(folder), "--rounds", str(rounds), "--seed"]
    running = [subprocess.Popen([*made, str(seed)], stdout=subprocess.PIPE, text=True) for seed in seeds]
    found = []
    for process in running:
        out, _ = process.communicate()
        if process.returncode:
            sys.exit(f"a process ended with {process.returncode}")
        rows: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
        found.append([Round(**row) for row in rows])
    return found


def show(name: str, found: list[Round]) -> None:
    """One process's rounds."""
    for number, one in enumerate(found, 1):
        print(f"{name} round {number}: {one.digest}, {one.resident:.0f} MB resident, {one.spent:.2f} ms CPU a page")


def faults(alone: list[Round], both: list[list[Round]]) -> list[str]:
    """What is not as it should be."""
    every = [alone, *both]
    found = []
    if len({one.digest for rounds in every for one in rounds}) > 1:
        found.append("texts differ between rounds")
    growth = max(rounds[-1].resident / rounds[1].resident for rounds in every)
    settled = max(rounds[-1].resident / rounds[0].resident for rounds in every)
    cost = _mean([one for rounds in both for one in rounds]) / _mean(alone)
    print(
        f"memory after the last round {growth:.3f} x the second's, {settled:.3f} x the first's; CPU in two {cost:.3f} x"
    )
    if growth > FLAT:
        found.append("memory grows")
    if cost > DEARER:
        found.append("dearer in two processes")
    return found


def _mean(found: list[Round]) -> float:
    return sum(one.spent for one in found) / len(found)


def main() -> None:
    """Run all rounds and judge them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, help="be one of the processes")
    args = parser.parse_args()
    if args.seed is not None:
        work(args.folder, args.rounds, args.seed)
        return
    found = pages(args.folder)
    if not found:
        parser.error("no pages there")
    print(f"{len(found)} pages, {args.rounds} times round; load before: {os.getloadavg()[0]:.2f}")
    alone = at_once(args.folder, args.rounds, [1])[0]
    show("alone", alone)
    both = at_once(args.folder, args.rounds, [2, 3])
    for name, rounds in zip(("first of two", "second of two"), both, strict=True):
        show(name, rounds)
    if wrong := faults(alone, both):
        sys.exit("; ".join(wrong))


if __name__ == "__main__":
    main()
