"""The bundled newsroom: distinct articles, honest answers, a log of what was shown, and a judge that can fail."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.newsroom import journal
from workers.newsroom.desk import Answer, Desk
from workers.newsroom.invent import revised, story
from workers.newsroom.journal import Journal, JournalError, fingerprint
from workers.newsroom.judge import Verdict, judge
from workers.newsroom.plan import CHANNELS, REFUSED, Kind, Order, pieces
from workers.newsroom.site import Site

BASES = ("http://127.0.0.1:8001", "http://127.0.0.1:8002")
ORDER = Order(articles=60, seconds=60, window=5, stay=10, revise_after=5)
OPENED = 1_800_000_000.0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    log = Journal(tmp_path / "site.log")
    yield Desk(ORDER, BASES, log, OPENED)
    log.close()


def get(desk: Desk, target: str, at: float = 1000, host: int = 0, **headers: str) -> Answer:
    """Ask as a reader would, and take the whole answer."""
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = desk.answer(host, target, asked, OPENED + at)
    answer.sent()
    return answer


def lines(tmp_path: Path) -> list[dict[str, Any]]:
    return journal.read(tmp_path / "site.log")


# --- articles ---


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_article_is_the_same_for_the_same_seed_and_has_150_to_600_words(seed: int, number: int) -> None:
    told = story(seed, number)
    story.cache_clear()
    assert told == story(seed, number)
    assert 150 <= sum(len(p.text.split()) for p in told.paragraphs) <= 600


def test_articles_share_few_runs_of_five_words() -> None:
    runs = []
    for number in range(0, 400, 5):  # one language, where they are most alike
        words = " ".join(p.text for p in story(7, number).paragraphs).split()
        runs.append({tuple(words[i : i + 5]) for i in range(len(words) - 4)})
    worst = max(len(a & b) / min(len(a), len(b)) for i, a in enumerate(runs) for b in runs[:i])
    assert worst < 0.3


def test_a_revision_changes_one_paragraph_and_adds_one() -> None:
    first, second = story(1, 13), revised(1, 13, 2)
    assert first.paragraphs[:-1] == second.paragraphs[: len(first.paragraphs) - 1]
    assert len(second.paragraphs) == len(first.paragraphs) + 1
    assert second.title == first.title


# --- the plan ---


@given(st.integers(1, 300), st.booleans())
def test_exactly_the_ordered_number_of_documents_is_planned(articles: int, odd: bool) -> None:
    planned = pieces(Order(articles=articles, odd=odd))
    assert sum(p.document for p in planned) == articles
    assert [p.number for p in planned] == list(range(len(planned)))


def test_every_kind_of_oddity_and_every_feed_occurs_within_a_hundred_articles() -> None:
    planned = pieces(Order(articles=100))
    assert {p.kind for p in planned} == set(Kind)
    assert {feed for p in planned for feed, _ in p.listed} == {c.name for c in CHANNELS}


def test_no_two_pieces_share_an_address() -> None:
    ways = [(p.host, way) for p in pieces(Order(articles=500)) for way in p.paths()]
    assert len(ways) == len(set(ways))


def test_a_copy_repeats_an_article_that_is_plain_and_on_the_other_host() -> None:
    planned = pieces(Order(articles=100))
    copies = [p for p in planned if p.kind is Kind.COPY]
    assert copies
    assert all(planned[p.text].kind is Kind.PLAIN and planned[p.text].host != p.host for p in copies)


def test_half_the_feeds_publish_in_batches_and_are_quiet_for_longer_than_an_entry_stays() -> None:
    order = Order(articles=600, seconds=300, stay=20)
    moments: dict[str, set[float]] = {}
    for piece in pieces(order):
        moments.setdefault(piece.listed[0][0], set()).add(piece.at)
    gaps = {feed: min(b - a for a, b in pairwise(sorted(times)[:-1])) for feed, times in moments.items()}
    assert {feed for feed, gap in gaps.items() if gap > order.stay} == {"world", "sport", "culture", "sitemap"}


# --- what is answered ---


def test_every_feed_can_be_read_and_lists_what_is_out(desk: Desk) -> None:
    for channel in CHANNELS:
        body = get(desk, channel.path, host=channel.host).body
        if channel.format == "json":
            assert json.loads(body)["items"]
        else:
            assert len(list(ElementTree.fromstring(body).iter())) > 5


def test_nothing_is_listed_or_served_before_its_time(desk: Desk) -> None:
    late = desk.pieces[-1]
    assert get(desk, late.path, at=late.at - 0.1, host=late.host).status == 404
    assert get(desk, late.path, at=late.at + 0.1, host=late.host).status == 200
    assert b"<item>" not in get(desk, "/feeds/culture.rss", at=0).body


@pytest.mark.parametrize(
    ("path", "header", "field"),
    [("/feeds/world.rss", "if_none_match", "etag"), ("/feeds/economy.rss", "if_modified_since", "last-modified")],
)
def test_a_reader_who_has_the_body_is_told_so_until_it_changes(desk: Desk, path: str, header: str, field: str) -> None:
    first = get(desk, path, at=30)
    has = {header: first.headers[field]}
    assert get(desk, path, at=30.5, **has).status == 304
    later = get(desk, path, at=1000, **has)
    assert (later.status, later.body == first.body) == (200, False)


def test_a_feed_dated_to_the_second_never_hides_a_change_behind_its_date(desk: Desk) -> None:
    """What Last-Modified said at any moment brings every later change: nothing changes within a second it names."""
    seen, validator = b"", ""
    for tenth in range(700):
        answer = get(desk, "/feeds/economy.rss", at=tenth / 10, if_modified_since=validator)
        if answer.status == 200:
            seen, validator = answer.body, answer.headers["last-modified"]
        assert seen == get(desk, "/feeds/economy.rss", at=tenth / 10).body


def test_a_stuck_feed_always_answers_in_full_under_one_etag(desk: Desk) -> None:
    early, late = get(desk, "/feeds/science.json", at=1), get(desk, "/feeds/science.json", if_none_match='"always"')
    assert early.headers["etag"] == late.headers["etag"]
    assert late.status == 200
    assert early.body != late.body


def test_an_entry_stays_listed_a_while_after_it_was_first_shown_whatever_the_window(desk: Desk) -> None:
    path, first = "/feeds/city.atom", "/city/00000-report.html"
    assert first.encode() in get(desk, path, at=900).body
    assert first.encode() in get(desk, path, at=900 + ORDER.stay - 1).body
    assert first.encode() not in get(desk, path, at=900 + ORDER.stay).body


def test_a_restless_article_has_another_guid_each_time_its_feed_changes(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "site.log")) as log:
        desk = Desk(replace(ORDER, window=100), BASES, log, OPENED)
        piece = next(p for p in desk.pieces if p.kind is Kind.RESTLESS)
        path = next(c.path for c in CHANNELS if c.name == piece.listed[0][0])
        later = min(p.at for p in desk.pieces if p.at > piece.at and p.listed[0][0] == piece.listed[0][0])
        bodies = [get(desk, path, at=at).body for at in (piece.at + 0.01, later + 0.01)]
    guids = [re.search(rb"2026:(\w+)-%d\b" % piece.number, body) for body in bodies]
    assert guids[0] and guids[1]
    assert guids[0][1] != guids[1][1]


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        (Kind.PDF, 200, "application/pdf"),
        (Kind.CONSENT, 200, "text/html; charset=utf-8"),
        (Kind.SOFT_404, 200, "text/html; charset=utf-8"),
        (Kind.MISSING, 404, "text/html; charset=utf-8"),
        (Kind.LATIN, 200, "text/html; charset=windows-1252"),
    ],
)
def test_an_odd_page_is_what_its_kind_says(desk: Desk, kind: Kind, status: int, content_type: str) -> None:
    piece = next(p for p in desk.pieces if p.kind is kind)
    answer = get(desk, piece.path)
    assert (answer.status, answer.headers["content-type"]) == (status, content_type)


def test_redirects_lead_to_the_page(desk: Desk) -> None:
    renamed = next(p for p in desk.pieces if p.kind is Kind.RENAMED)
    target, statuses = renamed.listed[0][1], []
    while (answer := get(desk, target)).status != 200:
        statuses.append(answer.status)
        target = answer.headers["location"].removeprefix(BASES[0])
    assert (statuses, target) == ([301, 302], renamed.path)


def test_a_busy_page_is_refused_once_and_then_served(desk: Desk) -> None:
    piece = next(p for p in desk.pieces if p.kind is Kind.BUSY)
    first, second = get(desk, piece.path), get(desk, piece.path)
    assert (first.status, first.headers["retry-after"], second.status) == (503, "1", 200)


def test_a_hidden_page_is_forbidden_by_robots_txt(desk: Desk) -> None:
    piece = next(p for p in desk.pieces if p.kind is Kind.HIDDEN)
    assert piece.path.startswith("/internal/")
    assert b"Disallow: /internal/" in get(desk, "/robots.txt").body


# --- the log ---


def test_only_what_left_the_site_is_logged_as_shown(desk: Desk, tmp_path: Path) -> None:
    desk.answer(0, "/feeds/world.rss", {}, OPENED + 1000)  # rendered, never sent
    assert [entry["what"] for entry in lines(tmp_path)] == ["opened"]
    get(desk, "/feeds/world.rss")
    assert "shown" in {entry["what"] for entry in lines(tmp_path)}


def test_an_unchanged_answer_shows_nothing(desk: Desk, tmp_path: Path) -> None:
    first = get(desk, "/feeds/world.rss")
    before = len(lines(tmp_path))
    get(desk, "/feeds/world.rss", if_none_match=first.headers["etag"])
    assert len(lines(tmp_path)) == before


@pytest.mark.parametrize("harm", ["gap", "twice", "torn", "headless", "empty"])
def test_a_log_that_was_harmed_is_refused(desk: Desk, tmp_path: Path, harm: str) -> None:
    get(desk, "/feeds/world.rss")
    rows = (tmp_path / "site.log").read_text().splitlines()
    harmed = {
        "gap": rows[:2] + rows[3:],
        "twice": [*rows[:3], rows[2], *rows[3:]],
        "torn": [*rows[:-1], rows[-1][:20]],
        "headless": rows[1:],
        "empty": [],
    }[harm]
    with pytest.raises(JournalError):
        journal.checked(harmed)


# --- the judge ---


def event(desk: Desk, number: int, version: int = 1, place: int = 0) -> dict[str, Any]:
    """The event a faultless service would give for a piece."""
    piece = desk.pieces[number]
    told = revised(ORDER.seed, piece.text, version) if version > 1 else story(ORDER.seed, piece.text)
    base = BASES[piece.host]
    return {
        "id": f"{number}.{version}.{place}",
        "type": f"wiredesk.document.{'updated' if place else 'created'}.v1",
        "subject": f"urn:wiredesk:{number}",
        "url": base + piece.listed[0][1],
        "title": told.title,
        "data": {
            "bodies": [
                {"role": "main", "contentType": "text/plain", "value": "\n\n".join(p.text for p in told.paragraphs)}
            ],
            "altIds": [{"role": "final", "value": base + piece.path}],
        },
    }


Run = tuple[list[dict[str, Any]], list[dict[str, Any]], Desk]


@pytest.fixture
def run(desk: Desk, tmp_path: Path) -> Run:
    """A faultless run: every feed read, every article asked for once, every event there."""
    for channel in CHANNELS:
        get(desk, channel.path, host=channel.host)
    for piece in desk.pieces:
        get(desk, piece.path, host=piece.host)
        get(desk, piece.path, host=piece.host)  # the busy one needs it
    versions = {p.number: p.versions(1000, ORDER) for p in desk.pieces}
    events = [event(desk, p.number, versions[p.number]) for p in desk.pieces if p.document]
    return lines(tmp_path), events, desk


def of(desk: Desk, kind: Kind) -> int:
    return next(p.number for p in desk.pieces if p.kind is kind)


def found(verdict: Verdict) -> tuple[int, int, int]:
    return len(verdict.lost), len(verdict.doubled), len(verdict.wrong)


def test_a_faultless_run_passes_and_counts_what_was_shown(run: Run) -> None:
    log, events, desk = run
    verdict = judge(log, events)
    assert (verdict.passed, found(verdict)) == (True, (0, 0, 0))
    assert (verdict.expected, verdict.documents, verdict.events) == (60, 60, 60)
    assert verdict.shown == len(desk.pieces) > 60
    assert "0 lost, 0 doubled, 0 wrong" in verdict.summary()


def test_a_run_in_which_nothing_was_shown_does_not_pass(desk: Desk, tmp_path: Path) -> None:
    assert not judge(lines(tmp_path), []).passed


def test_an_empty_stream_has_lost_every_article(run: Run) -> None:
    verdict = judge(run[0], [])
    assert (verdict.passed, found(verdict)) == (False, (60, 0, 0))


def test_each_single_event_that_is_missing_is_noticed(run: Run) -> None:
    log, events, _ = run
    for place in range(len(events)):
        assert found(judge(log, events[:place] + events[place + 1 :])) == (1, 0, 0)


def test_an_article_whose_page_nobody_asked_for_is_lost_too(desk: Desk, tmp_path: Path) -> None:
    get(desk, "/feeds/world.rss")
    verdict = judge(lines(tmp_path), [])
    assert verdict.lost
    assert all("never even asked for" in line for line in verdict.lost)


def test_the_same_event_twice_is_doubled(run: Run) -> None:
    log, events, _ = run
    assert judge(log, [*events, events[3]]).doubled


def test_the_same_text_again_under_another_id_is_doubled(run: Run) -> None:
    log, events, _ = run
    again = events[3] | {"id": "other", "type": "wiredesk.document.updated.v1"}
    assert found(judge(log, [*events, again])) == (0, 1, 0)


def test_a_second_created_is_doubled(run: Run) -> None:
    log, events, _ = run
    assert judge(log, [*events, events[3] | {"id": "other"}]).doubled


@pytest.mark.parametrize("kind", [Kind.TWIN, Kind.CANONICAL, Kind.SHARED, Kind.MOVED])
def test_two_documents_of_one_article_are_doubled_however_it_was_reached(run: Run, kind: Kind) -> None:
    log, events, desk = run
    number = of(desk, kind)
    other = event(desk, number) | {"id": "other", "subject": "urn:wiredesk:other", "data": {}}
    other["url"] = BASES[0] + desk.pieces[number].paths()[-1]
    other["data"] = event(desk, number)["data"] | {"altIds": []}
    assert found(judge(log, [*events, other])) == (0, 1, 0)


def test_either_address_of_a_twin_may_be_the_document(run: Run) -> None:
    log, events, desk = run
    number = of(desk, Kind.TWIN)
    other = next(e for e in events if e["subject"] == f"urn:wiredesk:{number}")
    other["url"] = BASES[0] + desk.pieces[number].paths()[1]
    other["data"]["altIds"] = []
    assert judge(log, events).passed


def test_the_copy_at_the_other_host_is_a_document_of_its_own(run: Run) -> None:
    log, events, desk = run
    kept = [e for e in events if e["subject"] != f"urn:wiredesk:{of(desk, Kind.COPY)}"]
    assert found(judge(log, kept)) == (1, 0, 0)


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_a_document_made_of_a_page_that_is_no_article_is_wrong(run: Run, kind: Kind) -> None:
    log, events, desk = run
    assert found(judge(log, [*events, event(desk, of(desk, kind))])) == (0, 0, 1)


def test_a_text_with_a_paragraph_missing_or_added_is_wrong(run: Run) -> None:
    log, events, _ = run
    for harm in (lambda text: text.partition("\n\n")[2], lambda text: text + "\n\nSign up for our newsletter"):
        harmed = json.loads(json.dumps(events))
        harmed[0]["data"]["bodies"][0]["value"] = harm(harmed[0]["data"]["bodies"][0]["value"])
        assert found(judge(log, harmed)) == (0, 0, 1)


def test_the_text_of_another_article_is_wrong(run: Run) -> None:
    log, events, _ = run
    events[0]["data"] = events[0]["data"] | {"bodies": events[1]["data"]["bodies"]}
    assert found(judge(log, events)) == (0, 0, 1)


def test_another_title_is_wrong(run: Run) -> None:
    log, events, _ = run
    events[0]["title"] = "The Demo Gazette"
    assert found(judge(log, events)) == (0, 0, 1)


def test_an_event_about_an_address_that_was_never_shown_is_wrong(run: Run) -> None:
    log, events, desk = run
    stray = event(desk, 0) | {"id": "stray", "url": BASES[0] + "/world/99999-report.html"}
    assert found(judge(log, [*events, stray])) == (0, 0, 1)


@pytest.fixture
def two_versions(desk: Desk, tmp_path: Path) -> tuple[list[dict[str, Any]], Desk, int]:
    """One revised article, read before and after its revision."""
    number = of(desk, Kind.REVISED)
    piece = desk.pieces[number]
    path = next(c.path for c in CHANNELS if c.name == piece.listed[0][0])
    for at in (piece.at + 0.01, piece.at + ORDER.revise_after + 0.01):
        get(desk, path, at=at)
        get(desk, piece.path, at=at)
    return [e for e in lines(tmp_path) if e.get("piece") in (None, number)], desk, number


def test_both_versions_in_order_pass_and_so_does_the_last_alone(two_versions: Any) -> None:
    log, desk, number = two_versions
    assert judge(log, [event(desk, number, 1), event(desk, number, 2, place=1)]).passed
    assert judge(log, [event(desk, number, 2)]).passed


def test_a_last_version_that_is_missing_is_lost(two_versions: Any) -> None:
    log, desk, number = two_versions
    assert found(judge(log, [event(desk, number, 1)])) == (1, 0, 0)


def test_versions_in_the_wrong_order_are_wrong(two_versions: Any) -> None:
    log, desk, number = two_versions
    assert found(judge(log, [event(desk, number, 2), event(desk, number, 1, place=1)])) == (0, 0, 1)


@pytest.mark.parametrize("forgets", [False, True])
def test_a_reader_who_keeps_the_validator_of_a_body_it_lost_is_caught(
    desk: Desk, tmp_path: Path, forgets: bool
) -> None:
    """What a kill between storing validators and entries would do, at one body of a feed that comes in batches."""
    told: set[int] = set()
    validators: dict[str, str] = {}
    for second in range(120):
        for channel in CHANNELS:
            answer = get(desk, channel.path, second, channel.host, if_none_match=validators.get(channel.path, ""))
            validators[channel.path] = answer.headers.get("etag", "")
            listed = {p.number for p in desk.pieces for _, way in p.listed if f"{way}".encode() in answer.body}
            if not (forgets and channel.name == "culture" and listed and not told & listed):
                told |= listed
    events = [event(desk, number) for number in sorted(told) if desk.pieces[number].document]
    verdict = judge(lines(tmp_path), events)
    assert verdict.passed is not forgets
    assert bool(verdict.lost) is forgets


def test_an_address_asked_for_by_hand_is_expected(desk: Desk, tmp_path: Path) -> None:
    get(desk, desk.pieces[0].path)
    log = lines(tmp_path)
    assert judge(log, []).expected == 0
    assert judge(log, [], asked=[BASES[0] + desk.pieces[0].path]).lost
    assert judge(log, [event(desk, 0)], asked=[BASES[0] + desk.pieces[0].path]).passed
    with pytest.raises(ValueError, match="knows no such page"):
        judge(log, [], asked=["http://elsewhere.example/"])


@given(st.text(), st.text(alphabet=" \t\n\u00a0", max_size=5))
def test_a_fingerprint_does_not_depend_on_white_space(text: str, space: str) -> None:
    assert fingerprint(text) == fingerprint(space + text.replace(" ", " " + space) + space)


# --- over the wire ---


async def _talk(url: str, *requests: str) -> list[bytes]:
    """Send requests in one go over one connection and return what comes back until it closes."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("".join(requests).encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer.split(b"HTTP/1.1 ")[1:]


