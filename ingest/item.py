"""One item of a wire, as its message says it: nothing guessed, nothing filled in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.model import When


class Status(StrEnum):
    """IPTC publishing status (NewsCodes pubstatus)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"

    @classmethod
    def told(cls, word: str | None) -> Status:
        """The status a message's word means: "usable", "stat:canceled", "cancelled", an address that ends in one.

        No word at all means usable (NewsML-G2 and ninjs say so), an unknown one withheld: better late than wrong.
        """
        return _STATUS.get((word or "usable").rstrip("/ ").replace(":", "/").rpartition("/")[2].lower(), cls.WITHHELD)

    def held(self, embargo: str | None, until: When | None) -> Status:
        """The status of what has an embargo in words, until a moment: one that tells none withholds what is usable."""
        return Status.WITHHELD if embargo and not until and self is Status.USABLE else self


_STATUS = {
    "usable": Status.USABLE,
    "withheld": Status.WITHHELD,
    "withhold": Status.WITHHELD,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "kill": Status.CANCELED,
    "killed": Status.CANCELED,
    "deleted": Status.CANCELED,
    "withdrawn": Status.CANCELED,
    "recalled": Status.CANCELED,
}


class Signal(StrEnum):
    """What a version is to the one before, where its agency says so."""

    CORRECTION = "correction"
    UPDATE = "update"
    KILL = "kill"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item is about: a code as the message writes it ("medtop:20000763", an address), a name, or both."""

    code: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Another item, or a page, that an item names."""

    rel: str  # the message's word for it, without its scheme: seeAlso, mainPicture, member, replaces
    target: str  # guid, or address
    title: str | None = None
    kind: str | None = None  # text, picture, graphic, video, audio


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a message. Texts are plain; a field that the message does not give is None or empty."""

    format: str  # name of the module in ingest/wire that read it
    guid: str | None = None  # without version; None: the message has none of its own (see ingest/intake.py, identity)
    version: str | None = None
    # text, picture, graphic, video, audio, composite, component, event, planning, concept, catalog, advisory: only
    # texts become documents. An advisory is a text that its agency wants no reader to see.
    kind: str = "text"
    status: Status = Status.USABLE
    signal: Signal | None = None  # decided from the signals by the format or dialect
    signals: tuple[str, ...] = ()  # as the message writes them: qcodes, words, take lines
    published: When | None = None  # when this version was made
    created: When | None = None  # when the first one was
    embargoed: When | None = None
    headline: str | None = None
    body: str = ""  # paragraphs apart by a blank line; no headline, byline, media captions or notes to editors
    summary: str | None = None
    byline: str | None = None
    dateline: str | None = None
    language: str | None = None  # as the message writes it, "_" for "-" forgiven
    urgency: int | None = None  # 1 to 9
    slugline: str | None = None
    usage_terms: str | None = None
    copyright_notice: str | None = None
    copyright_holder: str | None = None
    credit: str | None = None  # who is to be named: provider, credit line
    subjects: tuple[Subject, ...] = ()
    keywords: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    services: tuple[str, ...] = ()  # what it is delivered under: wires, products, rubrics, desks
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    located: str | None = None  # place the item was written at, if it is a field of its own
    link: str | None = None  # the item's page on the web
    links: tuple[Link, ...] = ()
    words: int | None = None  # how many words the message says its body has
    elsewhere: str | None = None  # address of the body where the message does not carry it
    notes: tuple[str, ...] = ()  # what was repaired or guessed while reading, one line each; never text of the message
