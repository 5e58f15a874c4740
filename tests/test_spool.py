"""A spool folder: nothing half written is taken, nothing is lost or overwritten, whatever the files are."""

from __future__ import annotations

import asyncio
import errno
import os
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.wires import Wire
from ingest.errors import TryLater, Verdict
from ingest.model import Failed
from ingest.transport import Delivery, Session, Tools
from ingest.transports import spool
from ingest.transports.parts import folder, writers
from ingest.transports.parts.folder import NAME_MAX, Folder
from ingest.transports.parts.writers import Writers
from ingest.web import Web
from tests.loopback import run, settings

LONG_AGO = time.time() - 3600


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.mkdir()
    return path


def put(place: Path, name: str | bytes, body: bytes = b"<a/>", age: float = 3600.0) -> Path:
    """A file whose writer left it alone since `age` seconds."""
    path = place / os.fsdecode(name)
    path.write_bytes(body)
    os.utime(path, (time.time() - age,) * 2)
    return path


def visit(place: Path, what: Callable[[Session], Any], wire: dict[str, Any] | None = None, **tools: Any) -> Any:
    async def test() -> Any:
        async with Web(settings()) as web:
            given = Tools(settings(), web, time.time, place / "elsewhere", **tools)
            one = Wire("w", "spool", path=str(place), **(wire or {}))
            async with spool.open(one, given, {}, frozenset()) as session:
                return await what(session)

    return run(test(), 60)


async def everything(session: Session) -> list[Delivery]:
    """Accept all there is."""
    got = []
    while batch := await session.batch():
        got += batch
        for delivery in batch:
            await session.accept(delivery)
    return got


async def refusing(session: Session) -> list[Delivery]:
    got = []
    while batch := await session.batch():
        got += batch
        for delivery in batch:
            await session.refuse(delivery, delivery.wrong or "no such format")
    return got


async def only_look(session: Session) -> list[Delivery]:
    return await session.batch()


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.is_dir())


# --- which files, in which order ---


def test_files_come_oldest_first_and_end_in_done(place: Path) -> None:
    for age, name in ((10, "b"), (30, "c"), (20, "a")):
        put(place, name, name.encode(), age)
    got = visit(place, everything)
    assert [(d.name, d.body) for d in got] == [("c", b"c"), ("a", b"a"), ("b", b"b")]
    assert names(place / "done") == ["a", "b", "c"]
    assert names(place) == names(place / ".work") == []


def test_the_folders_are_made_where_there_are_none(tmp_path: Path) -> None:
    assert visit(tmp_path / "new" / "spool", everything) == []
    assert (tmp_path / "new" / "spool" / "failed").is_dir()


@pytest.mark.parametrize(
    "name", [".hidden", "a.tmp", "a.TMP", "a.part", "a.filepart", "a.xml~", "~$a.xml", "a.partial", "a.crdownload"]
)
def test_names_that_writers_use_until_they_are_done_are_let_be(place: Path, name: str) -> None:
    put(place, name)
    assert visit(place, everything) == []
    assert names(place) == [name]


def test_a_file_that_was_written_to_just_now_is_let_be(place: Path) -> None:
    put(place, "new", age=0.2)
    put(place, "settled", age=1.5)
    assert [d.name for d in visit(place, everything)] == ["settled"]
    assert names(place) == ["new"]


def test_a_file_dated_into_the_future_is_taken_all_the_same(place: Path) -> None:
    put(place, "tomorrow", age=-86400)
    time.sleep(1.1)
    assert [d.name for d in visit(place, everything)] == ["tomorrow"]


def test_a_file_moved_here_with_its_old_date_is_taken_at_once(place: Path, tmp_path: Path) -> None:
    put(tmp_path, "old").rename(place / "old")
    assert len(visit(place, everything)) == 1


