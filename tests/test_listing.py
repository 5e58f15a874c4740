"""Listings of FTP servers: what they say of files is read, and nothing that is no file is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.transports.parts import listing
from ingest.transports.parts.remote import Remote

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


def at(*moment: int) -> float:
    return datetime(*moment, tzinfo=UTC).timestamp()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "type=file;size=12;modify=20260228101500; a b.xml",
            Remote("a b.xml", 12, "20260228101500", at(2026, 2, 28, 10, 15)),
        ),
        (
            "Type=file;Size=1;Modify=20260228101500.123;UNIX.mode=0644; x",
            Remote("x", 1, "20260228101500.123", at(2026, 2, 28, 10, 15)),
        ),
        (" size=3;type=file; x=y; z", Remote("x=y; z", 3, "", 0.0)),
        ("size=3;modify=nonsense;  leading", Remote(" leading", 3, "nonsense", 0.0)),
        ("type=dir;size=4096;modify=20260228101500; sub", None),
        ("type=cdir;modify=20260228101500; .", None),
        ("type=OS.unix=slink:/etc;size=1; link", None),
        ("type=file;modify=20260228101500; nosize", None),
        ("type=file;size=-1; x", None),
        ("type=file;size=12;", None),
        ("250-Listing a", None),
        ("", None),
    ],
)
def test_facts_are_read(line: str, expected: Remote | None) -> None:
    assert listing.facts([line + "\r"]) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "-rw-r--r--   1 me  news   1234 Feb 28 10:15 a.xml",
            Remote("a.xml", 1234, "Feb 28 10:15", at(2026, 2, 28, 10, 15)),
        ),
        (
            "-rw-r--r--   1 me  news   1234 Nov  3 10:15 a.xml",
            Remote("a.xml", 1234, "Nov  3 10:15", at(2025, 11, 3, 10, 15)),
        ),
        ("-rw-r--r--+  1 me  news   5 Jan 31  2024 two words", Remote("two words", 5, "Jan 31  2024", at(2024, 1, 31))),
        ("-rw-r--r--   1 me   5 Mar  1 09:00 nogroup.xml", Remote("nogroup.xml", 5, "Mar  1 09:00", at(2026, 3, 1, 9))),
        ("-rw-r--r--   1 me news 5 Mar  1 09:00  leading", Remote(" leading", 5, "Mar  1 09:00", at(2026, 3, 1, 9))),
        ("-rw-r--r--   1 me news 5 Feb 30 09:00 noday", Remote("noday", 5, "Feb 30 09:00", 0.0)),
        ("drwxr-xr-x   2 me  news   4096 Feb 28 10:15 sub", None),
        ("lrwxrwxrwx   1 me  news   9 Feb 28 10:15 link -> /etc/passwd", None),
        ("prw-r--r--   1 me  news   0 Feb 28 10:15 pipe", None),
        ("total 12", None),
        ("-rw-r--r--   1 me  news", None),
        ("01-31-26  10:15AM       1234 A b.xml", Remote("A b.xml", 1234, "01-31-26 10:15AM", at(2026, 1, 31, 10, 15))),
        ("01-31-2026  22:15       1234 x", Remote("x", 1234, "01-31-2026 22:15", at(2026, 1, 31, 22, 15))),
        ("01-31-26  10:15AM       <DIR> sub", None),
        ("", None),
    ],
)
def test_listings_of_unix_and_windows_are_read(line: str, expected: Remote | None) -> None:
    assert listing.plain([line + "\r"], NOW) == ([expected] if expected else [])


@given(st.text(max_size=120), st.floats(0, 4e9))
def test_any_line_is_a_file_or_nothing(line: str, now: float) -> None:
    for file in [*listing.plain([line], now), *listing.facts([line])]:
        assert file.name and file.size >= 0


@given(
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.integers(0, 10**15),
)
def test_every_name_is_read_as_the_server_wrote_it(name: str, size: int) -> None:
    assert listing.facts([f"type=file;size={size};modify=20260228101500; {name}"])[0].name == name
    (found,) = listing.plain([f"-rw-r--r--   1 me  news   {size} Feb 28 10:15 {name}"], NOW)
    assert (found.name, found.size) == (name, size)


def test_no_more_of_a_listing_is_read_than_a_folder_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 2)
    facts, names = iter(["size=1; a"] * 5), iter(["-rw-r--r--   1 me  news   1 Feb 28 10:15 a"] * 5)
    assert len(listing.facts(facts)) == len(listing.plain(names, NOW)) == 3
    assert len([*facts]) == len([*names]) == 2
