"""Read Atom 1.0 (RFC 4287) and 0.3."""

from __future__ import annotations

from lxml import etree

from ingest import elements, tidy
from ingest.body import Body, Odd
from ingest.model import Entry, FeedDocument

_SPACES = ("{http://www.w3.org/2005/Atom}", "{http://purl.org/atom/ns#}")
_PAGES = ("", "text/html", "application/xhtml+xml", "html", "xhtml")


def recognises(body: Body) -> bool:
    """Whether the root is an Atom <feed>."""
    return not body.is_json and body.root.tag in [space + "feed" for space in _SPACES]


def parse(body: Body) -> FeedDocument:
    """Return the feed's entries. Raises Odd for whatever an ordinary Atom file does not do."""
    root = body.root
    head = elements.fields(root)
    entries = elements.inside(root, ("entry", "item"), {root})
    return FeedDocument(
        format="atom",
        entries=tuple(_entry(entry, body) for entry in entries),
        title=_title(head),
        language=elements.language(root, head),
        every=elements.every(head),
    )


def _entry(entry: etree._Element, body: Body) -> Entry:
    found = elements.fields(entry)
    elements.single(found, "title", "id", "published", "updated", "issued", "modified")
    where = elements.base(entry, body)
    guid = elements.first(found, "id")
    summary, content = _text(found, "summary"), _text(found, "content")
    return Entry(
        guid=guid,
        link=_link(found, body) or tidy.permalink(guid),
        title=_title(found),
        published=body.when(elements.first(found, "published", "issued", "dcterms:issued", "created")),
        updated=body.when(elements.first(found, "updated", "modified", "dcterms:modified", "dc:date")),
        authors=elements.people(found, "author", "dc:creator"),
        summary=summary or (None if content else _described(found)),
        content=content,
        language=elements.language(entry, found),
        keywords=elements.keywords(found),
        picture=elements.picture(found, where),
    )


def _link(found: elements.Fields, body: Body) -> str | None:
    """The last alternate that is a page, else any alternate (RFC 4287 section 4.2.7.2: no rel means alternate)."""
    alternates = [
        link
        for link in found.get("link", ())
        if (link.get("rel") or "alternate").lower() == "alternate" and (link.get("href") or "").strip()
    ]
    pages = [link for link in alternates if (link.get("type") or "").lower().partition(";")[0] in _PAGES]
    for link in (*reversed(pages), *alternates):
        return tidy.join(elements.base(link, body), link.get("href"))
    return None


def _kind(element: etree._Element) -> str:
    if element.get("mode") == "base64":
        raise Odd("text in base64")
    kind = (element.get("type") or "text").lower()
    if element.get("mode") == "escaped" and kind == "text":
        return "html"
    return {"text/html": "html", "application/xhtml+xml": "xhtml", "text/plain": "text", "plain": "text"}.get(
        kind, kind
    )


def _title(found: elements.Fields) -> str | None:
    for element in found.get("title", ()):
        words = elements.text(element)
        return (tidy.plain(words) if _kind(element) == "html" else tidy.line(tidy.mended(words))) or None
    return tidy.plain(elements.first(found, "dc:title", "media:title") or "") or None


def _described(found: elements.Fields) -> str | None:
    """As HTML what the medium is said to show that an entry is about (Media RSS 1.5), which is all that films say."""
    for group in found.get("media:group", ()):
        for element in elements.fields(group).get("media:description", ()):
            html = element.get("type") == "html"
            return (elements.markup(element) if html else elements.escaped(elements.text(element))) or None
    return None


def _text(found: elements.Fields, name: str) -> str | None:
    """A text construct as HTML (RFC 4287 section 3.1); content that is no text, or lies elsewhere, is None."""
    for element in found.get(name, ()):
        kind = _kind(element)
        if kind in ("html", "xhtml") or len(element):
            return elements.markup(element)
        if kind.startswith("text"):
            return elements.escaped(elements.text(element))
    return None
