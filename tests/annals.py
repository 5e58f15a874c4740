"""What a wire's documents come to, told again from docs/wires.md alone: a small model to hold the service against.

Times are in units (see UNIT) of a clock that the history moves; moments of embargoes lie between two units.
"""

from __future__ import annotations

from dataclasses import dataclass, field

UNIT = 600.0  # seconds
TRIES = 2  # attempts an item may spoil
Order = tuple[int, str]  # when a version was made (ms), its number


@dataclass
class Version:
    """One item as it was sent; `tag` tells it from every other."""

    tag: str
    wire: str
    guid: str
    order: Order
    stamp: tuple[str, ...]  # guid, version, time, status: what an agency calls the version
    text: str
    kill: bool = False
    corrects: bool = False
    until: float | None = None  # in units
    withheld: bool = False
    undated: bool = False
    replaces: tuple[str, ...] = ()
    ending: str = ""  # of what is no text: its reason
    place: str = ""  # ready, line, work, held, or STATE:REASON
    fence: int = 0
    spoiled: int = 0
    rid: str = ""
    book: Book | None = None


@dataclass
class Told:
    """One event that is due in the stream."""

    kind: str
    tag: str  # of its version, "" of a withdrawal
    book: Book
    previous: Told | None
    names: frozenset[str]
    id: str = ""


@dataclass
class Book:
    """One document."""

    wire: str
    root: str  # the guid it is known by first
    newest: Order | None = None
    killed: Order | None = None
    out: Order | None = None
    held: Version | None = None
    line: list[Version] = field(default_factory=list)
    last: Told | None = None  # as long as it is kept
    said: tuple[tuple[str, ...], str] | None = None  # stamp and text of the last version, none while withdrawn
    names: set[str] = field(default_factory=set)

    @property
    def lasting(self) -> tuple[str, ...]:
        """The names it is known by however long a version of it waits or is held; none where none is."""
        if self.held:
            return (self.root, self.held.guid)
        return (self.root,) if self.line else ()

    @property
    def withdrawn(self) -> bool:
        return self.last is not None and self.last.kind == "withdrawn"


def _placed(v: Version, newest: Order | None) -> Order:
    """By what came before: without a moment it is the newest, without a number it is as new as others of its moment."""
    if newest is None:
        return v.order
    if v.undated and v.order[0] < newest[0]:
        return (newest[0] + 1, v.order[1])
    return newest if v.order == (newest[0], "") else v.order


