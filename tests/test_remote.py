"""Folders elsewhere, by SFTP and by FTP alike: which files are taken, and what becomes of them there."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SettingsError
from config.wires import Wire
from ingest import transport
from ingest.errors import TryLater
from ingest.model import Failed
from ingest.transport import Delivery, Session, Tools
from ingest.transports.parts import remote
from ingest.transports.parts.pinned import Pinned
from ingest.transports.parts.remote import Forbidden, Missing, Remote
from ingest.web import Web
from tests.agency import ENVIRONMENT, SIDES, Shelf, settled
from tests.loopback import run, settings

BOTH = pytest.mark.parametrize("name", ["sftp", "ftp"])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(remote, "SETTLE", 0.05)


@dataclass
class Visitor:
    name: str
    side: Shelf
    web: Web
    folder: Path
    limit: int = 5_000_000
    marks: set[str] = field(default_factory=set)
    wait: float = 0.0

    async def visit(self, refuse: bool = False, also: Callable[[], None] = lambda: None, **wire: Any) -> list[Delivery]:
        tools = Tools(settings(fetch_deadline=5), self.web, time.time, self.folder / "failed", limit=self.limit)
        one = replace(self.side.wire, **wire)
        got: list[Delivery] = []
        async with transport.known()[self.name].open(one, tools, {}, frozenset(self.marks)) as session:
            while batch := await session.batch():
                for delivery in batch:
                    got.append(delivery)
                    self.marks.add(delivery.mark)
                    also()
                    await (session.refuse(delivery, delivery.wrong or "odd") if refuse else session.accept(delivery))
            listed = session.listed()
            assert listed is not None
            self.marks &= listed
            self.wait = session.wait()
        return got


def with_a_shelf(test: Callable[[Visitor, Path], Awaitable[None]]) -> Any:
    @BOTH
    def each(name: str, tmp_path: Path) -> None:
        async def whole() -> None:
            async with SIDES[name](tmp_path) as side, Web(settings()) as web:
                await test(Visitor(name, side, web, tmp_path), side.path)

        run(whole(), 60)

    return each


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@with_a_shelf
async def test_files_that_stay_come_once_until_they_change(one: Visitor, there: Path) -> None:
    settled(there / "a.xml", b"<a/>", 1)
    settled(there / "b.xml", b"<b/>", 2)
    assert [d.body for d in await one.visit()] == [b"<a/>", b"<b/>"]
    assert await one.visit() == []
    assert names(there) == ["a.xml", "b.xml"]
    settled(there / "a.xml", b"<A/>", 3)  # as long, and younger
    assert [d.body for d in await one.visit()] == [b"<A/>"]
    settled(there / "b.xml", b"<longer/>", 2)
    assert [d.body for d in await one.visit()] == [b"<longer/>"]
    (there / "a.xml").unlink()
    await one.visit()
    assert len(one.marks) == 1, "what is gone is forgotten"


@with_a_shelf
async def test_files_are_deleted_when_they_are_done(one: Visitor, there: Path) -> None:
    settled(there / "a.xml", b"<a/>", 1)
    await one.visit(done="delete")
    assert names(there) == []


@with_a_shelf
async def test_files_are_moved_when_they_are_done_and_overwrite_nothing(one: Visitor, there: Path) -> None:
    for n in range(3):
        settled(there / "a.xml", str(n).encode(), n)
        assert len(await one.visit(done="move:taken")) == 1
    taken = list((there / "taken").iterdir())
    assert sorted(path.read_bytes() for path in taken) == [b"0", b"1", b"2"]
    assert (there / "taken" / "a.xml").exists() and all(path.name.endswith("a.xml") for path in taken)
    settled(there / "b.xml", b"b", 9)
    await one.visit(done="move:/elsewhere")
    assert names(there.parent / "elsewhere") == ["b.xml"]


@with_a_shelf
async def test_the_folder_to_move_to_is_made_with_those_above_it(one: Visitor, there: Path) -> None:
    for n, (done, folder) in enumerate((("had/of this/year", there), ("/all/had", there.parent))):
        settled(there / "a.xml", b"<a/>", n)
        await one.visit(done=f"move:{done}")
        assert names(folder / done.removeprefix("/")) == ["a.xml"]


@with_a_shelf
async def test_a_folder_that_cannot_be_made_is_said(one: Visitor, there: Path) -> None:
    settled(there / "a.xml", b"<a/>", 1)
    (there / "file.tmp").write_bytes(b"")
    with structlog.testing.capture_logs() as logs:
        assert len(await one.visit(done="move:file.tmp/had")) == 1
    assert [line["event"] for line in logs] == ["not_done"]
    assert names(there) == ["a.xml", "file.tmp"]


@with_a_shelf
async def test_a_file_that_was_replaced_after_it_was_had_is_not_deleted(one: Visitor, there: Path) -> None:
    settled(there / "latest.xml", b"<one/>", 1)
    first = await one.visit(done="delete", also=lambda: settled(there / "latest.xml", b"<two/>", 2))
    assert [d.body for d in first] == [b"<one/>"]
    assert names(there) == ["latest.xml"]
    assert [d.body for d in await one.visit(done="delete")] == [b"<two/>"]
    assert names(there) == []


@with_a_shelf
async def test_what_was_accepted_and_not_deleted_is_deleted_at_the_next_visit(one: Visitor, there: Path) -> None:
    settled(there / "a.xml", b"<a/>", 1)
    await one.visit()  # as one whose process died before the deletion
    assert await one.visit(done="delete") == []
    assert names(there) == []


@with_a_shelf
async def test_a_file_that_vanishes_is_nobodys_trouble(one: Visitor, there: Path) -> None:
    settled(there / "a.xml", b"<a/>", 1)
    settled(there / "b.xml", b"<b/>", 2)

    def clear() -> None:
        for path in there.glob("*.xml"):
            path.unlink()

    for done in ("delete", "move:taken"):
        await one.visit(done=done, also=clear)
        settled(there / "c.xml", b"<c/>", 3)


@with_a_shelf
async def test_refused_files_are_kept_here_and_deleted_there(one: Visitor, there: Path) -> None:
    settled(there / "../out/bad.xml", b"<bad>", 1)
    await one.visit(refuse=True, done="delete")
    assert names(there) == []
    kept, reason = sorted((one.folder / "failed").iterdir())
    assert kept.read_bytes() == b"<bad>" and reason.read_text() == "'bad.xml': odd\n"


@with_a_shelf
async def test_a_file_over_the_limit_is_refused_unread_and_never_deleted(one: Visitor, there: Path) -> None:
    settled(there / "photo.jpg", b"x" * 101, 1)
    settled(there / "text.xml", b"x" * 100, 2)
    one.limit = 100
    got = await one.visit(refuse=True, done="delete")
    assert [(d.name, d.wrong, len(d.body)) for d in got] == [
        ("photo.jpg", "more than 100 bytes", 0),
        ("text.xml", "", 100),
    ]
    for _ in range(2):
        assert await one.visit(done="delete") == []
    assert names(there) == ["photo.jpg"]


@with_a_shelf
async def test_folders_links_and_unfinished_names_are_let_be(one: Visitor, there: Path) -> None:
    (there / "sub").mkdir()
    (there / "link.xml").symlink_to("/etc/passwd")
    for name in (".hidden", "a.tmp", "a.filepart", "a.xml.part"):
        settled(there / name, b"<a/>", 1)
    assert await one.visit(done="delete") == []
    assert len(names(there)) == 6


@pytest.mark.parametrize("kind", ["sftp", "ftp"])
@pytest.mark.parametrize(
    "odd", ["with space.xml", "ünïcödé.xml", "-rf", "%2e%2e", "a;b=c; d", "semi;colon", "a\\..\\b.xml", "$(id)"]
)
def test_odd_names_go_through(kind: str, odd: str, tmp_path: Path) -> None:
    async def test() -> None:
        async with SIDES[kind](tmp_path) as side, Web(settings()) as web:
            one = Visitor(kind, side, web, tmp_path)
            settled(side.path / odd, b"<a/>", 1)
            (got,) = await one.visit(refuse=True, done="delete")
            assert got.name == odd and names(side.path) == []
            assert all(path.parent == tmp_path / "failed" for path in (tmp_path / "failed").rglob("*"))

    run(test())


def test_a_name_in_another_encoding_goes_through_sftp(tmp_path: Path) -> None:
    async def test() -> None:
        async with SIDES["sftp"](tmp_path) as side, Web(settings()) as web:
            settled(side.path / os.fsdecode(b"caf\xe9.xml"), b"<a/>", 1)
            (got,) = await Visitor("sftp", side, web, tmp_path).visit(done="delete")
            assert got.name == "caf\ufffd.xml" and names(side.path) == []

    run(test())


@with_a_shelf
async def test_a_folder_that_is_not_there_is_a_verdict(one: Visitor, there: Path) -> None:
    with pytest.raises(TryLater) as caught:
        await one.visit(url=(one.side.wire.url or "").replace("/out", "/none"))
    assert caught.value.reason is Failed.NOT_FOUND
    assert "/none: " in str(caught.value)


@with_a_shelf
async def test_the_login_folder_and_folders_below_it_are_found(one: Visitor, there: Path) -> None:
    settled(there / "a.xml", b"<a/>", 1)
    (there.parent / "top.xml").write_bytes(b"<top/>")
    base = (one.side.wire.url or "").removesuffix("/out")
    for path, body in (("", b"<top/>"), ("/", b"<top/>"), ("/~/out", b"<a/>"), ("/%6fut/", b"<a/>")):
        one.marks.clear()
        assert [d.body for d in await one.visit(url=base + path)] == [body], path


@with_a_shelf
async def test_a_visit_comes_back_sooner_where_something_was_not_complete(one: Visitor, there: Path) -> None:
    await one.visit()
    assert one.wait == remote.LOOK
    finish = one.side.half(1)
    assert finish is not None
    await one.visit()
    assert one.wait == remote.SOON
    finish()


# --- without a server ---


class Fake:
    """A shelf in memory."""

    def __init__(self, *files: Remote, **raises: Exception) -> None:
        self.there = list(files)
        self.raises = raises
        self.did: list[str] = []

    def _may(self, step: str, name: str) -> None:
        self.did.append(f"{step} {name}")
        if step in self.raises:
            raise self.raises[step]

    async def files(self) -> list[Remote]:
        return list(self.there)

    async def read(self, name: str, limit: int) -> bytes:
        self._may("read", name)
        return b"x" * next(f.size for f in self.there if f.name == name)

    async def look(self, name: str) -> Remote | None:
        return next((f for f in self.there if f.name == name), None)

    async def delete(self, name: str) -> None:
        self._may("delete", name)

    async def move(self, name: str, folder: str, spare: str) -> None:
        self._may("move", f"{name} {folder}")


def fake(shelf: Fake, what: Callable[[Session], Awaitable[Any]], seen: set[str] | None = None, **wire: Any) -> Any:
    async def test() -> Any:
        async with Web(settings()) as web:
            tools = Tools(settings(), web, time.time, Path("/nowhere"))
            one = Wire("w", "sftp", url="sftp://a.example/", **wire)
            return await what(remote.Visit(one, tools, shelf, frozenset(seen or ()), Pinned(one, tools)))

    return run(test())


async def all_of_it(session: Session) -> list[Delivery]:
    got = []
    while batch := await session.batch():
        got += batch
        for delivery in batch:
            await session.accept(delivery)
    return got


def test_names_that_lead_elsewhere_are_not_taken() -> None:
    bad = ["../../etc/passwd", "/etc/passwd", "..", ".", "", "a\nDELE b", "a\r", "a\0b", "sub/x"]
    shelf = Fake(*(Remote(name, 1, "1") for name in bad), Remote("good", 1, "1"))
    assert [d.name for d in fake(shelf, all_of_it)] == ["good"]
    assert shelf.did == ["read good"]


def test_one_file_that_cannot_be_deleted_is_said_once_and_holds_up_none() -> None:
    shelf = Fake(*(Remote(str(n), 1, "1") for n in range(50)), delete=Forbidden("550 no"))
    assert len(fake(shelf, all_of_it, done="delete")) == 50
    assert sum(step.startswith("delete") for step in shelf.did) == 1


def test_a_file_that_may_not_be_read_is_refused_once_it_is_old() -> None:
    old, young = Remote("old", 1, "1", time.time() - 100), Remote("young", 1, "2", time.time() - 10)
    got = fake(Fake(old, young, read=Forbidden("no")), all_of_it)
    assert [(d.name, d.wrong, d.mark) for d in got] == [("old", "cannot be read: no", "!" + old.mark)]
    assert fake(Fake(old, read=Forbidden("no")), all_of_it, {"!" + old.mark}) == []


def test_a_file_whose_end_does_not_come_is_not_delivered() -> None:
    class Short(Fake):
        async def read(self, name: str, limit: int) -> bytes:
            return b"x"

    assert fake(Short(Remote("a", 2, "1")), all_of_it) == []
    assert fake(Fake(Remote("a", 2, "1"), read=Missing()), all_of_it) == []


def test_a_young_file_is_fresh_whichever_clock_is_ahead() -> None:
    ages = {"old": -100, "young": -10, "ahead": 10, "far ahead": 100, "unknown": None}
    files = [Remote(name, 1, name, time.time() + age if age else 0.0) for name, age in ages.items()]
    fresh = {d.name: d.fresh for d in fake(Fake(*files), all_of_it)}
    assert fresh == {"old": False, "young": True, "ahead": True, "far ahead": False, "unknown": False}


def test_before_a_whole_listing_nothing_is_forgotten() -> None:
    async def listed(session: Session) -> frozenset[str] | None:
        return session.listed()

    assert fake(Fake(), listed, {"a"}) == {"a"}


def test_too_many_files_are_a_verdict_that_says_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MOST", 3)
    with pytest.raises(TryLater, match='done = "delete"'):
        fake(Fake(*(Remote(str(n), 1, "1") for n in range(4))), all_of_it)


def test_ten_thousand_known_files_cost_one_listing() -> None:
    files = [Remote(f"{n}.xml", n, "1") for n in range(10_000)]
    shelf = Fake(*files)
    began = time.perf_counter()
    assert fake(shelf, all_of_it, {file.mark for file in files}) == []
    assert shelf.did == [] and time.perf_counter() - began < 2


@given(st.text(max_size=30), st.integers(0, 10**12), st.text(max_size=20))
def test_the_mark_of_a_file_is_short_and_tells_files_apart(name: str, size: int, stamp: str) -> None:
    file = Remote(name, size, stamp)
    assert len(file.mark) == 16 and file.mark.isascii()
    assert file.mark not in {replace(file, size=size + 1).mark, replace(file, stamp=stamp + "1").mark}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x",
        "sftp:///x",
        "sftp://a.example:0x/",
        "sftp://me:hunter2@a.example/x",
        "sftp://a.example/x%0aDELE",
    ],
)
def test_an_address_that_cannot_be_used_is_a_mistake_that_does_not_tell_it(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        remote.site(Wire("w", "sftp", url=url), {"sftp": 22})
    assert "hunter2" not in str(caught.value)
