"""Judge a stream's stories and relations from outside: the world's own record against a plain list of events (pure).

    lost      an article was listed in a feed body that left a house, and no event tells it
    wrong     an event that the record does not account for, or that contradicts the stream: a relatedto that is not
              there before it, is no document, lies in another story than the event's own; an original that relates
    split     a story whose articles all appeared at one instant has two originals

Beyond these, shares are counted: pairs of articles put into one story (tests/bench/grouping.py), and relations. Every
article but the first of its true story in the stream should point at an earlier one of it, with a word that the
recorded shares of runs allow. A digest, which holds several stories, may extend one of them or stand alone; it is no
part of the pairs, but whatever it brings together is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.bench.grouping import Figures, Found, Label, figures
from tests.shares import allowed
from workers.newsroom.journal import fingerprint

RELATIONS = frozenset({"original", "copy", "excerpt", "extends", "version"})
ENOUGH = 0.97
DIGEST = "digest"
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kinship:
    """What a stream says of a world, against the world's own record."""

    shown: int  # articles listed in a feed body that left a house
    told: int  # of them, those that have an event
    figures: Figures  # of the stories
    due: int  # events that should relate to an earlier one
    right: int  # those that do, with an allowed word
    off: float  # mean distance in points of the containment given from the recorded share of the document
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    split: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)  # relations that are not right, for people

    @property
    def related(self) -> float:
        """Share of the relations that are right."""
        return self.right / self.due if self.due else 1.0

    @property
    def passed(self) -> bool:
        """Whether something was shown, all of it is there, nothing contradicts itself, and enough is right."""
        clean = not (self.lost or self.wrong or self.split)
        most = max(2.0, (1 - ENOUGH) * self.due)  # in a small world two that lie on the edge of a band are no failure
        return clean and self.due > 0 and self.figures.f1 >= ENOUGH and self.due - self.right <= most

    def summary(self) -> str:
        """One line for people."""
        f = self.figures
        return (
            f"{self.told} of {self.shown} articles in the stream: "
            f"stories P {f.precision:.4f} R {f.recall:.4f} F1 {f.f1:.4f}; {self.right} of {self.due} relations right "
            f"({self.related:.4f}), containment off by {self.off:.1f} points; "
            f"{len(self.lost)} lost, {len(self.wrong)} wrong, {len(self.split)} split"
        )


@dataclass(slots=True)
class _Known:
    """One article as the record tells it."""

    number: int
    story: int
    kind: str
    at_once: bool
    address: str
    title: str
    paragraphs: list[str]
    frame: list[str]  # those of them that are a house's boilerplate
    shown: bool = False

    def says(self, marks: list[str]) -> bool:
        """Whether a text is this one; a house's boilerplate may be gone from it."""
        gone = set(self.frame) - set(marks)
        return marks == [mark for mark in self.paragraphs if mark not in gone]


