"""A whole fetch: redirects hop by hop, secrets that stay at home, one deadline, and what each status means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from ingest.errors import GiveUp, TryLater, Verdict
from ingest.fetch import REDIRECTS, Ask, fetch
from ingest.model import Failed, Fetched
from ingest.web import Web
from tests.loopback import Reply, answer, canary, moved, no_wait, run, serve, settings


async def get(client: Web, url: str, **how: Any) -> Fetched | Verdict:
    try:
        return await fetch(client, Ask(url, **{"limit": 10_000, "deadline": 5.0, **how}), no_wait)
    except Verdict as error:
        return error


def ask(respond: Callable[[str], Reply], path: str = "/", **how: Any) -> Fetched | Verdict:
    async def test() -> Fetched | Verdict:
        async with serve(respond) as site, Web(settings(site.allowed)) as client:
            return await get(client, site.url(path), **how)

    got: Fetched | Verdict = run(test())
    return got


def pages(**replies: bytes) -> Callable[[str], bytes]:
    return lambda path: replies[path.strip("/") or "root"]


def test_a_chain_is_followed_and_told_hop_by_hop() -> None:
    site = pages(root=moved("/b", "301 Moved"), b=moved("c?utm_source=x#top", "308 Gone On"), c=answer(b"here"))
    got = ask(site)
    assert isinstance(got, Fetched) and got.body == b"here"
    assert [url.partition("1:")[2].lstrip("0123456789") for url in got.hops] == ["/", "/b", "/c"]
    assert got.url == got.hops[-1] == got.permanent


@pytest.mark.parametrize(
    ("chain", "believed"),
    [("301 302", 1), ("302 301", 0), ("308 301 307", 2), ("303", 0), ("", 0), ("301 301 301", 3)],
)
def test_only_the_leading_permanent_part_of_a_chain_is_believed(chain: str, believed: int) -> None:
    codes = chain.split()

    def respond(path: str) -> bytes:
        n = int(path.strip("/"))
        return moved(f"/{n + 1}", f"{codes[n]} Moved") if n < len(codes) else answer(b"end")

    got = ask(respond, "/0")
    assert isinstance(got, Fetched)
    assert (got.permanent or "/0").endswith(f"/{believed}")
    assert (got.permanent is None) is (believed == 0)


def test_ten_redirects_are_followed_and_eleven_are_not() -> None:
    for wanted, ends in ((REDIRECTS, True), (REDIRECTS + 1, False)):
        got = ask(
            lambda path, last=wanted: moved(f"/{int(path[1:]) + 1}") if int(path[1:]) < last else answer(b"end"), "/0"
        )
        assert isinstance(got, Fetched) is ends
    assert isinstance(got, TryLater) and got.reason is Failed.REDIRECTS


@pytest.mark.parametrize(
    "reply", [moved("/"), moved("#again"), answer(b"", "302 Found"), answer(b"", "301 Moved", "Location:  ")]
)
def test_a_circle_or_a_redirect_to_nowhere_is_refused_at_once(reply: bytes) -> None:
    asked: list[str] = []
    got = ask(lambda path: asked.append(path) or reply)  # type: ignore[func-returns-value]
    assert isinstance(got, TryLater) and got.reason is Failed.REDIRECTS
    assert asked == ["/"]


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "ftp://127.0.0.1/x",
        "javascript:alert(1)",
        "data:,x",
    ],
)
def test_other_schemes_end_the_chain_at_any_hop(to: str) -> None:
    for site in (pages(root=moved(to)), pages(root=moved("/b"), b=moved(to))):
        got = ask(site)
        assert isinstance(got, GiveUp) and got.reason is Failed.BAD_URL
    got = run(get(Web(settings()), to))
    assert isinstance(got, GiveUp) and got.reason is Failed.BAD_URL


INSIDE = """
http://127.0.0.1:{0}/ http://[::1]:{0}/ http://2130706433:{0}/ //127.1:{0}/ http://a@0:{0}/ http://localhost:{0}/
http://[::ffff:7f00:1]:{0}/ http://127。0。0。1:{0}/ http:\\\\127.0.0.1:{0}/
"""


FEED = {"accept": "application/rss+xml", "etag": '"v1"', "headers": {"X-Key": "k"}}
PAGE = {"accept": "text/html", "limit": 1_000_000}


@pytest.mark.parametrize("depth", [0, 1, 4])
@pytest.mark.parametrize("status", ["301 Moved", "307 Temporary"])
@pytest.mark.parametrize("how", [FEED, PAGE])
def test_no_hop_of_a_chain_leads_inside(depth: int, status: str, how: dict[str, Any]) -> None:
    async def test() -> None:
        async with canary() as bird:
            for target in INSIDE.split():
                to = target.format(bird.port)

                def respond(path: str, to: str = to) -> bytes:
                    n = int(path[1:])
                    return moved(to.encode().decode("latin-1") if n == depth else f"/{n + 1}", status)

                async with serve(respond) as site, Web(settings(site.allowed)) as client:
                    got = await get(client, site.url("/0"), **how)
                    assert isinstance(got, Verdict), (to, got)
                    got = await get(client, to, **how)
                    assert isinstance(got, GiveUp | TryLater), (to, got)
                    assert got.reason in (Failed.ADDRESS, Failed.BAD_URL, Failed.REDIRECTS, Failed.NOT_FOUND), (to, got)
            assert bird.connections == 0

    run(test())


def test_every_hop_but_the_first_waits_for_admission_and_the_wait_is_free() -> None:
    async def test() -> None:
        admitted: list[str] = []

        async def admit(host: str) -> None:
            admitted.append(host)
            await asyncio.sleep(0.4)

        async with (
            serve(pages(b=moved("/c"), c=answer(b"x"))) as second,
            serve(lambda _: moved(second.url("/b"))) as first,
            Web(settings("127.0.0.1")) as client,
        ):
            got = await fetch(client, Ask(first.url(), 100, 0.7), admit)
        assert got.body == b"x"
        assert admitted == [f"127.0.0.1:{second.port}"] * 2

    run(test())


async def drip(head: bytes, part: bytes) -> AsyncIterator[bytes]:
    yield head
    while True:
        await asyncio.sleep(0.02)
        yield part


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"HTTP", b""),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_server_that_drips_is_left_at_the_deadline(head: bytes, part: bytes) -> None:
    began = time.monotonic()
    got = ask(lambda _: drip(head, part), deadline=0.4)
    assert isinstance(got, TryLater) and got.reason is Failed.TIMEOUT
    assert 0.3 < time.monotonic() - began < 2


def test_one_deadline_stands_around_all_hops() -> None:
    async def slow(path: str) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.15)
        yield moved(f"/{int(path[1:]) + 1}")

    began = time.monotonic()
    got = ask(slow, "/0", deadline=0.5)
    assert isinstance(got, TryLater) and got.reason is Failed.TIMEOUT
    assert time.monotonic() - began < 1.2


def seen(heads: list[str], name: str) -> list[str]:
    """The values of one field in each request that was sent."""
    fields = [dict(line.split(": ", 1) for line in head.lower().splitlines()[1:] if line) for head in heads]
    return [one.get(name, "") for one in fields]


def test_secrets_go_to_the_host_they_were_given_for_and_to_no_other() -> None:
    async def test() -> None:
        hops: dict[str, bytes] = {}
        async with (
            serve(lambda path: hops.get(path, answer(b"end"))) as home,
            serve(lambda _: moved(home.url("/back"))) as away,
        ):
            hops["/"], hops["/same"] = moved("/same"), moved(away.url())
            async with Web(settings("127.0.0.1")) as client:
                url = home.url().replace("http://", "http://us%40er:pa%3Ass@")
                got = await get(client, url, headers={"X-Key": "secret"}, etag='"v1"')
                assert isinstance(got, Fetched) and len(got.hops) == 4
                assert seen(home.asked, "x-key") == ["secret", "secret", ""]
                assert seen(home.asked, "authorization") == ["basic dxnazxi6cge6c3m=", "basic dxnazxi6cge6c3m=", ""]
                assert seen(away.asked, "x-key") == seen(away.asked, "authorization") == [""]
                assert "pa%3A" not in "".join(got.hops)
                await get(client, away.url(), headers={"X-Key": "secret"}, home=home.url())  # moved for good since
                assert seen(away.asked, "x-key") == ["", ""]

    run(test())


def test_secrets_are_not_sent_without_encryption_where_they_were_given_for_it() -> None:
    async def test() -> None:
        async with serve(lambda _: answer()) as site, Web(settings("127.0.0.1")) as client:
            home = site.url().replace("http:", "https:")
            await get(client, site.url(), headers={"Authorization": "Bearer x"}, home=home)
            assert seen(site.asked, "authorization") == [""]

    run(test())


def test_conditions_are_sent_and_a_304_is_an_answer_to_them_only() -> None:
    async def test() -> None:
        async with serve(lambda _: answer(b"", "304 Not Modified")) as site, Web(settings(site.allowed)) as client:
            got = await get(client, site.url(), etag='W/"a b"', modified="Mon, 01 Jan 2024 00:00:00 GMT")
            assert isinstance(got, Fetched) and got.status == 304
            assert seen(site.asked, "if-none-match") == ['w/"a b"']
            assert seen(site.asked, "if-modified-since") == ["mon, 01 jan 2024 00:00:00 gmt"]
            got = await get(client, site.url())
            assert isinstance(got, TryLater) and got.reason is Failed.STATUS

    run(test())


@pytest.mark.parametrize("poison", ['"\xff"', '"a\x01"', '"a\r\nX-Evil: 1"', '"\ud800"', "\n", "x" * 5000, ""])
def test_a_poisoned_validator_is_dropped_and_the_feed_lives(poison: str) -> None:
    async def test() -> None:
        async with serve(lambda _: answer(b"alive")) as site, Web(settings(site.allowed)) as client:
            got = await get(client, site.url(), etag=poison, modified=poison)
            assert isinstance(got, Fetched) and got.body == b"alive"
            assert "if-none-match" not in site.asked[0].lower() and "x-evil" not in site.asked[0].lower()

    run(test())
