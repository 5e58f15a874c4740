"""A visit to a wire: what is broken, too large or beyond our own code is on record, and nothing waits behind it."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.sources import Feed
from config.wires import Wire
from ingest import intake, wires
from ingest.account import Account
from ingest.ledger import Ledger
from ingest.poller import about, about_wire
from ingest.receive import Receive
from ingest.store import Store
from ingest.web import Web
from tests.dispatches import LIMITS
from tests.loopback import run, settings
from tests.test_wires_ways import message


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.mkdir()
    return path


def put(spool: Path, name: str, body: bytes) -> None:
    (spool / name).write_bytes(body)
    os.utime(spool / name, (time.time() - 3600,) * 2)


def visit(store: Store, spool: Path) -> Account:
    """One visit; the ledger afterwards."""
    wire, ledger = Wire("hna", "spool", path=str(spool)), Ledger(store)
    ledger.enlist({intake.wire_id(wire.name): about_wire(wire)})

    async def once() -> None:
        (work,) = await asyncio.to_thread(ledger.claim, [("w", 1)], LIMITS)
        async with Web(settings()) as web:
            await Receive(settings(), ledger, web, time.time).run(work, wire)

    run(once(), 60)
    account = Account(store)
    assert account.wrong() == []
    return account


def left(spool: Path, folder: str) -> set[str]:
    return {p.name for p in (spool / folder).glob("*")} if (spool / folder).exists() else set()


def test_each_message_that_was_never_read_is_on_record(store: Store, spool: Path) -> None:
    for name in ("a.xml", "b.xml"):
        put(spool, name, b"<a/>" + b" " * 5_000_001)
    account = visit(store, spool)
    details = [row["detail"].partition(":")[0] for row in account.ended("failed")]
    assert sorted(details) == ["a.xml", "b.xml"]


def test_a_message_of_the_telegraph_is_taken_when_its_end_is_there_or_does_not_come(store: Store, spool: Path) -> None:
    head = b"\x01abc0042 4 i 9  xyz 0777\n\nBridge\n\x02Bridge closed =\n\nMarsh (xyz) - Closed"
    end = b" at noon.\n\x03091005 Okt 24\n"
    for body, age, taken in ((head, 2, 0), (head + end, 2, 1), (head.replace(b"0042", b"0043"), 3600, 2)):
        put(spool, "a.iptc", body)
        os.utime(spool / "a.iptc", (time.time() - age,) * 2)
        assert visit(store, spool).law().discovered == taken
        Ledger(store).enlist({})


def test_a_folder_of_many_files_may_be_emptied_at_once(store: Store) -> None:
    ledger, wire = Ledger(store), intake.wire_id("hna")
    ledger.enlist({wire: about_wire(Wire("hna", "sftp", url="sftp://hna.test/"))})
    (work,) = ledger.claim([("w", 1)], LIMITS)
    names = [f"mark-{n}" for n in range(20_000)]
    for days in ("", "20000"):
        marks = [word for name in names for word in (name, days)]
        assert ledger.receive(work.id, work.fence, {"marks": marks}, []) is not None
    assert ledger.seen(wire) == dict.fromkeys(names, "20000")
    assert ledger.receive(work.id, work.fence, {"old": names}, []) is not None
    assert ledger.seen(wire) == {}


def test_a_message_that_our_own_code_fails_on_holds_up_no_other(
    store: Store, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = wires.read

    def read(raw: bytes, *given: Any) -> Any:
        if b"berth" in raw and b"urn:hna:1" in raw:
            raise KeyError("a mistake of ours")
        return real(raw, *given)

    monkeypatch.setattr(wires, "read", read)
    for number in (1, 2):
        put(spool, f"{number}.json", message(number))
    account = visit(store, spool)
    (failed,) = account.ended("failed")
    assert failed["reason"] == "bug" and "a mistake of ours" in failed["detail"]
    assert left(spool, "failed") == {"1.json", "1.json.reason.txt"}
    assert left(spool, "done") == {"2.json"}
    assert account.law().discovered == 2


def test_a_wire_that_failed_is_visited_at_once_when_its_table_is_mended(store: Store, tmp_path: Path) -> None:
    ledger, name = Ledger(store), intake.wire_id("hna")
    wrong = Wire("hna", "spool", path=str(tmp_path / "file" / "spool"))
    (tmp_path / "file").write_text("no folder")

    def due(wire: Wire) -> int:
        ledger.enlist({name: about_wire(wire)})
        return len(ledger.claim([("w", 1)], LIMITS))

    async def fail() -> None:
        (work,) = await asyncio.to_thread(ledger.claim, [("w", 1)], LIMITS)
        async with Web(settings()) as web:
            await Receive(settings(), ledger, web, time.time).run(work, wrong)

    ledger.enlist({name: about_wire(wrong)})
    run(fail())
    assert due(wrong) == 0, "it waits"
    assert due(replace(wrong, path=str(tmp_path / "spool"))) == 1


@pytest.mark.parametrize(
    "more", [{"headers": {"x-api-key": "env:NEW"}}, {"password": "env:NEW"}, {"hosts": ("b.test",)}]
)
def test_another_way_to_the_agency_is_another_way(more: dict[str, Any]) -> None:
    wire = Wire("hna", "http", url="https://a.test/")
    assert about_wire(replace(wire, **more)) != about_wire(wire) == about_wire(replace(wire))


def test_a_feed_is_polled_at_once_when_its_headers_change(store: Store) -> None:
    ledger, feed, due = Ledger(store), Feed("https://a.test/feed", "a"), []
    end = {"entries": [], "marks": [], "old": [], "state": [], "drop": [], "due": 3_600_000, "hold": 0, "last": True}
    tables: list[dict[str, str]] = [{}, {}, {"Authorization": "env:NEW"}]
    for headers in tables:
        ledger.enlist({"a": about(replace(feed, headers=headers))})
        due.append(ledger.claim([("f", 1)], LIMITS))
        for work in due[-1]:
            assert ledger.discover(work.id, work.fence, {**end, "host": work.host}, []) == 0
    assert list(map(len, due)) == [1, 0, 1]
