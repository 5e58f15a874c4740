"""Logs: one line a message, whatever the network said in it, readable by machines and harmless to terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.logs import LONGEST, _tame

CONTROLS = "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
EVIL = 'x\n{"event": "forged", "level": "info"}\r\x1b[2J\x9b31m\x00\u2028\u202e end'
SAY = """
import sys, json, structlog
from config import logs
logs.start(sys.argv[1], "tester")
log = structlog.get_logger()
said = json.loads(sys.argv[2])
with structlog.contextvars.bound_contextvars(url="http://news.test/"):
    getattr(log, sys.argv[3])("something", **said)
"""
FAIL = """
import sys, json, structlog
from config import logs
logs.start(sys.argv[1], "tester")
try:
    raise ValueError(json.loads(sys.argv[2]))
except ValueError:
    structlog.get_logger().exception("bug")
"""


def said(program: str, *words: str) -> list[str]:
    """The lines of standard error of a program of its own, not a terminal."""
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=30)
    assert done.stdout == ""
    return done.stderr.splitlines()


def shown(program: str, *words: str) -> str:
    """What a terminal would get on standard error."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", program, *words], stderr=theirs, stdin=subprocess.DEVNULL) as process:
        process.wait(30)
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    return b"".join(parts).decode()


def test_a_message_is_one_line_of_json_with_role_level_time_and_the_bound_address() -> None:
    (line,) = said(SAY, "info", json.dumps({"count": 3}), "info")
    row = json.loads(line)
    assert (row["event"], row["count"], row["role"], row["level"]) == ("something", 3, "tester", "info")
    assert row["url"] == "http://news.test/"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", row["timestamp"])


def test_text_from_the_network_can_neither_forge_a_line_nor_move_a_cursor() -> None:
    lines = said(SAY, "info", json.dumps({"detail": EVIL, "title": EVIL}), "warning")
    assert len(lines) == 1
    assert not re.search(CONTROLS, lines[0])
    row = json.loads(lines[0])
    assert row["event"] == "something"
    assert not re.search(CONTROLS, row["detail"])
    assert "forged" in row["detail"], "shown, not hidden"


def test_on_a_terminal_it_is_as_harmless() -> None:
    text = shown(SAY, "info", json.dumps({"detail": EVIL}), "info")
    assert "something" in text
    assert len(text.splitlines()) == 1
    without_colours = re.sub(r"\x1b\[[\d;]*m", "", text).strip()
    assert not re.search(CONTROLS, without_colours)


def test_the_text_of_an_exception_is_as_harmless() -> None:
    (line,) = said(FAIL, "info", json.dumps(EVIL))
    assert not re.search(CONTROLS, line)
    assert "ValueError" in json.loads(line)["exception"]


def test_the_text_of_an_exception_is_as_harmless_on_a_terminal() -> None:
    text = re.sub(r"\x1b\[[\d;]*m", "", shown(FAIL, "info", json.dumps(EVIL)))
    assert "ValueError" in text
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", text)


@pytest.mark.parametrize(("level", "count"), [("debug", 1), ("info", 0), ("error", 0)])
def test_a_level_silences_what_is_below_it(level: str, count: int) -> None:
    assert len(said(SAY, level, "{}", "debug")) == count


@given(st.dictionaries(st.sampled_from("abc"), st.one_of(st.text(max_size=50), st.integers(), st.none())))
def test_any_value_is_tamed_and_others_stay_as_they_are(event: dict[str, Any]) -> None:
    tamed = _tame(None, "info", dict(event))
    assert tamed.keys() == event.keys()
    for key, value in event.items():
        if isinstance(value, str):
            assert not re.search(CONTROLS, tamed[key])
        else:
            assert tamed[key] == value


def test_a_long_value_is_cut() -> None:
    assert len(_tame(None, "info", {"detail": "x" * 10**6})["detail"]) <= LONGEST + 3
