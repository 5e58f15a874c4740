"""The embedded server: one for each data folder, whoever asks and whoever dies, and gone when the service is."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import server
from ingest.errors import ServerAway
from ingest.server import Embedded
from ingest.store import Store
from tests.service import until


@pytest.fixture
def minder(tmp_path: Path) -> Iterator[Embedded]:
    found = Embedded(tmp_path / "data", fsync="no")
    yield found
    found.stop()


def run_id(minder: Embedded) -> str:
    store = Store(server.url(minder.data), 1.0)
    try:
        return str(store.client.info("server")["run_id"])  # type: ignore[index]
    finally:
        store.close()


def test_a_server_keeps_what_it_was_told_across_a_restart(minder: Embedded) -> None:
    client = Store(minder.start(), 1.0).client
    client.set("a", "1")
    client.close()
    minder.stop()
    assert not server.answers(minder.data)
    client = Store(minder.start(), 1.0).client
    assert client.get("a") == b"1"
    client.close()


def test_a_killed_server_loses_nothing_it_confirmed(minder: Embedded) -> None:
    client = Store(minder.start(), 1.0).client
    for i in range(500):
        client.set(f"k{i}", "v")
    os.kill(minder.pid, signal.SIGKILL)
    until(minder.died)
    minder.restart()
    assert client.dbsize() == 500
    client.close()


def test_the_server_is_safe_to_keep_things_in(minder: Embedded) -> None:
    client = Store(minder.start(), 1.0).client
    info = client.info()
    assert info["aof_enabled"] == 1
    assert info["maxmemory_policy"] == "noeviction"
    assert client.config_get("port")["port"] == "0"
    client.close()
    assert stat.S_IMODE(server.socket(minder.data).stat().st_mode) == 0o700


def test_a_second_one_joins_and_leaves_the_server_alone(minder: Embedded) -> None:
    minder.start()
    first = run_id(minder)
    second = Embedded(minder.data)
    assert second.start() == server.url(minder.data)
    assert not second.own
    assert not second.died()
    second.stop()
    assert run_id(minder) == first


def test_whoever_joined_takes_over_when_the_minder_ends(minder: Embedded) -> None:
    first = Embedded(minder.data)
    first.start()
    minder.start()
    first.stop()
    until(minder.died)
    minder.restart()
    assert minder.own
    assert server.answers(minder.data)


def test_a_server_whose_minder_was_killed_is_taken_over_and_stopped_in_the_end(minder: Embedded) -> None:
    words = "import sys, pathlib, time; from ingest.server import Embedded; e = Embedded(pathlib.Path(sys.argv[1])); "
    words += "e.start(); print(e.pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", words, str(minder.data)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    first = run_id(minder)
    minder.start()
    assert run_id(minder) == first
    assert not minder.died()
    minder.stop()
    assert not server.answers(minder.data)
    with pytest.raises(ProcessLookupError):
        until(lambda: os.kill(pid, 0), 5)


def test_a_server_that_does_not_answer_just_now_is_not_started_twice(minder: Embedded) -> None:
    """Two servers on one append-only file would spoil it."""
    first = Embedded(minder.data)
    first.start()
    os.kill(first.pid, signal.SIGSTOP)
    try:
        first._lock.close()  # type: ignore[union-attr]  # as if its minder had been killed
        late = subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {first.pid}"])
        minder.start()
        late.wait()
        assert not minder.own
        assert server.answers(minder.data)
    finally:
        os.kill(first.pid, signal.SIGCONT)
        minder.stop()
        first._process.wait(5)  # type: ignore[union-attr]


def test_a_folder_with_a_long_name_gets_a_private_socket_elsewhere(tmp_path: Path) -> None:
    long = Embedded(tmp_path / ("x" * 60) / ("y" * 60), fsync="no")
    try:
        long.start()
        path = server.socket(long.data)
        assert len(str(path)) <= server.LONGEST_SOCKET
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert server.answers(long.data)
    finally:
        long.stop()


def test_nobody_there_is_said_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    assert not server.answers(tmp_path)
    assert time.monotonic() - began < 0.5


def test_a_file_the_server_cannot_read_is_an_error_that_names_its_log(minder: Embedded) -> None:
    folder = minder.data / "appendonlydir"
    folder.mkdir(parents=True)
    (folder / "appendonly.aof.manifest").write_text("nonsense")
    with pytest.raises(ServerAway, match=r"server\.log"):
        minder.start()
