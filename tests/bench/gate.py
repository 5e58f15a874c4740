"""Fit and measure the not-an-article gate by site: `python -m tests.bench.gate CORPUS [--fit] [--ablate] [--held]`.

CORPUS holds dev/truth.json (articles) and other/truth.json (rows with a `kind`), each with its pages under html/.
Nothing is tuned on the sites that tests/bench/split.py holds back; --held reports them. Most articles declare what they
are and are never weighed; here they are all the same, for there are five times as many of them as of the others.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ingest.errors import GiveUp
from tests.bench.split import held
from workers import extract, gate, kinds
from workers.signs import Signs

FOLDS = 10
ROUNDS = 4  # divisions into folds that are averaged
SHRINK = 0.3  # weight of the data against small weights, signs counted in standard deviations
DECLARED = 0.5  # weight of a page that would not be weighed because it declares itself an article
# What a sign can speak for: +1 against an article, -1 for one. A weight of the other direction is left at nought.
TOWARDS = {
    **dict.fromkeys(
        ("goods", "section", "trade", "forum", "boxes", "headlines", "labelled", "priced"),
        1,
    ),
    **dict.fromkeys(("press", "shared", "fullest", "together", "inside", "figures", "storied", "sharing"), -1),
}
KINDS = ("listing", "product", "forum", "other-page")


@dataclass
class Row:
    """One page: what it is, what the gate made of it, and the signs of kinds.measured."""

    name: str
    domain: str
    kind: str
    url: str
    reason: str = ""  # the refusal as the gate stands, empty for a kept page
    stated: bool = False  # an article by its JSON-LD
    article: bool = False  # or by its og:type
    talk: bool = False  # its types or its address say forum
    walled: bool = False  # refused before the signs are weighed
    values: dict[str, float] = field(default_factory=dict)
    spent: float = 0.0  # CPU seconds of the gate

    @property
    def other(self) -> bool:
        """Whether it ought to be refused."""
        return self.kind != "article"


def pages(corpus: Path, addressed: bool) -> Iterator[tuple[Row, Path]]:
    """Every labelled page and its file."""
    for part in ("dev", "other"):
        truth = json.loads((corpus / part / "truth.json").read_text("utf-8"))
        for name, row in truth.items():
            file = row.get("file") or f"html/{name if name.endswith('.gz') else name + '.html.gz'}"
            url = row["url"] if addressed else f"file://{corpus / part / file}"
            yield Row(name, row["domain"], row.get("kind", "article"), url), corpus / part / file


def read(row: Row, file: Path, refuse: tuple[Callable[..., None], Callable[..., None]]) -> Row:
    """Run the whole extraction over a page, listening at the gate."""

    def timed(rule: Callable[..., None], *told: object) -> None:
        start = time.process_time()
        try:
            rule(*told)
        finally:
            row.spent += time.process_time() - start

    def listen(signs: Signs, parts: list[str]) -> None:
        try:
            timed(refuse[1], signs, parts)
        finally:
            row.stated, row.article, row.talk = signs.stated, signs.article, kinds.Facts(signs).talk
            row.values = kinds.measured(signs)

    gate.refuse_unread, gate.refuse_read = partial(timed, refuse[0]), listen
    try:
        extract.extract(extract.Page(gzip.decompress(file.read_bytes()), row.url, datetime.now(UTC)))
    except GiveUp as refusal:
        row.reason = str(refusal.reason)
    return row


@dataclass(frozen=True)
class Fit:
    """Weights for signs in their own units."""

    weights: dict[str, float]
    bias: float

    def points(self, row: Row) -> float:
        """What kinds.judge would say if the page declared nothing."""
        return self.bias + sum(w * row.values[n] for n, w in self.weights.items())


def fit(rows: list[Row], names: list[str]) -> Fit:
    """Logistic regression by coordinate descent, small weights preferred, signs' directions given."""
    columns = {n: [r.values[n] for r in rows] for n in names}
    mean = {n: statistics.fmean(c) for n, c in columns.items()}
    spread = {n: statistics.pstdev(c) or 1.0 for n, c in columns.items()}
    scaled = {n: [(v - mean[n]) / spread[n] for v in c] for n, c in columns.items()}
    truth, heed = [float(r.other) for r in rows], [DECLARED if r.article else 1.0 for r in rows]
    weights, bias, total = dict.fromkeys(names, 0.0), 0.0, [0.0] * len(rows)

    def pull(signs: list[float]) -> tuple[float, float]:
        """Slope and curve of the likelihood along one sign."""
        slope = curve = 0.0
        for x, t, h, z in zip(signs, truth, heed, total, strict=True):
            chance = 1 / (1 + math.exp(-z))
            slope += h * x * (t - chance)
            curve += h * x * x * chance * (1 - chance)
        return slope, curve

    for _ in range(40):
        slope, curve = pull([1.0] * len(rows))
        step = slope / (curve + 1e-9)
        bias, total = bias + step, [z + step for z in total]
        for name in names:
            slope, curve = pull(scaled[name])
            new = weights[name] + (SHRINK * slope - weights[name]) / (SHRINK * curve + 1)
            new = max(0.0, new) if TOWARDS[name] > 0 else min(0.0, new)
            total = [z + (new - weights[name]) * x for z, x in zip(total, scaled[name], strict=True)]
            weights[name] = new
    own = {n: w / spread[n] for n, w in weights.items()}
    return Fit(own, bias - sum(w * mean[n] for n, w in own.items()))


