"""Claims about ingest/referee.py: feeds are read within bounds, and no child outlives its use."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest import referee
from ingest.body import Unreadable
from ingest.model import FeedDocument
from ingest.referee import Child, Judge

ODD = b"<rss><channel><title>a & b</title><item><title>c & d</title><pubDate>1 Jul 2026 08:15</pubDate></item>"
PLAIN = b"<rss><channel><title>a</title><item><title>c</title></item></channel></rss>"
# feedparser needs time that grows with the square of the attributes.
SLOW = b"<rss><channel><item " + b" ".join(b"a%d='1'" % n for n in range(60_000)) + b">&<title>x"


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child() as one:
        yield one


def pid(child: Child) -> int:
    assert child._process is not None
    return child._process.pid


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def test_an_odd_feed_is_read_in_the_child_with_zone_and_base(child: Child) -> None:
    document = child.read(ODD, "https://paper.example/", "text/xml", ZoneInfo("Europe/Berlin"))
    assert (document.format, document.title, document.entries[0].title) == ("judge", "a & b", "c & d")
    assert document.entries[0].published is not None
    assert document.entries[0].published.iso() == "2026-07-01T06:15:00Z"


def test_a_plain_feed_needs_no_child() -> None:
    with Child() as fresh:
        assert fresh.read(PLAIN, "").format == "rss"
        assert fresh._process is None


def test_a_large_plain_feed_is_read_fast_in_the_child(child: Child) -> None:
    item = b"<item><title>t</title><description>" + b"x" * 5000 + b"</description></item>"
    body = b"<rss><channel>" + item * (referee.SMALL // len(item) + 1) + b"</channel></rss>"
    document = child.read(body, "")
    assert ("rss", body.count(b"<item>")) == (document.format, len(document.entries))


def test_a_refusal_comes_back_as_one_and_the_child_stays(child: Child) -> None:
    child.read(ODD, "")
    before = pid(child)
    with pytest.raises(Unreadable, match="no feed"):
        child.read(b"just words", "")
    assert before == pid(child)


def test_one_child_reads_many_bodies_and_is_then_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(referee, "BODIES", 2)
    with Child() as child:
        seen = []
        for _ in range(2):
            child.read(ODD, "")
            seen.append(pid(child) if child._process else None)
        assert seen[0] is not None
        assert seen[1] is None
        assert not alive(seen[0])


def test_a_body_that_takes_too_long_is_refused_and_its_child_killed() -> None:
    with Child(deadline=1.0) as child:
        child.read(ODD, "")
        before, began = pid(child), time.monotonic()
        with pytest.raises(Unreadable, match="longer than 1 s"):
            child.read(SLOW, "")
        assert time.monotonic() - began < 4
        assert not alive(before)
        assert len(child.read(ODD, "").entries) == 1


def test_a_child_killed_from_outside_is_replaced_within_the_same_reading() -> None:
    with Child() as child:
        child.read(ODD, "")
        os.kill(pid(child), signal.SIGKILL)
        assert len(child.read(ODD, "").entries) == 1


def test_a_body_that_needs_too_much_memory_is_refused() -> None:
    with Child() as child:
        with pytest.raises(Unreadable, match="needs more than 300 MB"):
            child.read(b'{"items":[' + b"[[[[[[[[]]]]]]]]," * 580_000 + b"0]}", "")
        assert len(child.read(ODD, "").entries) == 1


def test_a_child_without_a_parent_ends_itself() -> None:
    child = Child()
    child.read(ODD, "")
    process = child._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # what the kernel does when the parent dies
    assert process.wait(timeout=5) == 0
    child.kill()
    with child:
        pass


def test_a_child_gets_nothing_of_our_environment(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREDESK_REDIS_URL", "redis://:secret@x")
    with Child() as fresh:
        fresh.read(ODD, "")
        assert b"secret" not in Path(f"/proc/{pid(fresh)}/environ").read_bytes()


def test_the_judge_reads_odd_and_plain_feeds_side_by_side_and_leaves_no_child() -> None:
    async def run() -> tuple[list[FeedDocument], list[int]]:
        judge = Judge(children=2)
        found = await asyncio.gather(*(judge.read(body, "https://x.example/") for body in (ODD, PLAIN) * 5))
        processes = [c._process.pid for c in judge._all if c._process]
        await judge.close()
        return list(found), processes

    found, processes = asyncio.run(run())
    assert [document.format for document in found] == ["judge", "rss"] * 5
    assert processes
    assert not any(alive(process) for process in processes)


def test_the_event_loop_runs_on_while_a_hostile_feed_is_read() -> None:
    async def run() -> tuple[int, str]:
        judge, ticks = Judge(children=1, deadline=1.0), 0
        task = asyncio.create_task(judge.read(SLOW, ""))
        while not task.done():
            await asyncio.sleep(0.02)
            ticks += 1
        await judge.close()
        return ticks, str(task.exception())

    ticks, refusal = asyncio.run(run())
    assert "longer than" in refusal
    assert ticks > 20


def test_a_cancelled_reading_kills_its_child_and_the_next_one_works() -> None:
    async def run() -> int:
        judge = Judge(children=1, deadline=30.0)
        await judge.read(ODD, "")
        task = asyncio.create_task(judge.read(SLOW, ""))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        began = time.monotonic()
        assert len((await judge.read(ODD, "")).entries) == 1
        assert time.monotonic() - began < 10
        await judge.close()
        return 1

    assert asyncio.run(run())
