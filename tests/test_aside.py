"""What could not be read is kept where a person finds it; what may not be told is not."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import GiveUp, TryLater
from ingest.model import Failed
from ingest.transports.parts import aside
from ingest.transports.parts.hush import Hush


def test_body_and_reason_lie_side_by_side(tmp_path: Path) -> None:
    path = aside.keep(tmp_path / "new" / "failed", "a story.XML", b"<bad>", "no XML: line 1")
    assert path.read_bytes() == b"<bad>"
    assert path.name.startswith("a-story-") and path.suffix == ".xml"
    assert (path.parent / f"{path.name}.reason.txt").read_text() == "'a story.XML': no XML: line 1\n"
    assert len(list(path.parent.iterdir())) == 2


def test_the_same_message_again_goes_to_the_same_place_and_another_does_not(tmp_path: Path) -> None:
    paths = [aside.keep(tmp_path, "a.xml", body, "x") for body in (b"1", b"1", b"2")]
    assert paths[0] == paths[1] != paths[2]


def test_a_message_that_was_never_had_leaves_its_reason(tmp_path: Path) -> None:
    path = aside.keep(tmp_path, "large.jpg", b"", "more than 5 bytes")
    assert not path.exists() and [p.name for p in tmp_path.iterdir()] == [path.name + ".reason.txt"]


@given(st.text(max_size=300), st.binary(max_size=20))
def test_no_name_of_the_other_side_becomes_a_path(name: str, body: bytes) -> None:
    made = aside.plain(name, body)
    assert Path(made).name == made and made.isascii() and len(made) < 100 and made[0] not in ".-"
    assert not {"/", "\\", " ", "\n", "\0"} & set(made)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..", "", ".ssh/authorized_keys", "con", "a\0b", "\ud800"]
)
def test_names_that_lead_elsewhere_stay_here(tmp_path: Path, name: str) -> None:
    path = aside.keep(tmp_path / "failed", name, b"x", "y")
    assert path.parent == tmp_path / "failed" and path.exists()


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_a_verdict_and_leaves_no_half_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TryLater) as caught:
        aside.keep(tmp_path, "a.xml", b"<bad>", "x")
    assert caught.value.reason is Failed.FOLDER and "No space left" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_reason_that_cannot_be_written_loses_no_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: full() if "reason" in Path(to).name else real(self, to))
    assert aside.keep(tmp_path, "a.xml", b"<bad>", "x").read_bytes() == b"<bad>"


# --- what is told ---


def test_secrets_and_control_characters_are_left_out_of_messages() -> None:
    hush = Hush(["hunter2", "a b/c", "x"])
    assert hush.text("PASS hunter2\r\n\x1b[31m a%20b%2Fc x") == "PASS ... [31m ... x"
    assert hush.error(ValueError("hunter2\n")) == "ValueError: ..."


def test_a_verdict_keeps_its_kind_reason_and_pause() -> None:
    told = Hush(["hunter2"]).verdict(TryLater(Failed.LIMITED, "http://a/hunter2", "hunter2", 7.0))
    assert isinstance(told, TryLater) and (told.reason, told.after, told.url) == (Failed.LIMITED, 7.0, "http://a/...")
    told = Hush([]).verdict(GiveUp(Failed.GONE, "http://a/"), "env:URL")
    assert isinstance(told, GiveUp) and told.url == "env:URL"
