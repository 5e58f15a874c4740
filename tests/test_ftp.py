"""FTP: with and without MLSD and TLS, and with servers that lie, ramble or stop."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.wires import Wire
from ingest.errors import TryLater, Verdict
from ingest.model import Failed
from ingest.transport import Delivery, Tools
from ingest.transports import ftp
from ingest.transports.parts import ftp as talk
from ingest.transports.parts import remote
from ingest.web import Web
from tests.agency import ENVIRONMENT, USER, WORD, settled
from tests.ftpd import COMMANDS, running
from tests.loopback import run, settings


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(remote, "SETTLE", 0.05)


def visit(wire: Wire, folder: Path, trust: ssl.SSLContext | None = None, deadline: float = 5) -> list[Delivery]:
    """Accept all there is."""

    async def test() -> list[Delivery]:
        async with Web(settings()) as web:
            web.trust = trust or web.trust
            tools = Tools(settings(fetch_deadline=deadline), web, time.time, folder / "failed")
            got: list[Delivery] = []
            async with ftp.open(wire, tools, {}, frozenset()) as session:
                while batch := await session.batch():
                    got += batch
                    for delivery in batch:
                        await session.accept(delivery)
            return got

    found: list[Delivery] = run(test(), 40)
    return found


def wire(port: int, scheme: str = "ftp", **more: Any) -> Wire:
    given = {"user": USER, "password": "env:WIRE_WORD", **more}
    return Wire("drop", "ftp", url=f"{scheme}://127.0.0.1:{port}/", **given)


def never() -> bool:
    return False


# --- kinds of servers ---


def test_a_server_without_mlsd_is_read_by_its_listing(tmp_path: Path) -> None:
    few = {name: said for name, said in COMMANDS.items() if name not in ("MLSD", "MLST")}
    settled(tmp_path / "b c.xml", b"<b/>", 2)
    settled(tmp_path / "a.xml", b"<a/>", 1)
    with running(tmp_path, USER, WORD, never, proto_cmds=few) as port:
        assert {d.body for d in visit(wire(port), tmp_path)} == {b"<a/>", b"<b/>"}
        visit(wire(port, done="move:taken"), tmp_path)
        assert sorted(p.name for p in (tmp_path / "taken").iterdir()) == ["a.xml", "b c.xml"]
        settled(tmp_path / "a.xml", b"<c/>", 3)
        visit(wire(port, done="delete"), tmp_path)
        assert not (tmp_path / "a.xml").exists()


def test_without_a_user_the_login_is_anonymous(tmp_path: Path) -> None:
    settled(tmp_path / "a.xml", b"<a/>", 1)
    with running(tmp_path, USER, WORD, never) as port:
        assert len(visit(wire(port, user=None, password=None), tmp_path)) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "pair.pem"
    words = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*words) + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_over_tls_both_lines_are_encrypted(tmp_path: Path, certificate: Path) -> None:
    settled(tmp_path / "a.xml", b"<a/>" * 50_000, 1)
    strict = {"tls_control_required": True, "tls_data_required": True}
    with running(tmp_path, USER, WORD, never, certificate, **strict) as port:
        trust = ssl.create_default_context(cafile=str(certificate))
        (got,) = visit(wire(port, "ftps", done="delete"), tmp_path, trust)
        assert got.body == b"<a/>" * 50_000 and not (tmp_path / "a.xml").exists()


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_login(tmp_path: Path, certificate: Path) -> None:
    with running(tmp_path, USER, WORD, never, certificate) as port:
        with pytest.raises(TryLater) as caught:
            visit(wire(port, "ftps"), tmp_path)
        assert caught.value.reason is Failed.TLS


def test_a_server_without_tls_is_not_talked_to_without_it(tmp_path: Path) -> None:
    with running(tmp_path, USER, WORD, never) as port, pytest.raises(TryLater) as caught:
        visit(wire(port, "ftps"), tmp_path)
    assert caught.value.reason in (Failed.TLS, Failed.PROTOCOL)


def test_a_server_that_wants_tls_says_so(tmp_path: Path, certificate: Path) -> None:
    with (
        running(tmp_path, USER, WORD, never, certificate, tls_control_required=True) as port,
        pytest.raises(TryLater) as caught,
    ):
        visit(wire(port), tmp_path)
    assert caught.value.reason is not Failed.BUG


# --- bad servers ---


@contextmanager
def saying(
    answer: Callable[[str, StreamRequestHandler], bytes | None], welcome: bytes = b"220 hi\r\n"
) -> Iterator[int]:
    """A server that answers each command as told; None ends the connection."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.wfile.write(welcome)
                for line in self.rfile:
                    said = answer(line.decode("latin-1").strip(), self)
                    if said is None:
                        return
                    self.wfile.write(said)

    class Server(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


USUAL = {
    "USER": b"331 word?\r\n",
    "PASS": b"230 in\r\n",
    "OPTS": b"200 ok\r\n",
    "TYPE": b"200 ok\r\n",
    "CWD": b"250 ok\r\n",
}


def failing(answer: Callable[[str, StreamRequestHandler], bytes | None], folder: Path, **how: Any) -> Verdict:
    def first(line: str, handler: StreamRequestHandler) -> bytes | None:
        said = answer(line, handler)
        return USUAL.get(line.partition(" ")[0], b"502 no\r\n") if said == b"" else said

    welcome = {"welcome": how.pop("welcome")} if "welcome" in how else {}
    with saying(first, **welcome) as port, pytest.raises(Verdict) as caught:
        visit(wire(port), folder, **how)
    assert WORD not in "".join(traceback.format_exception(caught.value))
    return caught.value


def test_a_server_that_sends_us_elsewhere_is_not_followed(tmp_path: Path) -> None:
    called: list[object] = []
    with ThreadingTCPServer(("127.0.0.2", 0), lambda *given: called.append(given)) as elsewhere:  # type: ignore[arg-type]
        threading.Thread(target=elsewhere.serve_forever, args=(0.02,), daemon=True).start()
        port = elsewhere.server_address[1]
        pasv = f"227 Entering (127,0,0,2,{port // 256},{port % 256})\r\n".encode()
        verdict = failing(lambda line, _: pasv if line == "PASV" else b"", tmp_path)
        elsewhere.shutdown()
    assert verdict.reason is Failed.CONNECT and called == []


def test_a_reply_without_end_is_left(tmp_path: Path) -> None:
    endless = b"230-" + b"word\r\n" * 5000
    verdict = failing(lambda line, _: endless if line.startswith("PASS") else b"", tmp_path)
    assert verdict.reason is Failed.PROTOCOL and "more than" in str(verdict)


@pytest.mark.parametrize(
    "welcome", [b"", b"220 " + b"x" * 100_000, b"HTTP/1.1 400 no\r\n", b"\xff\xfe\r\n", b"421 busy\r\n"]
)
def test_a_welcome_that_is_none_is_a_verdict(tmp_path: Path, welcome: bytes) -> None:
    assert failing(lambda *_: b"", tmp_path, welcome=welcome, deadline=0.5).reason in (
        Failed.PROTOCOL,
        Failed.TIMEOUT,
        Failed.CONNECT,
    )


def test_a_server_that_drips_is_left_at_the_deadline(tmp_path: Path) -> None:
    def drip(line: str, handler: StreamRequestHandler) -> bytes:
        if line.startswith("PASS"):
            for _ in range(100):
                time.sleep(0.1)
                handler.wfile.write(b"230-x\r\n")
        return b""

    began = time.monotonic()
    assert failing(drip, tmp_path, deadline=0.6).reason is Failed.TIMEOUT
    assert time.monotonic() - began < 5


def test_a_password_that_the_server_repeats_is_not_told(tmp_path: Path) -> None:
    verdict = failing(lambda line, _: f"530 {line}\r\n".encode() if line.startswith("PASS") else b"", tmp_path)
    assert verdict.reason is Failed.FORBIDDEN and "530 PASS ..." in str(verdict)


def test_a_connection_that_ends_at_the_login_is_a_verdict(tmp_path: Path) -> None:
    assert failing(lambda line, _: None if line.startswith("USER") else b"", tmp_path).reason in (
        Failed.PROTOCOL,
        Failed.CONNECT,
    )


def test_a_listing_without_end_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "LISTING", 1000)
    for n in range(40):
        settled(tmp_path / f"{n}.xml", b"<a/>", n)
    with running(tmp_path, USER, WORD, never) as port, pytest.raises(TryLater, match="more than 1000 bytes"):
        visit(wire(port), tmp_path)