@dataclass(slots=True)
class _Trial:
    """The stream as far as it has been read."""

    articles: dict[str, _Known]
    shares: Mapping[tuple[int, int], tuple[float, float]]
    subjects: dict[str, _Known] = field(default_factory=dict)
    stories: dict[str, str] = field(default_factory=dict)  # subject -> story as the stream says
    firsts: dict[int, list[_Known]] = field(default_factory=dict)  # true story -> those called original
    begun: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    distances: list[float] = field(default_factory=list)
    due: int = 0
    right: int = 0

    def hear(self, event: Event) -> None:
        """Judge one event against the record and all before it."""
        article = self.articles.get(_way(str(event.get("url"))))
        if article is None:
            self.wrong.append(f"event {event['id']}: no house has {event.get('url')}")
            return
        where = f"{article.address} ({article.kind})"
        if fault := self._fault(event, article):
            self.wrong.append(f"event {event['id']}: {where}: {fault}")
        if event["subject"] not in self.subjects:
            self._relation(event, article, where)
            self.subjects[event["subject"]] = article
            self.stories[event["subject"]] = str(event.get("story") or event["subject"])
        self.begun.add(article.story)

    def _fault(self, event: Event, article: _Known) -> str:
        """What no service may say, whatever the texts."""
        if not str(event["type"]).endswith(".created.v1") or event["subject"] in self.subjects:
            return f"{event['type']} of {event['subject']}: nothing was changed"
        if any(known.number == article.number for known in self.subjects.values()):
            return "a second document"
        title = " ".join(str(event.get("title")).split())
        if not article.says(_marks(event)) or title != article.title:
            return "another text or title than the house showed"
        return self._contradiction(event)

    def _contradiction(self, event: Event) -> str:
        relation, of = event.get("relation"), event.get("relatedto")
        if relation not in RELATIONS or not event.get("story"):
            return f"relation {relation!r}, story {event.get('story')!r}"
        if (relation == "original") != (of is None):
            return f"{relation} with relatedto {of!r}"
        if of is None:
            return "an original with a containment" if "containment" in event else ""
        if of == event["subject"] or of not in self.subjects:
            return f"relatedto {of} is not in the stream before it"
        if not isinstance(event.get("containment"), int) or not 0 <= event["containment"] <= 100:
            return f"containment {event.get('containment')!r}"
        return ""

    def _relation(self, event: Event, article: _Known, where: str) -> None:
        """Count whether a document's relation is right."""
        of = self.subjects.get(str(event.get("relatedto")))
        if event.get("relation") == "original":
            self.firsts.setdefault(article.story, []).append(article)
        if article.story not in self.begun:
            if of is not None and not (article.kind == DIGEST and self._extends(event, article, of)):
                self.missed.append(f"{where}: {event['relation']} of {of.address}, and is the first of its story")
            return
        self.due += 1
        if of is None or of.story != article.story:
            self.missed.append(f"{where}: {event.get('relation')} of {of.address if of else None}")
            return
        a, b = self._shares(article, of)
        if "containment" in event:
            self.distances.append(abs(event["containment"] - 100 * a))
        if event.get("relation") in allowed(a, b) and self.stories[str(event["relatedto"])] == str(event.get("story")):
            self.right += 1
        else:
            said = f"{event.get('relation')} at {event.get('containment')} %"
            self.missed.append(f"{where}: {said} of {of.address} ({of.kind}), which has {a:.0%}, {b:.0%}")

    def _extends(self, event: Event, article: _Known, of: _Known) -> bool:
        return event["relation"] in allowed(*self._shares(article, of))

    def _shares(self, article: _Known, of: _Known) -> tuple[float, float]:
        if (article.number, of.number) in self.shares:
            return self.shares[article.number, of.number]
        b, a = self.shares.get((of.number, article.number), (0.0, 0.0))
        return a, b


def judge(record: Sequence[Mapping[str, Any]], events: Iterable[Event]) -> Kinship:
    """Compare a world's record (see journal.read) with the events of a stream in the stream's order."""
    articles, shares = _told(record)
    trial = _Trial({_way(a.address): a for a in articles.values()}, shares)
    found = list(events)
    for event in found:
        trial.hear(event)
    trial.wrong += [f"event {name} twice" for name, times in Counter(e["id"] for e in found).items() if times > 1]
    told = {a.number for a in trial.subjects.values()}
    shown = [a for a in articles.values() if a.shown]
    lost = [f"{a.address} ({a.kind}): shown and not in the stream" for a in shown if a.number not in told]
    parts = [a for a in trial.subjects.values() if a.kind != DIGEST]
    labels = {str(a.number): Label(str(a.story), a.kind, a.kind) for a in parts}
    grouped = {str(trial.subjects[s].number): Found(story) for s, story in trial.stories.items()}
    split = [
        f"story {number} appeared at one instant and has {len(members)} originals: {[m.address for m in members]}"
        for number, members in trial.firsts.items()
        if len(members) > 1 and all(m.at_once for m in members)
    ]
    off = sum(trial.distances) / len(trial.distances) if trial.distances else 0.0
    counts = (len(shown), sum(a.number in told for a in shown), figures(labels, grouped), trial.due, trial.right, off)
    return Kinship(*counts, lost, trial.wrong, split, trial.missed)


def _told(
    record: Sequence[Mapping[str, Any]],
) -> tuple[dict[int, _Known], dict[tuple[int, int], tuple[float, float]]]:
    names = ("number", "story", "kind", "at_once", "address", "title", "paragraphs", "frame")
    articles = {r["number"]: _Known(*(r[name] for name in names)) for r in record if r["what"] == "article"}
    for row in record:
        if row["what"] == "shown":
            articles[row["number"]].shown = True
    return articles, {(r["of"], r["to"]): (r["a"], r["b"]) for r in record if r["what"] == "shares"}


def _way(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"


def _marks(event: Event) -> list[str]:
    bodies = event["data"].get("bodies") or [{}]
    return [fingerprint(p) for p in bodies[0].get("value", "").split("\n\n") if p.strip()]
