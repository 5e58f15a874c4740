"""A folder that somebody drops files into: claim one, give it back, put it away. Every step is one rename or link.

    PATH/NAME ──> PATH/.work/TOKEN~NAME ──> PATH/done/NAME, or PATH/failed/NAME with NAME.reason.txt beside it

A process may be killed between any two steps: what then lies in .work is taken up first. A file is never overwritten:
moving is link, then unlink, and where both names are there the second step is done again.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.transports.parts import writers

WORK, DONE, FAILED = ".work", "done", "failed"
SETTLE = 1.0  # seconds a file must have been left alone
NAME_MAX = 255  # bytes of a name; what the usual file systems bear
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EXDEV}


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the listing showed it. Names hold bytes that are no text as lone surrogates."""

    name: str
    mode: int
    size: int
    changed: float  # seconds since 1970, by the clock of the file system

    @property
    def regular(self) -> bool:
        """Whether it has bytes to be read: it is no link, pipe, socket or device."""
        return stat.S_ISREG(self.mode)


class Folder:
    """One spool. Every method raises OSError where the file system refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the folders."""
        for name in ("", WORK, DONE, FAILED):
            (self.path / name).mkdir(parents=True, exist_ok=True)

    def claimed(self) -> list[str]:
        """What lies in the work folder, first claimed first."""
        return sorted(path.name for path in (self.path / WORK).iterdir())

    def ready(self, now: float) -> list[Found]:
        """The files that look complete, oldest first: one listing, however many there are."""
        found = [f for f in self._listed() if now - f.changed >= SETTLE]
        return sorted(found, key=lambda f: (f.changed, f.name))

    def look(self, claim: str) -> Found:
        """A claimed file as it is now."""
        return _found(original(claim), os.lstat(self.path / WORK / claim))

    def claim(self, name: str) -> str:
        """Take a file out of sight; the name of the claim. Raises FileNotFoundError where another was faster."""
        claim = fit(f"{time.time_ns():016x}{secrets.token_hex(2)}~{name}")
        (self.path / name).rename(self.path / WORK / claim)
        return claim

    def open(self, claim: str) -> int:
        """A handle to read a claimed file by."""
        return os.open(self.path / WORK / claim, writers.READ)

    def give_back(self, claim: str) -> None:
        """Put a file back under its name; it stays claimed where a newer one has that name."""
        source, target = self.path / WORK / claim, self.path / original(claim)
        with suppress(FileExistsError):
            _link(source, target)

    def drop(self, claim: str) -> None:
        """Delete a claimed file."""
        with suppress(FileNotFoundError):
            (self.path / WORK / claim).unlink()

    def put_away(self, claim: str, to: str, landed: Callable[[Path], None] = lambda _: None) -> None:
        """Move a claimed file to done/ or failed/, under a further name where its own is taken; fine if it is gone.

        `landed` is called with the new path before the claim ends.
        """
        source, name = self.path / WORK / claim, original(claim)
        for target in _names(name, claim.partition("~")[0]):
            place = self.path / to / target
            try:
                _link(source, place, landed)
                return
            except FileExistsError:
                continue
            except FileNotFoundError:
                if not os.path.lexists(source):
                    return
                place.parent.mkdir(parents=True, exist_ok=True)  # somebody removed it

    def _listed(self) -> Iterator[Found]:
        with os.scandir(self.path) as entries:
            for entry in entries:
                if unfinished(entry.name):
                    continue
                with suppress(FileNotFoundError):
                    said = entry.stat(follow_symlinks=False)
                    if not stat.S_ISDIR(said.st_mode) and not _shortcut(entry, said.st_mode):
                        yield _found(entry.name, said)


def _shortcut(entry: os.DirEntry[str], mode: int) -> bool:
    """Whether a link leads to a folder."""
    try:
        return stat.S_ISLNK(mode) and Path(entry).is_dir()
    except OSError:
        return False


def _found(name: str, said: os.stat_result) -> Found:
    # The older of the two: a file moved here keeps its mtime and gets a new ctime, and a writer sets both.
    return Found(name, said.st_mode, said.st_size, min(said.st_mtime, said.st_ctime))


def unfinished(name: str) -> bool:
    """Whether a name is one that writers use until they are done, or hide from others."""
    low = name.lower()
    return low.startswith((".", "~")) or low.endswith(_TEMPORARY)


_TEMPORARY = (
    ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", ".lock", ".writing",
    ".uploading", ".upload", ".incomplete", ".inprogress", "~",
)  # fmt: skip


def original(claim: str) -> str:
    """The name a claimed file had."""
    return claim.partition("~")[2] or claim


def shown(name: str) -> str:
    """A name for people: what is no printable text stands as a replacement character."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "�" for c in text)[:300]


def fit(name: str, tail: str = "") -> str:
    """The name with a tail, cut where the file system would not bear it."""
    return os.fsdecode(os.fsencode(name)[: NAME_MAX - len(os.fsencode(tail))]) + tail


def _names(name: str, token: str) -> Iterator[str]:
    """The names a file may get, its own first."""
    yield fit(name)
    stem, dot, kind = name.rpartition(".")
    if not dot or not stem or len(kind) > 10:
        stem, dot, kind = name, "", ""
    tail = f"~{token}{dot}{kind}"
    yield fit(stem, tail)
    while True:
        yield fit(stem, f"~{secrets.token_hex(8)}{dot}{kind}")


def _link(source: Path, target: Path, landed: Callable[[Path], None] = lambda _: None) -> None:
    """Move without overwriting. Raises FileExistsError where another file has the name."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        if not _same(source, target):
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename(source, target, landed)
        return
    landed(target)
    source.unlink(missing_ok=True)


def _rename(source: Path, target: Path, landed: Callable[[Path], None]) -> None:
    """The same where there are no links; that nobody else moves files here is then taken for granted."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    if not os.path.lexists(source):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(source))
    landed(target)
    source.rename(target)


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(os.lstat(one), os.lstat(other))
    except FileNotFoundError:
        return False