@dataclass
class Annals:
    """All documents, records and events."""

    retention: float  # in units
    books: dict[tuple[str, str], Book] = field(default_factory=dict)
    homes: dict[tuple[str, str], Book] = field(default_factory=dict)  # by wire and guid
    records: dict[str, Version] = field(default_factory=dict)  # by tag
    events: list[Told] = field(default_factory=list)
    discovered: int = 0
    alarms: set[str] = field(default_factory=set)

    def receive(self, v: Version, now: float) -> None:
        """An item comes, perhaps again."""
        if v.tag in self.records:
            return
        self.records[v.tag] = v
        self.discovered += 1
        v.spoiled = v.fence = 0
        if v.ending:
            v.place = f"rejected:{v.ending}"
            return
        book = v.book = self._home(v)
        v.order = _placed(v, book.newest)
        if book.killed is not None and v.order <= book.killed:
            v.place = "rejected:killed"
        elif book.newest is not None and v.order < book.newest:
            v.place = "merged:superseded"
        elif v.kill:
            self._kill(v, book)
        else:
            self._offer(v, book, now)

    def _home(self, v: Version) -> Book:
        book = self.homes.get((v.wire, v.guid))
        if book is None:
            known = (self.homes.get((v.wire, guid)) for guid in v.replaces)
            book = next((one for one in known if one is not None), None)
        if book is None:
            book = self.books.setdefault((v.wire, v.guid), Book(v.wire, v.guid))
        for guid in (v.guid, *v.replaces):
            self.homes.setdefault((v.wire, guid), book)
        return book

    def _kill(self, v: Version, book: Book) -> None:
        if book.newest is None:
            self.alarms.add(f"kill {v.wire}: {v.guid}")
        book.killed = book.newest = v.order
        for other in list(book.line):
            if other.place != "work":
                self._end(other, "rejected:killed")
        if book.held:
            self._unhold(book, "rejected:killed")
        if book.last is None:
            v.place = "rejected:nothing-out"
        elif book.withdrawn:
            v.place = "merged:same-document"
        else:
            self._line_up(v)

    def _offer(self, v: Version, book: Book, now: float) -> None:
        book.newest = v.order
        if book.held:
            self._unhold(book, "merged:superseded")
        if v.withheld:
            v.until = now + self.retention
        if v.until is not None and now < v.until:
            self._hold(v, book)
        else:
            self._line_up(v)

    def _hold(self, v: Version, book: Book) -> None:
        book.held, v.place = v, "held"
        v.fence += 1

    def _unhold(self, book: Book, place: str) -> None:
        assert book.held is not None
        book.held.place = place
        book.held = None

    def _line_up(self, v: Version) -> None:
        assert v.book is not None
        v.book.line.append(v)
        v.place = "line" if len(v.book.line) > 1 else "ready"

    def _end(self, v: Version, place: str) -> None:
        assert v.book is not None
        v.place = place
        if v in v.book.line:
            v.book.line.remove(v)
        if v.book.line and v.book.line[0].place == "line":
            v.book.line[0].place = "ready"

    def release(self, now: float) -> None:
        """What was embargoed until now is let go."""
        held = [b.held for b in self.books.values() if b.held and b.held.until is not None and b.held.until <= now]
        for v in sorted(held, key=lambda one: (one.until, one.rid)):
            assert v.book is not None and v.until is not None
            self._unhold(v.book, "rejected:withheld")
            if not v.withheld:
                self._line_up(v)

    def _early(self, v: Version, now: float) -> bool:
        """A version whose moment is to come, by a clock that was set back, waits again; a later one takes its place."""
        book = v.book
        assert book is not None
        if v.kill or v.withheld or v.until is None or now >= v.until:
            return False
        later = [other for other in book.line if other is not v and other.order >= v.order]
        if book.killed is not None and v.order <= book.killed:
            self._end(v, "rejected:killed")
        elif book.held or later:
            self._end(v, "merged:superseded")
        else:
            self._end(v, "held")
            self._hold(v, book)
        return True

    def take(self, v: Version, now: float) -> bool:
        """A worker takes a version that is ready; whether it has it now."""
        assert v.book is not None
        if self._early(v, now):
            return False
        v.fence += 1
        v.place = "work"
        return True

    def _stopped(self, v: Version) -> bool:
        book = v.book
        assert book is not None
        if not v.kill and book.killed is not None and v.order <= book.killed:
            self._end(v, "rejected:killed")
        elif book.out is not None and v.order < book.out:
            self._end(v, "merged:superseded")
        else:
            return False
        return True

    def commit(self, v: Version, fence: int, now: float) -> None:
        """A worker that took a version says that it is done."""
        book = v.book
        assert book is not None
        if v.fence != fence or v not in book.line or self._stopped(v) or self._early(v, now):
            return
        if v.kill:
            self._withdraw(v, book)
        elif book.said == (v.stamp, v.text):
            self._end(v, "merged:same-document")
        else:
            book.names.add(v.guid)
            kind = "created" if book.last is None else "corrected" if v.corrects else "updated"
            self._tell(kind, v, book)
            book.said, book.out = (v.stamp, v.text), v.order

    def _withdraw(self, v: Version, book: Book) -> None:
        if book.last is None:
            self._end(v, "rejected:nothing-out")
        elif book.withdrawn:
            self._end(v, "merged:same-document")
        else:
            book.names.add(v.guid)
            self._tell("withdrawn", v, book)
            book.said = None

    def _tell(self, kind: str, v: Version, book: Book) -> None:
        tag = "" if kind == "withdrawn" else v.tag
        book.last = Told(kind, tag, book, book.last, frozenset(book.names))
        self.events.append(book.last)
        self._end(v, f"delivered:{kind}")

    def spoil(self, v: Version, fence: int) -> None:
        """An item makes its worker fail."""
        if v.fence != fence or v.place != "work":
            return
        v.spoiled += 1
        if v.spoiled < TRIES:
            v.place = "ready"
        else:
            self._end(v, "failed:bug")

    def retry(self, v: Version) -> None:
        """A person has a failed item tried again."""
        if v.place == "failed:bug":
            v.spoiled = 0
            self._line_up(v)

    def forget(self) -> None:
        """RETENTION passes: what ended is forgotten, and of documents all but what is held or still on its way."""
        self.records = {tag: v for tag, v in self.records.items() if ":" not in v.place}
        self.homes = {name: b for name, b in self.homes.items() if name[1] in b.lasting}
        for book in self.books.values():
            book.last, book.said = None, None
            book.names.clear()
            if not book.lasting:
                book.newest = book.killed = book.out = None