def test_folders_and_links_to_folders_are_let_be(place: Path) -> None:
    (place / "archive").mkdir()
    (place / "shortcut").symlink_to(place / "archive")
    assert visit(place, everything) == []
    assert (place / "shortcut").is_symlink()


def test_files_deleted_when_done_leave_nothing(place: Path) -> None:
    put(place, "a")
    visit(place, everything, {"done": "delete"})
    assert names(place / "done") == names(place) == []


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        ({}, "needs a path"),
        ({"path": "spool", "url": "https://a.example/"}, "url means nothing to transport 'spool'"),
        ({"path": "spool", "done": "move:x"}, "a spool keeps files in done/, or deletes them"),
        ({"path": __file__}, "is no folder"),
    ],
)
def test_what_is_wrong_with_a_spool_is_said(wire: dict[str, Any], said: str) -> None:
    assert any(said in line for line in spool.wrong(Wire("w", "spool", **wire)))


# --- writers ---


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW") or os.uname().sysname != "Linux", reason="leases are Linux's")
def test_a_file_that_somebody_has_open_for_writing_is_let_be(place: Path) -> None:
    path = put(place, "slow", b"<half")
    with path.open("ab"):
        os.utime(path, (time.time() - 60,) * 2)
        assert visit(place, everything) == []
        assert names(place) == ["slow"]
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert [d.body for d in visit(place, everything)] == [b"<half"]


def test_a_file_that_somebody_forgot_to_close_is_taken_in_the_end(place: Path) -> None:
    with put(place, "leak", age=spool.STALLED + 1).open("ab"):
        assert len(visit(place, everything)) == 1


def test_where_the_file_system_does_not_know_its_writers_it_is_not_asked(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "are_known", lambda _: False)
    with put(place, "a", age=10).open("ab"):
        assert [d.fresh for d in visit(place, everything)] == [True]


def test_the_kind_of_a_file_system_is_told_by_its_mount() -> None:
    assert writers._kind(Path("/proc").stat().st_dev) == "proc"
    assert not writers.are_known(Path("/proc"))
    assert writers._kind(os.makedev(4095, 7)) == ""


def test_a_reader_is_no_writer(place: Path) -> None:
    path = put(place, "read")
    with path.open("rb"):
        assert len(visit(place, everything)) == 1


def test_whoever_opens_a_file_while_its_writers_are_asked_for_ends_nobody(place: Path) -> None:
    path = put(place, "a")
    handle = os.open(path, writers.READ)
    try:
        for _ in range(300):
            child = os.posix_spawn("/bin/sh", ["sh", "-c", f": >> '{path}'"], dict(os.environ))
            seen = {writers.of(handle) for _ in range(50)}
            os.waitpid(child, 0)
            assert seen <= set(Writers)
    finally:
        os.close(handle)


