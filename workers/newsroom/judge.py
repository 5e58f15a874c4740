"""Judge a run from outside: the site's own log of what it showed against a plain list of stream events (pure).

Nothing of the service is asked and none of its code is used, so that no mistake can hide itself:

    lost      an article was listed in a feed body that left the site (or its address was handed in by `asked`), and no
              event tells it; or the last text the site served of it is not the last text in the stream
    doubled   one article has two documents, two `created`, the same event twice or the same text twice in a row
    wrong     an event that nothing in the log accounts for: an address never listed, a page that is no article, a text
              or title the site did not write, versions in another order than they appeared

Order and number of texts are judged as a walk through the article's versions, so a text that returns is a new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from workers.newsroom.journal import fingerprint

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run did, in counts and in one line for each fault."""

    shown: int  # articles and other pages listed in a feed body that left the site, or asked for by hand
    expected: int  # of them, those that are articles: so many documents have to be there
    documents: int  # articles that have an event
    events: int
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether something was shown, all of it arrived, and nothing else did."""
        clean = not (self.lost or self.doubled or self.wrong)
        return clean and self.expected > 0 and self.documents >= self.expected

    def summary(self) -> str:
        """One line for people."""
        return (
            f"the site showed {self.shown} pages, {self.expected} of them articles; "
            f"the stream holds {self.events} events of {self.documents} documents: "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.wrong)} wrong"
        )


@dataclass(slots=True)
class _Piece:
    """One article as the log tells it."""

    number: int
    document: bool = False
    kind: str = ""
    titles: set[str] = field(default_factory=set)
    texts: dict[int, tuple[frozenset[str], frozenset[str]]] = field(
        default_factory=dict
    )  # version: (text, subheadings)
    wanted: bool = False  # shown or asked for
    served: int = 0  # the last version that left the site
    address: str = ""  # for messages


def judge(site_log: Sequence[Mapping[str, Any]], events: Iterable[Event], asked: Iterable[str] = ()) -> Verdict:
    """Compare a site's log (see journal.read) with the events of a stream in the stream's order.

    `events` are the contract's event objects as `XRANGE` gives them; `asked` are addresses that were handed in by hand.
    Raises ValueError where `asked` names an address the site does not know.
    """
    pieces, ways = _told(site_log)
    for address in asked:
        if _way(address) not in ways:
            raise ValueError(f"{address}: the site's log knows no such page")
        ways[_way(address)].wanted = True
    found = list(events)
    wrong: list[str] = []
    by_piece: dict[int, list[Event]] = {}
    for event in found:
        try:
            by_piece.setdefault(_piece_of(event, ways).number, []).append(event)
        except _Unaccounted as fault:
            wrong.append(str(fault))
    lost: list[str] = []
    doubled = _twice((event["id"] for event in found), "event id")
    for piece in pieces.values():
        _follow(piece, by_piece.get(piece.number, []), lost, doubled, wrong)
    wanted = [p for p in pieces.values() if p.wanted]
    expected = sum(p.document for p in wanted)
    return Verdict(len(wanted), expected, len(by_piece), len(found), lost, doubled, wrong)


class _Unaccounted(Exception):
    """An event that nothing in the log explains."""


def _told(log: Sequence[Mapping[str, Any]]) -> tuple[dict[int, _Piece], dict[str, _Piece]]:
    pieces: dict[int, _Piece] = {}
    ways: dict[str, _Piece] = {}
    for line in log:
        if line["what"] == "opened":
            continue
        piece = pieces.setdefault(line["piece"], _Piece(line["piece"]))
        match line["what"]:
            case "version":
                piece.document, piece.kind = line["expect"] == "document", line["kind"]
                piece.titles.add(_plain(line["title"]))
                piece.texts[line["version"]] = _marks(line["paragraphs"])
                piece.address = line["addresses"][0]
                ways.update((_way(address), piece) for address in line["addresses"])
            case "shown":
                piece.wanted = True
            case "served":
                piece.served = line["version"]
    return pieces, ways


def _marks(paragraphs: Sequence[Sequence[Any]]) -> tuple[frozenset[str], frozenset[str]]:
    text = frozenset(mark for mark, _, head in paragraphs if not head)
    return text, frozenset(mark for mark, _, head in paragraphs if head)


def _way(address: str) -> str:
    """Host and path: the site gives no meaning to a query."""
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _piece_of(event: Event, ways: Mapping[str, _Piece]) -> _Piece:
    """The article an event is about, by all the addresses it gives."""
    given = [event.get("url", "")]
    given += [a.get("value", "") for a in event.get("data", {}).get("altIds", ()) if a.get("role") != "guid"]
    known = {ways[way].number: ways[way] for address in given if (way := _way(str(address))) in ways}
    if len(known) != 1 or _way(given[0]) not in ways:
        about = "several articles at once" if len(known) > 1 else "an address the site never showed"
        raise _Unaccounted(f"event {event['id']}: {about}: {', '.join(given)}")
    return next(iter(known.values()))


def _text_of(event: Event) -> list[str]:
    bodies = event["data"].get("bodies") or [{}]
    text = next((b["value"] for b in bodies if b.get("contentType", "").startswith("text/plain")), "")
    return [fingerprint(p) for p in text.split("\n\n") if p.strip()]


def _version_of(event: Event, piece: _Piece) -> frozenset[str]:
    """The version of the text that the event carries: all its paragraphs, and nothing else but its subheadings."""
    carried = frozenset(_text_of(event))
    for text, heads in piece.texts.values():
        if text and carried - heads == text:
            return text
    best, heads = max(piece.texts.values(), key=lambda t: len(t[0] & carried))
    raise _Unaccounted(
        f"event {event['id']}: not a text of {piece.address} ({piece.kind}): "
        f"{len(best - carried)} paragraphs missing, {len(carried - best - heads)} not the site's"
    )


def _follow(piece: _Piece, events: Sequence[Event], lost: list[str], doubled: list[str], wrong: list[str]) -> None:
    """Judge all the events of one article."""
    where = f"{piece.address} ({piece.kind})"
    if not piece.document:
        wrong += [f"event {e['id']}: {where} is no article" for e in events]
        return
    if not events:
        if piece.wanted:
            lost.append(f"{where}: shown and not in the stream{'' if piece.served else ', never even asked for'}")
        return
    subjects = list(dict.fromkeys(e["subject"] for e in events))
    if len(subjects) > 1:
        doubled.append(f"{where}: {len(subjects)} documents: {', '.join(subjects)}")
        return
    _walk(piece, events, lost, doubled, wrong)


def _walk(piece: _Piece, events: Sequence[Event], lost: list[str], doubled: list[str], wrong: list[str]) -> None:
    where = f"{piece.address} ({piece.kind})"
    texts: list[frozenset[str]] = []
    for place, event in enumerate(events):
        kind = event["type"].removeprefix("wiredesk.document.")
        if kind not in (("created.v1",) if place == 0 else ("updated.v1", "corrected.v1")):
            (doubled if kind == "created.v1" else wrong).append(
                f"event {event['id']}: {where}: {kind} at place {place}"
            )
        if _plain(str(event.get("title"))) not in piece.titles:
            wrong.append(f"event {event['id']}: {where}: title {event.get('title')!r}")
        try:
            texts.append(_version_of(event, piece))
        except _Unaccounted as fault:
            wrong.append(str(fault))
            return
    if any(a == b for a, b in pairwise(texts)):
        doubled.append(f"{where}: the same text twice in a row")
        return
    written = [piece.texts[v][0] for v in sorted(piece.texts)]
    steps = iter(written)
    if not all(text in steps for text in texts):
        wrong.append(f"{where}: versions in another order than they appeared")
    elif piece.served and texts[-1] != piece.texts[piece.served][0]:
        lost.append(f"{where}: version {piece.served} was the last one served, and the stream ends with another")


def _twice(names: Iterable[str], what: str) -> list[str]:
    seen: set[str] = set()
    return [f"{what} {name} twice" for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
