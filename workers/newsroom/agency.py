"""An agency that drops messages into a spool: versions, corrections, kills, embargoes, copies, broken files.

    python -m workers.newsroom.agency SPOOL LOG [--stories N] [--seconds S] [--gap S] [--hold S] [--lives A,B]

The plan is pure; a thread drops what is due and records every file before it can be seen.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from workers.newsroom.desk import Answer
from workers.newsroom.invent import headline, story
from workers.newsroom.journal import Journal
from workers.newsroom.messages import KINDS, Version, written

TEXT = {"content-type": "text/plain; charset=utf-8"}
LIVES = (
    "plain", "updated", "embargoed", "killed", "burst", "caught", "corrected", "freed", "reheld", "doubled", "stopped",
    "broken", "late", "caught",
)  # fmt: skip
AT_ONCE = 6  # versions of a burst
LANGUAGES = ("en", "de", "fr", "es", "ru")


@dataclass(frozen=True, slots=True)
class Order:
    """How much is sent, and over how long."""

    stories: int = 60
    seconds: float = 30.0  # over which they begin
    gap: float = 6.0  # seconds between versions
    hold: float = 24.0  # seconds of embargo beyond whatever is sent meanwhile
    seed: int = 1
    lives: tuple[str, ...] = LIVES


@dataclass(frozen=True, slots=True)
class Sent:
    """One file: when it is dropped (seconds after opening), under which name, and what it is."""

    at: float
    name: str
    kind: str
    version: Version
    step: str  # take, kill, again, broken
    until: float = 0.0  # seconds after opening; 0: no embargo

    def body(self, opened: float) -> bytes:
        """Its bytes, once the moment of opening is known."""
        made = datetime.fromtimestamp(opened + self.at, UTC)
        until = datetime.fromtimestamp(opened + self.until, UTC) if self.until else None
        raw = written(self.kind, replace(self.version, made=made, until=until))
        return raw[: len(raw) // 2] if self.step == "broken" else raw


def plan(order: Order) -> list[Sent]:
    """Every file, in the order of dropping."""
    found = [sent for number in range(order.stories) for sent in _life(order, number)]
    return sorted(found, key=lambda sent: sent.at)


def _life(order: Order, number: int) -> Iterator[Sent]:
    dice = random.Random(f"{order.seed}:{number}")
    life = order.lives[number % len(order.lives)]
    start = order.seconds * number / max(1, order.stories)
    kind = dice.choice(KINDS)
    told = story(order.seed, number, LANGUAGES[number % len(LANGUAGES)])
    guid = f"urn:newsml:hna.test:{order.seed}:{number}"

    def take(place: int, step: str = "take", after: float = -1.0, **more: float | str) -> Sent:
        paragraphs = (*(p.text for p in told.paragraphs if not p.head), f"HNA {number} take {place}.")
        title = headline(order.seed, number, told.language, place)
        signal = str(more.get("signal", ""))
        made = Version(guid, place, datetime.fromtimestamp(0, UTC), title, paragraphs, told.language, signal=signal)
        at = start + (after if after >= 0 else order.gap * (place - 1))
        name = f"{number:05d}-{place}{'-again' if step == 'again' else ''}.{'json' if kind == 'ninjs' else 'xml'}"
        version = replace(made, killed=step == "kill")
        return Sent(at, name, "newsmlg2" if signal else kind, version, step, float(more.get("until", 0.0)))

    last = start + order.gap + order.hold * dice.uniform(1.0, 1.5)
    yield from {
        "plain": lambda: [take(1)],
        "doubled": lambda: [take(1), take(1, "again")],
        "broken": lambda: [take(1, "broken")],
        "updated": lambda: [take(1), take(2), take(3)],
        "corrected": lambda: [take(1), take(2, signal="correction")],
        "killed": lambda: [take(1), take(2), take(3, "kill")],
        "burst": lambda: [take(place, after=place / 1000) for place in range(1, AT_ONCE + 1)],
        "caught": lambda: [take(1), take(2, "kill", after=0.7)],
        "embargoed": lambda: [take(1, until=last)],
        "reheld": lambda: [take(1, until=last), take(2, until=last)],
        "freed": lambda: [take(1, until=last), take(2)],
        "stopped": lambda: [take(1, until=last), take(2, "kill")],
        "late": lambda: [take(1), take(2, until=last)],
    }[life]()


@dataclass
class Agency:
    """The desk: drops what is due from a thread of its own, and answers for the one address there is."""

    order: Order
    spool: Path
    journal: Journal
    bases: tuple[str, ...] = ()
    opened: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self.spool.mkdir(exist_ok=True)
        self.journal.write("opened", seed=self.order.seed)
        self._left = plan(self.order)
        self._end = max((sent.until for sent in self._left), default=0.0)
        self._counted = False
        threading.Thread(target=self._drop, daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether all is sent, taken and free of embargoes; what lies in the spool's folders is then on record."""
        done = not self._left and time.time() > self.opened + self._end + 2 and not self._waiting()
        if done and not self._counted:
            self._counted = True
            self._count()
        return done

    def answer(self, host: int, target: str, headers: Mapping[str, str], now: float) -> Answer:
        """The feed list, or whether all is sent, taken, and free of embargoes."""
        if target == "/feeds.toml":
            table = f'[[wire]]\nname = "hna"\ntransport = "spool"\npath = {json.dumps(str(self.spool))}\n'
            return Answer(200, TEXT, table.encode())
        return Answer(200, TEXT, b"yes" if self.done else b"no")

    def _waiting(self) -> bool:
        """Whether a file waits, or is in the service's hands (a hidden folder of the spool)."""
        hidden = [Path(entry) for entry in os.scandir(self.spool) if entry.is_dir() and entry.name.startswith(".")]
        return any(entry.is_file() for folder in (self.spool, *hidden) for entry in os.scandir(folder))

    def _drop(self) -> None:
        while self._left:
            sent = self._left[0]
            time.sleep(max(0.0, self.opened + sent.at - time.time()))
            self._write(sent)
            self._left.pop(0)

    def _write(self, sent: Sent) -> None:
        v = sent.version
        self.journal.write(
            "sent", name=sent.name, step=sent.step, guid=v.guid, take=v.number, signal=v.signal, kind=sent.kind,
            at=time.time(), until=self.opened + sent.until if sent.until else 0.0, mark=v.paragraphs[-1],
        )  # fmt: skip
        draft = self.spool / f".{sent.name}"
        draft.write_bytes(sent.body(self.opened))
        draft.rename(self.spool / sent.name)

    def _count(self) -> None:
        """What the service left in the spool's own folders."""
        for folder in ("done", "failed"):
            names = sorted(path.name for path in (self.spool / folder).glob("*") if path.is_file())
            self.journal.write("left", folder=folder, names=names)
        self.journal.write("closed")


def main() -> None:
    """Drop everything, wait until it is taken, and write the end of the record."""
    usual = Order()
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("spool", type=Path)
    asked.add_argument("log", type=Path)
    asked.add_argument("--stories", type=int, default=usual.stories)
    asked.add_argument("--seconds", type=float, default=usual.seconds)
    asked.add_argument("--gap", type=float, default=usual.gap)
    asked.add_argument("--hold", type=float, default=usual.hold)
    asked.add_argument("--lives", default=",".join(usual.lives))
    given = asked.parse_args()
    lives = tuple(given.lives.split(","))
    order = Order(given.stories, given.seconds, given.gap, given.hold, lives=lives)
    desk = Agency(order, given.spool, Journal(given.log))
    while not desk.done:
        time.sleep(0.2)


if __name__ == "__main__":
    main()
