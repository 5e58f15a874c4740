"""Train the trees that tell an article's blocks from the rest: `python -m tests.bench.training FOLDER`.

FOLDER holds truth.json ({id: {"file", "text", "domain"}}) and the pages it names. Written are workers/forest.json,
trained on all of them, and with --unseen DIR the same trained without some sites: DIR/held.json without the held-back
third of the domains, DIR/0.json ... also without one fold of the others each (tests/bench/split.py). Needs
`pip install lightgbm`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.split import FOLDS, fold, held
from workers import forest, markup, metadata
from workers.body import said
from workers.outline import outline
from workers.traits import TRAITS, traits

_WORD = re.compile(r"\w+")
OPTIONS = {
    "objective": "binary", "num_leaves": forest.LEAVES, "learning_rate": 0.07, "min_data_in_leaf": 80, "lambda_l2": 5,
    "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 63, "seed": 1, "verbose": -1,
    "deterministic": True, "force_row_wise": True, "num_threads": 1,
}  # fmt: skip
TREES = 200
SEEN = 4  # decimals of a leaf


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page: its blocks' traits, how many words each has, how many of them are the article's."""

    domain: str
    rows: list[list[int]]
    words: list[int]
    right: list[int]


def lesson(row: dict[str, Any], folder: Path) -> Lesson:
    """Read a page and mark its blocks by the labelled text."""
    path = folder / row["file"]
    source = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode(
        "utf-8", "replace"
    )
    tree = markup.parse(source, row.get("url", ""))
    found = metadata.read(tree, metadata.Known("", datetime.now(UTC), {}))
    page = outline(tree)
    words, right = covered([block.text for block in page.blocks], row["text"])
    rows = traits(page, said(found))
    return Lesson(row["domain"], [r for _, r in rows], [words[at] for at, _ in rows], [right[at] for at, _ in rows])


def covered(texts: list[str], truth: str) -> tuple[list[int], list[int]]:
    """Words of each text, and how many of them stand in a run of four words that the truth has too."""
    owner, words = [], []
    for at, text in enumerate(texts):
        found = _WORD.findall(text)
        words += found
        owner += [at] * len(found)
    given = _WORD.findall(truth)
    runs = set(zip(given, given[1:], given[2:], given[3:], strict=False))
    hit = [False] * len(words)
    for at in range(len(words) - 3):
        if (words[at], words[at + 1], words[at + 2], words[at + 3]) in runs:
            hit[at : at + 4] = [True] * 4
    counts, right = [0] * len(texts), [0] * len(texts)
    for at, good in zip(owner, hit, strict=True):
        counts[at] += 1
        right[at] += good
    return counts, right


def train(lessons: Iterable[Lesson]) -> dict[str, Any]:
    """The trees as forest.json has them. Long blocks and short pages weigh more, as they do in the score."""
    import lightgbm
    import numpy

    rows, labels, weights = [], [], []
    for page in lessons:
        total = sum(page.words) or 1
        for row, words, right in zip(page.rows, page.words, page.right, strict=True):
            if words:
                rows.append(row)
                labels.append(2 * right >= words)
                weights.append((words + 3) ** 0.7 / total**0.3)
    given = lightgbm.Dataset(numpy.array(rows, dtype=numpy.float32), numpy.array(labels), weight=numpy.array(weights))
    return packed(lightgbm.train(OPTIONS, given, TREES).dump_model())


def packed(model: dict[str, Any]) -> dict[str, Any]:
    """A trained model's trees, splits and leaves numbered from left to right."""
    trees = []
    for tree in model["tree_info"]:
        splits: list[list[int]] = []
        leaves: list[float] = []
        _walk(tree["tree_structure"], splits, leaves)
        trees.append({"splits": splits, "leaves": leaves})
    return {"traits": list(TRAITS), "trees": trees}


def _walk(node: dict[str, Any], splits: list[list[int]], leaves: list[float]) -> None:
    if "leaf_value" in node:
        leaves.append(round(node["leaf_value"], SEEN))
        return
    start = len(leaves)
    _walk(node["left_child"], splits, leaves)
    splits.append([node["split_feature"], int(node["threshold"]), start, len(leaves)])
    _walk(node["right_child"], splits, leaves)


def write(path: Path, found: dict[str, Any]) -> None:
    """One line per tree, so that a change of one is seen as one."""
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in found["trees"])
    traits = json.dumps(found["traits"])
    path.write_text(f'{{"traits": {traits},\n"trees": [\n{lines}\n]}}\n', "utf-8")


def main() -> None:
    """Train, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=Path("workers/forest.json"))
    parser.add_argument("--unseen", type=Path)
    given = parser.parse_args()
    truth = json.loads((given.folder / "truth.json").read_text("utf-8"))
    lessons = [lesson(row, given.folder) for row in truth.values()]
    write(given.output, train(lessons))
    if given.unseen:
        given.unseen.mkdir(parents=True, exist_ok=True)
        left: dict[str, Callable[[str], bool]] = {"held": held}
        left |= {str(n): (lambda domain, n=n: held(domain) or fold(domain) == n) for n in range(FOLDS)}
        for name, out in left.items():
            write(given.unseen / f"{name}.json", train(page for page in lessons if not out(page.domain)))


if __name__ == "__main__":
    main()
