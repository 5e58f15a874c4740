"""Change feeds.toml as a careful person would: comments and order stay, and a file that would be wrong is not written.

The text is changed, not the values: a TOML library would move or drop comments between tables. What comes out is read
back as the service will read it and compared with what was meant, so a file too odd for this is refused, never harmed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import tomlkit

from config.settings import SettingsError
from config.sources import Feed, Sources, sources

_HEADING = re.compile(r"^[ \t]*\[", re.MULTILINE)
_FEED = re.compile(r"[ \t]*\[\[[ \t]*feed[ \t]*\]\]")
_PART_OF_IT = re.compile(r"[ \t]*\[[ \t]*feed[ \t]*\.")  # [feed.headers]
_REMARKS = re.compile(r"(?:^[ \t]*(?:#.*)?\n?)+\Z", re.MULTILINE)  # comments and blank lines at a table's end


def add(path: Path, *feeds: Mapping[str, Any]) -> Sources:
    """Append `[[feed]]` tables with these keys (url, name, tags, ...) and return what the file says then.

    A missing file is made. Raises SettingsError, and leaves the file as it was, if any of it would be wrong.
    """
    text = _text(path)
    for feed in feeds:
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in feed.items() if v not in (None, (), [], "", {})}
        inline = {k: _inline(v) if isinstance(v, Mapping) else v for k, v in values.items()}
        text = f"{text.rstrip()}\n\n[[feed]]\n{tomlkit.dumps(inline)}".lstrip("\n")
    return _save(path, text, None)


def remove(path: Path, which: str) -> Sources:
    """Take out the feed with this url or name, and return what the file says then.

    Raises SettingsError if no feed, or more than one, is called that.
    """
    listed = sources(path)
    feeds = listed.feeds
    found = [n for n, feed in enumerate(feeds) if which in (feed.name, feed.url)]
    if not found and any(wire.name == which for wire in listed.wires):
        raise SettingsError(f"{path}: {which!r} is a wire; take its [[wire]] table out by hand")
    if len(found) != 1:
        many = f"{len(found)} feeds have" if found else "no feed has"
        raise SettingsError(f"{path}: {many} the url or name {which!r}")
    text = _text(path)
    blocks = _blocks(text)
    if len(blocks) != len(feeds):
        raise SettingsError(f"{path}: write each feed under a heading of its own, [[feed]]")
    begin, end = blocks[found[0]]
    return _save(path, text[:begin] + text[end:], [feed for n, feed in enumerate(feeds) if n != found[0]])


def _inline(values: Mapping[str, Any]) -> Any:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from None


def _blocks(text: str) -> list[tuple[int, int]]:
    """Where each feed's table begins and ends, without the remarks after it: they belong to what follows."""
    headings = [m.start() for m in _HEADING.finditer(text) if not _PART_OF_IT.match(text, m.start())]
    found = []
    for begin, end in pairwise([*headings, len(text)]):
        if _FEED.match(text, begin):
            remarks = _REMARKS.search(text, begin, end)
            found.append((begin, remarks.start() if remarks else end))
    return found


def _save(path: Path, text: str, meant: list[Feed] | None) -> Sources:
    """Write beside the file, read that back as the service will, and only then put it in the file's place."""
    try:
        handle, name = tempfile.mkstemp(prefix=".feeds-", suffix=".toml", dir=path.parent)
    except OSError as error:
        raise SettingsError(f"cannot write {path}: {error.strerror}") from None
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        said = _said(beside, path)
        if meant is not None and said.feeds != meant:
            raise SettingsError(f"{path}: too unusual to be changed by a program; please edit it by hand")
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        beside.replace(path)
    except OSError as error:
        raise SettingsError(f"cannot write {path}: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
    return said


def _said(beside: Path, path: Path) -> Sources:
    try:
        return sources(beside)
    except SettingsError as error:
        raise SettingsError(str(error).replace(str(beside), str(path)).replace(beside.name, path.name)) from None
