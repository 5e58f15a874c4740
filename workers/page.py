"""Run extraction in a child process that may be killed: forked warm, fed one page after another, never trusted."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from ingest.model import Article
from workers import extract, framing, inside
from workers.extract import Page

PAGES = 500  # after so many the child is replaced: what libraries hold on to is bounded
GROWTH = 150 * 2**20  # bytes of resident memory over its start after which the child is replaced
_GONE = (BrokenPipeError, ConnectionResetError, EOFError)


class Overdue(Exception):
    """The page was not done at its deadline; the child was killed."""


class Died(Exception):
    """The child ended in the middle of a page; `signal` is the number that killed it, 0 if it left by itself."""

    def __init__(self, signal: int) -> None:
        super().__init__(f"the page process died of signal {signal}")
        self.signal = signal


class Bug(Exception):
    """Our own code failed on the page; the text is the child's traceback."""


class Child:
    """The page process of one worker. It starts with the first page, and anew after every kill, death or retirement.

    Call extract.warm() before the first run: the child inherits what is loaded, and forking costs a millisecond or two.
    """

    def __init__(
        self, pages: int = PAGES, growth: int = GROWTH, work: Callable[[Page], Article] = extract.extract
    ) -> None:
        self._limits = inside.Limits(pages, growth)
        self._work = work
        self._pid = 0
        self._pipe: socket.socket | None = None

    @property
    def pid(self) -> int:
        """The process id of the running child, 0 if there is none."""
        return self._pid

    def run(self, page: Page, deadline: float, tick: Callable[[], None], every: float) -> Article | framing.Refusal:
        """The article or the refusal, within `deadline` seconds; `tick` is called every `every` seconds of waiting.

        Raises Overdue, Died, Bug, and whatever tick raises (the child is then killed: its answer would come too late).
        """
        end = time.monotonic() + deadline
        try:
            answer = self._ask(framing.request(page), end, tick, every)
        except _GONE:
            raise Died(self.stop()) from None
        except BaseException:
            self.stop()
            raise
        if isinstance(answer, framing.Failure):
            raise Bug(answer.traceback)
        return answer

    def stop(self) -> int:
        """Kill the child if there is one; returns the number of the signal it died of (0: it had left by itself)."""
        pid, self._pid = self._pid, 0
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if not pid:
            return 0
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            _, status = os.waitpid(pid, 0)
            return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        return 0

    def _ask(self, request: bytes, end: float, tick: Callable[[], None], every: float) -> framing.Answer:
        pipe = self._ready()
        pipe.settimeout(max(0.001, end - time.monotonic()))
        try:
            pipe.sendall(request)
        except TimeoutError:
            raise Overdue from None
        clock = _Clock(end, every, tick)
        size = framing.SIZE.unpack(clock.read(pipe, framing.SIZE.size))
        head = json.loads(clock.read(pipe, size[0]))
        if head.pop("last", False):
            self._retire()
        return framing.answered(head)

    def _ready(self) -> socket.socket:
        """The pipe to a child that waits for a page, forked if there is none or it has left."""
        if self._pipe is not None and self._left():
            self.stop()
        if self._pipe is None:
            ours, theirs = socket.socketpair()
            parent = os.getpid()
            # No signal may run the parent's handlers in the child before it has put them off.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            try:
                pid = os.fork()
                if pid == 0:
                    inside.serve(theirs, parent, self._limits, self._work)  # never returns
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
            self._pid, self._pipe = pid, ours
        return self._pipe

    def _left(self) -> bool:
        """Whether the child is gone although nobody asked it to."""
        try:
            gone = os.waitpid(self._pid, os.WNOHANG)[0] != 0
        except ChildProcessError:
            gone = True
        if gone:
            self._pid = 0
        return gone

    def _retire(self) -> None:
        """Let a child go that said its last answer; it ends by itself when the pipe closes, and at once."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        pid, self._pid = self._pid, 0
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)


class _Clock:
    """Reads in slices, calling tick between them, until the deadline."""

    def __init__(self, end: float, every: float, tick: Callable[[], None]) -> None:
        self._end, self._every, self._tick = end, every, tick
        self._next = time.monotonic() + every

    def read(self, pipe: socket.socket, size: int) -> bytes:
        """Exactly `size` bytes. Raises Overdue at the deadline, EOFError if the other end closes before."""
        parts: list[bytes] = []
        while size:
            now = time.monotonic()
            if now >= self._end:
                raise Overdue
            if now >= self._next:
                self._tick()
                self._next = time.monotonic() + self._every
                continue
            pipe.settimeout(max(0.001, min(self._end, self._next) - now))
            try:
                part = pipe.recv(min(size, 2**20))
            except TimeoutError:
                continue
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
