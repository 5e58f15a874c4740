"""From the bytes of a page to an article, or the reason why there is none; the only file that knows trafilatura."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.external import jt_stoplist_init
from trafilatura.settings import Extractor

from ingest.errors import GiveUp
from ingest.model import Article, Entry, Rejected
from workers import blocks, body, clean, gate, markup, media, metadata, normalise
from workers.signs import Signs

EXTRACTOR = f"wiredesk-1/trafilatura-{version('trafilatura')}"
for _name in ("trafilatura", "htmldate", "justext", "readability", "courlan", "charset_normalizer"):
    logging.getLogger(_name).setLevel(
        logging.CRITICAL + 1
    )  # their messages carry text of pages; our verdicts say it all
# deduplicate stays off: it remembers other pages and then drops this one. target_language drops in silence.
_OPTIONS = Extractor(output_format="python", comments=False, dedup=False, lang=None)


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


def extract(page: Page) -> Article:
    """Read one page; the same page gives the same answer. Raises GiveUp with a Rejected reason if it is no article."""
    media.refuse(page.body, page.content_type, page.url)
    try:
        return _read(page)
    except RecursionError as error:
        raise GiveUp(Rejected.TOO_COMPLEX, page.url, "nested too deeply") from error
    except MemoryError as error:
        raise GiveUp(Rejected.TOO_COMPLEX, page.url, "needs too much memory") from error


def warm() -> None:
    """Load what the libraries load on first use, so that a process forked from this one starts with it."""
    jt_stoplist_init()
    sample = b"<html><head><title>Warm</title></head><body><article><h1>Warm</h1>%s</article></body></html>"
    page = Page(
        sample % (b"<p>" + b"A sentence to warm up with, and one more. " * 20 + b"</p>"),
        "http://warm.invalid/up",
        datetime.now(UTC),
    )
    extract(page)


def _read(page: Page) -> Article:
    read = markup.read(page.body, page.content_type, page.url)
    known = metadata.Known(page.url, page.now, page.headers, page.entry, page.zone)
    found = metadata.read(read.tree, known)
    if page.whole:
        return _article(blocks.paragraphs(read.tree), found, None)
    signs = Signs(read.tree, read.source, found, page.headers, page.url, page.entry is not None)
    gate.refuse_unread(signs)
    raw, tree = _extracted(read.tree)
    parts = body.cut(body.lines(raw), found)
    gate.refuse_read(signs, parts)
    return _article(parts, found, clean.html(tree, parts) if page.html else None)


def _extracted(tree: HtmlElement) -> tuple[str, _Element | None]:
    """The body as trafilatura finds it, one line per block, and its tree; empty where it finds none."""
    document = bare_extraction(tree, options=_OPTIONS)
    if document is None or isinstance(document, dict):
        return "", None
    return document.text or "", document.body


def _article(parts: list[str], found: metadata.Metadata, html: str | None) -> Article:
    text = normalise.join(parts)
    said = found.chosen.said
    language, source = body.language(text, said.language, found.chosen.fields.get("language"))
    fields = {
        **{k: v for k, v in found.chosen.fields.items() if k not in ("free", "kinds", "language")},
        "text": "text",
    }
    if source:
        fields["language"] = source
    return Article(
        text=text,
        title=said.title,
        authors=said.authors,
        published=said.published,
        modified=said.modified,
        language=language,
        canonical=said.canonical,
        publisher=said.publisher,
        section=said.section,
        keywords=said.keywords,
        description=said.description,
        picture=said.picture,
        rights=said.rights,
        html=html,
        confidence=body.confidence(text, said.free),
        fields=fields,
    )
