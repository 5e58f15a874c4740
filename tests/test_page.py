"""Claims about the page child: whatever a page does, the worker gets an answer in time and goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.model import Article, Rejected
from workers import extract, framing
from workers.extract import Page
from workers.page import Bug, Child, Died, Overdue

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ECHO = Article(text="fine")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def page(body: bytes = b"x") -> Page:
    return Page(body, "https://paper.test/a", NOW, "text/html")


def obey(asked: Page) -> Article:
    """A stand-in for extraction that does what the body says."""
    word = asked.body.split(b" ")[0]
    if word == b"hang":
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # as a long call into C does
        time.sleep(60)
    if word == b"die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if word == b"leave":
        os._exit(3)
    if word == b"hog":
        hoard = [bytearray(8 * 2**20) for _ in range(1000)]
        return Article(text=str(len(hoard)))
    if word == b"bug":
        raise KeyError("the reason")
    if word == b"descriptors":
        return Article(text=" ".join(path.name for path in Path("/proc/self/fd").iterdir()))
    return ECHO


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child(work=obey)
    yield made
    made.stop()


def run(
    child: Child, body: bytes = b"x", deadline: float = 20, tick: Callable[[], None] = lambda: None, every: float = 5
) -> Article | framing.Refusal:
    return child.run(page(body), deadline, tick, every)


def test_one_process_serves_many_pages(child: Child) -> None:
    assert run(child) == ECHO
    first = child.pid
    assert [run(child) for _ in range(5)] == [ECHO] * 5
    assert child.pid == first != 0


def test_a_page_that_hangs_is_killed_at_its_deadline_while_the_lease_is_renewed(child: Child) -> None:
    ticks: list[float] = []
    start = time.monotonic()
    with pytest.raises(Overdue):
        run(child, b"hang", 1.0, lambda: ticks.append(time.monotonic()), 0.2)
    assert 1.0 <= time.monotonic() - start < 3.0
    assert len(ticks) >= 3
    assert child.pid == 0
    assert run(child) == ECHO


def test_quadratic_attributes_end_at_the_deadline() -> None:
    body = b"<html><body><p " + b" ".join(b"a%d=1" % i for i in range(400_000)) + b">x</p></body></html>"
    real = Child()
    start = time.monotonic()
    with pytest.raises(Overdue):
        real.run(page(body), 0.7, lambda: None, 0.3)
    assert time.monotonic() - start < 3
    real.stop()


def test_a_child_killed_in_the_middle_of_a_page_is_reported_and_replaced(child: Child) -> None:
    run(child)
    with pytest.raises(Died) as death:
        run(child, b"hang", 20, lambda: os.kill(child.pid, signal.SIGKILL), 0.2)
    assert death.value.signal == signal.SIGKILL
    with pytest.raises(Died) as death:
        run(child, b"die")
    assert death.value.signal == signal.SIGSEGV
    with pytest.raises(Died):
        run(child, b"leave")
    assert run(child) == ECHO


def test_a_child_killed_between_two_pages_costs_nothing(child: Child) -> None:
    run(child)
    os.kill(child.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert run(child) == ECHO


@LINUX
def test_a_page_that_eats_memory_is_refused_and_its_process_replaced(child: Child) -> None:
    run(child)
    first = child.pid
    answer = run(child, b"hog")
    assert isinstance(answer, framing.Refusal)
    assert answer.reason is Rejected.TOO_COMPLEX
    assert run(child) == ECHO
    assert child.pid != first


def test_the_child_is_replaced_after_its_share_of_pages() -> None:
    child = Child(pages=2, work=obey)
    pids = []
    for _ in range(4):
        run(child, b"x")
        pids.append(child.pid)
    child.stop()
    assert pids[0] != 0
    assert pids[1] == pids[3] == 0, "it left with its last answer"
    assert pids[2] not in (0, pids[0])


@LINUX
def test_the_child_is_replaced_when_it_has_grown() -> None:
    kept: list[bytes] = []

    def grow(asked: Page) -> Article:
        kept.append(os.urandom(150 * 2**20))
        return ECHO

    child = Child(growth=50 * 2**20, work=grow)
    assert run(child) == ECHO
    assert child.pid == 0
    child.stop()


def test_our_own_mistake_comes_back_with_its_traceback(child: Child) -> None:
    with pytest.raises(Bug, match="KeyError: 'the reason'"):
        run(child, b"bug")
    assert run(child) == ECHO


@LINUX
def test_the_child_holds_none_of_the_parent_s_descriptors(child: Child) -> None:
    held = socket.create_server(("127.0.0.1", 0))
    many = [socket.socket() for _ in range(20)]
    answer = run(child, b"descriptors")
    assert isinstance(answer, Article)
    assert {int(number) for number in answer.text.split()} <= {0, 1, 2, 3, 4}  # 4: the listing itself
    for one in (held, *many):
        one.close()


def test_ctrl_c_and_sigterm_leave_the_page_to_the_parent(child: Child) -> None:
    run(child)
    os.kill(child.pid, signal.SIGINT)
    assert run(child) == ECHO
    pid = child.pid
    os.kill(pid, signal.SIGTERM)
    time.sleep(0.1)
    assert run(child) == ECHO
    assert child.pid != pid


def test_what_tick_raises_ends_the_page_and_the_child(child: Child) -> None:
    def lost() -> None:
        raise RuntimeError("the lease is lost")

    with pytest.raises(RuntimeError, match="lease"):
        run(child, b"hang", 20, lost, 0.1)
    assert child.pid == 0


@LINUX
def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
sys.path.insert(0, {str(Path.cwd())!r})
from datetime import datetime, UTC
from pathlib import Path
from workers.extract import Page
from workers.page import Child
from ingest.model import Article
def work(asked):
    Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
    time.sleep(60)
    return Article(text="late")
Child(work=work).run(Page(b"x", "u", datetime.now(UTC)), 60, lambda: None, 5)
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    written = tmp_path / "pid"
    deadline = time.monotonic() + 15
    while not (written.exists() and written.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    pid = int(written.read_text())
    parent.kill()
    parent.wait()
    while time.monotonic() < deadline and _alive(pid):
        time.sleep(0.02)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_a_real_page_comes_through_the_child_as_it_does_without_it() -> None:
    sentence = (
        b"The harbour council met on day %d to talk about the pier, which will cost more than was planned at first."
    )
    body = b"<html><head><title>Pier</title></head><body><article><h1>Pier</h1>"
    body += b"".join(b"<p>" + sentence % i + b"</p>" for i in range(8)) + b"</article></body></html>"
    real = Child()
    assert real.run(page(body), 20, lambda: None, 5) == extract.extract(page(body))
    refused = real.run(page(b"%PDF-1.7"), 20, lambda: None, 5)
    assert isinstance(refused, framing.Refusal)
    assert refused.reason is Rejected.NOT_HTML
    real.stop()
