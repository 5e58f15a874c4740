"""wireQ: every retry-after is obeyed, nothing is deleted that is not safe, and the deleting call is never used."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.wires import Wire
from ingest.errors import TryLater
from ingest.model import Failed
from ingest.transport import Delivery, Session, Tools
from ingest.transports import wireq
from ingest.web import Web
from tests.agency import ENVIRONMENT, Queue, as_json, serving
from tests.agency import wireq as agency
from tests.loopback import run, settings


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@asynccontextmanager
async def visiting(folder: Path, **wire: Any) -> AsyncIterator[tuple[Queue, Any]]:
    async with agency(folder) as queue, Web(settings()) as web:
        tools = Tools(settings(fetch_deadline=3), web, time.time, folder / "failed")
        yield queue, lambda: wireq.open(replace(queue.wire, **wire), tools, {}, frozenset())


async def everything(session: Session) -> list[Delivery]:
    got = []
    while batch := await session.batch():
        got += batch
        for delivery in batch:
            await session.accept(delivery)
    return got


@pytest.mark.parametrize("more", ["0", "10"])
def test_one_question_a_visit_unless_the_answer_allows_another(tmp_path: Path, more: str) -> None:
    async def test() -> None:
        async with visiting(tmp_path) as (queue, visit):
            queue.retry = (more, "50", "3600")
            for n in range(120):
                queue.put(n)
            async with visit() as session:
                got = await everything(session)
                assert (len(got), session.wait()) == ((120, 50) if more == "0" else (50, 10))
            assert len(queue.deleted) == len(got)
            questions = [request for request in queue.server.asked if request.method == "GET"]
            assert len(questions) == (4 if more == "0" else 1)

    run(test())


def test_an_empty_queue_says_when_to_come_back_and_the_operator_may_only_want_longer(tmp_path: Path) -> None:
    async def test() -> None:
        for every, wait in ((None, 50), (5.0, 50), (300.0, 300)):
            async with visiting(tmp_path, every=every) as (_, visit), visit() as session:
                assert (await session.batch(), session.wait()) == ([], wait)

    run(test())


def test_too_many_requests_is_a_verdict_with_the_pause_that_was_asked_for(tmp_path: Path) -> None:
    async def test() -> None:
        async with visiting(tmp_path) as (queue, visit):
            queue.put(1)
            async with visit() as session:
                (delivery,) = await session.batch()
                queue.limited = True
                for step in (session.accept(delivery), session.batch()):
                    with pytest.raises(TryLater) as caught:
                        await step
                    assert (caught.value.reason, caught.value.after) == (Failed.LIMITED, 3600)

    run(test())


def test_an_answer_that_does_not_say_when_is_asked_again_in_a_while(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(lambda _: as_json({"entries": [{"id": "1"}]})) as server, Web(settings()) as web:
            tools = Tools(settings(), web, time.time, tmp_path)
            async with wireq.open(_wire(server.url("/q")), tools, {}, frozenset()) as session:
                assert len(await everything(session)) == 1
                assert session.wait() == wireq.LOOK
            assert [(r.method, r.path) for r in server.asked] == [("GET", "/q/entries.json")]

    run(test())


def _wire(url: str) -> Wire:
    return Wire("dpa", "wireq", url=url)


@pytest.mark.parametrize("tail", ["", "/", "/entries.json"])
def test_the_address_may_end_as_the_portal_shows_it(tmp_path: Path, tail: str) -> None:
    async def test() -> None:
        async with visiting(tmp_path) as (queue, _):
            queue.put(1)
            async with visiting(tmp_path, url=queue.server.url("/q" + tail)) as (_, visit), visit() as session:
                assert len(await everything(session)) == 1
            assert queue.deleted == ["urn:example:001"]

    run(test())


def test_the_receipt_is_no_part_of_the_message_and_is_quoted_in_the_address(tmp_path: Path) -> None:
    async def test() -> None:
        async with visiting(tmp_path) as (queue, visit):
            queue.put(1)
            async with visit() as session:
                (delivery,) = await everything(session)
            assert "_wireq_receipt" not in json.loads(delivery.body)
            assert [r.path for r in queue.server.asked if r.method == "DELETE"] == ["/q/entry/r%2F0"]

    run(test())


@pytest.mark.parametrize("receipt", [None, "", "..", ".", 5, "x" * 2000])
def test_an_entry_whose_receipt_cannot_be_used_is_received_and_not_deleted(tmp_path: Path, receipt: Any) -> None:
    async def test() -> None:
        answer = as_json({"entries": [{"id": "1", "_wireq_receipt": receipt}]})
        async with serving(lambda _: answer) as server, Web(settings()) as web:
            tools = Tools(settings(), web, time.time, tmp_path)
            async with wireq.open(_wire(server.url("/q")), tools, {}, frozenset()) as session:
                assert len(await everything(session)) == 1
            assert [r.method for r in server.asked] == ["GET"]

    run(test())


@pytest.mark.parametrize(
    ("status", "fine"), [(200, True), (204, True), (404, True), (410, True), (500, False), (403, False)]
)
def test_what_a_delete_may_be_answered_with(tmp_path: Path, status: int, fine: bool) -> None:
    async def test() -> None:
        def respond(request: Any) -> Any:
            if request.method == "DELETE":
                return status, {}, b""
            return as_json({"entries": [{"id": "1", "_wireq_receipt": "a"}]}, retry_after="5")

        async with serving(respond) as server, Web(settings()) as web:
            tools = Tools(settings(), web, time.time, tmp_path)
            async with wireq.open(_wire(server.url("/q")), tools, {}, frozenset()) as session:
                (delivery,) = await session.batch()
                if fine:
                    await session.accept(delivery)
                    return
                with pytest.raises(TryLater):
                    await session.accept(delivery)

    run(test())


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"entries": 3}', b'{"entries": [1]}', b"[", b'"x"'])
def test_an_answer_that_is_no_list_of_entries_is_a_verdict(tmp_path: Path, body: bytes) -> None:
    async def test() -> None:
        async with serving(lambda _: (200, {}, body)) as server, Web(settings()) as web:
            tools = Tools(settings(), web, time.time, tmp_path)
            async with wireq.open(_wire(server.url("/q")), tools, {}, frozenset()) as session:
                with pytest.raises(TryLater) as caught:
                    await session.batch()
                assert caught.value.reason is Failed.PROTOCOL

    run(test())


def test_the_call_that_deletes_what_it_returns_is_never_used(tmp_path: Path) -> None:
    async def test() -> None:
        async with visiting(tmp_path) as (queue, visit):
            for n in range(60):
                queue.put(n)
            async with visit() as session:
                await everything(session)
            assert {request.method for request in queue.server.asked} == {"GET", "DELETE"}
            assert not any("dequeue" in request.path for request in queue.server.asked)

    run(test())


def test_an_entry_that_is_lost_on_the_way_comes_again_when_its_receipt_has_expired(tmp_path: Path) -> None:
    async def test() -> None:
        async with visiting(tmp_path) as (queue, visit):
            queue.put(1)
            async with visit() as session:
                (first,) = await session.batch()
            async with visit() as session:
                (again,) = await session.batch()
                assert again.body == first.body and again.token != first.token
                await session.accept(first)  # 410: the old receipt
                await session.accept(again)
            assert queue.deleted == ["urn:example:001"]

    run(test())
