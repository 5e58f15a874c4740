"""Choose a page's headline among what its sources say, and take the site's name and kickers off it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workers import normalise

LONGEST = 400  # characters; longer h1 elements hold more than a headline
ALIKE = 0.25  # a heading that shares less with every other title of the page is not its headline
SHORT = 15  # characters; a title shorter than this is too little to prefer it to a longer one
_BETWEEN = re.compile(r"\s+[|–—·•»:∙›~/-]+\s+|\s*[|｜ㅣ│¦]\s*|\s+::\s+")
_KICKER = re.compile(r"[:|–—•-]\s*$")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Site:
    """The names by which a site calls itself, letters and digits only, and the labels of its host."""

    names: frozenset[str]
    labels: frozenset[str]


def site(names: Iterable[str | None], hosts: Iterable[str | None]) -> Site:
    """What is known of the site's own names; top-level domains are none."""
    labels: set[str] = set()
    for host in hosts:
        parts = [p for p in (host or "").lower().split(".") if p not in ("www", "co", "com", "org", "net")]
        labels |= {normalise.bare(p) for p in parts[:-1] or parts} | {normalise.bare((host or "").removeprefix("www."))}
    found = {normalise.bare(name) for name in names if name}
    return Site(frozenset(n for n in found if n), frozenset(label for label in labels if label))


def house(part: str, known: Site) -> bool:
    """Whether a text is the site's name, or nearly: "Paper Blog" of "Paper", "paper" of news.paper.test."""
    bare = normalise.bare(part)
    if not bare or bare in known.names or bare in known.labels:
        return True
    for name in known.names:
        if len(bare) >= 4 and (name.startswith(bare) or name.endswith(bare)):
            return True
        if len(name) >= 4 and bare.startswith(name) and len(bare) - len(name) <= 12:
            return True
    return any(len(n) >= 4 and len(bare) >= 5 and (bare.startswith(n) or bare in n) for n in known.labels) and (
        len(bare) <= 6 + max((len(n) for n in known.labels), default=0)
    )


def without_site(text: str, known: Site) -> str:
    """A headline without the site's name at its end or start ("Headline | The Paper")."""
    for _ in range(2):
        gaps = list(_BETWEEN.finditer(text))
        if not gaps:
            break
        if house(text[gaps[-1].end() :], known):
            text = text[: gaps[-1].start()]
        elif house(text[: gaps[0].start()], known):
            text = text[gaps[0].end() :]
        else:
            break
    return text


def heading(texts: Sequence[str], others: Sequence[str], known: Site, least: float = ALIKE) -> int | None:
    """Which of a page's headings is its headline: the one most like its other titles, by position; None if none is."""
    best, found = least, None
    for at, text in enumerate(texts):
        if not 0 < len(text) <= LONGEST or house(text, known):
            continue
        likeness = max((alike(text, other) for other in others), default=1.0)
        if likeness > best or (likeness == best and found is None):
            best, found = likeness, at
    return found


def alike(one: str, other: str) -> float:
    """How many of their words two titles share: 0 to 1 (Dice); pairs of letters where words stand without spaces."""
    a, b = _words(one), _words(other)
    return 2 * len(a & b) / max(1, len(a) + len(b))


def _words(text: str) -> set[str]:
    found = _WORD.findall(text.casefold())
    if len(found) > 2 or text.isascii():
        return set(found)
    return {text[i : i + 2] for i in range(len(text) - 1)}


def order(newsroom: bool) -> tuple[str, ...]:
    """The sources in the order in which their titles are believed.

    The headline of a NewsArticle comes from an editor; that of any other JSON-LD usually from a plug-in for search
    engines, and there what readers see is better.
    """
    return ("feed", "json-ld", "html", "opengraph", "text") if newsroom else (
        "feed", "html", "json-ld", "opengraph", "text"
    )  # fmt: skip


def choose(titles: Mapping[str, str | None], newsroom: bool) -> tuple[str, str] | None:
    """The title and its source: the first in order, without a kicker that the one for sharing leaves away."""
    said = [(title, source) for source in order(newsroom) if (title := titles.get(source))]
    if not said:
        return None
    best, source = said[0]
    shared = titles.get("opengraph")
    if source != "feed" and shared and SHORT <= len(shared) < len(best) and best.endswith(shared):
        return (shared, "opengraph") if _KICKER.search(best[: -len(shared)]) else (best, source)
    return best, source