def lessons(rows: list[Row]) -> list[Row]:
    """The pages to learn from: not those that something else than the weights refuses or keeps rightly or wrongly."""
    return [r for r in rows if r.values and not r.walled and not (r.other and r.article)]


def crossed(rows: list[Row], names: list[str], rounds: int = ROUNDS) -> dict[str, float]:
    """Points of every page from fits that have not seen its site: the mean of several divisions."""
    points = {r.name: 0.0 for r in rows if r.values}
    for turn in range(rounds):
        sites = sorted({r.domain for r in rows})
        random.Random(turn).shuffle(sites)
        fold = {site: i % FOLDS for i, site in enumerate(sites)}
        for part in range(FOLDS):
            model = fit([r for r in lessons(rows) if fold[r.domain] != part], names)
            for row in rows:
                if fold[row.domain] == part and row.values:
                    points[row.name] += model.points(row) / rounds
    return points


def told(rows: list[Row], points: dict[str, float], limit: float) -> str:
    """Articles kept and others refused when these points decide; and how many more fell if none declared itself."""

    def refused(row: Row) -> bool:
        claimed = math.inf if row.stated else kinds.CLAIMED * row.article
        return row.walled or points.get(row.name, -99.0) - claimed >= limit

    right, wrong = [r for r in rows if r.other and refused(r)], [r for r in rows if not r.other and refused(r)]
    declared = [r for r in rows if r.article and not r.other]
    bare = sum(points.get(r.name, -99.0) >= limit for r in declared)
    return f"{shares(rows, wrong, right)}; undeclared, {bare} of {len(declared)} more would fall"


def shares(rows: list[Row], wrong: list[Row], right: list[Row]) -> str:
    """One line of shares."""
    articles, others = [r for r in rows if not r.other], [r for r in rows if r.other]
    kinds_ = Counter(r.kind for r in others)
    by = ", ".join(f"{k} {sum(r.kind == k for r in right)}/{n}" for k, n in sorted(kinds_.items()))
    kept, refused = 1 - len(wrong) / len(articles), len(right) / len(others)
    first = f"kept {len(articles) - len(wrong)}/{len(articles)} = {kept:.4f}"
    return f"{first}, refused {len(right)}/{len(others)} = {refused:.3f} ({by})"


