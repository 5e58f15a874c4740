"""Check the languages that articles were given against the text itself: `languages.py OUTPUT.jsonl [--by py3langid]`.

OUTPUT.jsonl is what `wiredesk extract --json` wrote. Nothing labels the language of stored pages, so each is judged by
an identifier that does not see what the page says of itself: our little words (workers/language.py), and with --by one
of the libraries py3langid, lingua or resiliparse, which are no dependencies (`uv run --with py3langid ...`). A page on
which both sides differ is printed with both answers, for a human to decide.
"""

from __future__ import annotations

import argparse
import importlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workers.language import language

SAME = {"nb": "no", "nn": "no", "bs": "hr", "sr": "hr", "ms": "id"}  # too near to call it a disagreement


def ours(text: str) -> str | None:
    """The language by our little words alone."""
    return language(text, None, None)[0]


def library(name: str) -> Callable[[str], str | None]:
    """The identifier of a library."""
    if name == "lingua":
        built = importlib.import_module("lingua").LanguageDetectorBuilder.from_all_languages()
        detector = built.with_low_accuracy_mode().build()
        return lambda text: str(detector.detect_language_of(text[:2000]).iso_code_639_1.name).lower()
    if name == "resiliparse":
        detect = importlib.import_module("resiliparse.parse.lang").detect_fast
        return lambda text: str(detect(text[:2000])[0])
    classify = importlib.import_module(name).classify
    return lambda text: str(classify(text[:2000])[0])


def bare(tag: str | None) -> str | None:
    """The language of a tag without script and country, neighbours as one."""
    plain = (tag or "").partition("-")[0]
    return SAME.get(plain, plain) or None


def compare(rows: list[dict[str, Any]], tell: Callable[[str], str | None]) -> tuple[Counter[str], list[str]]:
    """How many pages agree, differ or are not told, by where their language came from; and those that differ."""
    counts: Counter[str] = Counter()
    lines = []
    for row in rows:
        given, source = row.get("language"), row.get("fields", {}).get("language", "nobody")
        told = tell(row["text"])
        verdict = "not told" if not told else "agree" if bare(told) == bare(given) else "differ"
        counts[f"{'text' if source == 'text' else 'stated' if given else 'none'}: {verdict}"] += 1
        if verdict == "differ":
            lines.append(f"  {row['file']}: given {given} from {source}, the text looks like {told}")
    return counts, lines


def main() -> None:
    """Print how often a language is given, from which source, and how far it agrees with the text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--by", choices=["py3langid", "lingua", "resiliparse"])
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.output.read_text("utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row.get("text")]
    share = sum(bool(row.get("language")) for row in rows) / max(1, len(rows))
    sources = Counter(row.get("fields", {}).get("language", "nobody") for row in rows)
    print(f"{len(rows)} articles, language given for {share:.4f}; by source: {dict(sources)}")
    for name, tell in (("little words", ours), *([(given.by, library(given.by))] if given.by else [])):
        counts, lines = compare(rows, tell)
        print(f"{name}: {dict(sorted(counts.items()))}", *lines, sep="\n")


if __name__ == "__main__":
    main()
