"""The site that edits its articles changes what was looked at only, and its judge notices what a stream gets wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.shares import runs, shares
from tests.world import history
from tests.world.changes import EVENTS, LANGUAGES, Order, State, Step, lives
from tests.world.diary import CHANNEL, Diary
from workers.extract import Page, extract
from workers.newsroom import journal
from workers.newsroom.desk import Answer
from workers.newsroom.journal import Journal

ORDER = Order(articles=27)
BASE = "http://127.0.0.1:8001"
OPENED = 1_800_000_000.0
LIVES = lives(ORDER)


class Reader:
    """Asks the site again and again, a second apart, as a service that revisits would."""

    def __init__(self, path: Path, order: Order = ORDER) -> None:
        self.path, self.now = path, OPENED
        self._journal = Journal(path)
        self.diary = Diary(order, (BASE,), self._journal, OPENED)
        self._validators: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        self._journal.close()

    def get(self, path: str, again: bool = True) -> Answer:
        self.now += 1
        answer = self.diary.answer(0, path, self._validators.get(path, {}) if again else {}, self.now)
        answer.sent()
        names = {"etag": "if-none-match", "last-modified": "if-modified-since"}
        if answer.status == 200:
            self._validators[path] = {n: answer.headers[h] for h, n in names.items() if h in answer.headers}
        return answer

    def round(self) -> list[Answer]:
        return [self.get(one.path) for one in self.diary.live]

    def record(self) -> list[dict[str, Any]]:
        return journal.read(self.path)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with closing(Reader(tmp_path / "record.jsonl")) as found:
        yield found


# --- the plan ---


def test_every_step_and_language_occurs_and_a_site_is_the_same_for_the_same_seed() -> None:
    assert {state.step for life in LIVES for state in life} == set(Step)
    assert {life[0].told.language for life in LIVES} == set(LANGUAGES)
    assert lives(ORDER) == LIVES != lives(Order(articles=27, seed=2))


def said(state: State) -> tuple[str, str] | None:
    return None if state.step is Step.GONE else (state.told.title, state.text)


def test_every_step_but_churn_changes_what_the_article_says() -> None:
    for before, after in (pair for life in LIVES for pair in pairwise(life)):
        assert (said(before) == said(after)) is (after.step is Step.CHURN), after


def test_a_change_leaves_most_of_the_text_as_it_was() -> None:
    for before, after in (pair for life in LIVES for pair in pairwise(life)):
        _, kept = shares(runs(after.text), runs(before.text))
        assert kept > (0.6 if after.step is Step.REVERTED else 0.75), after.step


# --- the site ---


def test_whatever_surrounds_an_article_every_look_reads_the_same_text(reader: Reader) -> None:
    for one in reader.diary.live:
        state = one.state
        bodies = [reader.diary._rendered(one, OPENED + look) for look in range(3)]
        for place, body in enumerate(bodies):
            one.served = place
            read = extract(Page(body.encode(), BASE + one.path, datetime.fromtimestamp(OPENED + 9, UTC)))
            assert (read.text, read.title) == (state.text, state.told.title)


def test_two_looks_at_one_state_get_different_pages(reader: Reader) -> None:
    path = next(one.path for one in reader.diary.live if len(one.states) == 3 and one.states[1].step is Step.CHURN)
    assert reader.get(path, again=False).body != reader.get(path, again=False).body


def test_an_article_does_not_change_before_it_was_looked_at(reader: Reader) -> None:
    reader.diary.answer(0, reader.diary.live[0].path, {}, OPENED + 1)  # asked, never sent
    reader.now += 100
    assert reader.get(reader.diary.live[0].path).status == 200
    places = {row["place"] for row in reader.record() if row["what"] == "looked"}
    assert places == {0}


def test_a_page_that_is_gone_stays_so_for_two_looks(reader: Reader) -> None:
    one = next(o for o in reader.diary.live if o.states[1].step is Step.GONE)
    assert [reader.get(one.path).status for _ in range(4)] == [200, 410, 410, 200]


def test_a_reader_with_validators_is_told_what_did_not_change_and_misses_no_change(reader: Reader) -> None:
    statuses: set[int] = set()
    while not reader.diary.finished():
        statuses |= {a.status for a in reader.round()}
        assert reader.now < OPENED + 2000
    looks = {(r["number"], r["place"]) for r in reader.record() if r["what"] == "looked" and r["status"] != 304}
    for number, life in enumerate(LIVES):
        assert {(number, p) for p, state in enumerate(life) if state.step is not Step.CHURN} <= looks
    assert statuses == {200, 304, 410}


def test_half_of_the_articles_show_their_changes_in_the_feed_and_what_is_gone_is_not_listed(reader: Reader) -> None:
    before = reader.get(CHANNEL.path).body.decode()
    for _ in range(2):
        reader.round()
    after = reader.get(CHANNEL.path, again=False).body.decode()
    assert reader.get(CHANNEL.path).status == 304
    gone = [o for o in reader.diary.live if o.state.step is Step.GONE]
    assert gone
    assert all(o.path in before and o.path not in after for o in gone)


# --- the judge ---


def events_of(number: int, life: list[State]) -> list[dict[str, Any]]:
    """What a faultless service would say of an article's whole life."""
    events: list[dict[str, Any]] = []
    for place, state in enumerate(life):
        if state.step not in EVENTS:
            continue
        event: dict[str, Any] = {
            "id": f"{number}.{place}",
            "type": f"wiredesk.document.{EVENTS[state.step]}.v1",
            "subject": f"urn:wiredesk:{number}",
            "url": f"{BASE}/{life[0].told.language}/{number:04d}-story.html",
            "data": {"pubStatus": "canceled"},
        }
        if state.step is not Step.GONE:
            body = {"role": "main", "contentType": "text/plain", "value": state.text}
            event |= {"title": state.told.title, "data": {"bodies": [body]}}
        if events:
            event["previous"] = events[-1]["id"]
        events.append(event)
    return events


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A site that was looked at until its last state."""
    with closing(Reader(tmp_path_factory.mktemp("site") / "record.jsonl")) as reader:
        while not reader.diary.finished():
            reader.round()
    return reader.record()


@pytest.fixture
def events() -> list[dict[str, Any]]:
    found = [e for number, life in enumerate(LIVES) for e in events_of(number, life)]
    return sorted(json.loads(json.dumps(found)), key=lambda e: int(e["id"].partition(".")[2]))


def test_a_faultless_stream_passes_and_churn_is_counted(record: Any, events: Any) -> None:
    verdict = history.judge(record, events)
    assert verdict.passed, (verdict.lost, verdict.doubled, verdict.wrong)
    assert verdict.changes == len(events)
    assert verdict.churned > 30


def test_nothing_is_expected_of_what_was_never_looked_at(record: Any, events: Any) -> None:
    early = [row for row in record if row["what"] != "looked" or row["place"] == 0]
    assert history.judge(early, [e for e in events if e["id"].endswith(".0")]).passed
    assert not history.judge([row for row in record if row["what"] != "looked"], []).passed


def test_each_single_event_that_is_missing_is_lost_and_breaks_the_chain(record: Any, events: Any) -> None:
    for place, gone in enumerate(events):
        verdict = history.judge(record, events[:place] + events[place + 1 :])
        assert len(verdict.lost) == 1 or "withdrawn" in gone["type"], gone  # then what is back looks like an echo
        assert verdict.lost
        assert bool(verdict.wrong) is any(e.get("previous") == gone["id"] for e in events)


def doubled(events: list[dict[str, Any]], place: int) -> None:
    """The same once more after an event, and the chain goes on from there."""
    first = events[place]
    again = first | {"id": "again", "type": "wiredesk.document.updated.v1", "previous": first["id"]}
    for event in events:
        if event.get("previous") == first["id"]:
            event["previous"] = "again"
    events.insert(place + 1, again)


def test_each_event_for_churn_is_doubled(record: Any, events: Any) -> None:
    for place in range(len(events)):
        harmed = json.loads(json.dumps(events))
        doubled(harmed, place)
        verdict = history.judge(record, harmed)
        assert (len(verdict.doubled), verdict.lost, verdict.wrong) == (1, [], []), events[place]


def at(events: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(e for e in events if kind in e["type"])


Harm = Callable[[list[dict[str, Any]]], Any]
FAULTS: dict[str, Harm] = {
    "a correction told as an update": lambda e: at(e, "corrected").update(type="wiredesk.document.updated.v1"),
    "an update told as a correction": lambda e: at(e, "updated").update(type="wiredesk.document.corrected.v1"),
    "a second created": lambda e: at(e, "updated").update(type="wiredesk.document.created.v1"),
    "a withdrawal with its title": lambda e: at(e, "withdrawn").update(title="Something"),
    "a text the site never had": lambda e: at(e, "updated")["data"]["bodies"][0].update(value="Something."),
    "a counter in the text": lambda e: at(e, "updated")["data"]["bodies"][0].update(
        value=at(e, "updated")["data"]["bodies"][0]["value"] + "\n\n31 comments"
    ),
    "a title the site never had": lambda e: at(e, "updated").update(title="The Demo Gazette"),
    "no previous": lambda e: at(e, "updated").pop("previous"),
    "a wrong previous": lambda e: at(e, "updated").update(previous="0.9"),
    "a first with a previous": lambda e: at(e, "created").update(previous="0.0"),
    "an unknown address": lambda e: e.append(e[0] | {"id": "x", "subject": "urn:wiredesk:x", "url": BASE + "/x"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_is_not_as_it_was_is_wrong(record: Any, events: Any, name: str) -> None:
    FAULTS[name](events)
    verdict = history.judge(record, events)
    assert verdict.wrong
    assert not verdict.passed


def test_two_changes_in_the_wrong_order_are_noticed(record: Any, events: Any) -> None:
    one, other = [n for n, e in enumerate(events) if e["subject"] == "urn:wiredesk:0"][1:3]
    events[one], events[other] = events[other], events[one]
    verdict = history.judge(record, events)
    assert verdict.lost
    assert verdict.wrong


def test_a_second_document_of_one_article_is_doubled(record: Any, events: Any) -> None:
    events.append(events[0] | {"id": "x", "subject": "urn:wiredesk:x"})
    assert history.judge(record, events).doubled