def test_the_site_answers_pipelined_requests_packs_bodies_and_closes_on_demand(tmp_path: Path) -> None:
    async def ask() -> list[bytes]:
        order = replace(ORDER, seconds=0)
        async with Site(order, tmp_path / "site.log") as site:
            feed = "GET /feeds/world.rss HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\n\r\n"
            head = "HEAD /feeds/city.atom HTTP/1.1\r\nhost: x\r\n\r\n"
            last = "GET /feeds.toml HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
            return await _talk(site.url, feed, head, last)

    feed, head, last = asyncio.run(ask())
    assert b"Demo Gazette" in gzip.decompress(feed.partition(b"\r\n\r\n")[2])
    assert head.partition(b"\r\n\r\n")[2] == b""
    assert last.count(b"[[feed]]") == len(CHANNELS)
    shown = {entry["feed"] for entry in journal.read(tmp_path / "site.log") if entry["what"] == "shown"}
    assert shown == {"world"}


def test_a_slow_page_holds_up_nobody_else(tmp_path: Path) -> None:
    async def ask() -> tuple[float, bytes]:
        async with Site(replace(ORDER, seconds=0), tmp_path / "site.log") as site:
            slow = next(p for p in site.desk.pieces if p.kind is Kind.SLOW)
            request = "GET {} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
            waiting = asyncio.create_task(_talk(site.url, request.format(slow.path)))
            await asyncio.sleep(0.05)
            begun = time.monotonic()
            await _talk(site.url, request.format("/robots.txt"))
            quick = time.monotonic() - begun
            return quick, (await waiting)[0]

    quick, page = asyncio.run(ask())
    assert quick < 1
    assert page.startswith(b"200 OK")
