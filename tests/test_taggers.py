"""Taggers: RQ queues fed from the stream, run by real RQ workers, and plain consumer groups beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from config.taggers import Tagger
from ingest import keys
from ingest.ledger import Ledger
from ingest.store import Store
from tests.records import entry, fetch, listed, pages, poll, taken
from tests.service import Service, service, until
from tests.site import Site, article, site
from workers.dispatch import Dispatch
from workers.event import pack

PLACES = Tagger("places", "tests.spotters.note", "beginning")


def handed_off(store: Store, *numbers: int) -> list[str]:
    """Put whole events of these numbers into the stream, as a commit does; their ids."""
    ids = []
    for number in numbers:
        event = {
            "specversion": "1.0",
            "id": f"{number:040x}",
            "type": "wiredesk.document.created.v1",
            "url": f"http://news.test/{number}",
            "data": {"bodies": [{"role": "main", "contentType": "text/plain", "value": f"Text {number}"}]},
        }
        sid = store.client.xadd(keys.STREAM, {"event": pack(event)})
        store.client.set(keys.EVENT + str(event["id"])[:16], sid)
        ids.append(str(event["id"]))
    return ids


def work(server: str, tagger: str, spotted: Path) -> None:
    """Run a real RQ worker, as an operator does, until its queue is empty."""
    words = ["rq", "worker", "--burst", "--url", server, "--serializer", "json", f"tagger-{tagger}"]
    done = subprocess.run(
        [Path(sys.executable).parent / words[0], *words[1:], "--worker-class", "rq.SimpleWorker"],
        env={**os.environ, "SPOTTED": str(spotted), "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def spotted(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def queued(store: Store, name: str) -> list[str]:
    return Queue(f"tagger-{name}", connection=store.client, serializer=JSONSerializer).job_ids


# --- from the stream to a function ---


def test_a_tagger_is_called_once_with_each_event_and_its_text(server: str, store: Store, tmp_path: Path) -> None:
    ids = handed_off(store, *range(5))
    dispatch = Dispatch(store)
    assert dispatch.run(PLACES) == 5
    assert dispatch.run(PLACES) == 0
    assert queued(store, "places") == [f"places-{i}" for i in ids]
    work(server, "places", tmp_path / "seen")
    seen = spotted(tmp_path / "seen")
    assert [e["id"] for e in seen] == ids
    assert [e["text"] for e in seen] == [f"Text {n}" for n in range(5)]
    assert queued(store, "places") == []
    assert dispatch.failed("places").count == 0
    assert list(store.client.scan_iter("rq:job:*")) == [], "a finished job leaves nothing behind"


def test_a_new_tagger_starts_now_unless_it_asks_for_the_beginning(store: Store) -> None:
    handed_off(store, 1, 2)
    dispatch = Dispatch(store)
    late = Tagger("late", "tests.spotters.note")
    assert dispatch.run(late) == 0
    assert dispatch.run(PLACES) == 2
    (third,) = handed_off(store, 3)
    assert dispatch.run(late) == 1
    assert queued(store, "late") == [f"late-{third}"]


def test_a_tagger_that_starts_on_an_empty_stream_misses_nothing(store: Store) -> None:
    dispatch = Dispatch(store)
    late = Tagger("late", "tests.spotters.note")
    assert dispatch.run(late) == 0
    handed_off(store, 1)
    assert dispatch.run(late) == 1


def test_at_most_ahead_jobs_wait_and_an_absent_tagger_holds_up_nobody(store: Store) -> None:
    handed_off(store, *range(250))
    dispatch = Dispatch(store)
    slow = Tagger("slow", "tests.spotters.note", "beginning", ahead=7)
    for _ in range(3):
        dispatch.run(slow)
        dispatch.run(PLACES)
    assert len(queued(store, "slow")) == 7
    assert len(queued(store, "places")) == 250
    Queue("tagger-slow", connection=store.client, serializer=JSONSerializer).pop_job_id()
    assert dispatch.run(slow) == 1
    assert queued(store, "slow")[-1] == f"slow-{7:040x}"


def test_two_dispatchers_hand_each_event_on_once(store: Store) -> None:
    handed_off(store, *range(20))
    first, second = Dispatch(store), Dispatch(Store(store.url, 1.0))
    before = first.cursor(PLACES)
    assert second.run(PLACES) == 20
    assert word_of(store, "places") != before
    assert first.run(PLACES) == 0
    assert len(queued(store, "places")) == 20
    second.store.close()


def word_of(store: Store, name: str) -> str:
    return (store.client.get(keys.CURSOR + name) or b"").decode()


def test_job_and_cursor_move_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops the transaction, neither has happened: the next run hands the same events on."""
    handed_off(store, 1, 2)
    dispatch = Dispatch(store)
    before = dispatch.cursor(PLACES)
    with monkeypatch.context() as patch:
        patch.setattr(Queue, "enqueue_many", broken)
        with pytest.raises(KeyboardInterrupt):
            dispatch.run(PLACES)
    assert word_of(store, "places") == before
    assert queued(store, "places") == []
    assert dispatch.run(PLACES) == 2


