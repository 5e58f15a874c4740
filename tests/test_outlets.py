"""The world of outlets is what its record says, and its judge passes a faultless stream and notices every fault."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.shares import allowed, runs, shares
from tests.world import kinship
from tests.world.kinship import Kinship
from tests.world.plan import AGENCY, Article, Kind, Order, articles
from tests.world.press import Press
from workers.extract import Page, extract
from workers.newsroom import journal
from workers.newsroom.journal import Journal

ORDER = Order(stories=18, seconds=18)
BASES = tuple(f"http://127.0.0.1:{8001 + n}" for n in range(ORDER.hosts))
OPENED = 1_800_000_000.0
ALL = articles(ORDER)
BY_NUMBER = {a.number: a for a in ALL}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    with closing(Journal(tmp_path_factory.mktemp("world") / "record.jsonl")) as log:
        yield Press(ORDER, BASES, log, OPENED)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A world whose feeds were all read at the end."""
    path = tmp_path_factory.mktemp("world") / "record.jsonl"
    with closing(Journal(path)) as log:
        press = Press(ORDER, BASES, log, OPENED)
        for host, feed in enumerate(press.feeds()):
            press.answer(host, "/" + feed.rpartition("/")[2], {}, OPENED + 1000).sent()
    return journal.read(path)


# --- the plan ---


def test_a_world_is_the_same_for_the_same_seed() -> None:
    assert articles(ORDER) == ALL != articles(Order(stories=18, seconds=18, seed=2))


def test_every_kind_and_language_occurs_and_no_two_articles_share_an_address() -> None:
    assert {a.kind for a in ALL} == set(Kind)
    assert {a.told.language for a in ALL} >= {"zh", "ja", "th", "ar", "ru", "en"}
    assert len({(a.host, a.path) for a in ALL}) == len(ALL) == len(BY_NUMBER)


def test_a_story_is_at_the_agency_first_and_no_house_has_it_twice() -> None:
    for one, other in combinations((a for a in ALL if a.source >= 0 or a.kind is Kind.BASE), 2):
        if one.story == other.story:
            assert one.host != other.host
            assert other.source < 0 or BY_NUMBER[other.source].at <= other.at
    assert all((a.host == AGENCY) == (a.kind is Kind.BASE) for a in ALL if a.kind is not Kind.ROBOT)


def test_there_are_copies_of_copies_and_stories_that_appear_everywhere_at_once() -> None:
    assert any(a.source >= 0 and BY_NUMBER[a.source].source >= 0 for a in ALL)
    moments = Counter((a.story, a.at) for a in ALL)
    assert any(times == ORDER.outlets for times in moments.values())


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [(Kind.WORD, 0.6, 1), (Kind.CUT80, 0.7, 0.95), (Kind.CUT50, 0.4, 0.65), (Kind.CUT30, 0.25, 0.45)],
)
def test_a_copy_holds_the_share_of_its_source_that_its_kind_says(kind: Kind, least: float, most: float) -> None:
    for article in (a for a in ALL if a.kind is kind):
        _, b = shares(runs(article.text), runs(BY_NUMBER[article.source].text))
        assert least <= b <= most, article


def test_every_copy_can_be_told_from_its_source_and_no_two_stories_are_each_other() -> None:
    told = {a.number: runs(a.text) for a in ALL}
    for article in (a for a in ALL if a.source >= 0):
        assert max(shares(told[article.number], told[article.source])) >= 0.45
    written = [a for a in ALL if a.kind not in (Kind.ROBOT, Kind.DIGEST)]
    strangers = [(a, b) for a, b in combinations(written, 2) if a.story != b.story]
    assert max(max(shares(told[a.number], told[b.number])) for a, b in strangers) < 0.45


def test_texts_of_machines_are_alike_beyond_what_two_stories_share() -> None:
    robots = [runs(a.text) for a in ALL if a.kind is Kind.ROBOT]
    assert max(max(shares(a, b)) for a, b in combinations(robots, 2)) > 0.6


# --- what is served ---


def test_every_page_is_read_back_with_the_text_the_record_says(press: Press) -> None:
    for article in ALL:
        answer = press.answer(article.host, article.path, {}, OPENED + 1000)
        page = Page(answer.body, BASES[article.host] + article.path, datetime.fromtimestamp(OPENED + 1000, UTC))
        read = extract(page)
        told = [p.text for p in article.told.paragraphs]
        kept = [text for text in told if text in read.text or text not in article.frame]
        assert read.text.split("\n\n") == kept, article.path
        assert read.title == article.told.title


