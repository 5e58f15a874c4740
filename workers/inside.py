"""The page child's own side: put on its limits, then answer pages until the pipe closes."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ingest.errors import GiveUp
from ingest.model import Article, Rejected
from workers import framing
from workers.extract import Page

ROOM = 300 * 2**20  # bytes of address space one page may add
_PDEATHSIG = 1  # prctl(2): signal when the parent dies
_PIPE = 3  # the descriptor the pipe is moved to; everything above is closed


@dataclass(frozen=True, slots=True)
class Limits:
    """When a child that works well is replaced all the same."""

    pages: int
    growth: int  # bytes of resident memory over its start


def serve(pipe: socket.socket, parent: int, limits: Limits, work: Callable[[Page], Article]) -> NoReturn:
    """Become the child. Leaves by os._exit: nothing of the parent's (buffers, exit handlers) may run twice."""
    try:
        own = _part(pipe, parent)
        gc.freeze()  # what was inherited is never garbage; collections look only at what pages leave
        _loop(own, limits, work)
    except BaseException:
        with suppress(OSError, ValueError):
            traceback.print_exc(file=sys.stderr)
            sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _part(pipe: socket.socket, parent: int) -> socket.socket:
    """Leave the parent: own signals, no inherited descriptor but 0-2 and the pipe, no core file; die when it dies."""
    signal.set_wakeup_fd(-1)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if pipe.fileno() != _PIPE:
        os.dup2(pipe.fileno(), _PIPE, inheritable=False)
    os.closerange(_PIPE + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(0)
    return socket.socket(fileno=_PIPE)


def _loop(pipe: socket.socket, limits: Limits, work: Callable[[Page], Article]) -> None:
    start, served = resident(), 0
    while True:
        sizes = _read(pipe, framing.SIZE.size)
        if not sizes:
            return
        head_size, body_size = framing.SIZE.unpack(sizes)
        served += 1
        _bound(head_size + body_size)
        answer, spoiled = _answer(_read(pipe, head_size), _read(pipe, body_size), work)
        last = spoiled or served >= limits.pages or resident() - start > limits.growth
        _unbound()
        pipe.sendall(framing.answer(answer, last=last))
        if last:
            return


def _answer(head: bytes, body: bytes, work: Callable[[Page], Article]) -> tuple[framing.Answer, bool]:
    """The answer to one page, and whether it left the process in a doubtful state."""
    try:
        return work(framing.page(json.loads(head), body)), False
    except GiveUp as refusal:
        assert isinstance(refusal.reason, Rejected)
        return framing.Refusal(refusal.reason, refusal.detail), refusal.reason is Rejected.TOO_COMPLEX
    except MemoryError:
        return framing.Refusal(Rejected.TOO_COMPLEX, "needs too much memory"), True
    except Exception:
        return framing.Failure(traceback.format_exc()), True


def _bound(extra: int) -> None:
    """Let the address space grow by ROOM and the page's own bytes, no further: malloc then fails, in C and Python."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (addressed() + ROOM + extra, resource.RLIM_INFINITY))


def _unbound() -> None:
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def addressed() -> int:
    """Bytes of address space of this process."""
    return _statm(0)


def resident() -> int:
    """Bytes of resident memory of this process, shared ones included."""
    return _statm(1)


def _statm(column: int) -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[column]) * resource.getpagesize()
    except OSError:  # no /proc: the peak is all there is
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _read(pipe: socket.socket, size: int) -> bytes:
    """Exactly `size` bytes, or none if the parent closed the pipe."""
    parts: list[bytes] = []
    while size:
        part = pipe.recv(min(size, 2**20))
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
