"""Dress an invented article up as a page, in one of the designs of designs/ (pure)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from workers.newsroom.invent import Story

_FOLDER = Path(__file__).with_name("designs")
_DESIGNS = 4
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page needs beside its story."""

    canonical: str  # absolute
    published: datetime
    updated: datetime
    others: Sequence[Story] = ()  # teased beside the article
    charset: str = "utf-8"


@cache
def _design(name: str) -> Template:
    return Template((_FOLDER / f"{name}.html").read_text("utf-8"))


def fixed(name: str) -> bytes:
    """A page that is no article and always the same: `consent` or `missing`."""
    return _design(name).template.encode()


def article(story: Story, sheet: Sheet, design: int) -> bytes:
    """The article's page; the design number goes round."""
    words = _words(story, sheet)
    main = _design(str(design % _DESIGNS)).substitute(words, body=_body(story))
    linked = "" if design % _DESIGNS == 3 else _linked(story, sheet)
    page = _design("article").substitute(words, main=main, linked=linked)
    return page.encode(sheet.charset, "xmlcharrefreplace")


def _words(story: Story, sheet: Sheet) -> dict[str, str]:
    names = ("most_read", "newsletter", "share", "rights", "related", "imprint", "contact", "advert")
    words = dict(zip(names, story.furniture, strict=True)) | {
        "language": story.language,
        "charset": sheet.charset,
        "title": story.title,
        "canonical": sheet.canonical,
        "author": story.author,
        "teaser": story.teaser,
        "published": sheet.published.isoformat(),
        "updated": sheet.updated.isoformat(),
        "day": f"{sheet.published:%Y-%m-%d %H:%M}",
    }
    escaped = {name: escape(word) for name, word in words.items()}
    others = "".join(f'<li><a href="/{o.number}">{escape(o.title)}</a></li>' for o in sheet.others)
    menu = "".join(f'<li><a href="/{n}/">{escape(word)}</a></li>' for n, word in enumerate(story.menu))
    return escaped | {"others": others, "menu": menu}


def _body(story: Story) -> str:
    return "\n".join(f"<h2>{escape(p.text)}</h2>" if p.head else f"<p>{escape(p.text)}</p>" for p in story.paragraphs)


def _linked(story: Story, sheet: Sheet) -> str:
    """The same facts as JSON-LD."""
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "inLanguage": story.language,
        "datePublished": sheet.published.isoformat(),
        "dateModified": sheet.updated.isoformat(),
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": "The Demo Gazette"},
        "mainEntityOfPage": sheet.canonical,
    }
    text = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
