"""What every transport keeps to, each against a real server of its kind: nothing lost, nothing told, nothing half."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from config.settings import SettingsError
from config.wires import Wire
from ingest import transport, transports
from ingest.errors import Verdict
from ingest.model import Failed
from ingest.transport import Delivery, Session, Tools
from ingest.transports import spool
from ingest.transports.parts import remote
from ingest.web import Web
from tests.agency import ENVIRONMENT, SIDES, WORD, WRONG, Side, message
from tests.loopback import run, settings

NAMES = sorted(p.stem for p in Path(transports.__file__).parent.glob("*.py") if p.stem != "__init__")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets in the environment, and no long waits for files to settle."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(remote, "SETTLE", 0.1)


@dataclass
class Desk:
    """Receives as the service does, and remembers what it would have stored."""

    name: str
    side: Side
    web: Web
    folder: Path
    state: dict[str, str] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    most: int = 200
    verdict: Callable[[Delivery], str] = lambda _: "accept"

    def tools(self) -> Tools:
        return Tools(settings(fetch_deadline=5), self.web, time.time, self.folder / "failed", self.most)

    def open(self, wire: Wire | None = None) -> Any:
        way = transport.known()[self.name]
        return way.open(wire or self.side.wire, self.tools(), self.state, frozenset(self.marks))

    async def visit(self, wire: Wire | None = None) -> list[Delivery]:
        """Everything one visit brings, each message dealt with as `verdict` says."""
        got: list[Delivery] = []
        async with self.open(wire) as session:
            while batch := await session.batch():
                for delivery in batch:
                    got.append(delivery)
                    await self.deal(session, delivery)
                self.state |= session.state()
            listed = session.listed()
        if listed is not None:
            self.marks &= listed
        return got

    async def deal(self, session: Session, delivery: Delivery) -> None:
        word = self.verdict(delivery)
        if word == "die":
            raise InterruptedError
        if word == "leave":
            await session.leave(delivery)
            return
        self.marks |= {delivery.mark} - {""}
        if word == "refuse":
            await session.refuse(delivery, "in no format we know")
        else:
            await session.accept(delivery)


def uris(got: list[Delivery]) -> list[bytes]:
    """The messages, without what an agency or a transport may do to their spaces."""
    return [b"".join(d.body.split()) for d in got]


def expected(*numbers: int) -> list[bytes]:
    return [b"".join(message(n).split()) for n in numbers]


def with_each(test: Callable[[Desk, Side], Coroutine[Any, Any, None]]) -> Any:
    """Run a test with every transport and its server."""

    @pytest.mark.parametrize("name", NAMES)
    def each(name: str, tmp_path: Path) -> None:
        async def whole() -> None:
            async with desk(name, tmp_path) as (one, side):
                await test(one, side)

        run(whole(), 60)

    each.__doc__ = test.__doc__
    return each


@asynccontextmanager
async def desk(name: str, folder: Path) -> AsyncIterator[tuple[Desk, Side]]:
    async with SIDES[name](folder) as side, Web(settings()) as web:
        yield Desk(name, side, web, folder), side


def test_every_transport_is_tested_here() -> None:
    assert set(NAMES) == set(SIDES) == set(transport.known())


@with_each
async def test_accepted_messages_come_once_and_in_order(desk: Desk, side: Side) -> None:
    for n in range(8):
        side.put(n)
    assert uris(await desk.visit()) == expected(*range(8))
    assert await desk.visit() == []
    side.put(8)
    assert uris(await desk.visit()) == expected(8)
    assert await desk.visit() == []


@with_each
async def test_a_message_that_was_not_accepted_comes_again(desk: Desk, side: Side) -> None:
    for n in range(5):
        side.put(n)
    got: list[Delivery] = []

    def dies_at_the_third(delivery: Delivery) -> str:
        got.append(delivery)
        return "die" if len(got) == 3 else "accept"

    desk.verdict = dies_at_the_third
    with pytest.raises(InterruptedError):
        await desk.visit()
    assert uris(got) == expected(0, 1, 2)
    desk.verdict = lambda _: "accept"
    again = set(uris(await desk.visit()))
    assert again >= set(expected(2, 3, 4)), "what was not accepted"
    assert await desk.visit() == []


@with_each
async def test_a_batch_holds_as_many_as_it_may_and_none_is_missed_between(desk: Desk, side: Side) -> None:
    for n in range(7):
        side.put(n)
    desk.most = 2
    async with desk.open() as session:
        first = await session.batch()
        assert len(first) <= 2
        for delivery in first:
            await desk.deal(session, delivery)
        desk.state |= session.state()
    assert set(uris(await desk.visit())) | set(uris(first)) == set(expected(*range(7)))
    assert await desk.visit() == []


@with_each
async def test_accepting_twice_is_fine(desk: Desk, side: Side) -> None:
    side.put(1)
    async with desk.open() as session:
        (delivery,) = await session.batch()
        for _ in range(3):
            await desk.deal(session, delivery)
        desk.state |= session.state()
    assert await desk.visit() == []


@with_each
async def test_a_refused_message_is_kept_with_its_reason_and_comes_no_more(desk: Desk, side: Side) -> None:
    for n in (1, 2):
        side.put(n)
    desk.verdict = lambda d: "refuse" if b":001" in d.body else "accept"
    assert len(await desk.visit()) == 2
    assert await desk.visit() == []
    failed = desk.folder / ("spool/failed" if desk.name == "spool" else "failed")
    kept = [path for path in failed.iterdir() if not path.name.endswith(".reason.txt")]
    assert uris([Delivery("", path.read_bytes()) for path in kept]) == expected(1)
    assert "in no format we know" in (failed / f"{kept[0].name}.reason.txt").read_text()


@with_each
async def test_what_cannot_be_kept_is_not_forgotten_by_the_other_side(desk: Desk, side: Side) -> None:
    side.put(1)
    (desk.folder / "failed").write_text("a file where the folder should be")
    desk.verdict = lambda _: "refuse"
    if desk.name == "spool":  # it has a failed/ of its own, and moves nothing over a network
        return
    with pytest.raises(Verdict) as caught:
        await desk.visit()
    assert caught.value.reason is Failed.FOLDER
    desk.marks.clear()
    desk.verdict = lambda _: "accept"
    assert uris(await desk.visit()) == expected(1)


@with_each
async def test_wrong_credentials_are_a_verdict_and_are_not_told(desk: Desk, side: Side) -> None:
    side.put(1)
    if side.denied is None:
        return
    with pytest.raises(Verdict) as caught:
        await desk.visit(side.denied)
    assert caught.value.reason is Failed.FORBIDDEN
    told = "".join(traceback.format_exception(caught.value)) + repr(side.denied)
    assert WRONG not in told and WORD not in told
    assert uris(await desk.visit()) == expected(1)


@with_each
async def test_a_missing_secret_is_a_mistake_in_the_settings(desk: Desk, side: Side) -> None:
    gone = replace(side.wire, headers={"x-api-key": "env:WIRE_NONE"})
    with pytest.raises(SettingsError, match="WIRE_NONE is not set"):
        await desk.visit(gone)


@with_each
async def test_a_server_that_dies_in_the_middle_is_a_verdict_and_nothing_is_lost(desk: Desk, side: Side) -> None:
    for n in range(4):
        side.put(n)
    if not side.break_off(True):
        return
    for _ in range(2):
        with pytest.raises(Verdict) as caught:
            await desk.visit()
        assert caught.value.reason in (Failed.PROTOCOL, Failed.CONNECT, Failed.ENCODING)
    side.break_off(False)
    assert uris(await desk.visit()) == expected(*range(4))


@with_each
async def test_a_half_written_message_is_left_until_it_is_whole(desk: Desk, side: Side) -> None:
    side.put(1)
    if (finish := side.half(2)) is None:
        return
    assert uris(await desk.visit()) == expected(1)
    finish()
    assert uris(await desk.visit()) == expected(2)


@with_each
async def test_what_is_left_comes_again_at_a_later_visit_only(desk: Desk, side: Side) -> None:
    side.put(1)
    desk.verdict = lambda _: "leave"
    assert len(await desk.visit()) == 1
    if desk.name == "http":  # nothing over HTTP is fresh, so nothing is left
        return
    desk.verdict = lambda _: "accept"
    assert uris(await desk.visit()) == expected(1)


@with_each
async def test_nobody_there_is_a_verdict(desk: Desk, side: Side) -> None:
    if side.wire.url is None:
        return
    with pytest.raises(Verdict) as caught:
        await desk.visit(
            replace(
                side.wire, url=side.wire.url.replace(":", "x", 1).replace("x", ":", 1).replace("127.0.0.1", "127.0.0.2")
            )
        )
    assert caught.value.reason is Failed.CONNECT


@with_each
async def test_secrets_reach_no_log(desk: Desk, side: Side) -> None:
    seen: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith("pyftpdlib"):  # the other side
                seen.append(record.getMessage())

    ear, root = Ear(), logging.getLogger()
    root.addHandler(ear)
    level, root.level = root.level, logging.DEBUG
    try:
        side.put(1)
        await desk.visit()
        if side.denied:
            with pytest.raises(Verdict):
                await desk.visit(side.denied)
    finally:
        root.removeHandler(ear)
        root.level = level
    assert WORD not in "".join(seen) and WRONG not in "".join(seen)


@with_each
async def test_a_visit_can_be_broken_off_at_once(desk: Desk, side: Side) -> None:
    for n in range(5):
        side.put(n)
    task = asyncio.create_task(desk.visit())
    await asyncio.sleep(0.05)
    began = time.monotonic()
    task.cancel()
    with pytest.raises((asyncio.CancelledError, Exception)):  # it may have been done
        await task
        raise asyncio.CancelledError
    assert time.monotonic() - began < 3
    assert set(uris(await desk.visit())) <= set(expected(*range(5)))
    assert await desk.visit() == []


@with_each
async def test_a_visit_says_when_the_next_one_is_due(desk: Desk, side: Side) -> None:
    async with desk.open(replace(side.wire, every=7200.0)) as session:
        while await session.batch():
            pass
        assert session.wait() == 7200
    async with desk.open() as session:
        await session.batch()
        assert 0 < session.wait() <= 60 or desk.name == "http"


def test_the_spool_takes_no_longer_than_the_others_to_settle() -> None:
    assert spool.LOOK <= remote.SOON