def loss(rows: list[Row], points: dict[str, float]) -> float:
    """Mean logistic loss: how sure the points are of the right thing."""
    heed = [DECLARED if r.article else 1.0 for r in lessons(rows)]
    off = [math.log1p(math.exp(-points[r.name] if r.other else points[r.name])) for r in lessons(rows)]
    return sum(h * o for h, o in zip(heed, off, strict=True)) / sum(heed)


def as_it_stands(rows: list[Row], title: str) -> None:
    """What the gate as it stands did."""
    wrong, right = [r for r in rows if not r.other and r.reason], [r for r in rows if r.other and r.reason]
    print(f"{title:<12} {shares(rows, wrong, right)}")
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for row in right + wrong:
        said[row.kind][row.reason] += 1
    for kind, reasons in sorted(said.items()):
        print(f"{'':<12} {kind}: {', '.join(f'{r} {n}' for r, n in reasons.most_common())}")
    spent = [r.spent * 1000 for r in rows]
    plain = [r.spent * 1000 for r in rows if not r.other]
    mean, middle = statistics.fmean(spent), statistics.median(spent)
    print(f"{'':<12} CPU ms a page: mean {mean:.2f}, median {middle:.2f}, articles {statistics.fmean(plain):.2f}")


def main() -> None:
    """Measure; fit and ablate on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--fit", action="store_true", help="print weights fitted on the tuning sites")
    parser.add_argument("--ablate", action="store_true", help="leave out one sign after the other, by cross-validation")
    parser.add_argument("--held", action="store_true", help="also report the sites kept back")
    parser.add_argument("--rows", type=Path, help="keep the measured signs here, and read them from there next time")
    parser.add_argument("--addressed", action="store_true", help="tell every page's address, as the service knows it")
    parser.add_argument("--list", action="store_true", help="name the tuning sites' wrong verdicts")
    asked = parser.parse_args()
    rows = gathered(asked)
    tuned = [r for r in rows if not held(r.domain)]
    as_it_stands(tuned, "tuning sites")
    if asked.held:
        as_it_stands([r for r in rows if held(r.domain)], "held back")
        as_it_stands(rows, "all")
    names = list(kinds.WEIGHTS)
    if asked.fit:
        show(fit(lessons(tuned), names))
    if asked.fit or asked.ablate:
        report(tuned, names, asked.ablate)
    if asked.list:
        wrong = [r for r in tuned if bool(r.reason) != r.other]
        print("\n".join(f"  {r.kind:<10} {r.reason or 'kept':<12} {r.name} {r.domain}" for r in wrong))


def gathered(asked: argparse.Namespace) -> list[Row]:
    """The measured pages, from --rows if it is there; the sites kept back only on request."""
    if asked.rows and asked.rows.is_file():
        return [Row(**r) for r in json.loads(asked.rows.read_text())]
    refuse = gate.refuse_unread, gate.refuse_read
    extract.warm()
    rows = [
        read(row, file, refuse)
        for row, file in pages(asked.corpus, asked.addressed)
        if asked.held or not held(row.domain)
    ]
    for row in rows:
        row.walled = bool(row.reason) and (row.reason not in KINDS or row.talk)
    if asked.rows:
        asked.rows.write_text(json.dumps([asdict(r) for r in rows]))
    return rows


def show(model: Fit) -> None:
    """The table to put into kinds.py."""
    for name, weight in model.weights.items():
        print(f'    "{name}": {weight:.2f},')
    print(f"BIAS = {model.bias:.2f}")


def report(rows: list[Row], names: list[str], ablate: bool) -> None:
    """Cross-validated shares, at several limits and without each sign."""
    points = crossed(rows, names)
    for limit in (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0):
        print(f"cross-validated, limit {limit:+.2f}: {told(rows, points, limit)}")
    print(f"loss {loss(rows, points):.4f}")
    for name in names if ablate else []:
        points = crossed(rows, [n for n in names if n != name], 1)
        print(f"  without {name:<10} loss {loss(rows, points):.4f}  {told(rows, points, kinds.DOUBT)}")


if __name__ == "__main__":
    main()
