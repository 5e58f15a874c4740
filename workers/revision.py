"""What a new version is to the one before: an update, a correction, or churn that is no event (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from ingest.links import digest
from ingest.model import Article
from workers import changes, churn, corrections, event
from workers.event import Facts, Kind
from workers.normalise import bare, label

LONGEST = 2_000_000  # characters of two versions together: to compare a million takes seconds


@dataclass(frozen=True, slots=True)
class Titles:
    """Digests of the title as the page alone says it, and as the entry said it that led to this look; "" for none."""

    page: str = ""
    feed: str = ""

    @classmethod
    def of(cls, article: Article, hint: Mapping[str, Any]) -> Self:
        """The titles of one look."""
        return cls(_digest(article.headline), _digest(hint.get("title")))


def revise(facts: Facts, before: Mapping[str, Any], now: Titles, then: Titles) -> tuple[Facts, bool]:
    """The facts of a version as told against the event before it, and whether nothing of the story changed.

    `before` is empty when that event is no longer kept, and has no text when it withdrew the document: then the version
    is an update whatever it says, as are texts of megabytes. A title stands until the one who gave it gives another.
    """
    article = facts.article
    text = event.with_text(dict(before)).get("text") if before else None
    if article is None or text is None:
        return facts, False
    long = text != article.text and len(text) + len(article.text) > LONGEST
    change, old = None if long else changes.compare(text, article.text), before.get("title") or ""
    title = _title(article, old, now, then)
    facts = replace(facts, article=replace(article, title=title or None), change=change)
    if change is None:
        return facts, False
    if corrections.corrects(change, old, title):
        return replace(facts, kind=Kind.CORRECTED), False
    return facts, bare(title) == bare(old) and (churn.cosmetic(change) or _walled(article, change))


def renewed(facts: Facts, before: Mapping[str, Any], corrects: bool) -> Facts:
    """The same of a wire's version: a correction if its agency says so (`corrects`), or a note in its text does."""
    article = facts.article
    text = event.with_text(dict(before)).get("text") if before else None
    told = article is not None and text is not None and len(text) + len(article.text) <= LONGEST
    change = changes.compare(text, article.text) if told and article is not None and text is not None else None
    title = article.title or "" if article is not None else ""
    noted = change is not None and corrections.corrects(change, before.get("title") or "", title)
    return replace(facts, kind=Kind.CORRECTED if corrects or noted else Kind.UPDATED, change=change)


def _walled(article: Article, change: changes.Change) -> bool:
    """Whether a paywall went up before a text that was open: nothing is new, and half of it or more is gone."""
    return article.free is False and len(change.removed) >= change.kept and all(map(churn.furniture, change.added))


def _title(article: Article, old: str, now: Titles, then: Titles) -> str:
    if now.feed and then.feed and now.feed != then.feed:
        return article.title or old
    if now.page and then.page and now.page != then.page:
        return article.headline or old
    return old or article.title or ""


def _digest(title: str | None) -> str:
    return digest("title", bare(label(title)), size=6) if title else ""
