"""Labelled pages, and for each the trees that never saw its site: FOLDER/truth.json and the pages that it names.

truth.json is {id: {"file", "text", "domain", "source", "url"}}; files are .html or .html.gz, their bytes UTF-8.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench.split import fold, held
from workers import forest
from workers.forest import Forest

BLOGS = "wcxb-article"  # the source that is no news

Trees = Callable[["Labelled"], Forest]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One page with the text that its article has."""

    file: Path
    text: str
    domain: str
    source: str
    address: str  # where it was fetched once; empty if nobody noted it

    @property
    def stored(self) -> str:
        """The address that `wiredesk extract FILE` gives it."""
        return self.file.resolve().as_uri()

    def body(self) -> bytes:
        """Its bytes."""
        raw = self.file.read_bytes()
        return gzip.decompress(raw) if self.file.suffix == ".gz" else raw


def pages(folder: Path, part: str = "") -> list[Labelled]:
    """All labelled pages, those of the sites "held" back, or those of the others ("tuning"); in order of the labels."""
    rows: dict[str, dict[str, Any]] = json.loads((folder / "truth.json").read_text("utf-8"))
    found = [
        Labelled(folder / row["file"], row["text"], row["domain"], row.get("source", "all"), row.get("url", ""))
        for row in rows.values()
    ]
    return [page for page in found if not part or held(page.domain) == (part == "held")]


def groups(found: Iterable[Labelled]) -> dict[str, list[int]]:
    """The places of the pages of each group: all, news, and every source."""
    named: dict[str, list[int]] = {"all": [], "news": []}
    for at, page in enumerate(found):
        for name in ("all", *(["news"] if page.source != BLOGS else []), page.source):
            named.setdefault(name, []).append(at)
    return {name: places for name, places in named.items() if places}


def trees(unseen: Path | None) -> Trees:
    """Which trees read a page: those delivered, or from a folder of `training --unseen` those blind to its site."""
    if unseen is None:
        return lambda _: forest.trained()

    @cache
    def stored(name: str) -> Forest:
        return forest.read(json.loads((unseen / f"{name}.json").read_text("utf-8")))

    return lambda page: stored("held" if held(page.domain) else str(fold(page.domain)))
