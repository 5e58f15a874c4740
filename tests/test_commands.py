"""Every command of the contract on a running service: its options, its exit codes, the shapes of its JSON."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service import Service, service, until
from tests.site import Site, article, rss, site

TITLE = "A title \x1b[31mred\x1b[0m\x9b2J\u202ereversed\u2028next {level:error}"
COUNT = 6
STORY = {
    *("url", "subject", "state", "outcome", "reason", "found", "fetches", "fields", "relation", "events", "taggers")
}


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def house(web: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that has delivered COUNT entries of a feed, rejected one and failed at one."""
    for i in range(COUNT):
        web.show(f"/{i}", article(f"commands-{i}", f"Story {i}"))
    web.show("/film.pdf", b"%PDF-1.7 and so on", content_type="application/pdf")
    rows = [{"title": f"Story {i}", "link": web.url(f"/{i}"), "guid": f"tag:commands,{i}"} for i in range(COUNT)]
    rows.append({"title": "A film", "link": web.url("/film.pdf"), "guid": "film"})
    web.show("/feed", rss(*rows), content_type="application/rss+xml")
    web.show("/gone", "gone", 410)
    with service(tmp_path_factory.mktemp("house")) as found:
        found.feeds(web.url("/feed"), name="desk", tags=["city", "sport"])
        found.up()
        found.call("enqueue", web.url("/gone"))
        until(lambda: len(found.events()) >= COUNT and len(ended(found)) >= COUNT + 2, 20, found.said)
        yield found


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Service]:
    """A folder with a feed list in which nothing runs."""
    with service(tmp_path) as found:
        found.feeds("https://example.org/feed")
        yield found


def ended(house: Service) -> list[str]:
    law = house.account.law()
    return [state for state, count in law.states.items() for _ in range(count) if state != "pending"]


# --- enqueue ---


def test_enqueue_says_what_became_of_each_address(house: Service, web: Site) -> None:
    web.show("/by-hand", article("by-hand"))
    rows = house.call("enqueue", "--json", web.url("/by-hand"), "-", given=web.url("/missing") + "\n").rows
    assert rows == [
        {"url": web.url("/by-hand"), "enqueued": "new"},
        {"url": web.url("/missing"), "enqueued": "new"},
    ]
    assert re.fullmatch(rf"(new|again|waiting) +{web.url('/0')}\n", house.call("enqueue", web.url("/0")).out)
    house.ended(web.url("/by-hand"))


def test_enqueue_wait_prints_the_document_and_exits_0(house: Service, web: Site) -> None:
    url = web.show("/waited", article("waited", "Waited for"))
    done = house.call("enqueue", url, "--wait", "--json", "--tags", "a, b ,,c")
    assert done.code == 0
    assert done.row["type"] == "wiredesk.document.created.v1"
    assert done.row["url"] == url
    assert done.row["tags"] == "a,b,c"
    assert {"stream", "text", "data"} <= done.row.keys()
    people = house.call("enqueue", url, "--wait")
    assert re.search(r"Waited for \(\d+ words\)\n\n", people.out)
    assert done.row["text"].split("\n")[0] in people.out


def test_enqueue_wait_prints_the_reason_and_exits_1(house: Service, web: Site) -> None:
    url, good = web.show("/picture", b"\x89PNG\r\n\x1a\n", content_type="image/png"), web.url("/0")
    done = house.call("enqueue", url, good, "--wait", "--json")
    assert done.code == 1
    by_url = {row["url"]: row for row in done.rows}
    assert by_url[url]["state"] == "rejected"
    assert by_url[url]["reason"] == "not-html"
    assert by_url[good]["type"] == "wiredesk.document.created.v1"


def test_a_mistake_among_many_addresses_enqueues_none_and_names_it(house: Service) -> None:
    before = house.account.law().discovered
    done = house.call("enqueue", "http://good.test/", "nonsense", "ftp://bad.test/")
    assert done.code == 2
    assert "nonsense" in done.err
    assert "bad.test" in done.err
    assert house.account.law().discovered == before


# --- documents ---


def test_documents_prints_the_stream_from_the_oldest_to_the_last(house: Service) -> None:
    rows = house.call("documents", "--json").rows
    assert len(rows) >= COUNT
    assert [r["stream"] for r in rows] == sorted((r["stream"] for r in rows), key=lambda s: [*map(int, s.split("-"))])
    for row in rows:
        assert row["text"] == row["data"]["bodies"][0]["value"]
    assert len(house.call("documents").out.splitlines()) == len(rows)


def test_documents_starts_where_it_is_told(house: Service) -> None:
    rows = house.call("documents", "--json").rows
    third = rows[2]
    for where in (third["stream"], third["id"]):
        assert house.call("documents", "--json", "--from", where).rows[0]["id"] == third["id"]
    assert house.call("documents", "--json", "--from", "now").rows == []
    at = [r for r in rows if r["stream"] >= third["stream"].partition("-")[0]]
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(third["stream"].partition("-")[0]) / 1000 + 1))
    later = house.call("documents", "--json", "--from", stamp + "Z").rows
    assert len(later) < len(at) + 1
    assert house.call("documents", "--json", "--from", "2001-01-01").rows == rows
    wrong = house.call("documents", "--from", "yesterday")
    assert wrong.code == 2
    assert "'yesterday' is no stream id" in wrong.err


