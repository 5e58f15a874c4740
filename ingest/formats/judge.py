"""Read whatever the fast readers would not: the only file that knows feedparser."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from html.entities import html5
from io import BytesIO
from typing import Any

import feedparser

from ingest import charset, elements, tidy
from ingest.body import Body, Unreadable
from ingest.model import Entry, FeedDocument, Precision, When

MAX_ATTEMPTS = 40  # parses of one body while looking for the items that make feedparser raise

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}?\?>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(x[0-9a-f]+|[0-9]+);", re.IGNORECASE)
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!#[0-9]+;|#[xX][0-9a-fA-F]+;|(?:lt|gt|amp|quot|apos);)(?:([a-zA-Z0-9]+);)?",
    re.DOTALL,
)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})[\s/>]", re.ASCII)
_ITEM = re.compile(r"<(item|entry)[\s>]", re.IGNORECASE)


def parse(body: Body) -> FeedDocument:
    """Return what feedparser makes of the body, mended first where that is safe.

    Raises Unreadable if it finds neither an entry nor the mark of any feed format.
    """
    text, encoding = charset.decode(body.raw, body.content_type)
    given = _DECLARATION.sub("", text)
    text = _mended(given)
    found, skipped = _salvaged(text)
    if not found.entries and not found.get("version"):
        root = _ROOT.search(text[:20_000])
        raise Unreadable(
            f"no feed: neither RSS, Atom, RDF, JSON Feed nor a sitemap{f', but <{root[1]}>' if root else ''}"
        )
    head = found.feed
    repaired = () if text == given else ("mended: forbidden characters, bare ampersands or undeclared entities",)
    document = FeedDocument(
        format="judge",
        entries=tuple(_entry(entry, body) for entry in found.entries),
        title=tidy.plain(_text(head, "title") or "") or None,
        language=tidy.language(_text(head, "language")),
        every=_every(head),
        notes=(
            *repaired,
            *_notes(found, encoding),
            *([f"{skipped} items left out that broke the reader"] if skipped else []),
        ),
    )
    return tidy.sane(document, body.remarks())


def _mended(text: str) -> str:
    """Repairs that cannot change what was meant: XML's forbidden characters, bare ampersands, HTML's entity names."""
    text = _CONTROL.sub("", _REFERENCE.sub(_valid, text))
    return text if "<!ENTITY" in text else _AMPERSAND.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    """A CDATA section as it is, a bare & as &amp;, an entity name as its characters."""
    if match[0].startswith("<"):
        return match[0]
    known = html5.get(f"{match[1]};") if match[1] else None
    if known is None:
        return "&amp;" + match[0][1:]
    return "".join(f"&#{ord(character)};" for character in known)


def _valid(match: re.Match[str]) -> str:
    """The character reference, or nothing if it names no XML character (section 2.2): feedparser raises on some."""
    digits = match[1].lower()
    if len(digits) > 8:
        return ""
    code = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    if code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
        return match[0]
    return ""


def _ask(text: str) -> Any:
    raw = b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("utf-8", "replace")
    # A stream, because feedparser opens anything else as a file or address. No base: links are resolved by us, so
    # that a guid stays as it came. Nothing here shows markup to anyone, so nothing is sanitised.
    return feedparser.parse(BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)


def _salvaged(text: str) -> tuple[Any, int]:
    """(feedparser's result, items skipped): where feedparser raises, halve the items until the culprits stand alone."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    attempts, skipped = 0, 0

    def halves(low: int, high: int) -> list[Any]:
        nonlocal attempts, skipped
        attempts += 1
        if attempts > MAX_ATTEMPTS:
            skipped += high - low
            return []
        ends = [*starts, len(text)]
        try:
            return list(_ask(text[: ends[0]] + text[ends[low] : ends[high]]).entries)
        except (MemoryError, RecursionError):
            raise
        except Exception:  # feedparser raises anything on a poisoned item
            if high - low <= 1:
                skipped += high - low
                return []
        middle = (low + high) // 2
        return halves(low, middle) + halves(middle, high)

    try:
        return _ask(text), 0
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        entries = halves(0, len(starts))
        if not entries:
            raise Unreadable(f"the reader broke on it: {type(error).__name__}: {str(error)[:100]}") from error
        found = feedparser.FeedParserDict(entries=entries, feed=feedparser.FeedParserDict(), version="", bozo=False)
        return found, skipped


def _entry(entry: Any, body: Body) -> Entry:
    guid = _text(entry, "id")
    link = _text(entry, "link") or _alternate(entry)
    if link and link == guid and not tidy.permalink(link) and entry.get("guidislink") is True:
        link = None  # feedparser takes any guid for a link
    contents = [_markup(part) for part in dict.get(entry, "content", ())]
    published, updated = _when(entry, "published", body), _when(entry, "updated", body)
    return Entry(
        guid=guid,
        link=tidy.join(body.url, link),
        title=_title(entry),
        published=published,
        updated=updated,
        authors=tuple(filter(None, (tidy.plain(_text(a, "name") or "") for a in dict.get(entry, "authors", ())))),
        summary=_text(entry, "summary"),
        content=next(filter(None, contents), None),
        language=tidy.language(_text(entry, "language")),
        keywords=tuple(
            filter(None, (_text(tag, "label") or _text(tag, "term") for tag in dict.get(entry, "tags", ())))
        ),
        picture=tidy.join(body.url, _picture(entry)),
    )


def _text(thing: Any, name: str) -> str | None:
    value = dict.get(thing, name)
    return value.strip() or None if isinstance(value, str) else None


def _title(entry: Any) -> str | None:
    title = _text(entry, "title")
    kind = (dict.get(entry, "title_detail") or {}).get("type", "text/html")
    if title and kind == "text/plain" and "<" not in title:
        return tidy.line(tidy.mended(title)) or None
    return tidy.plain(title or "") or None


def _markup(part: Any) -> str | None:
    value = _text(part, "value")
    return elements.escaped(value) if part.get("type") == "text/plain" else value


def _when(entry: Any, name: str, body: Body) -> When | None:
    """The date field by our reader; where only feedparser can read it (Greek, Korean ...), its UTC reading."""
    if found := body.when(_text(entry, name)):
        return found
    parsed = dict.get(entry, f"{name}_parsed")
    if not parsed or not 1970 < parsed[0] < 2100 or (_text(entry, name) or "")[:4].isdigit():
        return None
    at = datetime.fromtimestamp(timegm(parsed), UTC)
    return When(Precision.INSTANT, at.date(), at=at)


def _alternate(entry: Any) -> str | None:
    links = [link for link in dict.get(entry, "links", ()) if dict.get(link, "rel") == "alternate"]
    return next((address for link in links if (address := _text(link, "href"))), None)


def _picture(entry: Any) -> str | None:
    shown = [m for m in dict.get(entry, "media_content", ()) if "image" in (m.get("medium") or m.get("type") or "")]
    shown += dict.get(entry, "media_thumbnail", ())
    enclosed = [link for link in dict.get(entry, "links", ()) if dict.get(link, "rel") == "enclosure"]
    addresses = [_text(m, "url") for m in shown]
    addresses += [_text(link, "href") for link in enclosed if (dict.get(link, "type") or "").startswith("image/")]
    return next(filter(None, addresses), None)


def _every(head: Any) -> float | None:
    minutes = _text(head, "ttl") or ""
    return int(minutes) * 60.0 if minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:9]) <= 527040 else None


def _notes(found: Any, encoding: str) -> tuple[str, ...]:
    trouble = found.get("bozo_exception") if found.get("bozo") else None
    told = (f"not well-formed: {tidy.line(str(trouble))[:160]}",) if trouble else ()
    return told if encoding.startswith("utf") and "," not in encoding else (*told, f"read as {encoding}")
