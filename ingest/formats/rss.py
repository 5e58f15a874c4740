"""Read RSS 0.90 to 2.0 and RDF (rssboard.org/rss-specification; web.resource.org/rss/1.0/spec)."""

from __future__ import annotations

from lxml import etree

from ingest import elements, tidy
from ingest.body import Body, Odd
from ingest.model import Entry, FeedDocument


def recognises(body: Body) -> bool:
    """Whether the root is <rss> or <rdf:RDF>."""
    return not body.is_json and elements.named(body.root) in ("rss", "rdf:rdf")


def parse(body: Body) -> FeedDocument:
    """Return the feed's items. Raises Odd for whatever an ordinary RSS file does not do."""
    root = body.root
    channels = [child for child in root if elements.named(child) == "channel"]
    if len(channels) != 1:
        raise Odd(f"{len(channels)} channels")
    channel = channels[0]
    items = elements.inside(root, ("item", "entry"), {root, channel})
    head = elements.fields(channel)
    return FeedDocument(
        format="rss",
        entries=tuple(_entry(item, body) for item in items),
        title=tidy.plain(elements.first(head, "title", "dc:title") or "") or None,
        language=elements.language(channel, head) or elements.language(root, {}),
        every=elements.every(head),
    )


def _entry(item: etree._Element, body: Body) -> Entry:
    found = elements.fields(item)
    elements.single(found, "title", "guid", "pubdate", "entry")
    where = elements.base(item, body)
    guid = elements.first(found, "guid", "id") or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    summary, content = _texts(found)
    return Entry(
        guid=guid,
        link=_link(found, where, body) or _guid_link(found, where, body),
        title=tidy.plain(elements.first(found, "title", "dc:title") or _media_title(found) or "") or None,
        published=body.when(elements.first(found, "pubdate", "published", "issued", "dcterms:issued", "dc:date")),
        updated=body.when(elements.first(found, "updated", "modified", "dcterms:modified", "lastbuilddate")),
        authors=elements.people(found, "dc:creator", "author", "dc:author", "itunes:author"),
        summary=summary,
        content=content,
        language=elements.language(item, found),
        keywords=elements.keywords(found),
        picture=elements.picture(found, where),
    )


def _link(found: elements.Fields, where: str, body: Body) -> str | None:
    """The text of <link>, else an Atom link of the alternate kind; the item's enclosure never."""
    own = [link for link in found.get("link", ()) if link.get("href") is None]
    if len(own) > 1:
        raise Odd("two link in one entry")
    for link in own:
        if value := elements.text(link):
            return tidy.join(elements.base(link, body), value)
    for link in found.get("link", ()):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return tidy.join(elements.base(link, body), link.get("href"))
    return None


def _guid_link(found: elements.Fields, where: str, body: Body) -> str | None:
    """A permalink guid is a link, unless it says isPermaLink="false"; a relative one only if it says "true"."""
    for guid in found.get("guid", ()):
        flag = (guid.get("isPermaLink") or guid.get("ispermalink") or "").strip().lower()
        if flag == "true":
            return tidy.join(elements.base(guid, body), elements.text(guid))
        if flag != "false":
            return tidy.permalink(elements.text(guid))
    return None


def _media_title(found: elements.Fields) -> str | None:
    for outer in (*found.get("media:group", ()), *found.get("media:content", ())):
        if title := elements.first(elements.fields(outer), "media:title"):
            return title
    return elements.first(found, "media:title")


def _texts(found: elements.Fields) -> tuple[str | None, str | None]:
    """(summary, content) as HTML: content:encoded or an XHTML body is the content, description the summary."""
    texts: list[str | None] = []
    for names in (("description", "dc:description", "summary", "itunes:summary"), ("content:encoded", "xhtml:body")):
        inner = (elements.markup(element) for name in names for element in found.get(name, ()))
        texts.append(next(filter(None, inner), None))
    return texts[0], texts[1]
