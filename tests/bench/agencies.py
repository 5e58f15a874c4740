"""Which news agencies labelled pages are credited to, with the evidence, and what looking for them costs:

    python -m tests.bench.agencies FOLDER [--mentions]

FOLDER is described in tests/bench/labelled.py. Every credit is printed with its place and its words, to be read by a
person; --mentions also prints, for pages without a credit, where short spellings of agencies stand in the text, to see
what was left. The cost is this process's CPU for the search alone, over the texts as they were extracted.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from ingest.errors import GiveUp
from ingest.model import Article
from tests.bench import labelled, pipelines
from tests.bench.labelled import Labelled
from workers import agency, credit, extract
from workers.credit import Around, Credit

TIMES = 20
NEAR = 50  # characters shown on either side of a mention


def read(page: Labelled) -> tuple[Article, Around, tuple[Credit, ...]] | None:
    """The article of a page, what stands around it, and its credits; None where the page is refused."""
    seen: list[tuple[Article, Around, tuple[Credit, ...]]] = []

    def watched(article: Article, around: Around) -> tuple[Credit, ...]:
        seen.append((article, around, credit.credits(article, around)))
        return seen[-1][2]

    with patch.object(extract, "credit", type("Watched", (), {"credits": watched, "sources": credit.sources})):
        try:
            extract.extract(pipelines.given(page))
        except GiveUp:
            return None
    return seen[-1]


def mentions(text: str) -> Iterator[str]:
    """Where a text names an agency by a spelling that stands for it."""
    known = agency.table()
    spelled = [*known.names, *(word for word, named in known.exact.items() if named.trust >= agency.Trust.MARK)]
    for name in spelled:
        flags = re.IGNORECASE if name in known.names else 0
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            yield text[max(0, match.start() - NEAR) : match.end() + NEAR].replace("\n", "¶")


def cost(found: list[tuple[Article, Around]]) -> list[float]:
    """CPU seconds of one search, for each article."""
    spent = []
    for article, around in found:
        start = time.process_time()
        for _ in range(TIMES):
            credit.credits(article, around)
        spent.append((time.process_time() - start) / TIMES)
    return spent


def main() -> None:
    """Print credits, counts, mentions and cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mentions", action="store_true")
    given = parser.parse_args()
    extract.warm()
    texts: list[tuple[Article, Around]] = []
    places: Counter[str] = Counter()
    credited = 0
    for page in labelled.pages(given.folder):
        if (found := read(page)) is None:
            continue
        article, around, credits = found
        texts.append((article, around))
        credited += bool(credits)
        for one in credits:
            places[f"{one.place}, {one.source}"] += 1
            print(f"{page.file.name[:45]:45} {one.agency:18} {one.place:9} {one.source:9} {one.words[:110]}")
        for line in mentions(article.text) if given.mentions and not credits else ():
            print(f"{page.file.name[:45]:45} - {line}")
    spent = cost(texts)
    print(f"{credited} of {len(texts)} articles are credited; {dict(places.most_common())}")
    print(
        f"CPU of the search: median {1e6 * statistics.median(spent):.0f} us, mean {1e6 * statistics.mean(spent):.0f} us"
    )


if __name__ == "__main__":
    main()
