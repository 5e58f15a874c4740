"""CPU of our extraction against trafilatura with metadata over the same pages: `extraction.py FOLDER [--output FILE]`.

FOLDER holds pages (*.html or *.html.gz) and perhaps a truth.json beside or above them that names each page's address
({id: {"file", "url"}}). Both extractors see each page once after a warm-up round, in random order, in one process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction

from ingest.errors import GiveUp
from workers import extract


def pages(folder: Path) -> list[Path]:
    """The stored pages of a folder, in a stable order."""
    return sorted(p for p in folder.rglob("*.html*") if p.name.endswith((".html", ".html.gz")))


def addresses(folder: Path) -> dict[str, str]:
    """File name -> address, as far as a truth.json says."""
    found = [p for p in (folder / "truth.json", folder.parent / "truth.json") if p.is_file()]
    rows = json.loads(found[0].read_text("utf-8")) if found else {}
    return {Path(row.get("file", key)).name: row["url"] for key, row in rows.items() if row.get("url")}


def ours(page: extract.Page) -> dict[str, Any]:
    """One line of `extract --json`."""
    try:
        article = extract.extract(page)
    except GiveUp as refusal:
        return {"text": None, "reason": str(refusal.reason), "detail": refusal.detail}
    published = article.published.iso() if article.published else None
    said = {"title": article.title, "authors": article.authors, "published": published, "language": article.language}
    return {"text": article.text, **said, "fields": article.fields, "confidence": article.confidence}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process, and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    """Run both over the folder and print the ratio; with --output write our lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    order, known = random.Random(args.seed), addresses(args.folder)
    spent: dict[str, list[float]] = {"ours": [], "theirs": []}
    rows: list[dict[str, Any]] = []
    extract.warm()
    bare_extraction("<html><body><p>" + "warm it up. " * 200 + "</p></body></html>", with_metadata=True)
    for path in pages(args.folder):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        url = known.get(path.name) or "http://unknown.invalid/article"
        text = body.decode("utf-8", "replace")
        page = extract.Page(body, url, datetime.now(UTC))
        runs: dict[str, Callable[[], Any]] = {
            "ours": partial(ours, page),
            "theirs": partial(bare_extraction, text, url=url, with_metadata=True),
        }
        for name in order.sample(sorted(runs), 2):
            seconds, result = timed(runs[name])
            spent[name].append(seconds)
            if name == "ours":
                rows.append({"file": path.name, "url": url, **result})
    report(spent)
    if args.output:
        args.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def report(spent: dict[str, list[float]]) -> None:
    """Means, medians and the ratios between the two."""
    if not spent["ours"]:
        sys.exit("no pages there")
    for name, seconds in spent.items():
        mean, median = 1000 * statistics.mean(seconds), 1000 * statistics.median(seconds)
        print(f"{name:<7} {len(seconds)} pages, mean {mean:.1f} ms, median {median:.1f} ms")
    each = [a / b for a, b in zip(spent["ours"], spent["theirs"], strict=True) if b]
    print(
        f"ratio of sums {sum(spent['ours']) / sum(spent['theirs']):.3f}, median of ratios {statistics.median(each):.3f}"
    )


if __name__ == "__main__":
    main()
