"""Bring what a feed says into bounds: plain titles, absolute links, no control characters, nothing endless."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urljoin

from ingest import links
from ingest.model import Entry, FeedDocument

MAX_ENTRIES = 50_000  # per document; what a sitemap may hold (sitemaps.org)
MAX_LINE = 4_096  # characters of a title, guid or link
MAX_WORDS = 200  # characters of an author or keyword
MAX_LIST = 200  # authors or keywords of one entry
MAX_MARKUP = 2_000_000  # characters of one summary or content

# C0 and C1 controls but tab and newlines, line and paragraph separators, lone surrogates, non-characters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_MESSY = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]|\\s\\s|^\\s|\\s$")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})((?:-[a-zA-Z0-9]{2,8})*)")
_INLINE = re.compile(
    r"abbr|acronym|a|bdi|bdo|big|b|cite|code|del|dfn|em|font|img|ins|i|kbd|mark|nobr|q|samp|script|small|span|strike|"
    r"strong|style|sub|sup|s|tt|u|var|wbr"
)
_BLOCK = re.compile(r"article|blockquote|br|center|div|figure|h[1-6]|hr|li|ol|p|pre|section|table|td|tr|ul")
_PAIRS = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"))
_C1_RANGE = re.compile("[\x80-\x9f]")
_C1 = {
    code: bytes([code]).decode("cp1252", "ignore") or None  # None drops the five codes cp1252 leaves empty
    for code in range(0x80, 0xA0)
}


def mended(text: str) -> str:
    """Undo the two commonest encoding accidents: UTF-8 taken for Latin-1, and Windows-1252 taken for Latin-1."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(_C1) if _C1_RANGE.search(text) else text


def line(text: str) -> str:
    """One line without control characters, white space collapsed."""
    if text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]:
        return text  # as most are
    return " ".join(_CONTROL.sub("", text).split()) if _MESSY.search(text) else text


def scrubbed(text: str) -> str:
    """The text without control characters and lone surrogates, line breaks kept."""
    return _CONTROL.sub("", text)


def plain(markup: str) -> str:
    """The words of a fragment of HTML on one line; "a < b" and <unknown> words stay as they are."""
    if "<" in markup:
        for opening, closing in _PAIRS:
            markup = _without(markup, opening, closing)
        markup = _TAG.sub(_untagged, markup)
    if "&" in markup:
        markup = _REFERENCE.sub(lambda match: html.unescape(match[0]), markup)
    return line(mended(markup))


def _untagged(match: re.Match[str]) -> str:
    name = match[1].lower()
    return "" if _INLINE.fullmatch(name) else " " if _BLOCK.fullmatch(name) else match[0]


def _without(text: str, opening: str, closing: str) -> str:
    """The text without its spans from `opening` to `closing`; linear, unlike a lazy pattern."""
    low, kept, at = text.lower(), [], 0
    if len(low) != len(text):  # a letter grew when lowered: positions would not fit
        return text
    while (start := low.find(opening, at)) >= 0 and (end := low.find(closing, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return "".join((*kept, text[at:]))


def join(base: str, link: str | None) -> str | None:
    """The link made absolute, query kept; one that cannot be joined stays as it came, for the ledger to name."""
    link = line(link) if link else None
    if not link:
        return None
    try:
        return urljoin(base, link) if base else link
    except ValueError:
        return link


def permalink(guid: str | None) -> str | None:
    """The guid where it is an address itself."""
    return guid if guid and guid.lower().startswith(("http://", "https://")) else None


def language(tag: str | None) -> str | None:
    """A BCP 47 tag in its usual case ("de_at" is de-AT), None for anything else."""
    match = _LANGUAGE.fullmatch((tag or "").strip().replace("_", "-")[:35])
    if not match:
        return None
    parts = (p.upper() if len(p) == 2 else p.title() if len(p) == 4 else p.lower() for p in match[2].split("-")[1:])
    return "-".join((match[1].lower(), *parts))


def sane(document: FeedDocument, remarks: tuple[str, ...] = ()) -> FeedDocument:
    """The document within bounds; what was cut or left out joins its notes and `remarks`, one line each."""
    notes: dict[str, int] = {}
    entries = document.entries
    if len(entries) > MAX_ENTRIES:
        notes[f"entries past the first {MAX_ENTRIES} left out"] = len(entries) - MAX_ENTRIES
    kept = tuple(_entry(entry, notes) for entry in entries[:MAX_ENTRIES])
    return replace(
        document,
        entries=kept,
        title=_line(document.title, "title", notes),
        notes=(*document.notes, *remarks, *(f"{count} {what}" for what, count in notes.items())),
    )


def _entry(entry: Entry, notes: dict[str, int]) -> Entry:
    return Entry(
        guid=_guid(entry.guid, notes),
        link=_address(entry.link, "links", notes),
        title=_line(entry.title, "titles", notes),
        published=entry.published,
        updated=entry.updated,
        authors=_list(entry.authors, "authors", notes),
        summary=_markup(entry.summary, notes),
        content=_markup(entry.content, notes),
        language=entry.language,
        keywords=_list(entry.keywords, "keywords", notes),
        picture=_address(entry.picture, "pictures", notes),
    )


def _count(notes: dict[str, int], what: str) -> None:
    notes[what] = notes.get(what, 0) + 1


def _line(text: str | None, what: str, notes: dict[str, int]) -> str | None:
    text = line(text[: 4 * MAX_LINE]) if text else None
    if text and len(text) > MAX_LINE:
        _count(notes, f"{what} cut at {MAX_LINE} characters")
        text = text[:MAX_LINE].rstrip()
    return text or None


def _guid(guid: str | None, notes: dict[str, int]) -> str | None:
    guid = _CONTROL.sub("", guid).strip() if guid else None
    if guid and len(guid) > MAX_LINE:
        _count(notes, f"guids longer than {MAX_LINE} characters stand as their start and a hash")
        guid = f"{guid[:1000]}#{links.digest(guid)}"
    return guid or None


def _address(link: str | None, what: str, notes: dict[str, int]) -> str | None:
    if link and len(link) > MAX_LINE:
        _count(notes, f"{what} longer than {MAX_LINE} characters left out")
        return None
    return line(link) or None if link else None


def _markup(text: str | None, notes: dict[str, int]) -> str | None:
    if not text:
        return None
    if len(text) > MAX_MARKUP:
        _count(notes, f"texts cut at {MAX_MARKUP} characters")
        text = text[:MAX_MARKUP]
    return mended(text).strip() or None  # XML holds no control characters; JSON is freed of them where it is read


def _list(words: tuple[str, ...], what: str, notes: dict[str, int]) -> tuple[str, ...]:
    if not words:
        return ()
    clean = dict.fromkeys(filter(None, (line(word[: 2 * MAX_WORDS])[:MAX_WORDS] for word in words[: MAX_LIST * 5])))
    if len(words) > MAX_LIST:
        _count(notes, f"entries with more than {MAX_LIST} {what}")
    return tuple(clean)[:MAX_LIST]
