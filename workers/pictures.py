"""Find the caption and credit that a page shows under its lead picture, or the lead picture itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingest.model import Picture
from workers import normalise, values

FIGURES = 6  # figures of a page that are looked at; the lead picture is among the first
MAX_CAPTION = 1000  # characters
MAX_CREDIT = 100
_CREDIT = re.compile(r"credit|copyright|photograph|byline|source|quelle|kilde|fuente|fonte|autor|author", re.I)
_SPOKEN = (
    r"(?:photo(?:graph)?s?|fotos?|fotograf\w*|images?|bild(?:er)?|picture|credits?|source|quelle|copyright|illustration|"
    r"grafik|crédits?|fuente|kilde|写真|사진|фото)(?:\s(?:credits?|by|par|von|av))?\s?(?:[:：©/]\s?©?|\bby\b|\bvon\b)|©"
)
_SAID = re.compile(rf"(?<![^\W\d_])(?:{_SPOKEN})\s*", re.I)
_SENTENCE = re.compile(r"[.!?]\s+\w+\s+\w+")
_SIZE = re.compile(r"[-_]\d{2,4}x\d{2,4}(?=\.|$)|\.\w{3,4}$")


def described(picture: Picture, figures: Iterable[HtmlElement], base: str) -> Picture:
    """The picture with caption and credit, from the figure that shows the same file where it has none of its own."""
    if picture.caption and not picture.credit:
        picture = Picture(picture.url, *split(picture.caption))
    if picture.caption and picture.credit:
        return picture
    name = _file(picture.url)
    for shown in _shown(figures, base):
        if _file(shown.url) == name:
            return replace(picture, caption=picture.caption or shown.caption, credit=picture.credit or shown.credit)
    return picture


def first(figures: Iterable[HtmlElement], base: str) -> Picture | None:
    """The first figure with a caption: on a page that names no picture, the lead picture."""
    return next((shown for shown in _shown(figures, base) if shown.caption or shown.credit), None)


def _shown(figures: Iterable[HtmlElement], base: str) -> Iterator[Picture]:
    for _, figure in zip(range(FIGURES), figures, strict=False):
        caption = next(figure.iter("figcaption"), None)
        for image in figure.iter("img"):
            source = image.get("data-src") or image.get("src") or (image.get("srcset") or "").split(" ")[0]
            if where := values.address(source, base):
                yield Picture(where, *_words(caption))
                break


def _words(caption: HtmlElement | None) -> tuple[str | None, str | None]:
    """Caption and credit of a figcaption: the credit is an element marked as one, or what words say."""
    if caption is None:
        return None, None
    whole = normalise.line(caption.text_content()[:MAX_CAPTION])
    for element in caption.iterdescendants():
        if isinstance(element.tag, str) and _CREDIT.search(
            f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        ):
            shown = normalise.line(element.text_content()[:200])
            rest = whole.replace(shown, "", 1).strip(" |·•-–—()")
            if shown and len(shown) < 150 and rest[:1] != "/":
                return rest or None, _SAID.sub("", shown, count=1).strip(" ()") or None
    return split(whole)


def split(text: str) -> tuple[str | None, str | None]:
    """Caption and credit of a line such as "The pier. (Photo: Ada Roe)"; either may be missing."""
    said = list(_SAID.finditer(text))
    last = said[-1] if said else None
    credit = text[last.end() :].strip(" ()[].") if last else ""
    if last is None or not 1 < len(credit) <= MAX_CREDIT or _SENTENCE.search(credit):
        return text or None, None
    return text[: last.start()].rstrip(" ([|·–—-") or None, credit


def _file(url: str) -> str:
    """What two sizes of one picture have in common: the last part of the path without size and ending."""
    return _SIZE.sub("", _SIZE.sub("", urlsplit(url).path.rstrip("/").rpartition("/")[2])).lower()
