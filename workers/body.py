"""Cut an extracted body down to the article's own paragraphs: no headline, no byline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workers import byline, normalise
from workers.metadata import Metadata

HEAD = 4  # paragraphs at the start among which a repeated headline or a byline can stand
_RULE = re.compile(r"[|\s:-]+$")


def lines(text: str) -> list[str]:
    """The paragraphs of an extractor's output, one per line; table rows without their frame."""
    found = (normalise.line(_row(line)) for line in text.split("\n"))
    return [line for line in found if line]


def _row(line: str) -> str:
    """A table row's cells apart by a bar; rulers under table heads are nothing."""
    if not line.startswith("|"):
        return line
    return "" if _RULE.match(line) else " | ".join(cell for c in line.strip("| ").split("|") if (cell := c.strip()))


def cut(parts: list[str], found: Metadata) -> list[str]:
    """The paragraphs without the page's headline (in any of its spellings) and bylines at the start."""
    heads = _headlines(found)
    names = {normalise.bare(name) for name in found.chosen.said.authors}
    kept = [p for p in parts[:HEAD] if normalise.bare(p) not in heads and not _byline(p, names)]
    return kept + parts[HEAD:]


def _headlines(found: Metadata) -> set[str]:
    said: Iterable[str | None] = (found.heading, found.title, *(claim.title for claim in found.claims.values()))
    return {key for title in said if title and (key := normalise.bare(title))}


def _byline(part: str, names: set[str]) -> bool:
    """Whether a paragraph names the authors and nothing else."""
    if len(part) > 160 or not names:
        return False
    spoken = {normalise.bare(name) for name in byline.spoken(part)}
    return bool(spoken) and spoken <= names


# Scripts that one language, or nearly one, is written in; told from the letters alone.
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("am", re.compile("[\u1200-\u137f]")),
)


def language(text: str, said: str | None, source: str | None) -> tuple[str | None, str | None]:
    """The language and its source: what was said, unless the letters say another; else what the letters say."""
    sample = text[:2000]
    for code, letters in _SCRIPTS:
        share = len(letters.findall(sample)) / max(1, len(sample))
        if share > (0.1 if code == "ja" else 0.4):
            fits = said and (said.split("-")[0] == code or (code, said.split("-")[0]) in _SHARED)
            return (said, source) if fits else (code, "text")
    return said, source


_SHARED = {("zh", "yue"), ("zh", "ja"), ("he", "yi"), ("am", "ti"), ("zh", "wuu"), ("zh", "ko")}


def confidence(text: str, free: bool | None) -> int:
    """Percent: how sure it is that this is the whole text; less if some is kept for subscribers, or it is short."""
    words = normalise.words(text)
    return (60 if free is False else 100) - (20 if words < 80 else 0)