def test_nothing_is_listed_or_served_before_its_time(press: Press) -> None:
    late = max(ALL, key=lambda a: a.at)
    feed = "/" + press.feeds()[late.host].rpartition("/")[2]
    for moment, status in ((late.at - 0.1, 404), (late.at + 0.1, 200)):
        assert press.answer(late.host, late.path, {}, OPENED + moment).status == status
        listed = press.answer(late.host, feed, {}, OPENED + moment).body
        assert (late.path.encode() in listed) is (status == 200)


def test_a_reader_who_has_a_feed_is_told_so(press: Press) -> None:
    feed = "/" + press.feeds()[1].rpartition("/")[2]
    first = press.answer(1, feed, {}, OPENED + 1000)
    assert press.answer(1, feed, {"if-none-match": first.headers["etag"]}, OPENED + 1000).status == 304


def test_the_record_tells_the_shares_of_all_pairs_of_a_story(record: list[dict[str, Any]]) -> None:
    pairs = {(r["of"], r["to"]) for r in record if r["what"] == "shares"}
    for one, other in combinations(ALL, 2):
        assert one.story != other.story or (other.number, one.number) in pairs
    assert {r["number"] for r in record if r["what"] == "shown"} == set(BY_NUMBER)


# --- the judge ---


def event(article: Article, **more: Any) -> dict[str, Any]:
    return {
        "id": f"e{article.number}",
        "type": "wiredesk.document.created.v1",
        "subject": f"urn:wiredesk:{article.number}",
        "url": BASES[article.host] + article.path,
        "title": article.told.title,
        "story": f"s{article.story}",
        "data": {"bodies": [{"role": "main", "contentType": "text/plain", "value": article.text}]},
        **more,
    }


def faultless(order: list[Article]) -> list[dict[str, Any]]:
    """What a service that knows everything would say of these articles in this order."""
    firsts: dict[int, Article] = {}
    events = []
    for article in order:
        first = firsts.setdefault(article.story, article)
        if first is article:
            events.append(event(article, relation="original"))
            continue
        a, b = shares(runs(article.text), runs(first.text))
        word = sorted(allowed(a, b))[0]
        kin = {"relation": word, "relatedto": f"urn:wiredesk:{first.number}", "containment": round(100 * a)}
        events.append(event(article, **kin))
    return events


IN_TIME = sorted(ALL, key=lambda a: (a.at, a.number))


def test_a_faultless_stream_passes_in_any_order(record: list[dict[str, Any]]) -> None:
    for order in (IN_TIME, IN_TIME[::-1]):
        verdict = kinship.judge(record, faultless(order))
        assert verdict.passed, (verdict.summary(), verdict.missed, verdict.wrong)
        assert (verdict.related, verdict.figures.f1, verdict.told) == (1, 1, len(ALL))
        assert verdict.off < 1


def test_a_digest_may_say_whose_text_it_holds(record: list[dict[str, Any]]) -> None:
    events = faultless(IN_TIME)
    page = next(e for e in events if "digest" in e["url"])
    held = next(e for e in events if e["relation"] == "original")
    page |= {"relation": "extends", "relatedto": held["subject"], "containment": 20, "story": held["story"]}
    assert kinship.judge(record, events).passed


def test_stories_that_a_digest_brings_together_are_false_pairs(record: list[dict[str, Any]]) -> None:
    events = faultless(IN_TIME)
    page = next(a for a in ALL if a.kind is Kind.DIGEST)
    held = {f"s{a.story}" for a in ALL if a.kind is Kind.BASE and a.told.paragraphs[0] in page.told.paragraphs}
    for one in events:
        if one["story"] in held:
            one["story"] = "the page's"
    verdict = kinship.judge(record, events)
    assert (len(held), verdict.figures.recall) == (5, 1)
    assert verdict.figures.precision < 0.97


def of(events: list[dict[str, Any]], kind: Kind, place: int = 0) -> dict[str, Any]:
    return [e for e in events if e["url"].endswith(f"{kind}.html")][place]


