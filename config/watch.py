"""Read a file of the config folder again when it changes, and keep the last good one when it breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from config.settings import SettingsError

T = TypeVar("T")
_Mark = tuple[int, int, int] | None


class Watched(Generic[T]):
    """A file and what `read` makes of it; reading it the first time raises SettingsError if it is wrong."""

    def __init__(self, path: Path, read: Callable[[Path], T]) -> None:
        self.path, self._read = path, read
        self._seen = _mark(path)
        self.value: T = read(path)

    def changed(self) -> bool:
        """Look at the file; True if `value` is a new one. Raises SettingsError, once for each change that broke it."""
        mark = _mark(self.path)
        if mark == self._seen:
            return False
        self._seen = mark
        value = self._read(self.path)
        news, self.value = value != self.value, value
        return news

    def current(self) -> T:
        """The value as the file stands now; a mistake goes to the log once and the last good value stays."""
        log = structlog.get_logger()
        try:
            if self.changed():
                log.info("file_read_again", file=str(self.path))
        except SettingsError as error:
            log.error("file_wrong", file=str(self.path), detail=str(error), kept="the last good one")
        return self.value


def _mark(path: Path) -> _Mark:
    """What tells one state of a file from the next: a replaced file has another inode even within one clock tick."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