def test_no_command_holds_a_line_break() -> None:
    one = talk.Talk()
    with pytest.raises(ValueError, match="more than one line"):
        one.putline("RETR a\r\nDELE b")


def test_a_visit_that_is_cancelled_leaves_no_thread_behind(tmp_path: Path) -> None:
    async def test(port: int) -> None:
        async with Web(settings()) as web:
            tools = Tools(settings(fetch_deadline=30), web, time.time, tmp_path)

            async def go() -> None:
                async with ftp.open(wire(port), tools, {}, frozenset()):
                    pass

            task = asyncio.create_task(go())
            await asyncio.sleep(0.3)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    began = time.monotonic()
    with saying(lambda *_: b"", welcome=b"") as port:
        run(test(port))  # ends only when the executor's threads have ended
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"url": "sftp://a.example/"}, "url of transport 'ftp' has to begin with ftp:// or ftps://"),
        ({"user": "me"}, "user and password belong together"),
        ({"url": "ftps://a.example:990/out"}, "TLS from the first byte"),
        ({"host_key": "x"}, "host_key means nothing to transport 'ftp'"),
    ],
)
def test_what_is_wrong_with_a_wire_is_said(more: dict[str, Any], said: str) -> None:
    assert any(said in line for line in ftp.wrong(Wire("w", "ftp", **{"url": "ftp://a.example/", **more})))
