"""Page bytes to text and the one lxml tree that metadata, gate and extraction share."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ingest.errors import GiveUp
from ingest.model import Rejected

MAX_TAGS = 100_000  # a tree of more elements costs more memory than one page may have
MAX_DEPTH = 256  # libxml2's own bound; it drops what follows, so such a page is refused and not cut

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.I)
_META = re.compile(
    rb"<meta\s[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})|<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]{1,40})",
    re.I,
)
# What a label means on the web (WHATWG Encoding): the supersets that browsers really use.
_WEB = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs", "utf-16": "utf-16-le", "johab": "cp949",
}  # fmt: skip
_KNOWN = re.compile(
    r"utf-8|utf-16-[bl]e|utf-32-[bl]e|iso8859-\d+|cp(125\d|866|874|932|949|950|1006)|koi8-[rut]|mac-(roman|cyrillic)|"
    r"gb18030|big5hkscs|euc_jp|euc_jis_2004|iso2022_jp(_\w+)?|kz1048|ptcp154"
)
# Offered to the detector where nobody declares anything; it cannot tell Central European from Western texts.
_LIKELY = [
    "cp1252", "cp1251", "koi8_r", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp874", "cp1253", "cp1255", "cp1256",
]  # fmt: skip
_ALIASES = {
    "x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030", "utf8mb4": "utf-8", "x-euc-jp": "euc_jp",
    "x-mac-cyrillic": "mac-cyrillic", "iso-8859-8-i": "iso8859-8", "x-x-big5": "big5hkscs", "unicode": "utf-16-le",
}  # fmt: skip
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r")


@dataclass(frozen=True, slots=True)
class Markup:
    """A page that was read: its text, the tree over it, and the character encoding that was used."""

    source: str
    tree: HtmlElement  # shared: nobody changes it
    encoding: str


def read(body: bytes, content_type: str | None, url: str) -> Markup:
    """Decode and parse; raises GiveUp(too-complex) for what no page needs, never anything about charsets."""
    source, encoding = decode(body, content_type)
    return Markup(source, parse(source, url), encoding)


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The page's characters and the name of the encoding: byte order mark, what is valid UTF-8, declared, guessed.

    UTF-8 comes before the declared ones because servers and templates declare wrongly, and text in another encoding is
    never valid multi-byte UTF-8 by chance; encodings that look like ASCII (ISO-2022, UTF-16) are tried before it.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    declared = _declared(body, content_type)
    for name in declared:
        if name.startswith(("iso2022", "utf-16", "utf-32")) and (found := _strict(body, name)) is not None:
            return found, name
    for name in ("utf-8", *declared):
        if (found := _strict(body, name)) is not None:
            return found, name
    return _guess(body, declared)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Usable Python codecs named by the Content-Type, then by the page, in this order."""
    labels = [match[1]] if (match := _CHARSET.search(content_type or "")) else []
    for found in _META.finditer(body, 0, 8192):
        labels.append((found[1] or found[2]).decode("ascii", "replace"))
        break
    return [name for label in labels if (name := _codec(label))]


def _codec(label: str) -> str | None:
    """The Python codec for a charset label, if it is one that pages are written in (not rot13, zip, idna, utf-7...)."""
    try:
        name = codecs.lookup(_ALIASES.get(label.lower(), label)).name
    except (LookupError, ValueError):
        return None
    name = _WEB.get(name, name)
    return name if _KNOWN.fullmatch(name) else None


def _strict(body: bytes, name: str) -> str | None:
    """The text, or None if it is not in this encoding: wrong bytes, or a text full of NULs or private characters."""
    try:
        found = body.decode(name)
    except UnicodeError:
        return None
    return None if name.startswith("utf-16") and "<" not in found[:4096] else found


def _guess(body: bytes, declared: list[str]) -> tuple[str, str]:
    """A damaged page: the declared encoding or UTF-8 if few bytes are wrong, else what the letters look like."""
    for name in (*declared, "utf-8"):
        found = body.decode(name, "replace")
        if found.count("\ufffd") <= max(3, len(found) // 1000):
            return found, name
    best = charset_normalizer.from_bytes(_letters(body), cp_isolation=_LIKELY, enable_fallback=False).best()
    name = (_codec(best.encoding) if best else None) or (declared[0] if declared else "cp1252")
    return body.decode(name, "replace"), name


def _letters(body: bytes) -> bytes:
    """At most 20 KB of the runs between tags that are not ASCII: the guess is as good, and its cost is bounded."""
    return b"\n".join(re.findall(rb"[^<>&\n]{0,200}[\x80-\xff][^<>&\n]{0,200}", body[:1_000_000]))[:20_000]


def parse(source: str, url: str) -> HtmlElement:
    """The tree of a page; raises GiveUp(too-complex) if it has too many elements or is nested too deeply."""
    if source.count("<") > MAX_TAGS:
        raise GiveUp(Rejected.TOO_COMPLEX, url, f"more than {MAX_TAGS} tags")
    # A parser of its own: the error log is the parser's state, and another page's must not be read.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True)
    data = source.encode("utf-8", "replace").translate(None, _CONTROLS)
    data = data.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"")  # U+FFFE and U+FFFF
    try:
        tree: HtmlElement = document_fromstring(data or b"<html></html>", parser=parser)
    except etree.ParserError:  # nothing but white space or comments
        return document_fromstring(b"<html><body></body></html>", parser=parser)
    except (etree.LxmlError, AssertionError, ValueError) as error:
        raise GiveUp(Rejected.TOO_COMPLEX, url, f"cannot be parsed: {error}") from error
    if any("epth" in entry.message or "huge" in entry.message for entry in parser.error_log.filter_from_fatals()):
        raise GiveUp(Rejected.TOO_COMPLEX, url, f"nested deeper than {MAX_DEPTH} elements, or one endless text")
    return tree
