"""From the bytes of a page to an article, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from ingest import intake
from ingest.errors import GiveUp
from ingest.model import Article, Entry, Rejected
from workers import body, clean, copy, credit, forest, gate, markup, media, metadata, normalise, opinion, scripted
from workers.credit import Around
from workers.language import language
from workers.outline import Block, Outline, outline
from workers.signs import Signs

EXTRACTOR = f"wiredesk-2/{opinion.VERSION}"
HIDDEN = 0.7  # how sure a text is that no reader sees
MOST = 30_000  # blocks; a page has some two hundred
SCANT = 200  # letters; a page with less text is searched for one that a script would show


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was fetched, and what is known of it already."""

    body: bytes
    url: str  # of the last hop
    now: datetime  # aware; dates after it are not believed
    content_type: str | None = None  # the header field as it came
    headers: Mapping[str, str] = field(default_factory=dict)  # names lower-cased
    entry: Entry | None = None  # the feed entry that led here: its fields are claims
    zone: ZoneInfo | None = None  # of dates that name none, if the operator gave it
    whole: bool = False  # the body is the article itself (full_text feeds, wires): nothing is cut, no gate
    html: bool = False  # whether Article.html is wanted
    wire: bool = False  # the body is an item of a wire (ingest/intake.py): it says all there is


def extract(page: Page) -> Article:
    """Read one page; the same page gives the same answer. Raises GiveUp with a Rejected reason if it is no article."""
    if page.wire:
        return copy.article(intake.item(page.body), page.html)
    media.refuse(page.body, page.content_type, page.url)
    try:
        return _read(page)
    except RecursionError as error:
        raise GiveUp(Rejected.TOO_COMPLEX, page.url, "nested too deeply") from error
    except MemoryError as error:
        raise GiveUp(Rejected.TOO_COMPLEX, page.url, "needs too much memory") from error


def warm() -> None:
    """Load what the libraries load on first use, so that a process forked from this one starts with it."""
    opinion.warm()
    forest.trained()
    sample = b"<html><head><title>Warm</title></head><body><article><h1>Warm</h1>%s</article></body></html>"
    page = Page(
        sample % (b"<p>" + b"A sentence to warm up with, and one more. " * 20 + b"</p>"),
        "http://warm.invalid/up",
        datetime.now(UTC),
    )
    with suppress(GiveUp):  # whatever the gate thinks of it, everything is loaded
        extract(page)


def _read(page: Page) -> Article:
    read = markup.read(page.body, page.content_type, page.url)
    known = metadata.Known(page.url, page.now, page.headers, page.entry, page.zone)
    found = metadata.read(read.tree, known)
    seen = outline(read.tree)
    if len(seen.blocks) > MOST:
        raise GiveUp(Rejected.TOO_COMPLEX, page.url, f"more than {MOST} pieces of text")
    if page.whole:
        whole = body.shown(seen)
        return _credited(_article(whole, body.paragraphs(whole), 1.0, found, page), Around(names=_names(found)))
    signs = Signs(read.tree, read.source, found, page.headers, page.url, page.entry is not None, walked=seen)
    gate.refuse_unread(signs)
    kept, sure = _body(seen, found, read.tree)
    parts = body.paragraphs(kept)
    gate.refuse_read(signs, parts)
    before, after = body.beside(seen, kept)
    return _credited(_article(kept, parts, sure, found, page), Around(before, after, _names(found)))


def _body(seen: Outline, found: metadata.Metadata, tree: HtmlElement) -> tuple[list[Block], float]:
    """The chosen blocks, and how sure the choice is: a cheap first answer, a costlier second one where that doubts."""
    weighed = body.weigh(seen, body.said(found), forest.trained())
    if weighed.sure() < body.DOUBT and len(seen.blocks) <= opinion.MOST:
        weighed = body.advised(weighed, opinion.text(tree))
    kept = body.chosen(weighed, found)
    prose = sum(block.size for block in kept if block.prose)
    if prose < SCANT and (hidden := scripted.find(tree, found.nodes)).blocks:
        return hidden.blocks, HIDDEN
    return kept, weighed.sure()


def _article(kept: Sequence[Block], parts: list[str], sure: float, found: metadata.Metadata, page: Page) -> Article:
    text = normalise.join(parts)
    said = found.chosen.said
    sources = {name: source for name, source in found.chosen.fields.items() if name != "kinds"}
    confidence, sources["confidence"] = body.confidence(sure, text, said.free)
    spoken, source = language(text, said.language, sources.pop("language", None))
    if source:
        sources["language"] = source
    return Article(
        text=text,
        title=said.title,
        headline=said.title if page.whole else found.chosen.headline,
        authors=said.authors,
        published=said.published,
        modified=said.modified,
        language=spoken,
        canonical=said.canonical,
        publisher=said.publisher,
        section=said.section,
        keywords=said.keywords,
        description=said.description,
        picture=said.picture,
        free=said.free,
        rights=said.rights,
        usage=said.usage,
        notice=said.notice,
        holder=said.holder,
        html=clean.html(kept) if page.html else None,
        confidence=confidence,
        fields={**sources, "text": "text"},
    )


def _names(found: metadata.Metadata) -> dict[str, tuple[str, ...]]:
    """The authors and suppliers that each source names, as they came."""
    return {origin: claim.credited for origin, claim in found.claims.items() if claim.credited}


def _credited(article: Article, around: Around) -> Article:
    """The article with the news agencies that it is credited to."""
    found = credit.credits(article, around)
    if not found:
        return article
    fields = {**article.fields, "agencies": credit.sources(found)}
    return replace(article, agencies=tuple(one.agency for one in found), fields=fields)
