"""An item of NewsML-G2 taken apart: its properties by name, and what codes, names and languages mean in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from ingest.dialect import Dialect
from ingest.item import Subject
from ingest.message import Message
from ingest.model import When
from ingest.wire.parts import paths, prose


def code(part: etree._Element) -> str | None:
    """A property's code as written: qcode, address or literal."""
    return part.get("qcode") or part.get("uri") or part.get("literal") or None


def last(code: str, lower: bool = True) -> str:
    """The value of a code without its scheme: of "stat:usable" and of an address likewise."""
    value = code.rstrip("/").replace("/", ":").rpartition(":")[2]
    return value.lower() if lower else value


@dataclass(slots=True)
class Parts:
    """One item taken apart: the fields of its blocks by name, each block once."""

    element: etree._Element
    message: Message
    dialect: Dialect
    item: paths.Fields
    meta: paths.Fields
    content: paths.Fields
    rights: paths.Fields
    inside: paths.Fields  # of contentSet
    language: str | None
    asserted: dict[str, str] = field(default_factory=dict)  # code -> name, where the item tells names apart from codes
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, element: etree._Element, message: Message, dialect: Dialect) -> Parts:
        """One of the items of a message."""
        item = paths.fields(element)
        content, meta = (_public(paths.fields(*item.get(block, ()))) for block in ("contentMeta", "itemMeta"))
        named = next((tag for part in content.get("language", ()) if (tag := part.get("tag"))), None)
        named = named or element.get(paths.LANG) or message.root.get(paths.LANG) or message.language
        rights, inside = (paths.fields(*item.get(block, ())) for block in ("rightsInfo", "contentSet"))
        parts = cls(element, message, dialect, item, meta, content, rights, inside, named)
        for each in item.get("assert", ()):
            if (code := each.get("qcode")) and (name := parts.said(paths.fields(each).get("name", ()))):
                parts.asserted.setdefault(code, name)
        return parts

    def said(self, elements: Sequence[etree._Element]) -> str | None:
        """The text in the item's language, else the first text."""
        if len(elements) < 2:
            return prose.words(elements[0]) or None if elements else None
        found = [(text, part.get(paths.LANG)) for part in elements if (text := prose.words(part))]
        own = (self.language or "")[:2].lower()
        mine = (text for text, language in found if (language or own)[:2].lower() == own)
        return next(mine, None) or (found[0][0] if found else None)

    def named(self, part: etree._Element) -> str | None:
        """What a property is called: its name in the item's language, else its literal, else as the item asserts."""
        name = self.said([child for child in part if paths.name(child) == "name"]) if len(part) else None
        return name or part.get("literal") or self.asserted.get(part.get("qcode") or "")

    def subjects(self) -> list[tuple[Subject, str]]:
        """What the item is about, each with its nature (http://cv.iptc.org/newscodes/cpnature/), if it is told."""
        found = []
        for part in self.content.get("subject", ()):
            known, name = code(part), self.named(part)
            if known or name:
                nature = part.get("type") or part.get("typeuri")
                found.append((Subject(known, name), last(nature) if nature else ""))
        return found

    def ruled(self, rule: str) -> str | None:
        """The first text at the paths that the dialect gives for a field."""
        for path in self.dialect.paths(rule):
            if value := next(filter(None, paths.values((self.element,), path)), None):
                return value
        return None

    def when(self, *names: str) -> When | None:
        """The first moment among fields of itemMeta and contentMeta."""
        for name in names:
            for element in (*self.meta.get(name, ()), *self.content.get(name, ())):
                if moment := self.message.when(element.text):
                    return moment
        return None


def _public(fields: paths.Fields) -> paths.Fields:
    """Without the properties that say they are not for publication (pubconstraint, since 2.14)."""
    secret = {part for parts in fields.values() for part in parts if _is_secret(part.get("pubconstraint"))}
    return {name: [p for p in parts if p not in secret] for name, parts in fields.items()} if secret else fields


def _is_secret(constraint: str | None) -> bool:
    return constraint is not None and last(constraint).startswith("nonpublic")
