"""Turn loosely typed values of page metadata (strings, lists, objects) into clean typed ones, nonsense into nothing."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Any
from urllib.parse import urljoin

from ingest import dates
from ingest.model import Picture, When
from workers import normalise

Zone = tzinfo | None
MAX_TEXT = 2_000  # characters of a title or description
MAX_LIST = 100
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.@].*)?$")
_LANGUAGE_NAMES = {
    "english": "en",
    "deutsch": "de",
    "german": "de",
    "français": "fr",
    "french": "fr",
    "español": "es",
    "spanish": "es",
}
_EXTENSION = re.compile(r"^https?://\S+$", re.I)


def plain(value: Any) -> str | None:
    """A clean line from a string, the first string of a list, or an object's @value or name."""
    if isinstance(value, list):
        return next((found for v in value[:MAX_LIST] if (found := plain(v))), None)
    if isinstance(value, dict):
        return plain(value.get("@value") or value.get("name"))
    if not isinstance(value, str):
        return None
    return normalise.label(value[: 4 * MAX_TEXT])[:MAX_TEXT].rstrip() or None


def when(value: Any, zone: Zone) -> When | None:
    """A moment, or None where there is none or it cannot be read."""
    text = plain(value)
    if not text:
        return None
    try:
        return dates.read(text, zone)
    except (ValueError, OverflowError):
        return None


def language(value: Any) -> str | None:
    """A BCP 47 tag in its usual case from a tag, a locale such as de_DE.UTF-8, or a Language object."""
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    text = plain(value)
    if not text:
        return None
    match = _LANGUAGE.match(text.split(",")[0].strip())
    if not match or (match[1].lower() in ("und", "mul", "zxx", "xx")):
        return _LANGUAGE_NAMES.get(text.lower())
    parts = [match[1].lower(), match[2].title() if match[2] else "", match[3].upper() if match[3] else ""]
    return "-".join(p for p in parts if p)


def keywords(value: Any) -> tuple[str, ...]:
    """Distinct keywords in order from a list or a comma-separated string; addresses are no keywords."""
    given = value if isinstance(value, list) else [value]
    found: list[str] = []
    for item in given[:MAX_LIST]:
        text = plain(item)
        found += re.split(r"\s*[,;،、]\s*", text) if text and not isinstance(item, dict) else [text] if text else []
    return tuple(dict.fromkeys(k for k in found if k and len(k) <= 100 and not _EXTENSION.match(k)))[:MAX_LIST]


def boolean(value: Any) -> bool | None:
    """True or False from a JSON boolean or a spelled one (also schema.org/False), else None."""
    if isinstance(value, bool):
        return value
    word = value.rpartition("/")[2].strip().lower() if isinstance(value, str) else ""
    return {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}.get(word)


def resolve(value: Any, known: dict[str, Any]) -> Any:
    """A value with references ({"@id": ...} alone) replaced by what they point at, one step deep."""
    if isinstance(value, list):
        return [resolve(v, known) for v in value[:MAX_LIST]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value and "url" not in value:
        return known.get(value["@id"], value)
    return value


def names(value: Any) -> list[str]:
    """Names from strings, objects with a name, and lists of either."""
    if isinstance(value, list):
        return [n for v in value[:MAX_LIST] for n in names(v)]
    if isinstance(value, dict):
        given = (
            value.get("name")
            or value.get("@value")
            or f"{value.get('givenName') or ''} {value.get('familyName') or ''}"
        )
        return names(given)
    text = plain(value)
    return [text] if text else []


def first_name(value: Any) -> str | None:
    """The first of the names in a value."""
    return next(iter(names(value)), None)


def address(value: Any, base: str) -> str | None:
    """An absolute http(s) address, or None."""
    if not isinstance(value, str) or not value.strip() or value.strip().startswith(("data:", "javascript:")):
        return None
    try:
        found = urljoin(base, value.strip())
    except ValueError:
        return None
    return found if found.startswith(("http://", "https://")) and len(found) <= 4096 else None


def picture(value: Any, base: str) -> Picture | None:
    """The first picture of an address, an ImageObject, or a list of either."""
    if isinstance(value, list):
        return next((found for v in value[:MAX_LIST] if (found := picture(v, base))), None)
    given = value
    if isinstance(value, dict):
        given = value.get("url") or value.get("contentUrl") or value.get("@id")
    where = address(given[0] if isinstance(given, list) and given else given, base)
    if where is None or not isinstance(value, dict):
        return Picture(where) if where else None
    credit = plain(value.get("creditText")) or first_name(value.get("creator")) or plain(value.get("copyrightNotice"))
    return Picture(where, plain(value.get("caption")), credit)
