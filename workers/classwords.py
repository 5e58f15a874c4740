"""What the words in class names and ids say of an element: a set of kinds as bits, the same on all sites."""

from __future__ import annotations

import re
from functools import lru_cache

# Names that authors of templates give; English is the language of markup, whatever the page is written in.
KINDS: dict[str, str] = {
    "comment": r"comment|disqus|repl(?:y|ies)|respond",
    "related": r"relat|recommend|recirc|^also|^more|^next|^prev|popular|trending|^most|similar|suggest|outbrain|"
    r"taboola|recent|latest|readmore|teaser|^cards?|promo|^feed|river|carousel|slide|^lists?|swiper|grid",
    "share": r"share|sharing|social|follow|facebook|twitter|whatsapp|print|^tools?|toolbar|bookmark|^likes?",
    "offer": r"newsletter|subscri|signup|login|signin|register|^cta|donat|paywall|premium|offer|^forms?|survey|^poll|"
    r"quiz",
    "side": r"^side|aside|^rail|widget|column|secondary|complement",
    "foot": r"foot|copyright|legal|disclaim|policy|cookie|consent|gdpr|^terms|notice",
    "nav": r"^nav|menu|breadcrumb|crumb|pagin|pager|^skip|^tabs?$|^toc$|^index|topbar|masthead|language",
    "ad": r"^ads?$|advert|sponsor|banner|^dfp|^gpt|promoted|commercial|affiliate|^shop|product|price",
    "tag": r"^tags?$|taglist|topic|categor|keyword|label|taxonomy|kicker|eyebrow",
    "author": r"author|byline|^bio$|profile|writer|contributor|avatar|reporter|journalist|^about",
    "meta": r"^meta|^date|^time|publish|posted|^info|dateline|credit|source|^stats|^views",
    "caption": r"caption|figure|^image|^img|photo|gallery|picture|media|video|audio|player|embed|tweet|instagram|wire",
    "lead": r"^lead|^lede|^deck|^dek$|standfirst|subtitle|^sub|summary|excerpt|intro|abstract|descri|chapo",
    "title": r"title|headline|heading|^hed$|^header",
    "body": r"body|content|^text|copy|main|prose|rich|wysiwyg|paragraph|detail|maintext",
    "article": r"article|^post|entry|story|blog|^news$|artikel|articulo|noticia|texte",
    "hidden": r"hidden|^hide|invisible|^sr$|screenreader|visually|modal|popup|overlay|tooltip|dropdown|collapse|"
    r"accordion",
    "box": r"quote|^pull|highlight|keypoint|takeaway|factbox|^box|^note|callout|alert|infobox|panel",
}
NAMES = tuple(KINDS)
LONGEST = 400  # characters of what is worth remembering
BODY = 1 << NAMES.index("body")
COMMENT = 1 << NAMES.index("comment")
_PATTERNS = tuple((1 << at, re.compile(pattern)) for at, pattern in enumerate(KINDS.values()))
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")


def kinds(names: str) -> int:
    """The kinds that the words of a class or id attribute name, as bits in the order of NAMES."""
    return _known(names) if len(names) <= LONGEST else _read(names)


def _read(names: str) -> int:
    found = 0
    for word in _WORD.findall(names):
        found |= _kinds(word.lower()) if len(word) <= LONGEST else 0
    return found


_known = lru_cache(maxsize=8_000)(_read)  # names repeat over a page and over the pages of a site


@lru_cache(maxsize=8_000)
def _kinds(word: str) -> int:
    return sum(bit for bit, pattern in _PATTERNS if pattern.search(word))
