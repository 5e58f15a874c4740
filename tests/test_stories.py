"""`wiredesk stories`: the service's own relations for any JSON Lines file, without a running service."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.pressroom import SENTENCES, TEXT

OTHER = " ".join(f"Chapter {n} of the cookbook tells how {n} onions are fried in butter." for n in "abcdefghij")


def stories(*lines: Any, options: tuple[str, ...] = ("--json",)) -> tuple[int, list[str]]:
    """Exit code and lines of the command on these lines, JSON unless they are texts or bytes already."""
    given = b"".join(map(raw, lines))
    words = [sys.executable, "-m", "workers.cli", "stories", "-", *options]
    done = subprocess.run(words, input=given, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode().splitlines()


def raw(line: Any) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode() + b"\n"


def test_every_line_gets_its_story_in_the_order_given() -> None:
    code, out = stories(
        {"id": "a", "text": TEXT, "title": "A plan", "published": "2026-01-01"},
        {"id": 2, "text": "\n\n".join(SENTENCES[:4])},
        {"id": "c", "text": OTHER},
        {"id": "d", "text": TEXT},
    )
    assert code == 0
    assert [json.loads(line) for line in out] == [
        {"id": "a", "story": "a", "relation": "original"},
        {"id": 2, "story": "a", "relation": "excerpt", "of": "a", "containment": 100},
        {"id": "c", "story": "c", "relation": "original"},
        {"id": "d", "story": "a", "relation": "copy", "of": "a", "containment": 100},
    ]


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_told() -> None:
    odd = ["nonsense", [], "", {"id": 1, "text": OTHER}, {"id": "b"}, {"text": "x"}, {"id": 1.5, "text": ""}]
    code, out = stories({"id": 1, "text": TEXT}, *odd)
    found = [json.loads(line) for line in out]
    assert code == 1
    assert found[0] == {"id": 1, "story": 1, "relation": "original"}
    assert [row["line"] for row in found[1:]] == [2, 3, 5, 6, 7, 8]
    assert all(row["error"] for row in found[1:])


def test_people_read_sentences() -> None:
    code, out = stories({"id": "a", "text": TEXT}, {"id": "b", "text": TEXT}, options=())
    assert (code, out) == (0, ["a: original", "b: copy of a (100 % stands there), story a"])


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_lines() -> None:
    code, out = stories(b'\xef\xbb\xbf{"id": "a", "text": "x"}\r\n\r\n', b'{"id": "b", "text": "y"}\r\n')
    assert (code, [json.loads(line)["id"] for line in out]) == (0, ["a", "b"])


def test_a_line_in_broken_letters_or_nested_without_end_costs_no_other() -> None:
    code, out = stories(b'{"id": "a", "text": "\xff"}\n', "[" * 200_000, '{"id": "\\ud800", "text": "\\u0000\\udfff"}')
    found = [json.loads(line) for line in out]
    assert code == 1
    assert [row.get("line") for row in found] == [1, 2, None]
    assert found[2]["id"] == "\ud800"


def test_a_text_and_a_number_are_two_ids() -> None:
    code, out = stories({"id": 1, "text": TEXT}, {"id": "1", "text": TEXT})
    assert code == 0
    assert json.loads(out[1]) == {"id": "1", "story": 1, "relation": "copy", "of": 1, "containment": 100}
