"""One request to rude servers: every answer that is not whole becomes a verdict with its reason, soon and small."""

from __future__ import annotations

import asyncio
import gzip
import resource
import socket
import ssl
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import zstandard

from ingest.errors import GiveUp, TryLater, Verdict
from ingest.model import Failed
from ingest.web import HEADERS, Answer, Hop, Web
from tests.loopback import Reply, Site, answer, run, serve, settings

CHUNKED = "Transfer-Encoding: chunked"


def ask(reply: Reply, limit: int = 10_000, cut: bool = False, **headers: str) -> tuple[Answer | Verdict, Site]:
    async def test() -> tuple[Answer | Verdict, Site]:
        async with serve(lambda _: reply) as site, Web(settings(site.allowed)) as client:
            try:
                return await client.get(Hop(site.url(), limit, headers, cut)), site
            except Verdict as error:
                return error, site

    got: tuple[Answer | Verdict, Site] = run(test())
    return got


def answered(reply: Reply, **how: Any) -> Answer:
    got, _ = ask(reply, **how)
    assert isinstance(got, Answer), got
    return got


def refused(reply: Reply, **how: Any) -> Verdict:
    got, _ = ask(reply, **how)
    assert isinstance(got, Verdict), got
    return got


async def flood(head: bytes, part: bytes) -> AsyncIterator[bytes]:
    yield head
    for n in range(1_000_000):
        yield part % n if b"%d" in part else part


def test_a_whole_answer_comes_with_lower_case_joined_headers_and_no_cookies() -> None:
    got = answered(answer(b"hi", "200 OK", "X-A: 1", "x-a: 2", "Set-Cookie: a=b", "Link: \xe9"))
    assert (got.status, got.body) == (200, b"hi")
    assert got.headers == {"x-a": "1, 2", "link": "é", "content-length": "2"}


def test_only_a_success_has_its_body_read() -> None:
    assert answered(answer(b"sorry", "404 Not Found")).body == b""
    assert answered(answer(b"", "304 Not Modified")).status == 304


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"half", "200 OK", "Content-Length: 10"),
        answer(b"hi", "200 OK", "Content-Length: -2"),
        answer(b"hi", "200 OK", "Content-Length: 2", "Content-Length: 3"),
        answer(b"hi", "200 OK", "Content-Length: two"),
        answer(b"zz\r\nhi\r\n0\r\n\r\n", "200 OK", CHUNKED),
        answer(b"5\r\nhi", "200 OK", CHUNKED),
        answer(b"2\r\nhi\r\n", "200 OK", CHUNKED),
        b"no http at all\r\n\r\n",
        b"<html>old</html>",
        b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        b"",
    ],
)
def test_an_answer_that_is_no_http_or_breaks_off_may_be_tried_again(reply: bytes) -> None:
    got = refused(reply)
    assert isinstance(got, TryLater) and got.reason is Failed.PROTOCOL
    assert got.__cause__ is not None


def test_a_reason_is_one_printable_line_whatever_the_other_side_sent() -> None:
    got = refused(b"HTTP/1.1 \x1b[31m\xff\xfe forged\nline\r\n\r\n")
    assert got.detail.isprintable() and got.detail.isascii() and len(got.detail) <= 200


def test_an_odd_charset_or_field_changes_nothing() -> None:
    got = answered(
        answer(b"\xff\xfe", "200 OK", "Content-Type: text/html; charset=idna; charset=\x80", "ETag: \x01\xff")
    )
    assert got.body == b"\xff\xfe"