def broken(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_tagger_that_is_no_longer_listed_loses_its_cursor(store: Store) -> None:
    handed_off(store, 1)
    dispatch = Dispatch(store)
    dispatch.run(PLACES)
    dispatch.forget(["places"])
    assert word_of(store, "places")
    dispatch.forget([])
    assert word_of(store, "places") == ""


def test_a_function_that_fails_is_tried_again_and_then_becomes_a_dead_letter(
    server: str, store: Store, tmp_path: Path
) -> None:
    (one,) = handed_off(store, 1)
    picky = Tagger("picky", "tests.spotters.stumble", "beginning", retries=2)
    Path(f"{tmp_path}/seen.broken").touch()
    dispatch = Dispatch(store)
    dispatch.run(picky)
    work(server, "picky", tmp_path / "seen")
    assert len(spotted(tmp_path / "seen")) == 3
    assert dispatch.failed("picky").get_job_ids() == [f"picky-{one}"]
    Path(f"{tmp_path}/seen.broken").unlink()
    dispatch.failed("picky").requeue(f"picky-{one}")
    work(server, "picky", tmp_path / "seen")
    assert dispatch.failed("picky").get_job_ids() == []
    assert len(spotted(tmp_path / "seen")) == 4


def test_a_replayed_dead_letter_is_a_dead_letter_no_more(server: str, store: Store, tmp_path: Path) -> None:
    (one,) = handed_off(store, 1)
    picky = Tagger("picky", "tests.spotters.stumble", "beginning", retries=0)
    Path(f"{tmp_path}/seen.broken").touch()
    dispatch = Dispatch(store)
    dispatch.run(picky)
    work(server, "picky", tmp_path / "seen")
    assert dispatch.failed("picky").get_job_ids() == [f"picky-{one}"]
    Path(f"{tmp_path}/seen.broken").unlink()
    dispatch.replay("picky", "0-0")
    dispatch.run(picky)
    work(server, "picky", tmp_path / "seen")
    assert len(spotted(tmp_path / "seen")) == 2
    assert dispatch.failed("picky").get_job_ids() == []


def test_events_of_the_ledger_reach_a_tagger_whole(store: Store, ledger: Ledger, tmp_path: Path) -> None:
    """A commit's own bytes, through the queue."""
    from tests.records import claim, event, feed_work

    listed(ledger)
    poll(ledger, feed_work(ledger), entry(1))
    (found,) = pages(ledger)
    body = claim(found.url, "text")
    whole = json.loads(event(body)) | {"data": {"bodies": []}}
    ledger.commit(taken(ledger, fetch(ledger, found)), body, json.dumps(whole))
    Dispatch(store).run(PLACES)
    (job,) = Queue("tagger-places", connection=store.client, serializer=JSONSerializer).jobs
    assert job.args == [whole]
    assert job.id == f"places-{whole['id']}"
    assert job.func_name == "tests.spotters.note"


# --- the commands, on a running service ---


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def house(web: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("house")) as found:
        found.feeds("http://127.0.0.1:9/none")
        found.up()
        for i in range(3):
            found.call("enqueue", web.show(f"/{i}", article(f"tagger-{i}")), "--wait")
        yield found


def test_a_tagger_listed_while_the_service_runs_is_fed_replayed_and_forgotten(
    house: Service, web: Site, tmp_path: Path
) -> None:
    ids = [e["id"] for e in house.events()]
    url = house.call("url").out.strip()
    house.write("taggers.toml", '[[tagger]]\nname = "spot"\nfunction = "tests.spotters.note"\nstart = "beginning"\n')
    until(lambda: len(queued(house.store, "spot")) == len(ids), 10, house.said)
    row = house.call("taggers", "list", "--json").row
    assert row == {
        "name": "spot",
        "function": "tests.spotters.note",
        "relations": [],
        "lag": 0,
        "queued": len(ids),
        "dead_letters": 0,
    }
    work(url, "spot", tmp_path / "seen")
    assert [e["id"] for e in spotted(tmp_path / "seen")] == ids
    assert all(e["text"] for e in spotted(tmp_path / "seen"))
    status = house.call("status", "--json").row
    (mine,) = [t for t in status["taggers"] if t["name"] == "spot"]
    assert (mine["kind"], mine["lag"], mine["queued"], mine["dead_letters"]) == ("tagger", 0, 0, 0)
    assert {"name": "spot", "kind": "tagger", "given": True} in house.state(web.url("/0"))["taggers"]

    assert house.call("taggers", "replay", "spot", "--from", ids[1]).code == 0
    until(lambda: len(queued(house.store, "spot")) == len(ids) - 1, 10, house.said)
    assert queued(house.store, "spot") == [f"spot-{i}" for i in ids[1:]]

    house.write("taggers.toml", '[[tagger]]\nname = "Not A Name"\n')
    until(lambda: "file_wrong" in house.said(), 10, house.said)
    assert word_of(house.store, "spot"), "a broken file takes nobody's cursor"
    house.write("taggers.toml", "")
    until(lambda: not word_of(house.store, "spot"), 20, house.said)


def test_the_dead_letters_of_a_tagger_are_listed_and_put_back(house: Service, web: Site, tmp_path: Path) -> None:
    url, text = house.call("url").out.strip(), '[[tagger]]\nname = "picky"\nfunction = "tests.spotters.stumble"\n'
    house.write("taggers.toml", text + 'start = "beginning"\nretries = 0\n')
    count = len(house.events())
    until(lambda: len(queued(house.store, "picky")) == count, 10, house.said)
    Path(f"{tmp_path}/seen.broken").touch()
    work(url, "picky", tmp_path / "seen")
    rows = house.call("taggers", "failed", "picky", "--json").rows
    assert sorted(r["job"] for r in rows) == sorted(f"picky-{e['id']}" for e in house.events())
    assert house.call("taggers", "list", "--json").row["dead_letters"] == count
    Path(f"{tmp_path}/seen.broken").unlink()
    assert house.call("taggers", "failed", "picky", "--retry").code == 0
    work(url, "picky", tmp_path / "seen")
    assert house.call("taggers", "failed", "picky").out == ""
    unknown = house.call("taggers", "failed", "nobody")
    assert (unknown.code, len(unknown.err.splitlines())) == (2, 1)


def test_any_language_reads_the_stream_as_a_consumer_group_of_its_own(house: Service) -> None:
    client = house.store.client
    client.xgroup_create("wiredesk:documents", "outsider", "0")
    ((_, rows),) = client.xreadgroup("outsider", "me", {"wiredesk:documents": ">"})
    assert [json.loads(f[b"event"])["id"] for _, f in rows] == [e["id"] for e in house.events()]
    client.xack("wiredesk:documents", "outsider", *[sid for sid, _ in rows[:-1]])
    (mine,) = [t for t in house.call("status", "--json").row["taggers"] if t["name"] == "outsider"]
    assert (mine["kind"], mine["lag"]) == ("group", 1)
