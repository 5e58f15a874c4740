"""Bring text to the one form that is stored, compared and hashed: NFC, clean, paragraphs apart by a blank line."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

# C0 and C1 without tab and line ends, lone surrogates, noncharacters, and marks that only steer rendering: soft hyphen,
# zero-width space, word joiner, byte order mark, bidi embeddings and isolates. ZWJ and ZWNJ spell words and stay.
_GONE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|big|br|em|font|i|mark|p|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]{0,500}>", re.I
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});", re.I)
# Scripts without spaces between words: a character of the first group is about a word, of the second a fifth of one.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_IDEOGRAPHS, _UNSPACED = re.compile(f"[{IDEOGRAPHS}]"), re.compile(f"[{UNSPACED}]")

VERSION = "sha256-1"  # names the rule below; a change of the rule is a new name
MERGE_WORDS = 25  # texts shorter than this are never merged by text


def characters(text: str) -> str:
    """The text in NFC, without control and rendering characters, line ends as LF."""
    if text.isprintable():  # the common case for one line, and much cheaper
        return unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _GONE.sub("", _BREAK.sub("\n", text)))


def line(text: str) -> str:
    """One clean line: every run of white space is one space."""
    return _SPACE.sub(" ", characters(text)).strip()


def label(text: str) -> str:
    """A title, name or caption as plain text: entities resolved (also doubly escaped ones), inline tags dropped."""
    for _ in range(2):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return line(_MARKUP.sub(" " if "<br" in text.lower() else "", text) if "<" in text else text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text whose paragraphs stand apart by blank lines; white space inside them is collapsed."""
    return [found for part in _BLANK.split(characters(text)) if (found := _SPACE.sub(" ", part).strip())]


def join(parts: list[str]) -> str:
    """Paragraphs, each a clean line, as one text."""
    return "\n\n".join(parts)


def text(raw: str) -> str:
    """The stored form of a text; applying it twice changes nothing."""
    return join(paragraphs(raw))


def content_hash(raw: str) -> str:
    """`sha256-1:` and the hex digest over the text in NFC with white space collapsed inside paragraphs."""
    return f"{VERSION}:{hashlib.sha256(text(raw).encode()).hexdigest()}"


def words(text: str) -> int:
    """How many words a text has; a Chinese or Japanese character counts one, five Thai, Lao, Khmer or Burmese one."""
    if text.isascii():
        return len(text.split())
    ideographs, unspaced = len(_IDEOGRAPHS.findall(text)), len(_UNSPACED.findall(text))
    rest = _UNSPACED.sub(" ", _IDEOGRAPHS.sub(" ", text)) if ideographs or unspaced else text
    return ideographs + (unspaced + 4) // 5 + sum(1 for word in rest.split() if len(word) > 1 or word.isalnum())


def mergeable(text: str) -> bool:
    """Whether a text is long enough to call two documents the same because of it."""
    return words(text) >= MERGE_WORDS


def bare(text: str) -> str:
    """Letters and digits only, folded: equal for two spellings of one headline."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
