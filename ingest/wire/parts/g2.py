"""An item of NewsML-G2 taken apart: its properties by name, and what codes, names and languages mean in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from ingest.dialect import PLAIN, Dialect
from ingest.item import Subject
from ingest.message import Message
from ingest.model import When
from ingest.wire.parts import paths, prose

_BLOCKS = ("itemMeta", "contentMeta", "rightsInfo", "contentSet")
_MARKUP = re.compile(r"html|nitf|text|xml$|^$")  # content types that may hold an article
_DATA = re.compile(r"sportsml|sports|eventsml|svg|mathml|rdf|atom|geo")


def code(part: etree._Element) -> str | None:
    """A property's code as written: qcode, address or literal."""
    return part.get("qcode") or part.get("uri") or part.get("literal") or None


@lru_cache(maxsize=2048)
def last(code: str, lower: bool = True) -> str:
    """The value of a code without its scheme: of "stat:usable" and of an address likewise."""
    value = code.rstrip("/").replace("/", ":").rpartition(":")[2]
    return value.lower() if lower else value


@dataclass(slots=True)
class Parts:
    """One item taken apart: the fields of its blocks by name, each block once."""

    element: etree._Element
    message: Message
    item: paths.Fields
    meta: paths.Fields  # of itemMeta
    content: paths.Fields  # of contentMeta
    rights: paths.Fields  # of rightsInfo
    inside: paths.Fields  # of contentSet
    dialect: Dialect = PLAIN
    language: str | None = None
    asserted: dict[str, str] = field(default_factory=dict)  # code -> name, where the item tells names apart from codes
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, element: etree._Element, message: Message) -> Parts:
        """One of the items of a message."""
        item = paths.fields(element)
        meta, content, rights, inside = (_public(paths.fields(*item.get(block, ()))) for block in _BLOCKS)
        return cls(element, message, item, meta, content, rights, inside)

    def spoken(self, dialect: Dialect) -> Parts:
        """The same, now that it is known who speaks: with the dialect and the language, which may be of the dialect."""
        self.dialect = dialect
        named = next((tag for part in self.content.get("language", ()) if (tag := part.get("tag"))), None)
        around = (self.element.get(paths.LANG), self.message.root.get(paths.LANG), self.message.language)
        self.language = named or next(filter(None, around), None)
        for each in self.item.get("assert", ()):
            if (known := each.get("qcode")) and (name := self.said(list(each.iterchildren("{*}name")))):
                self.asserted.setdefault(known, name)
        return self

    def values(self, path: str) -> Iterator[str]:
        """What stands at a path from the item (see paths.values()), followed through what is taken apart already."""
        block, _, rest = path.partition("/")
        name, _, rest = rest.partition("/")
        known = {"itemMeta": self.meta, "contentMeta": self.content}.get(block)
        if known is None or not name or name[0] == "@":
            return paths.values((self.element,), path)
        return paths.values(known.get(name, ()), rest)

    def said(self, elements: Sequence[etree._Element]) -> str | None:
        """The text in the item's language, else the first text."""
        if len(elements) > 1:
            for part in elements:
                if self.speaks(part) and (text := prose.words(part)):
                    return text
        return next(filter(None, map(prose.words, elements)), None)

    def speaks(self, part: etree._Element) -> bool:
        """Whether a property is in the item's language, or names none."""
        named = part.get(paths.LANG)
        return not named or named[:2].lower() == (self.language or "")[:2].lower()

    def named(self, part: etree._Element) -> str | None:
        """What a property is called: its name in the item's language, else its literal, else as the item asserts."""
        name = self.said(list(part.iterchildren("{*}name"))) if len(part) else None
        name = name or part.get("literal") or self.asserted.get(part.get("qcode") or "")
        return None if name in self.dialect.rules.get("void", ()) else name

    def subjects(self) -> list[tuple[Subject, str]]:
        """What the item is about, each with its nature (http://cv.iptc.org/newscodes/cpnature/), if it is told.

        A subject without a code that is made of several facets is its main concept.
        """
        found = []
        for part in self.content.get("subject", ()):
            main, known = part, code(part)
            if not known and len(part):
                main = next(part.iterchildren("{*}mainConcept"), part)
                known = code(main)
            name = self.named(main)
            if known or name:
                nature = main.get("type") or main.get("typeuri") or part.get("type") or part.get("typeuri")
                found.append((Subject(known, name), last(nature) if nature else ""))
        return found

    def articles(self) -> list[etree._Element]:
        """The inline contents that may hold an article, those in the item's language first."""
        held = (part for name in ("inlineXML", "inlineData") for part in self.inside.get(name, ()))
        return sorted(filter(_is_prosaic, held), key=lambda part: not self.speaks(part))

    def ruled(self, rule: str) -> str | None:
        """The first text at the paths that the dialect gives for a field."""
        for path in self.dialect.paths(rule):
            if value := next(filter(None, self.values(path)), None):
                return value
        return None

    def when(self, *names: str) -> When | None:
        """The first moment among fields of itemMeta and contentMeta."""
        for name in names:
            for element in (*self.meta.get(name, ()), *self.content.get(name, ())):
                if moment := self.message.when(element.text):
                    return moment
        return None


def _is_prosaic(part: etree._Element) -> bool:
    """Whether a content may be an article: by its type, if it names one, and because it is not encoded."""
    kind = (part.get("contenttype") or "").lower()
    return bool(_MARKUP.search(kind)) and not _DATA.search(kind) and part.get("encoding") is None


def _public(fields: paths.Fields) -> paths.Fields:
    """Without the properties that say they are not for publication (pubconstraint, since 2.14)."""
    secret = {part for parts in fields.values() for part in parts if _is_secret(part)}
    return {name: [p for p in parts if p not in secret] for name, parts in fields.items()} if secret else fields


def _is_secret(part: etree._Element) -> bool:
    """Whether one of its constraints, which are lists of codes and of addresses, is that it is not public."""
    codes, addresses = part.get("pubconstraint"), part.get("pubconstrainturi")
    if codes is None and addresses is None:  # as nearly always
        return False
    return any(last(each).startswith("nonpublic") for each in f"{codes or ''} {addresses or ''}".split())