def test_floods_of_headers_and_cookies_are_refused_with_that_reason() -> None:
    cookies = answer(b"", "200 OK", *(f"Set-Cookie: c{n}=x" for n in range(10_000)))
    line = b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000
    endless = flood(b"HTTP/1.1 200 OK\r\n", b"X-%d: y\r\n")
    trailers = flood(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n", b"X-%d: y\r\n")
    for reply in (cookies, line, endless, trailers, flood(line, b"a" * 1000)):
        got = refused(reply)
        assert isinstance(got, GiveUp) and got.reason is Failed.TOO_LARGE, got
    usual = answer(b"hi", "200 OK", *(f"Set-Cookie: c{n}=x" for n in range(HEADERS - 20)), "X: " + "p" * 9000)
    assert answered(usual).body == b"hi"


def test_no_cookie_is_kept_or_sent() -> None:
    async def test() -> None:
        async with serve(lambda _: answer(b"", "200 OK", "Set-Cookie: who=me; Path=/")) as site:
            async with Web(settings("localhost")) as client:
                for _ in range(3):
                    await client.get(Hop(site.url(host="localhost"), 10))
            assert len(site.asked) == 3
            assert not any("cookie" in head.lower() for head in site.asked)

    run(test())


def test_we_say_who_we_are_what_we_can_decode_and_send_the_address_as_it_is() -> None:
    async def test() -> None:
        async with serve(lambda _: answer()) as site, Web(settings(site.allowed, user_agent="Desk/2 (+x)")) as client:
            await client.get(Hop(site.url("/a%2Cb%27/%7Ec;d?q=%27%3A+e%zz|f"), 10, {"Accept": "text/html"}))
            head = site.asked[0]
        assert head.startswith("GET /a%2Cb%27/%7Ec;d?q=%27%3A+e%zz|f HTTP/1.1\r\n")
        fields = dict(line.split(": ", 1) for line in head.lower().splitlines()[1:] if line)
        assert fields["user-agent"] == "desk/2 (+x)"
        assert fields["accept"] == "text/html"
        assert fields["accept-encoding"].startswith("gzip, deflate, zstd")

    run(test())


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "deflate", "zstd"])
def test_a_coded_body_is_decoded_and_a_cut_one_refused_though_its_length_agrees(name: str) -> None:
    data = {"deflate": zlib.compress, "zstd": zstandard.compress}.get(name, gzip.compress)(b"story " * 900)
    coding = f"Content-Encoding: {name}"
    assert answered(answer(data, "200 OK", coding)).body == b"story " * 900
    got = refused(answer(data[: len(data) // 2], "200 OK", coding))
    assert isinstance(got, TryLater) and got.reason is Failed.ENCODING
    assert "cut short" in got.detail


def test_codings_we_do_not_know_are_refused_by_name() -> None:
    for field in ("Content-Encoding: rot13", "Content-Encoding: gzip, rot13"):
        got = refused(answer(gzip.compress(b"x"), "200 OK", field))
        assert got.reason is Failed.ENCODING and "'rot13'" in got.detail
    got = refused(answer(b"1\r\nx\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: gzip, chunked"))
    assert got.reason is Failed.ENCODING and "gzip" in got.detail


def test_a_bomb_or_an_endless_body_is_refused_without_growing() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = zlib.compressobj(9, wbits=31)
    data = b"".join(bomb.compress(bytes(10**6)) for _ in range(200)) + bomb.flush()
    endless = flood(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000)
    chunks = flood(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n")
    nested = answer(gzip.compress(data), "200 OK", "Content-Encoding: gzip, gzip")
    for reply in (answer(data, "200 OK", "Content-Encoding: gzip"), nested, endless, chunks):
        got = refused(reply, limit=500_000)
        assert isinstance(got, GiveUp) and got.reason is Failed.TOO_LARGE, got
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # kilobytes


def test_a_body_over_the_limit_can_be_cut_instead() -> None:
    assert answered(answer(b"a" * 900), limit=100, cut=True).body == b"a" * 100
    coded = answer(gzip.compress(b"ab" * 90_000), "200 OK", "Content-Encoding: gzip")
    assert answered(coded, limit=100_001, cut=True).body == b"ab" * 50_000 + b"a"


def test_nobody_there_no_name_and_no_tls_have_reasons_of_their_own() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"no handshake"))
        writer.close()

    async def test() -> list[Verdict]:
        found: list[Verdict] = []
        async with serve(lambda _: b"") as site:
            gone = site.url()
        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        https = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with Web(settings("127.0.0.1")) as client:
            for url in (gone, "http://no-such-name.invalid/", https):
                try:
                    await client.get(Hop(url, 10))
                except Verdict as error:
                    found.append(error)
        server.close()
        return found

    assert [error.reason for error in run(test())] == [Failed.CONNECT, Failed.DNS, Failed.TLS]


def test_an_untrusted_certificate_is_a_matter_of_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with serve(lambda _: answer()) as site, Web(settings(site.allowed)) as client:
            error = ssl.SSLCertVerificationError(1, "self-signed certificate")
            loop = asyncio.get_running_loop()

            async def shake(*_: Any, sock: socket.socket, **__: Any) -> Any:
                sock.close()
                raise error

            monkeypatch.setattr(loop, "create_connection", shake)
            with pytest.raises(TryLater) as caught:
                await client.get(Hop(site.url().replace("http:", "https:"), 10))
            assert caught.value.reason is Failed.TLS

    run(test())


def test_something_unforeseen_is_a_verdict_that_keeps_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: Any, **__: Any) -> Any:
        raise KeyError("who would have thought")

    monkeypatch.setattr(aiohttp.ClientSession, "request", burst)
    got = refused(answer())
    assert isinstance(got, TryLater) and got.reason is Failed.PROTOCOL
    assert isinstance(got.__cause__, KeyError)


def test_three_hundred_requests_run_side_by_side() -> None:
    async def slow() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.3)
        yield answer(b"done")

    async def test() -> None:
        async with serve(lambda _: slow()) as site, Web(settings(site.allowed)) as client:
            got = await asyncio.gather(*(client.get(Hop(site.url(f"/{n}"), 10)) for n in range(300)))
            assert {one.body for one in got} == {b"done"}

    run(test(), seconds=10)
