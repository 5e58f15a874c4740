"""Read the JSON-LD of a page (schema.org): scripts that may be broken, graphs and lists, to claims."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from workers import byline, rights, values
from workers.claims import Said

_ARTICLES = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting|\w*Review)$")
_NEWS = re.compile(r"\w*NewsArticle|LiveBlogPosting|Report")
_PAGES = re.compile(
    r"(?:\w*Page|CreativeWork|VideoObject|PodcastEpisode|Episode|Recipe|HowTo|Course|Event|Book|Product)$"
)
_OPENS = re.compile(r"(?:<!--|//<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)\s*")
_CLOSERS = ("-->", "//]]>", "]]>", "/*]]>*/", "/* ]]> */", ";")
_TRAILING = re.compile(r",\s*(?=[}\]])")
_RAW = re.compile(
    r'"(headline|datePublished|dateModified|inLanguage|articleSection)"\s*:\s*"((?:[^"\\\n]|\\.){1,400})"'
)
_REPAIRS: tuple[Callable[[str], str], ...] = (str, partial(_TRAILING.sub, ""), html.unescape)
_SUPPLIERS = ("sourceOrganization", "provider", "creditText")  # of schema.org
MAX_SCRIPT = 2_000_000  # characters; longer data blocks are not metadata
MAX_NODES = 5_000


def nodes(scripts: Iterable[HtmlElement]) -> list[dict[str, Any]]:
    """Every object of every JSON-LD script, outermost first, in the page's order; what cannot be read is left out."""
    found: list[dict[str, Any]] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower() and 0 < len(text := script.text_content()) <= MAX_SCRIPT:
            for value in documents(text):
                found.extend(_flat(value, MAX_NODES - len(found)))
    return found


def documents(text: str) -> list[Any]:
    """The JSON values of one script; repairs comments, trailing commas, escaped quotes; at worst what patterns find."""
    text = text.strip()
    while opening := _OPENS.match(text):
        text = text[opening.end() :]
    for closing in (*_CLOSERS, *_CLOSERS):
        text = text.removesuffix(closing).rstrip()
    for repair in _REPAIRS:
        try:
            return _all(repair(text))
        except (ValueError, RecursionError):
            continue
    loose = {key: json_string(value) for key, value in _RAW.findall(text[:200_000])}
    return [{"@type": "Article", **loose}] if "headline" in loose else []


def json_string(raw: str) -> str:
    """The characters of a JSON string literal's inside, as they stand if its escapes are wrong."""
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


def _all(text: str) -> list[Any]:
    """All values of a text that holds one JSON value or several after one another."""
    decoder, at, found = json.JSONDecoder(strict=False), 0, []
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1
    return found


def _flat(value: Any, room: int) -> list[dict[str, Any]]:
    """The objects at the top of a value: lists and @graph opened, mainEntity after its page."""
    found: list[dict[str, Any]] = []
    queue = [value]
    while queue and len(found) < room:
        item = queue.pop(0)
        if isinstance(item, list):
            queue[:0] = item[:MAX_NODES]
        elif isinstance(item, dict):
            found.append(item)
            inner = [item.get("@graph"), item.get("mainEntity")]
            queue[:0] = [i for i in inner if isinstance(i, dict | list)]
    return found


def kinds(node: dict[str, Any]) -> list[str]:
    """The schema.org types of an object, without the vocabulary's address."""
    given = node.get("@type")
    listed = given if isinstance(given, list) else [given]
    return [k.rpartition("/")[2].rpartition(":")[2] for k in listed if isinstance(k, str)]


def main(found: list[dict[str, Any]], url: str) -> dict[str, Any]:
    """The object that describes the page: an article that names its address, any article, else the page itself."""
    articles = [n for n in found if any(_ARTICLES.fullmatch(k) for k in kinds(n))]
    articles = [n for n in articles if n.get("headline") or n.get("name") or n.get("datePublished")]
    for node in articles:
        if len(articles) == 1 or any(_same(a, url) for a in _addresses(node)):
            return node
    if articles:
        return articles[0]
    pages = [n for n in found if any(_PAGES.fullmatch(k) for k in kinds(n))]
    return next((n for n in pages if n.get("datePublished")), pages[0] if pages else {})


def _addresses(node: dict[str, Any]) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        value = (value.get("@id") or value.get("url")) if isinstance(value, dict) else value
        if isinstance(value, str):
            yield value


def _same(one: str, other: str) -> bool:
    try:
        a, b = urlsplit(urljoin(other, one)), urlsplit(other)
    except ValueError:
        return False
    return a.path.rstrip("/") == b.path.rstrip("/") and a.path.rstrip("/") != ""


def said(found: list[dict[str, Any]], url: str, zone: values.Zone) -> Said:
    """The claims of a page's JSON-LD; `url` is the page's own address."""
    node = main(found, url)
    if not node:
        return Said(kinds=_types(found))
    known = {n["@id"]: n for n in found if isinstance(n.get("@id"), str)}
    article = any(_ARTICLES.fullmatch(k) for k in kinds(node))
    publisher = values.first_name(values.resolve(node.get("publisher"), known))
    people = values.resolve(node.get("author") or node.get("creator"), known)
    stated = rights.jsonld(node, known, url)
    return replace(
        stated,
        title=values.plain(node.get("headline") or node.get("name")) if article else None,
        authors=byline.listed(values.names(people), publisher),
        published=values.when(node.get("datePublished") or node.get("dateCreated") or node.get("uploadDate"), zone),
        modified=values.when(node.get("dateModified"), zone),
        language=values.language(node.get("inLanguage")),
        publisher=publisher,
        section=values.plain(node.get("articleSection")),
        keywords=values.keywords(node.get("keywords")),
        description=values.plain(node.get("description")),
        picture=values.picture(values.resolve(node.get("image") or node.get("thumbnailUrl"), known), url),
        free=values.boolean(node.get("isAccessibleForFree")),
        kinds=_types(found),
        newsroom=any(_NEWS.fullmatch(k) for k in kinds(node)),
        credited=_credited(node, known, people),
    )


def _credited(node: dict[str, Any], known: dict[str, Any], people: Any) -> tuple[str, ...]:
    """Who wrote or supplied the text, as it stands there; whose pictures it shows is said elsewhere."""
    suppliers = (values.names(values.resolve(node.get(key), known)) for key in _SUPPLIERS)
    return tuple(dict.fromkeys((*values.names(people), *(name for one in suppliers for name in one))))


def _types(found: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(k for n in found for k in kinds(n)))[:50]
