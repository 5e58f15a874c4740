"""Stories and relations by our command and by other methods over labelled documents, in one table:

    python -m tests.bench.relations DOCS.jsonl --labels LABELS.json [--orders 3] [--seed 1] [--only ours|others]

DOCS: one {id, text, title?, published?} a line, in the order of arrival. LABELS: {id: {story, kind, family, base}}.
Ours is `python -m workers.cli stories FILE --json`, once in the file's order and once in each shuffled one; the others
do not depend on the order. The measures are described in tests/bench/grouping.py, the others in tests/bench/rivals.py.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench import grouping
from tests.bench.grouping import Figures, Found, Label
from tests.bench.rivals import RIVALS

ROW = "{:<24} {:>9} {:>7} {:>7} {:>7} {:>7} {:>8} {:>7}"
KINDS = 9  # columns of a table of kinds


@dataclass(frozen=True)
class Document:
    """One line of the file."""

    name: str
    text: str
    line: str


def read(docs: Path, labels: Path) -> tuple[list[Document], dict[str, Label]]:
    """The documents that have a label, in the file's order, and the labels of those."""
    known = json.loads(labels.read_text("utf-8"))
    found = []
    for line in docs.read_text("utf-8").splitlines():
        given = json.loads(line)
        if str(given["id"]) in known:
            found.append(Document(str(given["id"]), given["text"], line))
    rows = {d.name: known[d.name] for d in found}
    names = ("story", "kind", "family", "base")
    return found, {name: Label(*(str(row.get(field) or "") for field in names)) for name, row in rows.items()}


def ours(documents: Sequence[Document]) -> dict[str, Found]:
    """What the command says of the documents in this order. Raises SystemExit with its message where it fails."""
    with tempfile.TemporaryDirectory(prefix="relations-") as folder:
        path = Path(folder) / "docs.jsonl"
        path.write_text("\n".join(d.line for d in documents) + "\n", "utf-8")
        words = [sys.executable, "-m", "workers.cli", "stories", str(path), "--json"]
        done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"wiredesk stories ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {str(r["id"]): Found(json.dumps(r["story"]), r.get("relation") or "", str(r.get("of") or "")) for r in rows}


def measured(documents: Sequence[Document], labels: dict[str, Label]) -> Figures:
    """The figures of our command for one order."""
    found = ours(documents)
    texts = {d.name: d.text for d in documents}
    share = grouping.related(list(texts), texts, labels, found)
    return replace(grouping.figures(labels, found), related=share)


def table(rows: dict[str, Figures]) -> str:
    """Everything, for people."""
    lines = [ROW.format("method", "precision", "recall", "F1", "ARI", "false", "merges", "related")]
    for name, f in rows.items():
        false = sum(f.false.values())
        share = "" if f.related is None else f"{f.related:.4f}"
        cells = (f"{f.precision:.4f}", f"{f.recall:.4f}", f"{f.f1:.4f}", f"{f.ari:.4f}")
        lines.append(ROW.format(name, *cells, false, f"{_merged(f):.2%}", share))
    lines += ["", "false pairs by family:", *(f"  {name:<24} {_families(f)}" for name, f in rows.items())]
    return "\n".join([*lines, "", "share of a kind's documents in the story of their base:", *_kinds(rows)])


def _merged(figures: Figures) -> float:
    """False pairs as a share of all pairs put together."""
    return 1 - figures.precision


def _families(figures: Figures) -> str:
    most = sorted(figures.false.items(), key=lambda item: -item[1])
    return ", ".join(f"{one} + {other} {count}" for (one, other), count in most[:8]) or "none"


def _kinds(rows: dict[str, Figures]) -> list[str]:
    kinds = sorted({kind for f in rows.values() for kind in f.kept})
    lines = []
    for start in range(0, len(kinds), KINDS):
        part = kinds[start : start + KINDS]
        lines.append(f"  {'':<24} " + " ".join(f"{kind[:10]:>10}" for kind in part))
        for name, f in rows.items():
            lines.append(f"  {name:<24} " + " ".join(f"{f.kept.get(kind, 0):>10.3f}" for kind in part))
    return lines


def orders(documents: list[Document], count: int, seed: int) -> dict[str, list[Document]]:
    """The file's order and `count` shuffled ones, by name."""
    found = {"ours, file's order": documents}
    for number in range(1, count + 1):
        found[f"ours, shuffled {number}"] = random.Random(f"{seed}:{number}").sample(documents, len(documents))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--orders", type=int, default=3, help="shuffled orders beside the file's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("ours", "others"), default="")
    given = parser.parse_args()
    documents, labels = read(given.docs, given.labels)
    rows: dict[str, Figures] = {}
    for name, rival in RIVALS.items() if given.only != "ours" else ():
        try:
            rows[name] = grouping.figures(labels, rival({d.name: d.text for d in documents}))
        except ImportError as error:
            print(f"{name}: {error.name} is not installed (see tests/bench/rivals.py)", file=sys.stderr)
    for name, order in orders(documents, given.orders, given.seed).items() if given.only != "others" else ():
        begun = time.monotonic()
        rows[name] = measured(order, labels)
        print(f"{name}: {time.monotonic() - begun:.1f} s", file=sys.stderr)
    print(f"{len(documents)} documents in {len({v.story for v in labels.values()})} stories\n\n{table(rows)}")


if __name__ == "__main__":
    main()
