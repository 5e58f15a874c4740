"""Heartbeats: a role that lives is healthy, one that fell silent or never began is not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workers.cli import beat


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(beat.tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_role_that_beat_is_alive_for_half_a_minute(folder: Path) -> None:
    beat.beat("poller", 1000)
    assert beat.stale(folder, 1030, []) == []
    assert beat.stale(folder, 1031, []) == ["poller: last sign of life 31 s ago"]


def test_one_silent_role_is_enough_to_be_ill(folder: Path) -> None:
    beat.beat("poller", 1000)
    beat.beat("worker", 1100)
    assert beat.stale(folder, 1100, []) == ["poller: last sign of life 100 s ago"]


def test_before_the_first_beat_nothing_is_healthy(folder: Path) -> None:
    assert beat.stale(folder, 1000, []) == [f"every role: no sign of life yet in {folder}"]


def test_a_role_that_is_asked_for_has_to_be_there_whoever_else_lives(folder: Path) -> None:
    beat.beat("poller", 1000)
    assert beat.stale(folder, 1000, ["worker"]) == [f"worker: no sign of life yet in {folder}"]


def test_a_beat_never_follows_a_link_and_never_stops_the_work(folder: Path) -> None:
    (folder / "wiredesk-poller.beat").symlink_to(folder / "precious")
    beat.beat("poller", 1000)
    assert not (folder / "precious").exists()


def test_where_no_folder_can_be_written_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beat.tempfile, "tempdir", "/nonexistent")
    beat.beat("poller", 1000)


@pytest.mark.parametrize(("age", "role", "code"), [(0, "poller", 0), (60, "poller", 1), (0, "worker", 1)])
def test_the_command_answers_by_its_exit_code(tmp_path: Path, age: float, role: str, code: int) -> None:
    path = tmp_path / "wiredesk-poller.beat"
    path.touch()
    os.utime(path, (time.time() - age,) * 2)
    done = subprocess.run(
        [sys.executable, "-m", "workers.cli.beat", "check", role],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        timeout=20,
    )
    assert (done.returncode, done.stderr) == (code, b"")
