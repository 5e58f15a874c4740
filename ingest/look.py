"""One look at a page that was delivered before: what is known when it begins, and how it ends without a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from ingest.schedule import NEVER, Absence


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a delivered page that is looked at again."""

    still: float  # seconds since it last changed
    age: float  # seconds since it was found
    last: str = ""  # its document's last event
    looks: int = 0  # that found nothing since the last change
    validator: str = ""  # see ingest/revisit.py
    body: str = ""  # digest of the body whose text was committed last
    own: tuple[str, ...] = ()  # digests of the document's own addresses
    withdrawn: bool = False
    absent: Absence = field(default_factory=Absence)
    answered: bool = False  # another page of the host was there since this one was first missing

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Self:
        """As claim.lua hands it out."""
        still, age, own = raw.pop("still") / 1000, raw.pop("age") / 1000, tuple(raw.pop("own").split())
        times, gone, _ = map(int, raw.pop("absent", "0 0 0").split())
        return cls(still, age, own=own, absent=Absence(times, gone, raw.pop("span", 0) / 1000), **raw)


@dataclass(frozen=True, slots=True)
class Unread:
    """How a look ends that has nothing for a worker."""

    wait: float  # seconds until the next; NEVER
    fetch: str  # JSON of the fetch, for `why`
    reason: str = ""  # why the page could not be had; empty: it is unchanged
    hold: float = 0.0  # seconds the whole host is left alone
    validator: str = ""  # the newest
    absent: Absence | None = None  # it was not there

    def said(self) -> dict[str, Any]:
        """As looked.lua takes it."""
        said = {"wait": wait_ms(self.wait), "hold": int(self.hold * 1000), "reason": self.reason, "fetch": self.fetch}
        said |= {"va": self.validator} if self.validator else {}
        return said | ({"absent": [self.absent.times, self.absent.gone]} if self.absent else {})


def wait_ms(seconds: float) -> int:
    """A wait as the scripts take it: milliseconds, 0 for NEVER."""
    return 0 if seconds == NEVER else max(1, int(seconds * 1000))
