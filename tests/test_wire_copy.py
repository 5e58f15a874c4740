"""Wire copy in the ledger: one document a guid, versions in their order, embargoes kept, kills obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from config.settings import Settings
from ingest import intake, keys
from ingest.account import Account
from ingest.item import Link, Signal, Status, Subject
from ingest.ledger import Ledger, Taken
from ingest.model import Precision, When
from ingest.parcel import unpack
from ingest.store import Store
from tests.conftest import RETENTION
from tests.dispatches import LIMITS, START, TEXT, Desk, finish, item
from workers import event
from workers.trim import Trim

VALID = Draft202012Validator(event.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
LATER = TEXT.replace("eighteen months", "two years")


@pytest.fixture
def desk(ledger: Ledger) -> Iterator[Desk]:
    found = Desk(ledger)
    yield found
    assert Account(ledger.store).wrong() == []
    for told in found.events():
        VALID.validate(told)


def soon(store: Store, seconds: float) -> When:
    return When.instant(START.fromtimestamp(store.now() + seconds, START.tzinfo))


def at(store: Store, seconds: float) -> Ledger:
    """The same server, so many seconds on."""
    return Ledger(Store(store.url, RETENTION, skew=int(seconds * 1000)))


# --- versions ---


def test_an_item_becomes_one_document_with_what_its_agency_says(desk: Desk) -> None:
    sent = item(
        byline="By Ada Venn", dateline="HARBOUR CITY (HNA) -", urgency=3, slugline="bridge", usage_terms="None."
    )
    sent = replace(sent, subjects=(Subject("medtop:20000763", "transport"), Subject("hna:9")), created=sent.published)
    sent = replace(
        sent,
        links=(Link("seeAlso", "urn:hna:2", "Barge hits pier", "text"), Link("photo", "urn:hna:p", None, "picture")),
    )
    desk.send(sent)
    assert desk.work() == 1
    (event,) = desk.events()
    assert (event["source"], event["feed"], event["tags"]) == ("urn:wiredesk:wire:harbour", "harbour", "port")
    data = event["data"]
    assert (data["urgency"], data["slugline"], data["located"], data["by"]) == (3, "bridge", "HARBOUR CITY", "Ada Venn")
    assert data["subjects"][0] == {"uri": "http://cv.iptc.org/newscodes/mediatopic/20000763", "name": "transport"}
    assert data["subjects"][1] == {"literal": "hna:9"}
    assert {"role": "guid", "value": "urn:hna:1"} in data["altIds"]
    assert [a["rel"] for a in data["associations"]] == ["seeAlso", "photo"]
    assert "url" not in event


def test_the_place_of_a_dateline_in_the_text_is_where_it_was_written(desk: Desk) -> None:
    desk.told(item())
    assert desk.events()[0]["data"]["located"] == "HARBOUR CITY"


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("STRELSAU, Aug 29, 2031 (HNA) -", "STRELSAU"),
        ("Strelsau, 10 juil 2031 (HNA)", "Strelsau"),
        ("ZENDA, Rur., May 3", "ZENDA, Rur."),
        ("20310829", "HARBOUR CITY"),
        ("2.4.2031 16:02:09 CEST", "HARBOUR CITY"),
        ("January 21", "HARBOUR CITY"),
    ],
)
def test_the_day_of_a_dateline_is_no_place(desk: Desk, dateline: str, place: str) -> None:
    desk.told(item(dateline=dateline))
    assert desk.events()[0]["data"]["located"] == place


def test_a_day_before_the_agency_is_no_place(desk: Desk) -> None:
    words = TEXT.partition(" - ")[2]
    desk.told(
        item(body=f"HARBOUR CITY, March 3 (HNA) - {words}"), item(guid="urn:hna:2", body=f"March 4 (HNA) - {words}")
    )
    assert [told["data"].get("located") for told in desk.events()] == ["HARBOUR CITY", None]


def test_the_same_message_sent_again_changes_nothing(desk: Desk) -> None:
    assert desk.told(item(), item()) == ["created"]
    assert Account(desk.ledger.store).law().discovered == 1


def test_the_same_version_in_another_format_is_the_same_document(desk: Desk) -> None:
    assert desk.told(item(), replace(item(), urgency=4)) == ["created"]
    assert desk.state(replace(item(), urgency=4)) == "merged:same-document"


def test_an_update_a_correction_and_a_kill_follow_one_another(desk: Desk) -> None:
    types = desk.told(
        item(),
        item(minute=5, version="2", body=LATER, signals=("sig:update",), signal=Signal.UPDATE),
        item(minute=9, version="3", body=LATER.replace("41", "42"), signal=Signal.CORRECTION),
        item(minute=12, version="4", status=Status.CANCELED),
    )
    assert types == ["created", "updated", "corrected", "withdrawn"]
    first, second, third, last = desk.events()
    assert [e.get("previous") for e in (second, third, last)] == [first["id"], second["id"], third["id"]]
    assert (second["signal"], third["signal"]) == ("update", "correction")
    assert "diff" in third and "41 million" in third["diff"]
    assert "bodies" not in last["data"] and "title" not in last and last["data"]["pubStatus"] == "canceled"
    assert {"role": "guid", "value": "urn:hna:1"} in last["data"]["altIds"]


def test_a_new_version_with_the_same_text_is_told(desk: Desk) -> None:
    assert desk.told(item(), item(minute=5, version="2", urgency=1)) == ["created", "updated"]


def test_an_older_version_that_comes_late_is_merged(desk: Desk) -> None:
    assert desk.told(item(minute=5, version="2"), item(body=LATER)) == ["created"]
    assert desk.state(item(body=LATER)) == "merged:superseded"


def test_a_number_decides_between_versions_of_one_moment(desk: Desk) -> None:
    assert desk.told(item(version="10"), item(version="9", body=LATER), item(version="11", body=LATER)) == [
        "created",
        "updated",
    ]


def test_items_without_version_and_time_are_taken_as_they_come(desk: Desk) -> None:
    bare = replace(item(), version=None, published=None)
    assert desk.told(bare, replace(bare, body=LATER), replace(bare, body=TEXT + "\n\nMore.")) == [
        "created",
        "updated",
        "updated",
    ]


def test_versions_that_come_at_once_go_out_in_their_order(desk: Desk) -> None:
    versions = [item(minute=n, version=str(n), body=f"{TEXT}\n\nTake {n}.") for n in range(1, 6)]
    got = desk.send(*versions)
    assert len(got.ready) == 1  # the others wait for it
    assert desk.work() == 5
    texts = [e["data"]["bodies"][0]["value"].rpartition("\n\n")[2] for e in desk.events()]
    assert texts == [f"Take {n}." for n in range(1, 6)]


def test_a_version_with_a_guid_of_its_own_joins_the_document_it_replaces(desk: Desk) -> None:
    second = item("urn:hna:1b", 5, body=LATER, links=(Link("replaces", "urn:hna:1"),))
    third = item("urn:hna:1c", 9, links=(Link("replaces", "urn:hna:1b"), Link("replaces", "urn:hna:1")))
    kill = item("urn:hna:1c", 12, status=Status.CANCELED)
    assert desk.told(item(), second, third, kill) == ["created", "updated", "updated", "withdrawn"]
    assert len({e["subject"] for e in desk.events()}) == 1
    names = {i["value"] for i in desk.events()[-1]["data"]["altIds"]}
    assert names == {"urn:hna:1", "urn:hna:1b", "urn:hna:1c"}


def test_an_item_without_a_guid_is_known_by_its_words(desk: Desk) -> None:
    bare = item(guid=None)
    assert desk.told(bare, replace(bare, version="7")) == ["created", "updated"]
    assert desk.told(replace(bare, body=LATER)) == ["created", "updated", "created"]


def test_two_wires_with_the_same_guid_are_two_documents_of_one_story(desk: Desk) -> None:
    other = Desk(desk.ledger, "coast")
    desk.told(item())
    other.told(item())
    first, second = desk.events()
    assert (second["relation"], second["relatedto"], second["story"]) == ("copy", first["subject"], first["subject"])


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        (item(kind="picture", body=""), "rejected:not-text"),
        (item(kind="composite", body="", links=(Link("member", "urn:hna:2"),)), "rejected:package"),
        (replace(item(body=""), headline=None), "rejected:no-text"),
    ],
)
def test_what_is_no_text_is_recorded_and_no_document(desk: Desk, sent: object, state: str) -> None:
    assert desk.told(sent) == []  # type: ignore[arg-type]
    assert desk.state(sent) == state  # type: ignore[arg-type]


def test_an_alert_is_its_headline(desk: Desk) -> None:
    assert desk.told(item(body="", urgency=1)) == ["created"]
    assert desk.events()[0]["data"]["bodies"][0]["value"] == "Council votes to rebuild swing bridge"


def test_a_headline_repeated_above_the_text_is_no_part_of_it(desk: Desk) -> None:
    desk.told(item(body="Council votes to rebuild swing bridge\n\nBy Ada Venn\n\n" + TEXT, byline="By Ada Venn"))
    assert desk.events()[0]["data"]["bodies"][0]["value"] == TEXT


def test_an_item_is_found_by_its_page_on_the_web_which_stays_a_page_of_its_own(desk: Desk) -> None:
    desk.told(item(link="https://hna.test/bridge?utm_source=wire"))
    (event,) = desk.events()
    assert event["url"] == "https://hna.test/bridge?utm_source=wire"
    account = Account(desk.ledger.store)
    (rid,) = account.find("https://hna.test/bridge")
    assert account.record(rid)["d"] == event["subject"].removeprefix("urn:wiredesk:")
    desk.ledger.enqueue([("https://hna.test/bridge", "hna.test")])
    assert [w.url for w in desk.ledger.claim([("u", 5)], LIMITS)] == ["https://hna.test/bridge"]


def test_a_package_is_named_in_its_members(desk: Desk) -> None:
    desk.send(item(), item("urn:hna:pack", kind="composite", body="", links=(Link("member", "urn:hna:1"),)))
    desk.work()
    (event,) = desk.events()
    assert [a["rel"] for a in event["data"]["associations"]] == ["package"]


# --- embargo ---


def test_an_embargoed_item_is_held_until_its_moment_by_the_servers_clock(desk: Desk, store: Store) -> None:
    held = item(embargoed=soon(store, 60))
    assert desk.told(held) == []
    assert desk.state(held) == "pending:held"
    assert desk.ledger.release() == []
    assert at(store, 59).release() == []
    assert at(store, 61).release() != []
    assert Desk(at(store, 61)).work() == 1
    assert desk.told() == ["created"]


def test_what_is_held_lies_under_one_prefix_and_nowhere_else(desk: Desk, store: Store) -> None:
    desk.told(item(embargoed=soon(store, 60), headline="Kestrel", body="Kestrel. " + TEXT))
    holding = []
    for key in store.client.scan_iter("*"):
        kind = store.client.type(key)
        dump = store.client.get(key) if kind == b"string" else store.client.hgetall(key) if kind == b"hash" else b""
        words = unpack(dump).body.decode() if key.startswith(keys.HELD.encode()) else repr(dump)
        if "Kestrel" in words or "swing bridge" in words:
            holding.append(key)
    assert [key for key in holding if not key.startswith(keys.HELD.encode())] == []
    assert len(holding) == 1
    assert store.client.xlen(keys.STREAM) == 0
    assert not list(store.client.scan_iter(keys.POSTING + "*"))


@pytest.mark.parametrize("lost", [keys.HELD, keys.RECORD])
def test_what_the_server_lost_of_a_held_item_keeps_no_other_from_its_moment(
    desk: Desk, store: Store, lost: str
) -> None:
    gone, other = item(embargoed=soon(store, 50)), item("urn:hna:2", embargoed=soon(store, 60))
    desk.told(gone, other)
    (row,) = intake.decide(desk.source, [gone], 0.0).items
    store.client.delete(lost + row["rid"])
    later = at(store, 61)
    assert len(later.release()) == 1
    assert Desk(later).work() == 1
    assert not store.client.exists(keys.EMBARGO)
    if lost == keys.HELD:
        assert desk.state(gone) == "failed:bug"
    else:  # a record that is lost is counted for ever
        store.client.hincrby(keys.COUNTERS, "pending", -1)
        store.client.hincrby(keys.COUNTERS, "discovered", -1)


def test_a_part_of_a_millisecond_is_not_taken_from_an_embargo() -> None:
    until = When.instant(START + timedelta(microseconds=123_400))
    (row,) = intake.decide(intake.Source("f", "w"), [item(embargoed=until)], 0.0).items
    assert row["till"] == int(START.timestamp() * 1000) + 124


def test_a_package_under_embargo_is_not_named_in_its_members(desk: Desk, store: Store) -> None:
    listed = {"kind": "composite", "body": "", "links": (Link("member", "urn:hna:1"),), "headline": "Kestrel"}
    desk.send(item(), item("urn:hna:pack", embargoed=soon(store, 60), **listed))
    desk.work()
    assert "associations" not in desk.events()[0]["data"]


def test_only_the_last_held_version_is_released(desk: Desk, store: Store) -> None:
    first, second = item(embargoed=soon(store, 60)), item(minute=1, version="2", body=LATER, embargoed=soon(store, 60))
    assert desk.told(first, second) == []
    assert desk.state(first) == "merged:superseded"
    later = at(store, 61)
    later.release()
    Desk(later).work()
    assert [e["data"]["version"] for e in desk.events()] == ["1"]
    assert "two years" in desk.events()[0]["data"]["bodies"][0]["value"]


def test_an_embargo_that_is_lifted_early_lets_the_version_out(desk: Desk, store: Store) -> None:
    first = item(embargoed=soon(store, 60))
    assert desk.told(first, item(minute=1, version="2")) == ["created"]
    assert desk.state(first) == "merged:superseded"
    assert at(store, 61).release() == []


def test_a_kill_wins_over_an_embargo(desk: Desk, store: Store) -> None:
    held = item(embargoed=soon(store, 60))
    kill = item(minute=1, version="2", status=Status.CANCELED, embargoed=soon(store, 60))
    assert desk.told(held, kill) == []
    assert (desk.state(held), desk.state(kill)) == ("rejected:killed", "rejected:nothing-out")
    assert desk.record(kill)["x"] == "what it withdraws never went out"
    later = at(store, 61)
    assert later.release() == []
    assert Desk(later).work() == 0
    assert not list(store.client.scan_iter(keys.HELD + "*"))


def test_a_clock_stepped_back_after_the_release_holds_the_item_again(desk: Desk, store: Store) -> None:
    held = item(embargoed=soon(store, 60))
    desk.told(held)
    at(store, 61).release()
    assert desk.work() == 0  # taken by the clock that was stepped back
    assert desk.state(held) == "pending:held"
    later = at(store, 61)
    later.release()
    assert Desk(later).work() == 1


def test_a_clock_stepped_back_during_the_commit_holds_the_item_again(desk: Desk, store: Store) -> None:
    held = item(embargoed=soon(store, 60))
    desk.told(held)
    later = at(store, 61)
    (rid,) = later.release()
    taken = later.take(rid, 300)
    assert isinstance(taken, Taken)
    finish(desk.ledger, taken)
    assert desk.told() == []
    assert desk.state(held) == "pending:held"


def test_what_ended_before_a_clock_stepped_back_over_midnight_and_after_is_forgotten_alike(
    desk: Desk, store: Store
) -> None:
    ahead = Desk(at(store, 86400 - store.now() % 86400 + 300))
    ahead.told(item())
    Desk(desk.ledger, "coast").told(item("urn:hna:2"))
    while at(store, RETENTION + 3 * 86400).store.run("age", 100):
        pass
    assert not list(store.client.scan_iter(keys.RECORD + "*"))


def test_a_held_item_outlives_retention(desk: Desk, store: Store) -> None:
    held = item(embargoed=soon(store, 60 * 86400))
    desk.told(held)
    later = at(store, 30 * 86400)
    later.store.run("age", 100)
    assert desk.state(held) == "pending:held"
    assert store.client.ttl(next(store.client.scan_iter(keys.HELD + "*"))) == -1
    late = at(store, 60 * 86400 + 5)
    assert len(late.release()) == 1
    assert Desk(late).work() == 1


def test_an_update_under_embargo_leaves_the_version_that_is_out(desk: Desk, store: Store) -> None:
    assert desk.told(item(), item(minute=1, version="2", body=LATER, embargoed=soon(store, 60))) == ["created"]
    later = at(store, 61)
    later.release()
    Desk(later).work()
    assert desk.told() == ["created", "updated"]


def test_an_embargo_without_a_zone_ends_where_it_ends_last(desk: Desk, store: Store) -> None:
    wall = (START.fromtimestamp(store.now(), START.tzinfo) + timedelta(hours=1)).replace(tzinfo=None)
    desk.told(item(embargoed=When(Precision.ZONELESS, wall.date(), None, wall.isoformat(timespec="seconds"))))
    assert at(store, 12 * 3600).release() == []
    assert len(at(store, 13 * 3600 + 5).release()) == 1
    Desk(at(store, 13 * 3600 + 5)).work()


def test_a_withheld_item_waits_for_its_agency(desk: Desk, store: Store) -> None:
    held = item(status=Status.WITHHELD)
    assert desk.told(held) == []
    assert desk.told(item(minute=3, version="2")) == ["created"]
    assert desk.state(held) == "merged:superseded"


def test_a_withheld_item_that_is_never_freed_ends_after_retention(desk: Desk, store: Store) -> None:
    held = item(status=Status.WITHHELD)
    desk.told(held)
    assert at(store, RETENTION + 60).release() == []
    assert desk.state(held) == "rejected:withheld"


# --- kills ---


def test_a_kill_is_told_once(desk: Desk) -> None:
    kill = item(minute=2, version="2", status=Status.CANCELED)
    again = replace(kill, version="3", published=When.instant(START + timedelta(minutes=3)))
    assert desk.told(item(), kill, again) == ["created", "withdrawn"]
    assert desk.state(again) == "merged:same-document"


def test_a_kill_that_is_for_editors_alone_withdraws_all_the_same(desk: Desk) -> None:
    for editors in (item(minute=1, version="2", kind="advisory"), item(minute=2, version="3", kind="picture")):
        assert desk.told(item(), editors) == ["created"]
    kill = item(minute=3, version="4", kind="advisory", status=Status.CANCELED)
    assert desk.told(item(), kill) == ["created", "withdrawn"]


@pytest.mark.parametrize("kind", ["picture", "video", "composite"])
def test_a_kill_that_has_lost_its_text_and_kept_its_pictures_withdraws_the_text(desk: Desk, kind: str) -> None:
    kill = item(minute=1, kind=kind, body="", status=Status.CANCELED)
    assert desk.told(item(), kill) == ["created", "withdrawn"]
    assert Account(desk.ledger.store).alarms() == {}


def test_a_kill_that_names_no_more_than_its_day_withdraws_what_was_made_on_it(desk: Desk) -> None:
    kill = replace(item(status=Status.CANCELED), published=When(Precision.DAY, START.date()))
    assert desk.told(item(), kill) == ["created", "withdrawn"]


def test_a_kill_of_a_picture_that_is_known_to_nobody_rings_for_nobody(desk: Desk) -> None:
    kill = item(kind="picture", body="", status=Status.CANCELED)
    assert desk.told(kill) == []
    assert desk.state(kill) == "rejected:not-text"
    assert Account(desk.ledger.store).alarms() == {}


def test_a_kill_of_what_never_went_out_stops_what_comes_late(desk: Desk) -> None:
    kill = item(minute=2, version="2", status=Status.CANCELED)
    assert desk.told(kill, item()) == []
    assert (desk.state(kill), desk.state(item())) == ("rejected:nothing-out", "rejected:killed")


def test_a_kill_of_what_never_came_rings_for_a_day(desk: Desk, store: Store) -> None:
    desk.told(item(minute=2, version="2", status=Status.CANCELED))
    (name,) = Account(store).alarms()
    assert name == "kill harbour: urn:hna:1"
    Trim(store, Settings()).run()
    assert list(Account(store).alarms()) == [name]
    later = at(store, 86400 + 60).store
    Trim(later, Settings()).run()
    assert Account(store).alarms() == {}


def test_a_kill_of_what_is_held_rings_for_nobody(desk: Desk, store: Store) -> None:
    desk.told(item(embargoed=soon(store, 60)), item(minute=1, version="2", status=Status.CANCELED))
    assert Account(store).alarms() == {}


def test_a_kill_stops_versions_that_wait_for_a_worker(desk: Desk) -> None:
    desk.send(item(), item(minute=1, version="2", body=LATER))
    desk.send(item(minute=2, version="3", status=Status.CANCELED))
    assert desk.work() == 0
    assert desk.told() == []
    assert desk.state(item()) == "rejected:killed"


def test_a_kill_stops_a_version_in_a_workers_hands(desk: Desk) -> None:
    (rid,) = desk.send(item()).ready
    taken = desk.ledger.take(rid, 30)
    assert isinstance(taken, Taken)
    desk.send(item(minute=2, version="2", status=Status.CANCELED))
    finish(desk.ledger, taken)
    assert desk.told() == []
    assert desk.state(item()) == "rejected:killed"


def test_a_version_after_a_kill_is_a_return(desk: Desk) -> None:
    kill = item(minute=2, version="2", status=Status.CANCELED)
    assert desk.told(item(), kill, item(minute=9, version="3")) == ["created", "withdrawn", "updated"]


def test_a_kill_names_the_copies_that_are_known(desk: Desk) -> None:
    other = Desk(desk.ledger, "coast")
    desk.told(item())
    other.told(item("urn:coast:1"))
    desk.told(item(minute=2, version="2", status=Status.CANCELED))
    (_, copied, killed) = desk.events()
    assert [(a["rel"], a["uri"]) for a in killed["data"]["associations"]] == [("copy", copied["subject"])]


# --- crashes ---


def test_a_lost_lease_takes_nothing(desk: Desk) -> None:
    work = desk.visit()
    found = intake.decide(desk.source, [item()], 0.0)
    (part, packed), *_ = found.parts()
    assert desk.ledger.receive(work.id, str(int(work.fence) + 1), part, packed) is None
    assert desk.ledger.store.client.zcard(keys.READY) == 0


def test_a_worker_that_dies_leaves_the_item_to_the_next(desk: Desk, store: Store) -> None:
    (rid,) = desk.send(item()).ready
    assert isinstance(desk.ledger.take(rid, 30), Taken)
    assert at(store, 31).reconcile(10, 0, 0.0) == [rid]
    assert desk.work() == 1
    assert desk.told() == ["created"]


def test_a_failed_item_can_be_tried_again(desk: Desk, store: Store) -> None:
    (rid,) = desk.send(item()).ready
    for _ in range(2):
        taken = desk.ledger.take(rid, 30)
        assert isinstance(taken, Taken)
        desk.ledger.stumble(taken, "bug", 2, "x")
    assert desk.state(item()) == "failed:bug"
    assert Account(store).law().waiting == 0
    assert desk.ledger.retry([rid]) == 1
    assert desk.work() == 1
    assert desk.told() == ["created"]
    assert Account(store).law().waiting == 0


def test_a_message_that_cannot_be_read_is_on_record_once(desk: Desk) -> None:
    work = desk.visit()
    found = intake.unreadable(desk.source, b"<broken", "a.xml: no XML: line 1")
    for _ in range(2):
        for part, packed in found.parts():
            desk.ledger.receive(work.id, work.fence, part, packed)
    (failed,) = Account(desk.ledger.store).ended("failed")
    assert (failed["reason"], failed["detail"]) == ("unreadable", "a.xml: no XML: line 1")
    assert desk.ledger.retry([failed["record"]]) == 0
