"""Tell pages from everything else a server may answer with: by the first bytes, then by the declared type."""

from __future__ import annotations

import re

from ingest.errors import GiveUp
from ingest.model import Rejected

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"RIFF", "a RIFF file"),
    (b"PK\x03\x04", "a ZIP or office file"),
    (b"PK\x05\x06", "a ZIP file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"\x1aE\xdf\xa3", "a Matroska film"),
    (b"\xd0\xcf\x11\xe0", "an office file"),
    (b"{\\rtf", "an RTF file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%!PS", "a PostScript file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"Rar!", "a RAR file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x7fELF", "a program"),
    (b"(\xb5/\xfd", "a zstd file"),
    (b"SQLite format 3", "a database"),
    (b"BEGIN:VCALENDAR", "a calendar"),
)
_PAGES = frozenset(
    {"text/html", "application/xhtml+xml", "application/html", "text/xhtml", "application/vnd.wap.xhtml+xml"}
)
_PERHAPS = frozenset(
    {
        "",
        "text/plain",
        "text/xml",
        "application/xml",
        "application/octet-stream",
        "binary/octet-stream",
        "unknown/unknown",
    }
)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml|svg)[\s>]", re.I)
_MARKUP = re.compile(
    r"<\s*(?:!doctype\s+html|html|head|body|title|meta|div|p|h1|article|main|table|script|span|a)\b", re.I
)


def refuse(body: bytes, content_type: str | None, url: str) -> None:
    """Raise GiveUp(not-html) unless the answer is, or may be, an HTML page."""
    if kind := magic(body):
        raise GiveUp(Rejected.NOT_HTML, url, f"{kind}, no page")
    given = (content_type or "").partition(";")[0].strip().lower()
    if given in _PAGES:
        return
    if given not in _PERHAPS:
        raise GiveUp(Rejected.NOT_HTML, url, f"{given[:80]!r}, no page")
    start = body[:4096].replace(b"\x00", b"").decode("latin-1")  # NULs: UTF-16
    page, feed = _MARKUP.search(start), _FEED.search(start)
    if page is None or (feed is not None and feed.start() < page.start()):
        raise GiveUp(Rejected.NOT_HTML, url, "no HTML in it")


def magic(body: bytes) -> str | None:
    """What kind of file the first bytes say it is, or None."""
    if body[4:8] == b"ftyp":
        return "a film or picture"
    return next((kind for start, kind in _MAGIC if body.startswith(start)), None)
