"""Read what a page shows in its HTML (headings, time elements, bylines, language, links) to claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingest.model import When
from workers import byline, normalise, search, stamps, values
from workers.claims import Said

_MARKED = search.elements("descendant::*[@itemprop]")
_PEOPLE = search.elements(
    "descendant::*[@class[contains(., 'uthor') or contains(., 'yline')] or @rel='author'"
    " or @itemprop='author' or @itemprop='creator' or (self::a and contains(@href, '/author'))]"
)
_STAMPED = search.elements(
    "descendant::*[@class[contains(., 'date') or contains(., 'Date') or contains(., 'publish') or contains(., 'posted')"
    " or contains(., 'entry-meta')]]"
)
_BESIDE = search.holds(
    "ancestor-or-self::*[self::nav or self::footer or contains(@class, 'related') or contains(@class, 'comment')]"
)
_ANOTHER = search.holds("ancestor-or-self::*[contains(@class, 'related') or contains(@class, 'comment')]")
_WITHIN = search.holds(
    "ancestor::*[self::footer or self::aside or self::nav or contains(@class, 'related')"
    " or contains(@class, 'comment') or contains(@class, 'sidebar')]"
)
_APART = search.holds("ancestor::*[self::aside or contains(@class, 'sidebar')]")
_PATH_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:[/_-]|$)")
MAX_PEOPLE = 40  # marked elements that are looked at


def said(tree: HtmlElement, title: str | None, links: dict[str, str], url: str) -> Said:
    """The claims of the HTML itself that cost nothing to read; `links` are the page's link relations."""
    root = tree.getroottree().getroot()
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    return Said(title=title, language=values.language(language), canonical=values.address(links.get("canonical"), url))


def heading(element: HtmlElement) -> str:
    """The text of a heading as one line; text that stands there for screen readers or as a line above counts too."""
    return normalise.label(element.text_content()[:1000])


def whole(elements: Sequence[HtmlElement]) -> str | None:
    """The <title> of the page; titles of drawings (SVG) stand further down."""
    return values.plain(elements[0].text_content()[:4000]) if elements else None


def dates(tree: HtmlElement, zone: values.Zone) -> tuple[When | None, When | None]:
    """The moments marked by itemprop as those of publication and change, outside of side boxes."""
    first: When | None = None
    last: When | None = None
    for element in _MARKED(tree):
        kinds = (element.get("itemprop") or "").split()  # a list of names, says the HTML standard
        if ("datePublished" in kinds or "dateCreated" in kinds) and first is None and element.tag != "meta":
            first = None if _WITHIN(element) else _moment(element, zone)
        elif "dateModified" in kinds and last is None:
            last = None if _WITHIN(element) else _moment(element, zone)
    return first, last


def timed(times: Iterable[HtmlElement], zone: values.Zone) -> When | None:
    """The moment of the first time element with a machine's date outside of side boxes; marked ones come first."""
    found = [e for e in list(times)[:40] if e.get("datetime") or e.get("content") or e.get("pubdate") is not None]
    found.sort(key=lambda e: e.get("itemprop") is None and e.get("pubdate") is None)
    return next((w for e in found if not _WITHIN(e) and (w := _moment(e, zone))), None)


def stamped(tree: HtmlElement, region: str | None, zone: values.Zone) -> stamps.Stamps:
    """The dates in elements whose class speaks of a date, anywhere but in side boxes, if they agree on one day."""
    found = (e for e in _STAMPED(tree)[:MAX_PEOPLE] if len(e) < 8 and not _BESIDE(e) and not _APART(e))
    lines = [text for e in found if 0 < len(text := normalise.line(e.text_content()[:400])) < stamps.LOOSE * 2]
    each = [stamps.read([line], region, zone) for line in lines]
    return each[0] if len({s.published.day for s in each if s.published}) == 1 else stamps.Stamps()


def _moment(element: HtmlElement, zone: values.Zone) -> When | None:
    return values.when(element.get("datetime") or element.get("content") or element.text_content()[:100], zone)


def authors(tree: HtmlElement) -> tuple[str, ...]:
    """The names in elements marked as the author's anywhere on the page; a costly search, for want of better ones."""
    every = [e for e in _PEOPLE(tree)[: 3 * MAX_PEOPLE] if not _ANOTHER(e)][:MAX_PEOPLE]
    found = [e for e in every if not _BESIDE(e)]
    for group in (
        [e for e in every if e.get("itemprop") or e.get("rel") == "author"],
        [e for e in found if not _APART(e)],
    ):
        for element in group:
            if names := _named(element):
                return names
    apart = {names for e in found if (names := _named(e))}
    return apart.pop() if len(apart) == 1 else ()


def _named(element: HtmlElement) -> tuple[str, ...]:
    """The names inside a marked element: a byline is short, and begins with a name or a word such as "by"."""
    if element.tag in ("body", "html", "main", "article", "script", "style") or len(element) > 20:
        return ()
    pieces = [
        byline.Part(text, True, "") for raw in element.itertext() if (text := normalise.line(raw)) and len(text) < 200
    ]
    return byline.read(pieces[:8]) if pieces else ()


def dated(url: str) -> When | None:
    """The day that an address states in its path (/2026/03/01/), or None."""
    match = _PATH_DAY.search(urlsplit(url).path)
    return values.when("-".join(match.groups()), None) if match else None