def test_documents_count_stops_after_as_many(house: Service) -> None:
    assert len(house.call("documents", "--json", "--count", "2").rows) == 2


def test_documents_schema_is_the_schema_its_events_keep(house: Service) -> None:
    from jsonschema import Draft202012Validator, FormatChecker

    schema = json.loads(house.call("documents", "--schema").out)
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    for row in house.call("documents", "--json").rows:
        event = {k: v for k, v in row.items() if k not in ("stream", "text")}
        checker.validate(event)


def test_documents_follow_prints_what_comes_and_ends_with_a_signal(house: Service, web: Site) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "workers.cli", "documents", "--follow", "--json", "--from", "now"],
        env=house.environ(),
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        time.sleep(1.5)
        url = web.show("/followed", article("followed"))
        house.call("enqueue", url)
        assert json.loads(process.stdout.readline())["url"] == url
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]


def test_a_reader_that_leaves_early_is_no_error(house: Service) -> None:
    words = f"{sys.executable} -m workers.cli documents --json | head -c 10"
    done = subprocess.run(["sh", "-c", words], env=house.environ(), capture_output=True, text=True, timeout=30)
    assert "Traceback" not in done.stderr
    assert done.stdout == '{"specvers'


def test_a_new_group_starts_at_the_oldest_and_goes_on_where_it_was(house: Service) -> None:
    rows = house.call("documents", "--json").rows
    first = house.call("documents", "--json", "--group", "one", "--count", "2").rows
    rest = house.call("documents", "--json", "--group", "one").rows
    assert [r["id"] for r in first + rest][: len(rows)] == [r["id"] for r in rows]
    assert house.call("documents", "--json", "--group", "one", "--count", "1").rows == []


def test_a_new_group_may_start_elsewhere(house: Service) -> None:
    rows = house.call("documents", "--json").rows
    third = rows[2]
    for number, where in enumerate((third["stream"], third["id"])):
        got = house.call("documents", "--json", "--group", f"from-{number}", "--from", where, "--count", "1").rows
        assert [r["id"] for r in got] == [third["id"]]
    assert house.call("documents", "--json", "--group", "from-now", "--from", "now").rows == []


def test_a_group_acknowledges_only_what_was_written_out(house: Service) -> None:
    """A reader that is killed gets the rest again, and nothing twice that it had."""
    rows = [r["id"] for r in house.call("documents", "--json").rows]
    words = [sys.executable, "-m", "workers.cli", "documents", "--json", "--group", "killed", "--follow"]
    read, write = os.pipe()
    os.set_inheritable(write, True)
    process = subprocess.Popen(words, env=house.environ(), stdout=write)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        seen = [json.loads(pipe.readline())["id"] for _ in range(2)]
        process.kill()
        process.wait()
        seen += [json.loads(line)["id"] for line in pipe if line.endswith(b"\n")]
    again = [r["id"] for r in house.call("documents", "--json", "--group", "killed").rows]
    assert len(seen) + len(again) - len(rows) in (0, 1)  # the one between writing and acknowledging may come twice
    assert (seen + again[len(seen) + len(again) - len(rows) :])[: len(rows)] == rows


# --- why, failures, status ---


def test_why_tells_the_same_story_by_address_guid_event_and_uri(house: Service, web: Site) -> None:
    url = web.url("/1")
    event = house.events_of(url)[0]
    told = [house.call("why", name, "--json").row for name in (url, "tag:commands,1", event["id"], event["subject"])]
    assert all(t["subject"] == event["subject"] for t in told)
    story = told[0]
    assert not STORY - story.keys()
    assert (story["url"], story["state"], story["reason"]) == (url, "delivered", "created")
    assert story["found"][0]["source"] == web.url("/feed")
    assert story["found"][0]["guid"] == "tag:commands,1"
    assert (story["fetches"][0]["outcome"], story["fetches"][0]["url"]) == (200, url)
    assert story["fields"]["title"] == "feed"
    assert [e["id"] for e in story["events"]] == [event["id"]]
    assert url in house.call("why", url).out


def test_why_knows_what_was_refused_and_what_failed(house: Service, web: Site) -> None:
    refused = house.call("why", web.url("/film.pdf"), "--json").row
    assert (refused["state"], refused["reason"], refused["subject"]) == ("rejected", "not-html", None)
    failed = house.call("why", web.url("/gone"), "--json").row
    assert (failed["state"], failed["reason"]) == ("failed", "gone")
    assert failed["fetches"][0]["outcome"] == "gone"


