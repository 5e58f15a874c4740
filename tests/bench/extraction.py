"""Our extractor and others over labelled pages, texts and CPU in one table:

    python -m tests.bench.extraction FOLDER [--peers] [--unseen DIR] [--held | --tuning] [--output FILE]

FOLDER is described in tests/bench/labelled.py, the score in tests/bench/scoring.py. Every extractor reads every page
once, in random order, after a warm-up; CPU is this process's own. The ratios are against trafilatura's default with
metadata in the same run, the errors (1 - F1) against its default without. Ours is everything: parse, metadata, gate,
body. The delivered trees have seen these pages; with --unseen (a folder that `python -m tests.bench.training FOLDER
--unseen DIR` wrote) each page is read with trees that never saw its site. --output keeps our lines, and all scores.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ingest.errors import GiveUp
from tests.bench import labelled, pipelines, scoring
from tests.bench.labelled import Labelled
from tests.bench.peers import DEFAULT, REFERENCE, Peer, peers, safely
from tests.bench.scoring import Score
from workers import extract

SAMPLE = f"<html><head><title>Warm</title></head><body><article>{'<p>Warm it up, please, do. ' * 40}</article></body>"


@dataclass
class Row:
    """What one extractor did, page by page."""

    scores: list[Score] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)  # CPU seconds
    open: list[Score] = field(default_factory=list)  # without the gate; of ours only
    refused: int = 0


@dataclass
class Run:
    """One pass over all pages."""

    trees: labelled.Trees
    others: dict[str, Peer]
    order: random.Random
    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    lines: list[dict[str, Any]] = field(default_factory=list)

    def page(self, page: Labelled) -> None:
        """Let every extractor read the page, in random order."""
        source, label = page.body().decode("utf-8", "replace"), scoring.runs(page.text)
        works: dict[str, Callable[[], None]] = {name: partial(self._other, name, source, label) for name in self.others}
        works |= {name: partial(self._ours, name, page, label) for name in pipelines.DOUBTS}
        for name in self.order.sample(sorted(works), len(works)):
            works[name]()
        self.lines[-1]["f1"] = {name: round(row.scores[-1].f1, 4) for name, row in self.rows.items()}

    def _other(self, name: str, source: str, label: scoring.Runs) -> None:
        seconds, text = timed(partial(safely, self.others[name], source))
        self.rows[name].spent.append(seconds)
        self.rows[name].scores.append(scoring.score(label, text))

    def _ours(self, name: str, page: Labelled, label: scoring.Runs) -> None:
        row, doubt, trees = self.rows[name], pipelines.DOUBTS[name], self.trees(page)
        given = pipelines.given(page)
        with pipelines.built(trees, doubt):
            seconds, answer = timed(partial(pipelines.read, given))
        row.spent.append(seconds)
        row.scores.append(scoring.score(label, answer.text))
        text = pipelines.ungated(page, trees, doubt) if answer.refused else answer.text
        row.open.append(scoring.score(label, text))
        row.refused += bool(answer.refused)
        if name == pipelines.SHIPPED:
            self.lines.append({"file": page.file.name, "url": page.stored, **answer.line})


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process, and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def table(rows: dict[str, Row], pages: list[Labelled]) -> list[str]:
    """The lines of one table: a row per extractor, a column per group of pages, CPU, and what the gate did."""
    groups = labelled.groups(pages)
    sums = [f"error x {name}" for name in groups if name in ("all", "news", labelled.BLOGS)]
    heads = [f"{name} {len(places)}" for name, places in groups.items()]
    titles = ["", *heads, *sums, "by site", "ms", "CPU sum", "CPU median", "refused", "all, no gate"]
    found = [titles, ["---"] * len(titles)]
    for name, row in rows.items():
        cells = [_cell(scoring.group([row.scores[at] for at in places])) for places in groups.values()]
        errors = [f"{_error(row, groups[s.removeprefix('error x ')], rows[DEFAULT]):.2f}" for s in sums]
        cpu = _cpu(row.spent, rows[REFERENCE].spent)
        gate = [str(row.refused), _cell(scoring.group(row.open))] if row.open else ["", ""]
        found.append([name, *cells, *errors, f"{_by_site(row.scores, pages):.4f}", *cpu, *gate])
    return [f"| {' | '.join(line)} |" for line in found]


def _cell(group: scoring.Group) -> str:
    figures = (f"{value:.4f}".removeprefix("0") for value in (group.f1, group.precision, group.recall))
    return f"{' / '.join(figures)}, {group.bad}"


def _error(row: Row, places: list[int], other: Row) -> float:
    """The error 1 - F1 against another extractor's."""
    mine, theirs = (scoring.group([r.scores[at] for at in places]).f1 for r in (row, other))
    return (1 - mine) / (1 - theirs) if theirs < 1 else float("inf")


def _cpu(spent: list[float], other: list[float]) -> list[str]:
    """Mean milliseconds a page; the ratios of the sums and, page by page, the median one."""
    each = [a / b for a, b in zip(spent, other, strict=True) if b]
    mean = 1000 * statistics.fmean(spent)
    return [f"{mean:.1f}", f"{sum(spent) / sum(other):.3f}", f"{statistics.median(each):.3f}"]


def _by_site(scores: list[Score], pages: list[Labelled]) -> float:
    """The mean over the sites of the mean F1 of a site's pages."""
    sites: dict[str, list[float]] = defaultdict(list)
    for score, page in zip(scores, pages, strict=True):
        sites[page.domain].append(score.f1)
    return statistics.fmean(statistics.fmean(found) for found in sites.values())


def warm(others: dict[str, Peer]) -> None:
    """Let everything load what it loads on first use."""
    with suppress(GiveUp):  # the page it warms up with is none of those measured
        extract.warm()
    for peer in others.values():
        safely(peer, SAMPLE)


def main() -> None:
    """Read the pages with everything that was asked for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peers", action="store_true", help="other extractors too")
    parser.add_argument("--unseen", type=Path, help="trees by the sites that they never saw")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--held", action="store_const", const="held", dest="part", help="only the sites kept back")
    part.add_argument("--tuning", action="store_const", const="tuning", dest="part", help="only the others")
    parser.add_argument("--output", type=Path, help="our lines, as of `extract --json`, with every extractor's F1")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    pages = labelled.pages(args.folder, args.part or "")
    if not pages:
        parser.error("no labelled pages there")
    others, missing = peers(args.peers)
    warm(others)
    run = Run(labelled.trees(args.unseen), others, random.Random(args.seed))
    for page in pages:
        run.page(page)
    names = [*others, *pipelines.DOUBTS]
    print("\n".join(table({name: run.rows[name] for name in names}, pages)))
    print("\nCells: F1 / P / R, pages below .5. " + (said(args)))
    for name in missing:
        print(f"not measured: {name}")
    if args.output:
        args.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in run.lines), "utf-8")


def said(args: argparse.Namespace) -> str:
    """Which pages these are, and whether our trees had seen them."""
    which = {"held": "the sites kept back", "tuning": "the sites not kept back"}.get(args.part, "all sites")
    trees = "never saw the page's site" if args.unseen else "were trained on these very pages: no unseen figure"
    return f"Pages of {which}; our trees {trees}."


if __name__ == "__main__":
    main()
