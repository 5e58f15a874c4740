"""Whether some process has a file open for writing: a file with a writer is not complete."""

from __future__ import annotations

import os
import signal
from enum import Enum, auto
from functools import cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover
    fcntl = None  # type: ignore[assignment]

READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
# File systems that know all writers of their files. On network ones a lease is refused for other reasons, too.
_LOCAL = {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "overlay", "bcachefs", "zfs"}
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


def are_known(folder: Path) -> bool:
    """Whether the file system of a folder can be asked for writers."""
    return fcntl is not None and hasattr(fcntl, "F_SETLEASE") and _kind(folder.stat().st_dev) in _LOCAL


@cache
def _kind(device: int) -> str:
    """The type of the file system on a device, as proc(5) mountinfo tells it; "" if it does not."""
    named = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        mount, _, source = line.partition(" - ")
        if named in mount.split()[2:3]:
            return source.partition(" ")[0]
    return ""
