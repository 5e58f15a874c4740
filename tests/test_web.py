"""The choke point: nothing but public or allowed addresses is connected to, whatever the address looks like."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from ingest import web
from ingest.address import public
from ingest.errors import GiveUp, TryLater, Verdict
from ingest.links import clean
from ingest.model import Failed
from ingest.web import Answer, Hop, Refused, Web, basic
from tests.loopback import answer, canary, run, serve, settings

FAR = "93.184.215.14"  # public; never really dialled here
SPELLINGS = """
127.0.0.1 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 017700000001 127.0.0.1.
[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::1]
[2001:0:7f00:1::80ff:fffe] [0:0:0:0:0:0:0:1] localhost LOCALHOST localhost.
127。0。0。1 １２７.0.0.1 ①②⑦.0.0.1 127．0．0．1 8.8.8.8@127.0.0.1 8.8.8.8:80@127.0.0.1 127.0.0.1%00.example
"""


async def outcome(client: Web, url: str, limit: int = 10_000) -> Answer | Verdict:
    """What one request for an address as somebody wrote it ends as; anything but a verdict is let through."""
    try:
        async with asyncio.timeout(5):
            return await client.get(Hop(clean(url), limit))
    except Verdict as error:
        return error


class Dialled(socket.socket):
    """A socket that notes whom it is to call and calls nobody but loopback."""

    calls: list[str]

    def connect(self, address: Any) -> None:
        self.calls.append(address[0])
        if public(address[0]):
            raise ConnectionRefusedError(111, "refused")
        super().connect(address)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    monkeypatch.setattr(Dialled, "calls", calls, raising=False)
    monkeypatch.setattr(socket, "socket", Dialled)
    return calls


def answers(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> None:
    """Make the system's resolver give these addresses, one list a look-up, the last one for ever."""
    left = list(rounds)

    def look_up(host: str, port: int, *_: Any) -> list[Any]:
        ips = left.pop(0) if len(left) > 1 else left[0]
        kinds = [(socket.AF_INET6, (ip, port, 0, 0)) if ":" in ip else (socket.AF_INET, (ip, port)) for ip in ips]
        return [(kind, socket.SOCK_STREAM, 6, "", to) for kind, to in kinds]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("guard", ["whole", "without the look at literals"])
def test_no_spelling_of_a_local_address_is_connected_to(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if guard != "whole":
        monkeypatch.setattr(web, "literal", lambda host: "")

    async def test() -> None:
        async with canary() as bird, Web(settings()) as client:
            for host in SPELLINGS.split():
                got = await outcome(client, f"http://{host}:{bird.port}/")
                assert isinstance(got, Verdict) and got.reason in (Failed.ADDRESS, Failed.BAD_URL, Failed.DNS), (
                    host,
                    got,
                )
            assert bird.connections == 0
        async with canary() as bird, Web(settings("127.0.0.1")) as client:  # the bird does sing
            assert isinstance(await outcome(client, bird.url()), Answer)
            assert bird.connections == 1

    run(test())


def test_the_check_stands_at_the_socket_itself() -> None:
    for target in (("127.0.0.1", 80), ("::ffff:127.0.0.1", 80, 0, 0), ("10.0.0.1", 80), ("2606:4700::1", 80, 0, 3)):
        with pytest.raises(Refused):
            web._socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", target))
    web._socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (FAR, 80))).close()


