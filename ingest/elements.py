"""Read the XML elements that RSS, Atom and sitemaps share: names, texts, addresses, pictures, hints."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

from ingest import tidy
from ingest.body import Body, Odd

Fields = dict[str, list[etree._Element]]

# Namespaces (lower-cased) and the prefix we call them by. RSS and Atom share none: an Atom link works inside an RSS
# item, and the many addresses RSS 0.9x and 2.0 were given mean the same.
_PREFIXES = {
    "": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "http://purl.org/net/rss1.1#": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/elements/1.0/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "sitemap:",
    "https://www.sitemaps.org/schemas/sitemap/0.9": "sitemap:",
    "http://www.google.com/schemas/sitemap/0.84": "sitemap:",
    "http://www.google.com/schemas/sitemap/0.9": "sitemap:",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
    "https://www.google.com/schemas/sitemap-news/0.9": "news:",
    "http://www.google.com/schemas/sitemap-image/1.1": "image:",
    "https://www.google.com/schemas/sitemap-image/1.1": "image:",
}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)", re.IGNORECASE)
_MAILBOX = re.compile(r"\s*(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+\s*\(([^()]+)\)\s*|([^<>@]+?)\s*<[^\s<>]+@[^\s<>]+>\s*")
_BARE_MAIL = re.compile(r"[^\s@]+@[^\s@]+")


def named(element: etree._Element) -> str:
    """The element's name under our prefixes, lower-cased: "pubdate", "dc:creator"; "?:x" in unknown namespaces."""
    tag = element.tag
    if not isinstance(tag, str):
        raise Odd("an entity that nothing in the document declares")
    return _named(tag) if len(tag) < 200 else "?:"


@lru_cache(maxsize=2048)
def _named(tag: str) -> str:
    space, _, local = tag.rpartition("}")
    prefix = _PREFIXES.get(space[1:].lower())
    if prefix is None:
        prefix = "" if "backend.userland.com/rss" in space else "?:"
    return prefix + local.lower()


def fields(element: etree._Element) -> Fields:
    """The element's children by name, each list in document order."""
    found: Fields = {}
    for child in element:
        found.setdefault(named(child), []).append(child)
    return found


def text(element: etree._Element) -> str:
    """All text inside, trimmed. Raises Odd where an undeclared entity stands inside."""
    if len(element):
        for child in element.iter():
            named(child)
        return "".join(map(str, element.itertext())).strip()
    return (element.text or "").strip()


def first(found: Fields, *names: str) -> str | None:
    """The first text that is not empty among the named fields, in the order of the names."""
    for name in names:
        for element in found.get(name, ()):
            if value := text(element):
                return value
    return None


def single(found: Fields, *names: str) -> None:
    """Raise Odd where one of the named fields occurs twice: which one counts is the judge's matter."""
    for name in names:
        if len(found.get(name, ())) > 1:
            raise Odd(f"two {name} in one entry")


def markup(element: etree._Element) -> str | None:
    """What is inside as HTML: escaped markup as it is, child elements written out without their prefixes."""
    if not len(element):
        return (element.text or "").strip() or None
    inside = copy.deepcopy(element)
    for node in inside.iter():
        named(node)
        if isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2]
    etree.cleanup_namespaces(inside)
    inside.tail = None
    whole = etree.tostring(inside, encoding="unicode", method="html")
    return whole[whole.index(">") + 1 : whole.rindex("<")].strip() or None


def escaped(words: str | None) -> str | None:
    """Plain text as HTML, a paragraph per blank line."""
    if not words or not words.strip():
        return None
    parts = [part for part in re.split(r"\n\s*\n", html.escape(words.strip(), quote=False)) if part.strip()]
    return parts[0] if len(parts) == 1 else "".join(f"<p>{part}</p>" for part in parts)


def base(element: etree._Element, body: Body) -> str:
    """The base of relative links inside the element: the feed's address with every xml:base around applied."""
    found = body.url
    if body.has_bases:
        steps = [around.get(_XML + "base") for around in (element, *element.iterancestors())]
        for step in reversed(steps):
            found = tidy.join(found, step if step and len(step) < 2048 else None) or found
    return found


