"""Wire copy as an article: what an agency's item says, in the words of every other document."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from ingest import intake, tidy
from ingest.intake import Source
from ingest.item import Item, Subject
from ingest.links import URN
from ingest.message import RECOVERED
from ingest.model import Article
from ingest.wire.parts import subjects
from workers import byline, credit, ninjs, normalise
from workers.claims import WIRE
from workers.credit import Around
from workers.language import language
from workers.place import place

MENDED = 60  # percent; of what was recovered from a broken message
_OPENING = re.compile(r"([^\W\d_][^()\n]{1,60}?) \([\w ./-]{2,20}\) ?[-–—]+ ")  # PLACE (AGENCY) - begins a text


def article(item: Item, markup: bool = False) -> Article:
    """The article of an item; with `markup` also as HTML."""
    text = _text(item)
    spoken, source = language(text, tidy.language(item.language), WIRE)
    said = {"title": item.headline, "authors": item.byline, "published": item.published, "keywords": item.keywords}
    fields = {name: WIRE for name, value in said.items() if value}
    found = Article(
        text=text,
        title=normalise.label(item.headline) if item.headline else None,
        authors=_authors(item.byline),
        published=item.created or item.published,
        modified=item.published if item.created else None,
        language=spoken,
        keywords=item.keywords,
        description=item.summary if item.body else None,
        html="".join(f"<p>{html.escape(p, quote=False)}</p>" for p in text.split("\n\n")) if markup else None,
        confidence=MENDED if RECOVERED in item.notes else 100,
        fields={**fields, "text": WIRE, **({"language": source} if source else {})},
    )
    return _credited(found, item)


def wire(item: Item, source: Source) -> ninjs.Wire:
    """What only wire items say."""
    return ninjs.Wire(
        guid=intake.identity(item),
        version=item.version or "",
        created=item.published.local() if item.published else "",
        status="canceled" if intake.killed(item) else "usable",
        embargoed=item.embargoed.at if item.embargoed else None,
        content_created=item.created.at if item.created else None,
        urgency=item.urgency,
        slugline=item.slugline,
        dateline=_place(item),
        subjects=tuple(_concept(subject) for subject in item.subjects),
        genres=item.genres,
        people=item.people,
        places=item.places,
        organisations=item.organisations,
        credit=item.credit,
        usage=item.usage_terms,
        copyright_notice=item.copyright_notice,
        copyright_holder=item.copyright_holder,
        related=tuple(_related(item, source)),
    )


def names(item: Item) -> tuple[tuple[str, str], ...]:
    """(role, value) of every name an item goes by."""
    known = (("guid", item.guid), ("url", item.link))
    return tuple((role, value) for role, value in known if value)


def _place(item: Item) -> str | None:
    """Where it was written: a field of its own, else the place of the dateline, which may be the text's first words."""
    if item.located or (found := place(item.dateline or "")):
        return item.located or found
    opening = _OPENING.match(item.body)
    return place(opening[1]) if opening else None


def _text(item: Item) -> str:
    """The text without a headline or byline that its agency repeats at its top."""
    parts = normalise.paragraphs(intake.text(item))
    above = {normalise.bare(line) for line in (item.headline, item.byline) if line}
    while len(parts) > 1 and normalise.bare(parts[0]) in above:
        parts = parts[1:]
    return normalise.join(parts)


def _concept(subject: Subject) -> ninjs.Concept:
    """A subject by the address its code stands for, or by the code where nobody publishes one."""
    whole = subjects.address(subject.code) if subject.code else ""
    known = whole.startswith(("http://", "https://"))
    return ninjs.Concept(whole if known else None, None if known else subject.code, subject.name)


def _authors(line: str | None) -> tuple[str, ...]:
    if not line:
        return ()
    alone = normalise.line(line)
    return byline.spoken(line) or byline.listed([alone]) or (alone,)


def _credited(found: Article, item: Item) -> Article:
    """The article with the agencies it is credited to: by its own words, its byline, and who sent it."""
    stated = {WIRE: tuple(filter(None, (item.credit, item.byline, item.copyright_holder)))}
    agencies = credit.credits(found, Around(names=stated))
    return replace(found, agencies=tuple(one.agency for one in agencies))


def _related(item: Item, source: Source) -> list[ninjs.Related]:
    """Other items by the uri they have here if they are texts of this wire, else by their own."""
    found = []
    for link in item.links:
        ours = link.kind in ("text", "composite") and not link.target.startswith(("http://", "https://"))
        uri = URN + intake.document(source, link.target) if ours else link.target
        found.append(ninjs.Related(link.rel, uri, link.title or link.target, link.kind))
    return found
