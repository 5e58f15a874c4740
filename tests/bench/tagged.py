"""Find and kill the processes of one crash run, known by the folder named in their environment; never anyone else's."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def pids(folder: Path) -> list[int]:
    """Every living process that was started for this run, whoever its parent is now."""
    tag = f"CRASH_FOLDER={folder}".encode()
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and int(path.name) != 1:
            with suppress(OSError):
                if tag in (path / "environ").read_bytes().split(b"\0"):
                    found.append(int(path.name))
    return found


def kill(folder: Path, last: int = 0) -> int:
    """SIGKILL all of them and the server as fast as can be, `last` at the end; how many."""
    found = pids(folder)
    with suppress(OSError, ValueError):  # the server's own title hides its environment
        found.append(int((folder / "server.pid").read_text()))
    for pid in [*(p for p in found if p != last), *([last] if last else [])]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


def children(pid: int) -> list[int]:
    """The living children of a process."""
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def words(pid: int) -> list[str]:
    """The command line of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
