"""Find the encoding of a text whose bytes, declaration and header may contradict each other or say nothing."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_DECLARED = re.compile(r"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_DAMAGE = 5  # one broken character in so many foreign ones does not speak against an encoding
_LANGUAGE = re.compile(rb"(?:<(?:dc:)?language>\s*|xml:lang\s*=\s*[\"'])([A-Za-z]{2})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x00\x00\x00<", "utf-32-be"), (b"<\x00\x00\x00", "utf-32-le"), (b"\x00<", "utf-16-be"), (b"<\x00", "utf-16-le"),
)  # fmt: skip
# What browsers read these labels as (encoding.spec.whatwg.org): supersets that lose nothing.
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "tis-620": "cp874", "iso8859-11": "cp874", "iso8859-9": "cp1254", "big5": "big5hkscs",
}  # fmt: skip
_NO_TEXT = frozenset((
    "unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined",
    "utf-7",
))  # fmt: skip
_WESTERN = ("cp1252", "iso8859-15")
_WESTERN_TONGUES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "no", "nb", "nn", "fi", "is", "ga", "eu", "ca", "gl", "af",
)  # fmt: skip
# The old encodings of each language's newsrooms; the detector only chooses among the ones that decode.
_OLD = {
    "ja": ("cp932", "euc_jp"), "ko": ("cp949",), "zh": ("gb18030", "big5hkscs"), "th": ("cp874",),
    "ru": ("cp1251", "koi8_r"), "uk": ("cp1251", "koi8_u"), "bg": ("cp1251",), "sr": ("cp1251", "cp1250"),
    "be": ("cp1251",), "mk": ("cp1251",), "el": ("cp1253",), "he": ("cp1255",), "iw": ("cp1255",), "ar": ("cp1256",),
    "fa": ("cp1256",), "tr": ("cp1254",), "pl": ("cp1250", "iso8859_2"), "cs": ("cp1250", "iso8859_2"),
    "sk": ("cp1250", "iso8859_2"), "hu": ("cp1250", "iso8859_2"), "hr": ("cp1250", "iso8859_2"),
    "sl": ("cp1250", "iso8859_2"), "ro": ("cp1250", "iso8859_2"), "lt": ("cp1257",), "lv": ("cp1257",),
    "et": ("cp1257",), "vi": ("cp1258",),
    **dict.fromkeys(_WESTERN_TONGUES, ("cp1252",)),
}  # fmt: skip
# Where the language is unknown too. The detector cannot tell Central European and Baltic texts from Western ones,
# which are far more frequent, so the former are not offered.
_ALL = [
    "cp1252", "cp1251", "koi8_r", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp874", "cp1253", "cp1255", "cp1256",
]  # fmt: skip


def decode(raw: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return (text, name of the encoding). Never fails: bytes no encoding takes become U+FFFD.

    Order: byte order mark or zero bytes, valid UTF-8, the HTTP header (RFC 7303) and the XML declaration, a guess.
    """
    for start, name in _BOMS:
        if raw.startswith(start):
            return raw.decode(name, "replace"), name
    named = _named(raw, content_type)
    if (text := _strict(raw, "utf-8")) is not None and not any(name.startswith(("iso2022", "hz")) for name in named):
        return text, "utf-8"
    for name in named:
        if (text := _strict(raw, name)) is not None:
            return text, name
    for name in ("utf-8", *named):  # a text cut in the middle of a character, or a stray byte
        text = raw.decode(name, "replace")
        if text.count("\ufffd") * _DAMAGE < sum(map(len, _FOREIGN.findall(text))):
            return text, f"{name}, damaged"
    for name in (*_guesses(raw), "cp1252"):
        if (text := _strict(raw, name)) is not None:
            return text, name
    return raw.decode("cp1252", "replace"), "cp1252, damaged"


def _strict(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except (UnicodeError, LookupError):
        return None


def _named(raw: bytes, content_type: str | None) -> list[str]:
    """The encodings the header and the declaration name, best first: a Western header is mostly a server's default."""
    header, declared = _HEADER.search(content_type or ""), _DECLARED.match(raw[:300].decode("latin-1"))
    outside, inside = (_codec(found[1]) if found else "" for found in (header, declared))
    both = [inside, outside] if outside in _WESTERN or outside == "utf-8" else [outside, inside]
    return [name for name in both if name and name != "utf-8"]


def _codec(label: str) -> str:
    """Python's name for the widest reading of a label, empty for what is no text encoding."""
    try:
        name = codecs.lookup(label).name
        b"a".decode(name, "replace")  # raises for codecs that are no text encodings, such as hex
    except (LookupError, UnicodeError):
        return ""
    return "" if name in _NO_TEXT else _WIDER.get(name, name)


def _guesses(raw: bytes) -> list[str]:
    """Encodings that nobody named, likeliest first: by the feed's language, then by the detector."""
    spoken = _LANGUAGE.search(raw[:20_000])
    old = list(_OLD.get(spoken[1].decode("ascii").lower(), ())) if spoken else []
    if len(old) == 1:
        return old
    if "iso8859_2" in old and "cp1251" not in old:  # there, 80 to 9F are controls; in cp1250, the commonest accents
        return ["cp1250" if re.search(rb"[\x80-\x9f]", raw) else "iso8859_2"]
    sample = b"\n".join(re.findall(rb"[^<>&\n]*[\x80-\xff][^<>&\n]*", raw[:2_000_000]))[:20_000]
    if len(sample) - len(re.sub(rb"[\x80-\xff]", b"", sample)) < 6:  # too little to tell anything from
        return old
    best = from_bytes(sample, cp_isolation=old or _ALL, preemptive_behaviour=False, enable_fallback=False).best()
    return [*([best.encoding] if best else []), *old]
