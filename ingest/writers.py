"""Whether some process has a file open for writing: a file with a writer is not complete."""

from __future__ import annotations

import os
import signal
from enum import Enum, auto

try:
    import fcntl
except ImportError:  # pragma: no cover
    fcntl = None  # type: ignore[assignment]

READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_SETSIG = 10  # F_SETSIG of Linux, which Python does not name


class Writers(Enum):
    """What can be said of the writers of a file."""

    NONE = auto()
    SOME = auto()
    UNKNOWN = auto()  # no Linux, a file system without leases, or another user's file


def of(handle: int) -> Writers:
    """Ask by a read lease (fcntl(2), F_SETLEASE), which is not to be had while a writer is there.

    It is given back at once. Whoever opens the file in between would send SIGIO, which ends a process: a signal that
    does nothing is asked for instead.
    """
    if fcntl is None or not hasattr(fcntl, "F_SETLEASE"):
        return Writers.UNKNOWN
    try:
        fcntl.fcntl(handle, _SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return Writers.SOME
    except OSError:
        return Writers.UNKNOWN
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return Writers.NONE