Harm = Callable[[list[dict[str, Any]]], Any]
FAULTS: dict[str, Harm] = {
    "relates to what comes later": lambda e: e.insert(0, e.pop(e.index(of(e, Kind.WORD)))),
    "relates to nothing": lambda e: of(e, Kind.WORD).update(relatedto="urn:wiredesk:none"),
    "relates to itself": lambda e: of(e, Kind.WORD).update(relatedto=of(e, Kind.WORD)["subject"]),
    "no relation": lambda e: of(e, Kind.OWN).pop("relation"),
    "no story": lambda e: of(e, Kind.OWN).pop("story"),
    "an unknown word": lambda e: of(e, Kind.WORD).update(relation="twin"),
    "an original that relates": lambda e: of(e, Kind.WORD).update(relation="original"),
    "a copy of nothing": lambda e: of(e, Kind.WORD).pop("relatedto"),
    "a containment of an original": lambda e: of(e, Kind.OWN).update(containment=3),
    "a containment beyond the whole": lambda e: of(e, Kind.WORD).update(containment=101),
    "no containment": lambda e: of(e, Kind.WORD).pop("containment"),
    "another title": lambda e: of(e, Kind.OWN).update(title="The Kelham Courier"),
    "a paragraph less": lambda e: of(e, Kind.OWN)["data"]["bodies"][0].update(value="Nothing."),
    "a page nobody has": lambda e: of(e, Kind.OWN).update(url=BASES[0] + "/nothing"),
    "the same event twice": lambda e: e.append(e[-1]),
    "an update of nothing": lambda e: e.append(e[-1] | {"id": "x", "type": "wiredesk.document.updated.v1"}),
    "a second document": lambda e: e.append(e[-1] | {"id": "x", "subject": "urn:wiredesk:x"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_no_service_may_say_is_wrong(record: list[dict[str, Any]], name: str) -> None:
    events = json.loads(json.dumps(faultless(IN_TIME)))
    FAULTS[name](events)
    verdict = kinship.judge(record, events)
    assert verdict.wrong
    assert not verdict.passed


def test_each_single_event_that_is_missing_is_noticed(record: list[dict[str, Any]]) -> None:
    last = len(ALL) - 1  # nobody relates to the last
    events = faultless(IN_TIME)
    verdict = kinship.judge(record, events[:last])
    assert (len(verdict.lost), len(verdict.wrong)) == (1, 0)
    assert len(kinship.judge(record, []).lost) == len(ALL)


def test_two_originals_of_what_appeared_at_one_instant_are_a_split(record: list[dict[str, Any]]) -> None:
    at_once = {r["number"] for r in record if r.get("at_once")}
    events = faultless(IN_TIME)
    other = next(e for e in events if int(e["id"][1:]) in at_once and e["relation"] != "original")
    del other["relatedto"], other["containment"]
    other |= {"relation": "original", "story": "another"}
    verdict = kinship.judge(record, events)
    assert len(verdict.split) == 1
    assert verdict.wrong == []
    assert not verdict.passed


def harmed(record: list[dict[str, Any]], harm: Callable[[dict[str, Any]], Any]) -> Kinship:
    events = faultless(IN_TIME)
    for one in events:
        harm(one)
    return kinship.judge(record, events)


def test_everything_in_one_story_fails_although_nothing_contradicts(record: list[dict[str, Any]]) -> None:
    verdict = harmed(record, lambda e: e.update(story="one"))
    assert (verdict.wrong, verdict.figures.recall) == ([], 1)
    assert verdict.figures.precision < 0.2
    assert not verdict.passed


def test_every_document_called_a_copy_fails(record: list[dict[str, Any]]) -> None:
    verdict = harmed(record, lambda e: e.update(relation="copy") if "relatedto" in e else None)
    assert verdict.wrong == []
    assert verdict.related < 0.8
    assert not verdict.passed


def test_a_relation_into_another_story_is_not_right(record: list[dict[str, Any]]) -> None:
    events = faultless(IN_TIME)
    strange = events[0]["subject"]
    last = [e for e in events if "relatedto" in e][-1]
    last["relatedto"] = strange
    verdict = kinship.judge(record, events)
    assert verdict.due - verdict.right == 1
    assert len(verdict.missed) == 1


def test_machines_texts_in_one_story_cost_precision(record: list[dict[str, Any]], tmp_path: Path) -> None:
    verdict = harmed(record, lambda e: e.update(story="robots") if "robot" in e["url"] else None)
    assert set(verdict.figures.false) == {("robot", "robot")}
    assert not verdict.passed
