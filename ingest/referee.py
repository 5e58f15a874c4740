"""Read any feed within bounds: plain small ones here, all others in a child process that can be killed.

One file holds both ends of the pipe. A question is two lengths (u32, big-endian), a JSON header and the body; an
answer is a kind (u8), a length (u32) and a payload: the document as JSON, or the reason why there is none.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from ingest import feeds
from ingest.body import Odd, Unreadable
from ingest.model import FeedDocument

DEADLINE = 10.0  # seconds of wall clock for one body
START = 60.0  # seconds a new child may take to come up on a busy machine
SMALL = 1_000_000  # bytes; larger bodies are always read in the child, which bounds their time and memory
MEMORY = 300_000_000  # bytes of address space a child may take beyond what it starts with
BODIES = 500  # after so many a child is replaced: feedparser and libxml2 keep some memory for good

_QUESTION, _ANSWER = struct.Struct(">II"), struct.Struct(">BI")
_READY, _DOCUMENT, _REASON = 0, 1, 2
_DOCUMENTS = TypeAdapter(FeedDocument)


class Child:
    """One child process, started when first needed. Safe to share between threads; it reads one body at a time."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self.deadline = deadline  # seconds of wall clock for one body
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = 0
        self._stops = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
        with self._lock:
            self._bury()

    def read(
        self, body: bytes, url: str, content_type: str | None = None, zone: ZoneInfo | None = None
    ) -> FeedDocument:
        """Return what the feed says. Raises Unreadable for what is no feed, or takes too long or too much memory."""
        if len(body) <= SMALL:
            with contextlib.suppress(Odd):
                return feeds.read(body, url, content_type, zone)
        return self.ask(body, url, content_type, zone)

    def ask(self, body: bytes, url: str, content_type: str | None, zone: ZoneInfo | None) -> FeedDocument:
        """Have the child read the body, with a second child if the first dies of anything but the deadline."""
        header = json.dumps({"url": url, "content_type": content_type, "zone": zone.key if zone else None}).encode()
        question = _QUESTION.pack(len(header), len(body)) + header
        with self._lock:
            stops = self._stops
            for _ in range(2):
                began = time.monotonic()
                try:
                    return self._answer(question, body)
                except (OSError, EOFError):
                    self._bury()
                if self._stops != stops:
                    raise Unreadable("stopped while it was being read")
                if time.monotonic() - began >= self.deadline:
                    raise Unreadable(f"takes longer than {self.deadline:g} s to read")
        raise Unreadable("kills its reader, twice")

    def kill(self) -> None:
        """End the child now; a read that waits for it raises Unreadable."""
        self._stops += 1
        process = self._process
        if process is not None:
            process.kill()

    def _answer(self, question: bytes, body: bytes) -> FeedDocument:
        process = self._running()
        timer = threading.Timer(self.deadline, process.kill)
        timer.start()
        try:
            assert process.stdin is not None
            process.stdin.write(question)
            process.stdin.write(body)
            process.stdin.flush()
            kind, payload = _received(process)
        finally:
            timer.cancel()
        self._asked += 1
        if self._asked >= BODIES:
            self._bury()
        if kind == _REASON:
            raise Unreadable(payload.decode("utf-8", "replace"))
        return _DOCUMENTS.validate_json(payload)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._bury()
        # Nothing of our environment (it holds secrets) but the way to our own modules.
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        self._process = subprocess.Popen(  # noqa: S603 (our own module, nothing from outside)
            [sys.executable, "-P", "-m", "ingest.referee", str(int(self.deadline) + 5)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": path, "PYTHONUTF8": "1"},
            process_group=0,  # Ctrl-C on a terminal is the parent's business, also while the child starts
        )
        timer = threading.Timer(START, self._process.kill)
        timer.start()
        try:
            _received(self._process)
        except (OSError, EOFError) as error:
            self._bury()
            raise RuntimeError("the feed reader's process does not start; try: python -m ingest.referee") from error
        finally:
            timer.cancel()
        return self._process

    def _bury(self) -> None:
        process, self._process, self._asked = self._process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what was still to be written is of no use
                if pipe is not None:
                    pipe.close()


class Judge:
    """Reads feeds for a poller: an event loop never waits for a parser, and hostile bodies wait in their own line."""

    def __init__(self, children: int = 2, deadline: float = DEADLINE) -> None:
        self._idle = [Child(deadline) for _ in range(children)]
        self._all = tuple(self._idle)
        self._seats = asyncio.Semaphore(children)
        self._threads = ThreadPoolExecutor(children, "judge")

    async def read(
        self, body: bytes, url: str, content_type: str | None = None, zone: ZoneInfo | None = None
    ) -> FeedDocument:
        """Return what the feed says. Raises Unreadable for what is no feed, or takes too long or too much memory."""
        if len(body) <= SMALL:
            with contextlib.suppress(Odd):
                return await asyncio.to_thread(feeds.read, body, url, content_type, zone)
        async with self._seats:
            child = self._idle.pop()
            try:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, child.ask, body, url, content_type, zone)
            except asyncio.CancelledError:
                child.kill()
                raise
            finally:
                self._idle.append(child)

    async def close(self) -> None:
        """End every child."""
        for child in self._all:
            child.kill()
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        for child in self._all:
            with child:
                pass


def _received(process: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    assert process.stdout is not None
    kind, length = _ANSWER.unpack(_exactly(process.stdout, _ANSWER.size))
    return kind, _exactly(process.stdout, length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError("the other side is gone")
    return data


def serve(pipes: tuple[IO[bytes], IO[bytes]], patience: int) -> None:
    """The child's side: answer questions until the pipe closes. `patience`: seconds until a stuck child ends itself."""
    from ingest.formats import judge  # noqa: F401 (warm before the first question)

    questions, answers = pipes
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the kernel ends us even inside C code, and without a parent
    _bound_memory()
    _reply(answers, _READY, b"")
    with contextlib.suppress(EOFError):
        while True:
            header, length = _QUESTION.unpack(_exactly(questions, _QUESTION.size))
            asked = json.loads(_exactly(questions, header))
            signal.alarm(patience)
            zone = ZoneInfo(asked["zone"]) if asked["zone"] else None
            body = _exactly(questions, length)
            try:
                answer = _DOCUMENT, _DOCUMENTS.dump_json(_decided(body, asked["url"], asked["content_type"], zone))
            except Unreadable as reason:
                answer = _REASON, str(reason).encode("utf-8", "replace")
            except (MemoryError, RecursionError):
                answer = _REASON, f"needs more than {MEMORY // 10**6} MB or is nested too deeply".encode()
            signal.alarm(0)
            _reply(answers, *answer)


def _decided(body: bytes, url: str, content_type: str | None, zone: ZoneInfo | None) -> FeedDocument:
    from ingest.formats import judge

    if len(body) > SMALL:  # smaller ones come here only because the fast readers would not have them
        with contextlib.suppress(Odd):
            return feeds.read(body, url, content_type, zone)
    return judge.parse(feeds.prepared(body, url, content_type, zone))


def _bound_memory() -> None:
    """Allow this process MEMORY bytes of address space beyond what it has now (Linux only)."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _reply(pipe: IO[bytes], kind: int, payload: bytes) -> None:
    pipe.write(_ANSWER.pack(kind, len(payload)) + payload)
    pipe.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        serve((sys.stdin.buffer, sys.stdout.buffer), int(sys.argv[1]) if len(sys.argv) > 1 else 15)