def test_without_leases_a_file_that_grows_while_it_is_read_is_given_back(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(place, "growing", b"x" * 100)

    def grown(handle: int) -> Writers:
        with Path(f"/proc/self/fd/{handle}").open("ab") as file:
            file.write(b"y")
        return Writers.UNKNOWN

    monkeypatch.setattr(writers, "of", grown)
    assert visit(place, everything) == []
    assert path.read_bytes().startswith(b"x" * 100)


def test_a_young_file_is_fresh_and_longer_so_where_nobody_knows_its_writers(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for age, name in ((5, "new"), (30, "young"), (90, "old")):
        put(place, name, age=age)
    put(place, "empty", b"", age=30)
    sure = {d.name: d.fresh for d in visit(place, everything)}
    assert sure in (
        {"new": True, "young": False, "old": False, "empty": True},
        {"new": True, "young": True, "old": False, "empty": True},  # a file system without leases
    )
    for age, name in ((5, "new2"), (30, "young2"), (90, "old2")):
        put(place, name, age=age)
    monkeypatch.setattr(writers, "of", lambda _: Writers.UNKNOWN)
    assert {d.name: d.fresh for d in visit(place, everything)} == {"new2": True, "young2": True, "old2": False}


def test_a_file_that_is_left_is_back_under_its_name_and_comes_at_the_next_visit_only(place: Path) -> None:
    put(place, "half", b"<half", age=5)

    async def leaving(session: Session) -> list[Delivery]:
        got = []
        while batch := await session.batch():
            got += batch
            for delivery in batch:
                await session.leave(delivery)
                assert (place / "half").exists()
        return got

    assert len(visit(place, leaving)) == 1
    with (place / "half").open("ab") as file:
        file.write(b"/>")
    os.utime(place / "half", (LONG_AGO, LONG_AGO))
    assert [d.body for d in visit(place, everything)] == [b"<half/>"]


def test_a_file_that_is_left_does_not_overwrite_its_successor(place: Path) -> None:
    put(place, "a", b"first", age=5)

    async def replaced(session: Session) -> None:
        (delivery,) = await session.batch()
        put(place, "a", b"second")
        await session.leave(delivery)

    visit(place, replaced)
    assert (place / "a").read_bytes() == b"second"
    assert sorted(d.body for d in visit(place, everything)) == [b"first", b"second"]


# --- nothing is lost or overwritten ---


def test_a_file_replaced_after_it_was_claimed_comes_as_well(place: Path) -> None:
    put(place, "latest.xml", b"one")

    async def replaced(session: Session) -> list[bytes]:
        (first,) = await session.batch()
        put(place, "latest.xml", b"two")
        await session.accept(first)
        (second,) = await session.batch()
        await session.accept(second)
        return [first.body, second.body]

    assert visit(place, replaced) == [b"one", b"two"]
    kept = sorted((place / "done").iterdir())
    assert sorted(p.read_bytes() for p in kept) == [b"one", b"two"]
    assert kept[0].name == "latest.xml" and all(p.suffix == ".xml" for p in kept)


def test_same_names_never_overwrite_one_another_however_often(place: Path) -> None:
    for n in range(30):
        put(place, "latest.xml", str(n).encode())
        visit(place, refusing if n % 2 else everything)
    assert sorted(int(p.read_bytes()) for p in (place / "done").iterdir()) == list(range(0, 30, 2))
    failed = [p for p in (place / "failed").iterdir() if not p.name.endswith(".reason.txt")]
    assert sorted(int(p.read_bytes()) for p in failed) == list(range(1, 30, 2))
    assert all((place / "failed" / (p.name + ".reason.txt")).read_text() == "no such format\n" for p in failed)


def test_what_a_killed_process_had_claimed_comes_first(place: Path) -> None:
    put(place, "a", b"a", age=10)
    put(place, "b", b"b", age=9)
    assert [d.name for d in visit(place, only_look, most=1)] == ["a"]  # and the process is gone
    put(place, "older", b"older", age=99)
    assert [d.name for d in visit(place, everything)] == ["a", "older", "b"]


def test_a_kill_between_the_two_halves_of_a_move_is_mended(place: Path) -> None:
    put(place, "a", b"a")
    visit(place, only_look)
    (claim,) = (place / ".work").iterdir()
    for half in ("done", "."):  # put away, or given back, and killed before the claim was dropped
        os.link(claim, place / half / "a")
    assert {d.body for d in visit(place, everything)} == {b"a"}
    assert names(place) == names(place / ".work") == []
    assert names(place / "done") == ["a"]


def test_accepting_or_refusing_twice_or_after_another_process_did_is_fine(place: Path) -> None:
    put(place, "a")
    put(place, "b")

    async def twice(session: Session) -> None:
        one, other = await session.batch()
        for _ in range(2):
            await session.accept(one)
        await session.refuse(one, "late")
        for path in (place / ".work").iterdir():
            path.unlink()
        await session.refuse(other, "gone")

    visit(place, twice)
    assert names(place / "done") == ["a"]
    assert names(place / "failed") == []


def test_two_visits_at_once_lose_nothing(place: Path) -> None:
    for n in range(200):
        put(place, f"{n}", str(n).encode())

    async def both() -> list[list[bytes]]:
        async with Web(settings()) as web:
            tools = Tools(settings(), web, time.time, place, most=7)
            one = Wire("w", "spool", path=str(place))

            async def go() -> list[bytes]:
                async with spool.open(one, tools, {}, frozenset()) as session:
                    return [d.body for d in await everything(session)]

            return await asyncio.gather(go(), go())

    first, second = run(both())
    assert {*first, *second} == {str(n).encode() for n in range(200)}
    assert len(names(place / "done")) == 200


# --- odd files ---


def test_links_pipes_and_sockets_are_refused_unread(place: Path, tmp_path: Path) -> None:
    secret = put(tmp_path, "secret", b"hunter2")
    (place / "link").symlink_to(secret)
    (place / "dangling").symlink_to(place / "nowhere")
    os.mkfifo(place / "pipe")
    time.sleep(1.1)
    got = visit(place, refusing)
    assert [(d.body, d.wrong) for d in got] == [(b"", "no file, but a link, pipe or device")] * 3
    assert secret.read_bytes() == b"hunter2"
    assert (place / "failed" / "link").is_symlink()
    assert len(names(place / "failed")) == 6


def test_a_file_over_the_limit_is_refused_unread(place: Path) -> None:
    put(place, "large", b"x" * 1001)
    put(place, "small", b"x" * 1000)
    got = {d.name: d.wrong for d in visit(place, refusing, limit=1000)}
    assert got == {"large": "more than 1000 bytes", "small": ""}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused_once_it_is_old(place: Path) -> None:
    put(place, "young", age=10).chmod(0)
    put(place, "old", age=100).chmod(0)
    got = visit(place, refusing)
    assert [(d.name, d.wrong) for d in got] == [("old", "cannot be read: Permission denied")]


def test_a_file_the_disk_cannot_read_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place, "bad")
    real = Folder.open

    def broken(self: Folder, claim: str) -> int:
        os.close(real(self, claim))
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Folder, "open", broken)
    (got,) = visit(place, refusing)
    assert got.wrong == "cannot be read: Input/output error"
    assert (place / "failed" / "bad").read_bytes() == b"<a/>"


