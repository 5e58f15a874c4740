"""SFTP: the host key is checked before anything is said, and logins work by password and by key."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from config.settings import SettingsError
from config.wires import Wire
from ingest.errors import TryLater, Verdict
from ingest.model import Failed
from ingest.transport import Tools
from ingest.transports import sftp
from ingest.transports.parts import remote
from ingest.web import Web
from tests.agency import ENVIRONMENT, HOST_KEY, OUR_KEY, WORD, settled
from tests.agency import sftp as agency
from tests.loopback import run, settings

OTHER = asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(remote, "SETTLE", 0.05)


def visit(folder: Path, deadline: float = 5, **wire: Any) -> list[bytes]:
    async def test() -> list[bytes]:
        async with agency(folder) as side, Web(settings()) as web:
            settled(side.path / "a.xml", b"<a/>", 1)
            port = (side.wire.url or "").rpartition(":")[2].partition("/")[0]
            known = folder / "home" / ".ssh" / "known_hosts"
            if known.exists():
                known.write_text(known.read_text().replace("PORT", port))
            tools = Tools(settings(fetch_deadline=deadline), web, time.time, folder / "failed")
            async with sftp.open(replace(side.wire, **wire), tools, {}, frozenset()) as session:
                return [delivery.body for delivery in await session.batch()]

    got: list[bytes] = run(test())
    return got


def refused(folder: Path, **wire: Any) -> Verdict:
    with pytest.raises(Verdict) as caught:
        visit(folder, **wire)
    assert WORD not in "".join(traceback.format_exception(caught.value))
    return caught.value


def known(folder: Path, *keys: asyncssh.SSHKey) -> None:
    place = folder / "home" / ".ssh"
    place.mkdir(parents=True)
    lines = [f"[127.0.0.1]:PORT {key.export_public_key().decode()}" for key in keys]
    (place / "known_hosts").write_text("".join(lines))


def test_the_right_fingerprint_is_believed(tmp_path: Path) -> None:
    assert visit(tmp_path) == [b"<a/>"]


def test_another_fingerprint_is_not_and_what_the_server_shows_is_said(tmp_path: Path) -> None:
    verdict = refused(tmp_path, host_key=OTHER.get_fingerprint())
    assert verdict.reason is Failed.TLS
    assert HOST_KEY.get_fingerprint() in str(verdict)


def test_without_a_fingerprint_an_unknown_host_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, host_key=None).reason is Failed.TLS


def test_without_a_fingerprint_the_users_known_hosts_decide(tmp_path: Path) -> None:
    known(tmp_path, HOST_KEY)
    assert visit(tmp_path, host_key=None) == [b"<a/>"]


def test_a_host_known_by_another_key_is_refused(tmp_path: Path) -> None:
    known(tmp_path, OTHER)
    assert refused(tmp_path, host_key=None).reason is Failed.TLS


def test_a_fingerprint_that_is_given_stands_above_known_hosts(tmp_path: Path) -> None:
    known(tmp_path, HOST_KEY)
    assert refused(tmp_path, host_key=OTHER.get_fingerprint()).reason is Failed.TLS


def test_a_private_key_logs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_bytes(OUR_KEY.export_private_key())
    assert visit(tmp_path, password=None, key=f"file:{tmp_path / 'key'}") == [b"<a/>"]
    monkeypatch.setenv("WIRE_KEY", OUR_KEY.export_private_key().decode())
    assert visit(tmp_path, password=None, key="env:WIRE_KEY") == [b"<a/>"]


def test_a_locked_private_key_is_opened_by_the_password(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(OUR_KEY.export_private_key("pkcs8-pem", WORD))
    assert visit(tmp_path, key=f"file:{tmp_path / 'key'}") == [b"<a/>"]
    for password in (None, "env:WIRE_WRONG"):
        with pytest.raises(SettingsError, match="is locked, and password does not open it"):
            visit(tmp_path, password=password, key=f"file:{tmp_path / 'key'}")


def test_a_file_that_is_no_key_is_a_mistake_that_does_not_tell_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2 is no key")
    with pytest.raises(SettingsError, match="holds no private key") as caught:
        visit(tmp_path, key=f"file:{tmp_path / 'key'}")
    assert "hunter2" not in str(caught.value)


def test_a_key_that_is_not_ours_is_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(OTHER.export_private_key())
    assert refused(tmp_path, password=None, key=f"file:{tmp_path / 'key'}").reason is Failed.FORBIDDEN


def test_the_users_own_keys_and_settings_are_not_used(tmp_path: Path) -> None:
    place = tmp_path / "home" / ".ssh"
    place.mkdir(parents=True)
    (place / "id_ed25519").write_bytes(OUR_KEY.export_private_key())
    (place / "config").write_text("Host *\n  User nobody\n  Port 1\n  StrictHostKeyChecking no\n")
    assert visit(tmp_path) == [b"<a/>"]
    assert refused(tmp_path, password="env:WIRE_WRONG").reason is Failed.FORBIDDEN


@asynccontextmanager
async def stranger(said: bytes, stays: bool) -> AsyncIterator[Wire]:
    """A server that says this and no more."""
    ended = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(said)
            await (reader.read() if stays else writer.drain())
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Wire("w", "sftp", url=f"sftp://127.0.0.1:{port}/", user="a", password="env:WIRE_WORD", host_key="x")
    finally:
        await asyncio.wait_for(ended.wait(), 5)
        server.close()


def met(folder: Path, said: bytes, stays: bool, deadline: float) -> TryLater:
    """What a visit to such a server ends as."""

    async def test() -> TryLater:
        async with stranger(said, stays) as wire, Web(settings()) as web:
            tools = Tools(settings(fetch_deadline=deadline), web, time.time, folder)
            with pytest.raises(TryLater) as caught:
                async with sftp.open(wire, tools, {}, frozenset()):
                    pass
            return caught.value

    verdict: TryLater = run(test())
    return verdict


def test_a_server_that_says_nothing_is_left_at_the_deadline(tmp_path: Path) -> None:
    began = time.monotonic()
    assert met(tmp_path, b"", True, 0.3).reason is Failed.TIMEOUT
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("said", [b"HTTP/1.1 400 No\r\n\r\n", b"SSH-2.0-x\r\n" + b"\0" * 100, b"\xff" * 5000, b""])
@pytest.mark.parametrize("stays", [True, False])
def test_a_server_that_is_no_ssh_server_is_a_verdict(tmp_path: Path, said: bytes, stays: bool) -> None:
    assert met(tmp_path, said, stays, 0.5).reason in (Failed.CONNECT, Failed.PROTOCOL, Failed.TIMEOUT)


def test_what_is_wrong_with_a_wire_is_said() -> None:
    found = sftp.wrong(Wire("w", "sftp", url="ftp://a.example/"))
    assert found == [
        "transport 'sftp' needs a user",
        "url of transport 'sftp' has to begin with sftp://",
        'transport \'sftp\' needs password = "env:NAME" or key = "file:PATH"',
    ]
