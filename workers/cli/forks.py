"""Forking, done with care: children die with their parent, and a signal only raises a flag."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable

from ingest.errors import ServerAway

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int = 0, sig: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when its parent ends (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, sig)
        if parent and os.getppid() != parent:  # it ended before we asked
            os.kill(os.getpid(), sig)


def fork(name: str, task: Callable[[], None]) -> int:
    """Run a task in a child process; its process id."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, signal.SIG_DFL)
        die_with_parent(parent)
        task()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # the last line of a process: whatever it is, it is shown
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def stop_flag() -> Callable[[], bool]:
    """Turn SIGTERM and SIGINT into a flag that can be asked."""
    seen: list[int] = []
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda number, _frame: seen.append(number))
    return lambda: bool(seen)


def quietly(step: Callable[[], None]) -> None:
    """Do something that only matters while the server is there."""
    with contextlib.suppress(ServerAway):
        step()
