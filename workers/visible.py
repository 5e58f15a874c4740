"""Read what a page shows in its HTML (headings, time elements, bylines, language, links) to claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingest.model import When
from workers import byline, normalise, search, values
from workers.claims import Said

_HEADINGS = search.elements("//h1")
_TITLE = search.text("//title")
_TIMES = search.elements(
    "//time[@datetime or @pubdate or @content]"
    "|//*[@itemprop='datePublished' or @itemprop='dateCreated'][not(self::meta)]"
)
_MODIFIED = search.elements("//*[@itemprop='dateModified'][@datetime or @content]")
_AUTHORS = (
    search.elements("//*[@itemprop='author' or @itemprop='creator']"),
    search.elements("//a[@rel][contains(concat(' ', @rel, ' '), ' author ')]"),
    search.elements(
        "//*[@class][contains(@class, 'byline') or contains(@class, 'author')"
        " or contains(@class, 'Author') or contains(@class, 'Byline')]"
        "[self::a or self::span or self::p or self::div or self::address or self::li]"
    ),
)
_BESIDE = search.holds(
    "ancestor::*[self::footer or self::aside or self::nav or contains(@class, 'related')"
    " or contains(@class, 'comment') or contains(@class, 'sidebar')]"
)
_SUFFIX = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|｜]\s*")
_PATH_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:[/_-]|$)")


def said(tree: HtmlElement, links: dict[str, str], url: str, zone: values.Zone) -> Said:
    """The claims of the HTML itself, bylines aside; `links` are the page's link relations."""
    root = tree.getroottree().getroot()
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    return Said(
        title=heading(tree),
        published=_published(tree, zone),
        modified=next((w for e in _MODIFIED(tree)[:3] if (w := _moment(e, zone))), None),
        language=values.language(language),
        canonical=values.address(links.get("canonical"), url),
    )


def heading(tree: HtmlElement) -> str | None:
    """The page's own headline: its only h1, or the first one that its <title> repeats."""
    texts = [t for e in _HEADINGS(tree)[:20] if (t := normalise.label(e.text_content()[:1000]))]
    if len(set(texts)) == 1:
        return texts[0] if len(texts[0]) <= 400 else None
    whole = normalise.bare(_TITLE(tree))
    return next((t for t in texts if len(t) > 8 and normalise.bare(t) in whole), None)


def title(tree: HtmlElement) -> str | None:
    """The <title> without the site's name after or before a separator."""
    return values.plain(_TITLE(tree))


def without_site(text: str, site: str | None) -> str:
    """A headline without the site's name at its end or start ("Headline | The Paper")."""
    parts = _SUFFIX.split(text)
    house = normalise.bare(site or "")
    if len(parts) < 2 or not house:
        return text
    if normalise.bare(parts[-1]) == house:
        return text[: text.rindex(parts[-1])].rstrip(" |–—·•»:-｜")
    return (
        text[text.index(parts[0]) + len(parts[0]) :].lstrip(" |–—·•»:-｜")
        if normalise.bare(parts[0]) == house
        else text
    )


def _published(tree: HtmlElement, zone: values.Zone) -> When | None:
    """The moment of the first time element outside of side boxes; one marked as the date of publication comes first."""
    found = _TIMES(tree)[:40]
    found.sort(key=lambda e: e.get("itemprop") is None and e.get("pubdate") is None)
    return next((w for e in found if not _BESIDE(e) and (w := _moment(e, zone))), None)


def _moment(element: HtmlElement, zone: values.Zone) -> When | None:
    return values.when(element.get("datetime") or element.get("content") or element.text_content()[:100], zone)


def authors(tree: HtmlElement) -> tuple[str, ...]:
    """The names in the page's bylines; the costliest search, so it is asked only where nobody else names them."""
    for find in _AUTHORS:
        elements = [
            e for e in find(tree)[:20] if 3 < len(normalise.line(e.text_content()[:500])) < 120 and not _BESIDE(e)
        ]
        found = [n for text in _spoken(elements) for n in byline.spoken(text)]
        if found:
            return tuple(dict.fromkeys(found))[: byline.MAX_NAMES]
    return ()


def _spoken(elements: list[HtmlElement]) -> Iterator[str]:
    """The bylines' texts; of nested elements that match only the outermost."""
    seen: set[HtmlElement] = set()
    for element in elements:
        if not any(a in seen for a in element.iterancestors()):
            seen.add(element)
            named = element.xpath(".//*[@itemprop='name']")
            yield (named[0] if named else element).text_content()[:400]


def dated(url: str) -> When | None:
    """The day that an address states in its path (/2026/03/01/), or None."""
    match = _PATH_DAY.search(urlsplit(url).path)
    return values.when("-".join(match.groups()), None) if match else None
