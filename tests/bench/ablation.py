"""What each rule and each family of traits is worth, on pages whose site the trees never saw:

    python -m tests.bench.ablation FOLDER --unseen DIR [--rules] [--traits] [--each] [--held]

FOLDER as in tests/bench/labelled.py, DIR as `python -m tests.bench.training FOLDER --unseen DIR` wrote it. Bodies are
scored without the gate. Rules are left out of the choice that workers.extract makes; families of traits (with --each
every single trait) are hidden from training, fold by fold (needs lightgbm). Only pages of the tuning sites are used:
what is decided here is tuning; --held shows the rules on the sites kept back. Changes are in thousandths of F1, with
their standard error over sites (jackknife); the rows "another seed" say how much is chance in training anew.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.bench import cases, labelled, scoring, training
from tests.bench.cases import Case, Rule
from tests.bench.scoring import Score
from tests.bench.split import FOLDS, fold
from tests.bench.training import Lesson
from workers import forest
from workers.classwords import NAMES
from workers.outline import LANDMARKS
from workers.traits import TRAITS

SEEDS = (2, 3, 4, 5)
FIRST_OF = {  # the first trait of each family, in the order of TRAITS
    "own text": "size", "place": "core", "boxes around": "box-prose", "families": "group-prose",
    "words": "head-said",
    "class kinds": f"in-{NAMES[0]}", "landmarks": f"within-{LANDMARKS[0]}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How all pages fared under one rule."""

    scores: list[Score]
    asked: float  # share of pages on which a second opinion was asked


LEFT_OUT: dict[str, dict[str, Any]] = {
    "no copies taken out": {"strays.without_copies": lambda kept: kept},
    "no other articles taken out": {"strays.without_others": lambda kept, *_: kept},
    "no headline cut": {"body._repeats": lambda *_: False},
    "no byline cut": {"body._byline": lambda *_: False},
}


def rules() -> list[Rule]:
    """The choice as it is delivered, without one of its parts each, without all of them, and with other thresholds."""
    plain = {name: value for changed in LEFT_OUT.values() for name, value in changed.items()}
    return [
        Rule("as delivered"),
        Rule("no second opinion", doubt=0.0),
        *[Rule(f"second opinion below {doubt:.2f}", doubt=doubt) for doubt in (0.7, 0.8, 0.85, 0.95, 0.97)],
        Rule("second opinion always", doubt=2.0),
        *[Rule(f"second opinion weighs at least {least}", changed={"body.TRUST": least}) for least in (0.0, 0.2, 0.5)],
        *[Rule(name, changed=changed) for name, changed in LEFT_OUT.items()],
        Rule("no text from scripts", scripted=False),
        Rule("hopeless blocks weighed too", every=True),
        *[Rule(f"kept from a chance of {keep}", changed={"body.KEEP": keep}) for keep in (0.45, 0.5, 0.6, 0.65)],
        Rule("nothing but the trees", 0.0, plain, scripted=False),
    ]


def families() -> dict[str, tuple[int, int]]:
    """The columns [from, to) of each family of traits."""
    starts = [TRAITS.index(name) for name in FIRST_OF.values()]
    return dict(zip(FIRST_OF, zip(starts, [*starts[1:], len(TRAITS)], strict=True), strict=True))


def outcome(found: Sequence[Case], given: Sequence[list[float]], rule: Rule) -> Outcome:
    """Choose every page's text by a rule."""
    answers = [cases.chosen(case, own, rule) for case, own in zip(found, given, strict=True)]
    return Outcome([score for score, _ in answers], sum(asked for _, asked in answers) / len(answers))


def weighed(found: Sequence[Case], trees: labelled.Trees, every: bool) -> list[list[float]]:
    """The chances of all blocks, each page by the trees for it."""
    return [cases.chances(case, trees(case.page), every) for case in found]


def grown(found: Sequence[Case], lessons: Sequence[Lesson]) -> labelled.Trees:
    """Trees trained without each fold; a page is read with those that never saw its site.

    One thread each: the trees are the same, and threads that wait for each other on busy cores take ten times as long.
    """
    with patch.dict(training.OPTIONS, {"num_threads": 1}):
        made = {n: forest.read(training.train(one for one in lessons if fold(one.domain) != n)) for n in range(FOLDS)}
    return lambda page: made[fold(page.domain)]


