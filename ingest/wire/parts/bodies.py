"""Choose and read the body of a ninjs object: several hold the same text, each in another markup."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from ingest.wire.parts import members, prose
from ingest.wire.parts.members import Thing

_RANKS = {"html": 0, "unknown": 1, "text": 2, "nitf": 3}
_ASIDE = ("caption", "sportsml", "event", "pages", "ednote", "alt")  # what holds other things than the text
_MARKUP = re.compile(r"<(?:p|br|div|section|article|ul|table|h[1-6]|body)[\s/>]", re.IGNORECASE)
_NITF_AROUND = prose.NEVER | {"body.head", "hedline", "byline", "distributor", "docdata", "body.end"}
_WRAPPED = 100  # characters; a text whose every line is shorter was wrapped, if it has no blank lines


@dataclass(frozen=True, slots=True)
class Body:
    """One body as its object gives it."""

    role: str  # 1.x: what follows "body_" in its name
    style: str  # html, nitf, text or unknown
    value: str
    words: int | None = None  # as declared

    def paragraphs(self, omit: Container[str]) -> list[str]:
        """The text; `omit` are class tokens of elements that hold none of it."""
        if self.style == "nitf":
            return prose.fragment(self.value, _NITF_AROUND, omit)
        if self.style == "html" or _MARKUP.search(self.value[:5000]):
            return prose.fragment(self.value, omit=omit)
        found = prose.plain(self.value)
        if len(found) == 1 and any(len(line) > _WRAPPED for line in self.value.splitlines()):
            return [line for part in self.value.splitlines() for line in prose.plain(part)]
        return found


def chosen(thing: Thing) -> Body | None:
    """The main body, else the one that tells most of its structure; `thing` has its names lower-cased."""
    found = [body for body in (*_flat(thing), *_listed(thing)) if body.style in _RANKS]
    return min(found, key=lambda body: (body.role != "main", _RANKS[body.style]), default=None)


def _flat(thing: Thing) -> Iterator[Body]:
    """Bodies of ninjs 1.x: members whose names begin with body_."""
    for name in thing:
        if name.startswith("body_") and (value := members.text(thing, name)):
            role = name.removeprefix("body_")
            yield Body(role, _style(role, ""), value, members.whole(thing, "wordcount", "word_count") or None)


def _listed(thing: Thing) -> Iterator[Body]:
    """Bodies of ninjs 2.x and 3.x: objects of an array."""
    for one in members.things(thing, "bodies"):
        if value := members.text(one, "value"):
            role = (members.line(one, "role") or "").lower()
            words = members.whole(one, "wordcount", "wordCount") or None
            yield Body(role, _style(role, members.line(one, "contenttype", "contentType") or ""), value, words)


def _style(role: str, media_type: str) -> str:
    """How a body is written: by its media type, else by its role."""
    told = media_type.lower()
    if any(word in role for word in _ASIDE):
        return "other"
    if "html" in told or (not told and "html" in role):
        return "html"
    if "nitf" in told or (not told and role == "nitf"):
        return "nitf"
    if told == "text/plain" or (not told and role == "text"):
        return "text"
    return "other" if "xml" in told or "json" in told or role.endswith(("xml", "nitf")) else "unknown"