@pytest.mark.parametrize(
    "name",
    [
        b"new\nline.xml",
        b"\xff\xfe.xml",
        "é\u202e.xml".encode(),
        b" ",
        b"-rf",
        b"%s$(id)",
        b"a" * 255,
        b"\xc3\xa9" * 127,
    ],
)
def test_strange_names_go_through_and_are_harmless_to_people(place: Path, name: bytes) -> None:
    for _ in range(2):
        put(place, name, b"x")
        (got,) = visit(place, refusing)
        assert got.name.isprintable() and got.name.encode()
    kept = [os.fsencode(path.name) for path in (place / "failed").iterdir()]
    assert len(kept) == 4 and all(len(one) <= NAME_MAX for one in kept)


@given(st.binary(min_size=1, max_size=300), st.text(alphabet="0123456789abcdef", min_size=20, max_size=20))
def test_every_name_a_file_may_get_fits_and_is_one_name(raw: bytes, token: str) -> None:
    name = os.fsdecode(raw.replace(b"/", b"-").replace(b"\0", b"-"))
    found = folder._names(name, token)
    three = [next(found) for _ in range(3)]
    assert len(set(three)) == 3
    for one in [*three, folder.fit(name, ".reason.txt"), folder.fit(f"{token}~{name}")]:
        assert 0 < len(os.fsencode(one)) <= NAME_MAX and "/" not in one
    assert folder.shown(name).isprintable()
    assert folder.original(f"{token}~{name}") == (name or f"{token}~")


# --- the machine ---