def language(element: etree._Element, found: Fields) -> str | None:
    """The element's own language: its language field, else its xml:lang."""
    return tidy.language(first(found, "language", "dc:language") or element.get(_XML + "lang"))


def people(found: Fields, *names: str) -> tuple[str, ...]:
    """The names in the first of the fields that gives any; "mail (Name)" is Name, a bare mail address is nobody."""
    for name in names:
        people = tuple(filter(None, (_person(element) for element in found.get(name, ()))))
        if people:
            return people
    return ()


def _person(element: etree._Element) -> str:
    own = first(fields(element), "name", "rdf:value") if len(element) else None
    words = tidy.plain(own or ("" if len(element) else text(element))[:1000])
    if match := _MAILBOX.fullmatch(words):
        return (match[1] or match[2]).strip(' "')
    return "" if _BARE_MAIL.fullmatch(words) else words


def keywords(found: Fields) -> tuple[str, ...]:
    """Categories of RSS, Atom and Dublin Core, and the comma lists of media and iTunes."""
    words = [c.get("label") or c.get("term") or text(c) for c in found.get("category", ())]
    words += [text(c) for name in ("dc:subject", "media:category") for c in found.get(name, ())]
    for name in ("media:keywords", "itunes:keywords"):
        words += [w for c in found.get(name, ()) for w in text(c).split(",")]
    return tuple(tidy.plain(w) for w in words if w)


def picture(found: Fields, where: str) -> str | None:
    """The lead picture: the widest media:content picture, else an enclosure, a thumbnail, an iTunes or image field."""
    grouped = list(_media(found, "media:content"))
    pictures = [(_width(m), m.get("url")) for m in grouped if _is_picture(m)]
    if pictures:
        return tidy.join(where, max(pictures, key=lambda p: p[0])[1])
    enclosed = [e for e in found.get("enclosure", ()) if _is_picture(e)]
    enclosed += [e for e in found.get("link", ()) if e.get("rel") == "enclosure" and _is_picture(e)]
    for element in (*enclosed, *_media(found, "media:thumbnail"), *found.get("itunes:image", ())):
        if address := element.get("url") or element.get("href"):
            return tidy.join(where, address)
    for image in found.get("image", ()):
        return tidy.join(where, first(fields(image), "url") or (None if len(image) else text(image)))
    return None


def _media(found: Fields, name: str) -> Iterator[etree._Element]:
    yield from found.get(name, ())
    for outer in (*found.get("media:group", ()), *found.get("media:content", ())):
        yield from (child for child in outer if named(child) == name)


def _is_picture(element: etree._Element) -> bool:
    address = element.get("url") or element.get("href")
    kind = element.get("medium") or element.get("type") or ""
    return bool(address) and (kind.startswith("image") or (not kind and bool(_IMAGE.search(address or ""))))


def _width(element: etree._Element) -> int:
    width = element.get("width") or ""
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def every(found: Fields) -> float | None:
    """Seconds between polls by ttl (minutes, RSS 2.0) or sy:updatePeriod and sy:updateFrequency (RSS 1.0)."""
    ttl = first(found, "ttl") or ""
    if ttl.isascii() and ttl.isdigit() and 0 < int(ttl[:9]) <= 527040:  # a year of minutes
        return int(ttl[:9]) * 60.0
    period = _PERIODS.get((first(found, "sy:updateperiod") or "").lower())
    times = first(found, "sy:updatefrequency") or "1"
    if period and times.isascii() and times.isdigit() and int(times[:9]) > 0:
        return period / int(times[:9])
    return None


def inside(root: etree._Element, names: Iterable[str], parents: set[etree._Element]) -> list[etree._Element]:
    """Every element of these local names, wherever it is. Raises Odd if one stands outside `parents`."""
    found = list(root.iter(*(f"{{*}}{name}" for name in names)))
    if any(element.getparent() not in parents for element in found):
        raise Odd("entries in an unusual place")
    return found
