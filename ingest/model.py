"""The nouns of the service, in the order a story meets them: entry, fetched page, article, outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a moment is known."""

    INSTANT = "instant"  # date, time and zone
    ZONELESS = "unknown-zone"  # date and wall clock, but nobody says where the clock hangs
    DAY = "day"  # a calendar day and nothing finer


@dataclass(frozen=True, slots=True)
class When:
    """A moment as a source gave it. There is no naive datetime outside this class."""

    precision: Precision
    day: date  # the calendar day in the source's own zone
    at: datetime | None = None  # aware, in UTC; only for INSTANT
    wall: str | None = None  # "2026-03-01T08:15:00", no zone; only for ZONELESS
    # Minutes east of Greenwich of the clock the source wrote, if known; the same instant on two clocks is one moment.
    offset: int | None = field(default=None, compare=False)

    @classmethod
    def instant(cls, moment: datetime) -> When:
        """The moment of an aware datetime, its own clock remembered. Raises ValueError for a naive one."""
        east = moment.utcoffset()
        if east is None:
            raise ValueError(f"{moment} has no time zone")
        minutes, seconds = divmod(east.days * 86_400 + east.seconds, 60)
        exact = not seconds and not east.microseconds  # local mean times of old are off by seconds
        return cls(Precision.INSTANT, moment.date(), moment.astimezone(UTC), None, minutes if exact else None)

    def iso(self) -> str:
        """RFC 3339 instant in UTC for INSTANT, else the day as YYYY-MM-DD: equal moments give equal strings."""
        return self.at.isoformat().replace("+00:00", "Z") if self.at else self.day.isoformat()

    def local(self) -> str:
        """As iso(), but an instant stands on its source's own clock, so that its day is the day the source means."""
        if self.at is None or not self.offset:
            return self.iso()
        return self.at.astimezone(timezone(timedelta(minutes=self.offset))).isoformat()


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as the feed says it: nothing guessed, nothing filled in."""

    guid: str | None = None  # RSS guid, Atom id, JSON Feed id: raw
    link: str | None = None  # absolute: xml:base and the feed's address applied
    title: str | None = None  # plain text: tags and entities resolved
    published: When | None = None
    updated: When | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None  # HTML
    content: str | None = None  # HTML of the full text, where the feed carries it
    language: str | None = None  # BCP 47
    keywords: tuple[str, ...] = ()
    picture: str | None = None  # absolute address of the lead picture


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What one feed body holds."""

    format: str  # name of the module in ingest/formats that read it
    entries: tuple[Entry, ...]  # in the feed's order
    title: str | None = None
    language: str | None = None
    every: float | None = None  # seconds the publisher asks us to wait between polls (ttl, sy:update*)
    notes: tuple[str, ...] = ()  # what was repaired, cut or left out while reading, one line each


@dataclass(frozen=True, slots=True)
class Fetched:
    """One finished fetch: the last hop's answer, decoded and complete."""

    url: str  # address of the last hop
    status: int  # HTTP status of the last hop (2xx or 304; 404 or 410 where the question allowed it)
    headers: dict[str, str]  # names lower-cased, repeated fields joined by ", "
    body: bytes  # content codings undone
    hops: tuple[str, ...] = ()  # every address asked, first to last
    permanent: str | None = None  # where the leading run of 301/308 answers points, if there was one


@dataclass(frozen=True, slots=True)
class Picture:
    """The lead picture of an article."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What one page says: its text and what is known about it, each field with its source."""

    text: str  # NFC; paragraphs apart by a blank line; no headline, byline or captions
    title: str | None = None
    headline: str | None = None  # the title as the page alone says it: a change of it is one of the page, not of a feed
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()  # news agencies the text is credited to, by their names in workers/agencies.toml
    published: When | None = None
    modified: When | None = None
    language: str | None = None  # BCP 47
    canonical: str | None = None  # absolute rel=canonical as the page gives it, not judged
    publisher: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    description: str | None = None
    picture: Picture | None = None
    free: bool | None = None  # whether the whole text is open to everyone (isAccessibleForFree)
    rights: tuple[str, ...] = ()  # reservations such as "tdm-reservation", "noai", "tdm-policy=https://..."
    usage: str | None = None  # licence or terms of use, usually an address
    notice: str | None = None  # copyright notice
    holder: str | None = None  # who holds the copyright
    html: str | None = None  # clean body as HTML, only when asked for
    confidence: int = 100  # percent
    fields: dict[str, str] = field(
        default_factory=dict
    )  # field -> source that won: feed, json-ld, opengraph, html, answer, url, text