def test_ten_thousand_files_at_once(place: Path) -> None:
    for n in range(10_000):
        (place / f"{n:05}").write_bytes(b"<a/>")
    for n in range(10_000):
        os.utime(place / f"{n:05}", (LONG_AGO + n / 10,) * 2)
    listings = []
    real = Folder.ready

    def counted(self: Folder, now: float) -> Any:
        listings.append(now)
        return real(self, now)

    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folder, "ready", counted)
        got = visit(place, everything)
    assert [d.name for d in got] == [f"{n:05}" for n in range(10_000)]
    assert len(listings) == 2  # all of them, and that there are no more
    assert time.monotonic() - began < 30


def test_a_batch_is_bounded_in_files_and_in_bytes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(6):
        put(place, str(n), b"x" * 1000, age=100 - n)
    monkeypatch.setattr(spool, "BATCH", 1500)

    async def sizes(session: Session) -> list[int]:
        return [len(await session.batch()) for _ in range(2)]

    assert visit(place, sizes) == [2, 2]
    assert visit(place, sizes, most=1) == [1, 1]


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device", "x")


def test_a_full_disk_keeps_only_the_reason_from_being_written(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place, "a", b"a")
    put(place, "b", b"b")
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: full() if "reason" in self.name else real(self, *a, **k))
    visit(place, refusing)
    assert names(place / "failed") == ["a", "b"]


def test_a_disk_that_takes_no_more_names_fails_the_visit_and_loses_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place, "a", b"a")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full)
        with pytest.raises(TryLater) as caught:
            visit(place, everything)
        assert caught.value.reason is Failed.FOLDER and "No space left" in str(caught.value)
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", full)
        with pytest.raises(Verdict):
            visit(place, everything)
    assert [d.body for d in visit(place, everything)] == [b"a"]


def test_one_file_that_cannot_be_moved_holds_up_no_other(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place, "stuck", age=50)
    put(place, "free", age=40)
    real = Path.rename
    monkeypatch.setattr(Path, "rename", lambda self, to: full() if self.name == "stuck" else real(self, to))
    assert [d.name for d in visit(place, everything)] == ["free"]


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.EXDEV])
def test_a_file_system_without_links_does_as_well(place: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def none(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", none)
    for body in (b"one", b"two"):
        put(place, "a.xml", body)
        visit(place, everything if body == b"one" else refusing)
        put(place, "a.xml", body)
        visit(place, everything if body == b"one" else refusing)
    assert [p.read_bytes() for p in (place / "done").iterdir()] == [b"one"] * 2
    assert len(names(place / "failed")) == 4


def test_a_folder_that_is_no_folder_is_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(TryLater) as caught:
        visit(tmp_path / "file", everything)
    assert caught.value.reason is Failed.FOLDER


@pytest.mark.parametrize("to", ["done", "failed"])
def test_killed_at_any_moment_and_each_message_is_put_away_once(place: Path, to: str) -> None:
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # of forks while other threads may be there
    settle = everything if to == "done" else refusing
    for n in range(300):
        put(place, f"{n:03}.xml", str(n).encode())
    for turn in range(20):
        if (child := os.fork()) == 0:
            with suppress(BaseException):
                visit(place, settle, most=5)
            os._exit(0)
        time.sleep(0.01 + 0.003 * turn)
        with suppress(ProcessLookupError):
            os.kill(child, 9)
        os.waitpid(child, 0)
    visit(place, settle)
    away = list((place / to).glob("*.xml"))
    assert sorted(int(path.read_bytes()) for path in away) == list(range(300))
    assert names(place) == names(place / ".work") == []
    assert all(path.with_name(path.name + ".reason.txt").exists() for path in away) is (to == "failed")


def test_a_visit_asks_to_come_back_soon(place: Path) -> None:
    async def wait(session: Session) -> float:
        return session.wait()

    assert visit(place, wait) <= 2
    assert visit(place, wait, {"every": 30.0}) == 30