def without(lessons: Sequence[Lesson], start: int, end: int) -> list[Lesson]:
    """The lessons with the traits [start, end) blotted out."""
    nothing = [0] * (end - start)
    return [replace(one, rows=[[*row[:start], *nothing, *row[end:]] for row in one.rows]) for one in lessons]


class Report:
    """Prints how outcomes differ from the first one."""

    def __init__(self, found: Sequence[Case], first: Outcome) -> None:
        self._groups = labelled.groups(case.page for case in found)
        self._names = [name for name in self._groups if name in ("all", "news", labelled.BLOGS)]
        self._sites = [case.page.domain for case in found]
        self._first = first
        heads = [f"{name} {len(self._groups[name])}" for name in self._names]
        self._print("", [*heads, "P", "R", "below .5", "asked"])
        self._print("---", ["---"] * (len(heads) + 4))
        plain = [f"{scoring.group([first.scores[at] for at in self._groups[n]]).f1:.4f}" for n in self._names]
        self._print("as delivered", [*plain, *self._rest(first)])

    def line(self, name: str, other: Outcome) -> None:
        """One line: changes of F1 in thousandths."""
        cells = []
        for group in self._names:
            places = self._groups[group]
            before, after, sites = ([of[at] for at in places] for of in (self._first.scores, other.scores, self._sites))
            value, error = scoring.change(before, after, sites)  # type: ignore[arg-type]
            cells.append(f"{1000 * value:+.2f} ±{1000 * error:.2f}")
        self._print(name, [*cells, *self._rest(other)])

    def _rest(self, of: Outcome) -> list[str]:
        whole = scoring.group(of.scores)
        return [f"{whole.precision:.4f}", f"{whole.recall:.4f}", str(whole.bad), f"{of.asked:.3f}"]

    def _print(self, name: str, cells: list[str]) -> None:
        print(f"| {' | '.join([name, *cells])} |", flush=True)


def by_rule(found: Sequence[Case], trees: labelled.Trees) -> None:
    """The table of rules."""
    given = {every: weighed(found, trees, every) for every in (False, True)}
    every = [outcome(found, given[rule.every], rule) for rule in rules()]
    report = Report(found, every[0])
    for rule, one in zip(rules()[1:], every[1:], strict=True):
        report.line(rule.name, one)


def by_trait(found: Sequence[Case], each: bool) -> None:
    """The table of traits: every line is trained anew."""
    lessons = [case.lesson(False) for case in found]
    rule = rules()[0]

    def tried(of: Sequence[Lesson], every: bool = False) -> Outcome:
        return outcome(found, weighed(found, grown(found, of), every), replace(rule, every=every))

    report = Report(found, tried(lessons))
    for seed in SEEDS:
        with patch.dict(training.OPTIONS, {"seed": seed}):
            report.line(f"another seed ({seed})", tried(lessons))
    for name, (start, end) in families().items():
        report.line(f"without {name} ({end - start})", tried(without(lessons, start, end)))
    report.line("all blocks learnt and weighed", tried([case.lesson(True) for case in found], True))
    for at, name in enumerate(TRAITS if each else ()):
        report.line(f"without {name}", tried(without(lessons, at, at + 1)))


def never_asked(unseen: Path) -> list[str]:
    """The traits about which the trees of no fold ask."""
    asked = set()
    for number in range(FOLDS):
        made = json.loads((unseen / f"{number}.json").read_text("utf-8"))
        asked |= {made["traits"][split[0]] for tree in made["trees"] for split in tree["splits"]}
    return [name for name in TRAITS if name not in asked]


def main() -> None:
    """Read the pages, then print the tables that were asked for: both if neither was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--unseen", type=Path, required=True)
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--traits", action="store_true")
    parser.add_argument("--each", action="store_true", help="every single trait too; takes long")
    parser.add_argument("--held", action="store_true", help="the rules on the sites kept back")
    args = parser.parse_args()
    trees = labelled.trees(args.unseen)
    found = [cases.case(page) for page in labelled.pages(args.folder, "held" if args.held else "tuning")]
    if args.rules or args.held or not args.traits:
        by_rule(found, trees)
    if not args.held and (args.traits or args.each or not args.rules):
        print(f"\nnever asked about: {', '.join(never_asked(args.unseen)) or 'no trait'}\n")
        by_trait(found, args.each)


if __name__ == "__main__":
    main()