def test_why_of_something_unknown_is_one_line_and_exit_code_1(house: Service) -> None:
    done = house.call("why", "http://never.seen.test/")
    assert done.code == 1
    assert done.err == "wiredesk: nothing is known of http://never.seen.test/\n"


def test_failures_lists_what_failed_or_was_rejected_and_puts_it_back(house: Service, web: Site) -> None:
    lost, sheet = web.show("/lost", "gone", 410), web.show("/sheet.pdf", b"%PDF-1.7", content_type="application/pdf")
    house.call("enqueue", lost, sheet, "--wait")
    (failed,) = [r for r in house.call("failures", "--json").rows if r["url"] == lost]
    assert {"url", "reason", "stage", "attempts", "at"} <= failed.keys()
    assert (failed["reason"], failed["stage"], failed["attempts"]) == ("gone", "fetch", 1)
    (refused,) = [r for r in house.call("failures", "--rejected", "--json").rows if r["url"] == sheet]
    assert (refused["reason"], refused["stage"]) == ("not-html", "extract")
    assert lost in house.call("failures").out
    web.show("/lost", article("back", "Back again"))
    web.show("/sheet.pdf", article("sheet", "A sheet"))
    assert house.call("failures", "--retry", lost, "--json").row == {"retried": 1}
    assert house.call("failures", "--rejected", "--retry", sheet).out == "1 put back\n"
    assert [house.ended(url)["state"] for url in (lost, sheet)] == ["delivered", "delivered"]
    assert house.call("check").code == 0


def test_status_shows_the_law_and_all_the_contract_names(house: Service, web: Site) -> None:
    status = house.call("status", "--json").row
    states = [status[s] for s in ("delivered", "merged", "rejected", "failed", "pending")]
    assert status["discovered"] == sum(states)
    assert status["law"] is True
    assert status["events"]["created"] >= COUNT
    assert status["oldest_pending_s"] >= 0
    assert {"ready", "jobs", "leased", "page_bytes"} <= status["queues"].keys()
    assert status["feeds"]["counts"] == {"ok": 1}
    assert {"used", "events", "records"} <= status["memory"].keys()
    assert status["processes"] == {"poller": 1, "worker": 1}
    assert isinstance(status["alarms"], dict)
    people = house.call("status").out
    assert people.startswith(f"discovered {status['discovered']} = ")


def test_status_names_the_group_that_holds_the_tail(house: Service) -> None:
    house.call("documents", "--group", "tail-quick", "--json")
    house.call("documents", "--group", "tail-slow", "--json", "--count", "1")
    status = house.call("status", "--json").row
    lags = {t["name"]: t["lag"] for t in status["taggers"]}
    assert lags["tail-slow"] >= COUNT - 1
    assert lags["tail-quick"] <= lags["tail-slow"]
    assert status["tail"]["kind"] == "group"
    assert status["tail"]["name"] in lags


# --- url, check ---


def test_url_is_what_redis_clients_take(house: Service) -> None:
    import redis

    address = house.call("url").out.strip()
    client = redis.Redis.from_url(address)
    assert client.exists("wiredesk:documents") == 1
    client.close()
    assert house.call("url", REDIS_URL="redis://user:secret@h:1/0").out == "redis://user:secret@h:1/0\n"


def test_check_finds_everything_wrong_at_once(house: Service, nowhere: Service) -> None:
    assert house.call("check").code == 0
    nowhere.write("feeds.toml", '[[feed]]\nurl = "nonsense"\n')
    nowhere.write("taggers.toml", '[[tagger]]\nname = "x"\n')
    done = nowhere.call("check")
    assert done.code == 1
    assert [line for line in done.out.splitlines() if "feeds.toml" in line]
    assert [line for line in done.out.splitlines() if "taggers.toml" in line]


def test_check_recounts_the_ledger_against_its_counters(house: Service) -> None:
    house.store.client.hincrby("wiredesk:counters", "delivered", 1)
    try:
        done = house.call("check")
    finally:
        house.store.client.hincrby("wiredesk:counters", "delivered", -1)
    assert done.code == 1
    assert "delivered" in done.out


# --- control characters ---


def test_control_characters_of_a_page_reach_no_terminal_and_no_log_line(house: Service, web: Site) -> None:
    raw = article("controls").replace("The story of controls", TITLE)
    url = web.show("/controls", raw)
    path = "/pa%1B%5B31mth\x9b2J"
    odd = web.url("/pa%1B%5B31mth%C2%9B2J")
    web.show("/pa%1B%5B31mth%C2%9B2J", raw.replace("</p>", " more</p>", 1))
    for given in (url, odd, web.url(path)):
        for words in (["enqueue", given, "--wait"], ["enqueue", given, "--wait", "--json"], ["why", given]):
            assert house.call(*words).harmless, words
    for words in (["documents"], ["documents", "--json"], ["failures"], ["failures", "--rejected"], ["status"]):
        assert house.call(*words).harmless, words
    log = house.log.read_bytes().decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", log)
    for line in log.splitlines():
        json.loads(line)