class State(StrEnum):
    """Where a record stands. Each record is in exactly one state."""

    PENDING = "pending"  # found, and not at its end: waiting, fetching, retrying, held
    DELIVERED = "delivered"  # its document has an event
    MERGED = "merged"  # its document exists by another way
    REJECTED = "rejected"  # was had, and is no document (see Rejected)
    FAILED = "failed"  # could not be had (see Failed)


class Rejected(StrEnum):
    """Why something that was had is no document."""

    OLDER = "older"  # older than SINCE when its feed was polled first
    ROBOTS = "robots"  # robots.txt asks us not to fetch it
    NO_LINK = "no-link"  # the entry has neither a link nor a text
    NOT_HTML = "not-html"  # a PDF, picture, film or data file where a page was expected
    CONSENT = "consent"  # a consent wall stands before the text
    CHALLENGE = "challenge"  # a bot check stands before the text
    LOGIN = "login"  # a login form stands before the text
    PAYWALL = "paywall"  # only a teaser is given
    SOFT_404 = "soft-404"  # says "not found" with status 200
    PARKED = "parked"  # the domain is for sale
    LISTING = "listing"  # a front page, section or search result
    PRODUCT = "product"  # goods for sale
    FORUM = "forum"  # a thread or a page of questions and answers
    OTHER = "other-page"  # a page about a service, firm or offer; no article, no list
    VIDEO = "video"  # a player without a text
    SCRIPT_ONLY = "script-only"  # an empty shell that scripts would fill
    NO_TEXT = "no-text"  # a page in which no article text was found
    PACKAGE = "package"  # a wire's list of other items
    NOT_TEXT = "not-text"  # a wire's picture, graphic, film, sound or event
    WITHHELD = "withheld"  # its agency held it back, and never said until when
    KILLED = "killed"  # its agency withdrew it before it went out
    NOTHING_OUT = "nothing-out"  # withdraws what never went out
    TOO_COMPLEX = "too-complex"  # needs more memory or depth than a page may have


class Failed(StrEnum):
    """Why something could not be had."""

    BAD_URL = "bad-url"  # no address that could be asked
    ADDRESS = "address"  # resolves to an address that is not public and not allowed
    DNS = "dns"  # the name does not resolve
    CONNECT = "connect"  # no connection
    TLS = "tls"  # no trustworthy connection
    PROTOCOL = "protocol"  # the answer is no HTTP, or breaks off
    TIMEOUT = "timeout"  # the deadline of the whole fetch passed
    TOO_LARGE = "too-large"  # more decoded bytes or headers than allowed
    ENCODING = "encoding"  # a content coding that is unknown, broken or cut short
    REDIRECTS = "redirects"  # more than ten redirects, a circle, or one that leads nowhere
    FORBIDDEN = "forbidden"  # 401, 402, 403, 407, 451
    NOT_FOUND = "not-found"  # 404
    GONE = "gone"  # 410
    CLIENT = "http-4xx"  # any other 4xx
    LIMITED = "limited"  # 429
    SERVER = "http-5xx"  # 5xx
    STATUS = "http-status"  # a status that is no answer to our question
    FOLDER = "folder"  # a folder of this machine cannot be read or written
    ROBOTS_AWAY = "robots-away"  # robots.txt cannot be had, so nothing may be fetched
    UNREADABLE = "unreadable"  # a wire's message that is in no format we know, or broken
    DEADLINE = "page-deadline"  # parsing took longer than PAGE_DEADLINE, more than once
    CRASHED = "page-crashed"  # parsing killed its process, more than once
    BUG = "bug"  # our fault: see the log


Reason = Rejected | Failed