@pytest.mark.parametrize(
    "ips", [["127.0.0.1"], ["10.1.2.3"], ["::1"], ["::ffff:127.0.0.1"], ["169.254.169.254", "fe80::1"]]
)
def test_a_name_that_leads_inside_is_not_connected_to(
    ips: list[str], monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    async def test() -> None:
        async with canary() as bird, Web(settings()) as client:
            answers(monkeypatch, ips)
            got = await outcome(client, f"http://rebound.example:{bird.port}/")
            assert isinstance(got, TryLater) and got.reason is Failed.ADDRESS
            assert ips[0] in got.detail
            assert (bird.connections, dialled) == (0, [])

    run(test())


def test_of_a_mixed_answer_only_the_public_part_is_dialled(monkeypatch: pytest.MonkeyPatch, dialled: list[str]) -> None:
    async def test() -> None:
        async with canary() as bird, Web(settings()) as client:
            answers(monkeypatch, ["127.0.0.1", FAR, "::1", "10.0.0.8"])
            got = await outcome(client, f"http://mixed.example:{bird.port}/")
            assert isinstance(got, TryLater) and got.reason is Failed.CONNECT
            assert (bird.connections, set(dialled)) == (0, {FAR})

    run(test())


@pytest.mark.parametrize("cached", [True, False])
def test_a_name_that_changes_between_look_up_and_connect_gains_nothing(
    cached: bool, monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    monkeypatch.setattr(web, "_NAME_AGE", 60 if cached else 0)

    async def test() -> None:
        async with canary() as bird, Web(settings()) as client:
            for rounds in ([[FAR], ["127.0.0.1"]], [["127.0.0.1"], [FAR]], [[FAR, "127.0.0.1"], ["127.0.0.1", FAR]]):
                answers(monkeypatch, *rounds)
                for n in range(4):
                    await outcome(client, f"http://flips{n % 2}.example:{bird.port}/")
            assert bird.connections == 0
            assert set(dialled) == {FAR}

    run(test())


def test_an_allowed_host_is_reached_by_its_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with canary() as bird:
            answers(monkeypatch, ["127.0.0.1"])
            async with Web(settings(f"wire.corp.example:{bird.port}", "*.lab.example", "intranet.example")) as client:
                for host in ("wire.corp.example", "a.lab.example", "intranet.example", "INTRANET.example."):
                    got = await outcome(client, f"http://{host}:{bird.port}/")
                    assert isinstance(got, Answer) and got.body == b"touched"
                before = bird.connections
                for host in ("www.corp.example", "lab.example", "127.0.0.1", "wire.corp.example.evil.example"):
                    got = await outcome(client, f"http://{host}:{bird.port}/")
                    assert isinstance(got, Verdict) and got.reason is Failed.ADDRESS, got
            async with Web(settings(f"wire.corp.example:{bird.port + 1}")) as client:
                got = await outcome(client, f"http://wire.corp.example:{bird.port}/")
                assert isinstance(got, Verdict) and got.reason is Failed.ADDRESS
            assert bird.connections == before

    run(test())


def test_a_name_inside_may_be_tried_again_but_a_number_may_not() -> None:
    async def test() -> None:
        async with Web(settings()) as client:
            assert isinstance(await outcome(client, "http://localhost/"), TryLater)
            assert isinstance(await outcome(client, "http://127.0.0.1/"), GiveUp)

    run(test())


def test_a_proxy_is_asked_for_everything_with_its_password_and_numbers_inside_are_still_refused() -> None:
    async def test() -> None:
        async with canary() as bird, serve(lambda _: answer(b"by proxy")) as proxy:
            given = settings(proxy=f"http://user:p%40ss@127.0.0.1:{proxy.port}")
            async with Web(given) as client:
                got = await outcome(client, "http://news.example/a")
                assert isinstance(got, Answer) and got.body == b"by proxy"
                assert proxy.asked[0].startswith("GET http://news.example/a HTTP/1.1")
                assert basic("http://user:p%40ss@x") == "Basic dXNlcjpwQHNz"
                assert "Proxy-Authorization: Basic dXNlcjpwQHNz" in proxy.asked[0]
                got = await outcome(client, bird.url())
                assert isinstance(got, GiveUp) and got.reason is Failed.ADDRESS
                got = await outcome(client, "https://news.example/a")  # what comes back is no tunnel
                assert isinstance(got, TryLater)
                assert "p%40ss" not in str(got) and "dXNl" not in str(got)
            assert bird.connections == 0

    run(test())


def test_the_environment_does_not_choose_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with canary() as bird, serve(lambda _: answer(b"straight")) as site:
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, bird.url())
            async with Web(settings(site.allowed)) as client:
                got = await outcome(client, site.url())
                assert isinstance(got, Answer) and got.body == b"straight"
            assert bird.connections == 0

    run(test())
