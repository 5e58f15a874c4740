"""Part an answer over HTTP into messages, and find the link to the next one (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

_LISTS = ("items", "entries", "hits", "results", "documents")
_NEXT = ("next_page", "next", "nextPage")
_NAMES = ("uri", "guid", "urn", "id", "itemid", "_id")
# A link value of RFC 8288: the target, then parameters whose values may be quoted and hold commas and semicolons.
_LINK = re.compile(
    r"<([^<>]{1,4096})>((?:\s*;\s*[\w*-]{1,40}(?:\s*=\s*(?:\"[^\"]{0,1000}\"|[^\s\",;]{0,1000}))?){0,20})"
)
_PARAMETER = re.compile(r";\s*([\w*-]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*)))?")


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an answer."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer holds."""

    parts: tuple[Part, ...]
    next: str = ""  # absolute address of the next answer, "" where none is named


def page(body: bytes, url: str, headers: Mapping[str, str]) -> Page:
    """The messages of an answer: the objects of a JSON list, or of the list in a JSON answer, else the body as it is.

    `headers` have lower-case names.
    """
    value = _json(body)
    after = _named(value) or linked(headers.get("link", ""))
    following = _join(url, after)
    found = _list(value)
    if found is None:
        return Page(
            (Part(url.partition("?")[0].rpartition("/")[2] or "answer", body),) if body.strip() else (), following
        )
    wrap = isinstance(value, dict) and isinstance(value.get("data"), dict)
    return Page(tuple(_part(one, number, wrap) for number, one in enumerate(found, start=1)), following)


def objects(body: bytes) -> list[dict[str, Any]] | None:
    """The objects of the list in a JSON answer; None where there is no such list."""
    return _list(_json(body))


def part(one: Mapping[str, Any], number: int) -> Part:
    """An object as a message of its own."""
    return Part(_name(one, number), packed(one))


def packed(value: Any) -> bytes:
    """A JSON value in bytes; lone surrogates, which no UTF-8 may hold, as escapes."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def linked(field: str) -> str:
    """The target of the link with relation next in a Link field (RFC 8288), "" where there is none."""
    for match in _LINK.finditer(field[:20_000]):
        said = {p[1].lower(): p[2] or p[3] or "" for p in reversed(list(_PARAMETER.finditer(match[2])))}
        if "next" in said.get("rel", "").lower().split():
            return match[1].strip()
    return ""


def _part(one: dict[str, Any], number: int, wrap: bool) -> Part:
    """An entry of the AP Media API's feed becomes what its content request would have answered: {"data": entry}."""
    return Part(_name(one, number), packed({"data": one} if wrap and isinstance(one.get("item"), dict) else one))


def _name(one: Mapping[str, Any], number: int) -> str:
    for thing in (one, one.get("item"), one.get("meta")):
        if isinstance(thing, Mapping):
            for key in _NAMES:
                if isinstance(name := thing.get(key), str) and name.strip():
                    return "".join(c if c.isprintable() else "�" for c in name[:200])
    return f"entry {number}"


def _json(body: bytes) -> Any:
    if body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None  # whoever reads the message will say what is wrong with it


def _list(value: Any) -> list[dict[str, Any]] | None:
    """The list of messages in a JSON value. A JSON Feed is one message: its own reader takes it whole."""
    if isinstance(value, list):
        return _objects(value)
    if not isinstance(value, dict) or "jsonfeed.org" in str(value.get("version", "")):
        return None
    data = value.get("data")
    if isinstance(data, list):
        return _objects(data)
    for thing in (value, data if isinstance(data, dict) else {}):
        for key in _LISTS:
            if isinstance(thing.get(key), list):
                return _objects(thing[key])
    return None


def _objects(values: list[Any]) -> list[dict[str, Any]] | None:
    return values if all(isinstance(value, dict) for value in values) else None


def _named(value: Any) -> str:
    """The next page as a JSON answer names it: AP's data.next_page, or next here, in links or in paging."""
    if not isinstance(value, dict) or "jsonfeed.org" in str(value.get("version", "")):
        return ""
    for thing in (value, *(value.get(key) for key in ("data", "links", "_links", "paging", "pagination", "meta"))):
        if not isinstance(thing, dict):
            continue
        for key in _NEXT:
            target = thing.get(key)
            target = target.get("href") if isinstance(target, dict) else target
            if isinstance(target, str) and target.strip():
                return target.strip()
    return ""


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""
