"""Wires over HTTP: cursors, lists that end, validators, and that neither secrets nor requests leave the named hosts."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SettingsError
from config.wires import Wire
from ingest.errors import GiveUp, TryLater, Verdict
from ingest.model import Failed, Fetched
from ingest.transport import Delivery, Tools
from ingest.transports import http
from ingest.web import Hop, Web
from tests.agency import Answer, Request, Server, as_json, serving
from tests.loopback import run, settings

KEY = "hunter2-key"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRE_KEY", KEY)


@dataclass
class Reader:
    """Visits as the service does."""

    wire: Wire
    web: Web
    state: dict[str, str] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    most: int = 200
    limit: int = 5_000_000
    wait: float = 0.0
    listed: int = -1
    stop_after: int = 0  # messages, then the process dies

    def tools(self) -> Tools:
        given = settings(fetch_deadline=3, min_interval=60)
        return Tools(given, self.web, time.time, Path("/nowhere"), self.most, self.limit)

    async def visit(self) -> list[str]:
        got: list[str] = []
        async with http.open(self.wire, self.tools(), self.state, frozenset(self.marks)) as session:
            while batch := await session.batch():
                for delivery in batch:
                    got.append(named(delivery))
                    self.marks |= {delivery.mark} - {""}
                    await session.accept(delivery)
                    if len(got) == self.stop_after:
                        return got
                self.state = {**self.state, **session.state()}
            self.state = {**self.state, **session.state()}
            listed = session.listed()
            self.listed = len(listed) if listed is not None else -1
            self.wait = session.wait()
        return got

    async def more(self, url: str) -> bytes:
        async with http.open(self.wire, self.tools(), {}, frozenset()) as session:
            return await session.more(url)


def named(delivery: Delivery) -> str:
    try:
        return str(json.loads(delivery.body)["id"])
    except ValueError:
        return delivery.body.decode()


@asynccontextmanager
async def reading(
    respond: Callable[[Request], Answer], path: str = "/feed", **wire: Any
) -> AsyncIterator[tuple[Reader, Server]]:
    async with serving(respond) as server, Web(settings()) as web:
        one = Wire("w", "http", url=server.url(path), headers={"x-api-key": "env:WIRE_KEY"})
        yield Reader(replace(one, **wire), web), server


def ids(*names: object) -> list[dict[str, str]]:
    return [{"id": str(name)} for name in names]


# --- a document ---


def test_a_document_comes_once_until_it_changes() -> None:
    async def test() -> None:
        text = [b"<nitf>1</nitf>"]
        async with reading(lambda _: (200, {}, text[0])) as (reader, _):
            assert [await reader.visit() for _ in range(3)] == [["<nitf>1</nitf>"], [], []]
            text[0] = b"<nitf>2</nitf>"
            assert [await reader.visit() for _ in range(2)] == [["<nitf>2</nitf>"], []]
            assert reader.wait == 60

    run(test())


def test_validators_are_sent_back_once_what_they_stand_for_is_accepted() -> None:
    async def test() -> None:
        def respond(request: Request) -> Answer:
            if request.headers.get("if-none-match") == '"v1"':
                return 304, {}, b""
            return as_json(ids(1, 2), ETag='"v1"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT")

        async with reading(respond) as (reader, server):
            reader.stop_after = 1
            assert await reader.visit() == ["1"]
            reader.stop_after = 0
            assert await reader.visit() == ["2"]
            assert await reader.visit() == []
            sent = [request.headers.get("if-none-match") for request in server.asked]
            assert sent == [None, None, '"v1"']
            assert server.asked[2].headers["if-modified-since"].startswith("Mon")
            assert reader.listed == 2, "a 304 says that everything is still there"

    run(test())


def test_a_wire_whose_address_changed_begins_anew() -> None:
    async def test() -> None:
        def respond(request: Request) -> Answer:
            return as_json(ids(1), ETag='"v1"')

        async with reading(respond) as (reader, server):
            await reader.visit()
            reader.wire = replace(reader.wire, url=server.url("/other"))
            await reader.visit()
            assert server.asked[-1].path == "/other" and "if-none-match" not in server.asked[-1].headers

    run(test())


# --- a cursor ---


@dataclass
class Endless:
    """A feed that always names a next page."""

    server: Server | None = None
    entries: list[int] = field(default_factory=list)

    def respond(self, request: Request) -> Answer:
        assert self.server
        start = int(request.query.get("seq", ["0"])[0])
        if start > len(self.entries):
            return 410, {}, b""
        batch = self.entries[start : start + 2]
        return as_json({"data": {"items": ids(*batch), "next_page": f"/feed?seq={start + len(batch)}"}})


@asynccontextmanager
async def endless(count: int) -> AsyncIterator[tuple[Reader, Endless]]:
    feed = Endless(entries=list(range(count)))
    async with reading(feed.respond) as (reader, feed.server):
        yield reader, feed


def test_a_cursor_goes_on_where_it_was_and_asks_no_page_twice() -> None:
    async def test() -> None:
        async with endless(5) as (reader, feed):
            assert await reader.visit() == list("01234")
            feed.entries += [5, 6]
            assert await reader.visit() == ["5", "6"]
            assert await reader.visit() == []
            assert feed.server
            asked = [request.query.get("seq", ["0"])[0] for request in feed.server.asked]
            assert asked == ["0", "2", "4", "5", "5", "7", "7"]
            assert reader.listed == 0, "what a cursor has passed needs no marks"
            known = len(reader.marks)
            feed.entries += range(7, 20)
            assert len(await reader.visit()) == 13 and len(reader.marks) == known

    run(test())


@pytest.mark.parametrize("dies", range(1, 6))
def test_the_cursor_is_not_ahead_of_what_was_accepted(dies: int) -> None:
    async def test() -> None:
        async with endless(5) as (reader, _):
            reader.stop_after = dies
            first = await reader.visit()
            reader.stop_after = 0
            assert {*first, *await reader.visit()} == set("01234")

    run(test())


def test_a_page_with_more_messages_than_a_batch_is_passed_only_when_all_were_given_out() -> None:
    async def test() -> None:
        async with endless(5) as (reader, _):
            reader.most = 1
            reader.stop_after = 3
            assert await reader.visit() == list("012")
            reader.stop_after = 0
            assert "3" in await reader.visit()
            assert await reader.visit() == []

    run(test())


def test_a_cursor_that_is_not_known_any_more_begins_at_the_beginning() -> None:
    async def test() -> None:
        async with endless(4) as (reader, feed):
            await reader.visit()
            feed.entries = [7]
            assert await reader.visit() == ["7"]
            assert await reader.visit() == []

    run(test())


# --- lists that end ---


@dataclass
class Pages:
    """A list in pages of two that ends; newest first or oldest first."""

    entries: list[int] = field(default_factory=list)
    link: bool = False
    fails: set[int] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)
    etag: str = ""

    def respond(self, request: Request) -> Answer:
        number = int(request.query.get("page", ["1"])[0])
        self.asked.append(number)
        if number in self.fails:
            return 503, {}, b""
        tag = f"{self.etag}{len(self.entries)}{number}".replace('"', "")
        if self.etag and request.headers.get("if-none-match") == f'"{tag}"':
            return 304, {}, b""
        status, fields, body = self.page(number)
        return status, {**fields, **({"ETag": f'"{tag}"'} if self.etag else {})}, body

    def page(self, number: int) -> Answer:
        batch = self.entries[2 * number - 2 : 2 * number]
        following = f"/feed?page={number + 1}" if len(self.entries) > 2 * number else ""
        if self.link:
            return as_json(ids(*batch), **({"Link": f'<{following}>; rel="next"'} if following else {}))
        return as_json({"items": ids(*batch), "next": following or None})


@pytest.mark.parametrize("link", [True, False])
def test_a_list_with_the_newest_first_is_walked_as_far_as_it_is_new(link: bool) -> None:
    async def test() -> None:
        pages = Pages(list(range(9, 0, -1)), link)
        async with reading(pages.respond) as (reader, _):
            assert sorted(await reader.visit()) == list("123456789")
            for _ in range(3):
                assert await reader.visit() == []
            pages.entries = [12, 11, 10, *pages.entries]
            pages.asked.clear()
            assert sorted(await reader.visit(), key=int) == ["10", "11", "12"]
            assert sorted(set(pages.asked)) == [1, 2, 3, 5, 6], "those with news, one without, and the end"
            assert await reader.visit() == []

    run(test())


def test_a_list_that_grows_at_its_end_is_followed_there() -> None:
    async def test() -> None:
        pages = Pages(list(range(5)))
        async with reading(pages.respond) as (reader, _):
            seen = [await reader.visit()]
            for more in range(5, 14):
                pages.entries.append(more)
                seen.append(await reader.visit())
            assert seen == [list("01234"), *([str(n)] for n in range(5, 14))]

    run(test())


@pytest.mark.parametrize("fails", [2, 3, 4])
@pytest.mark.parametrize("etag", ["", '"v"'])
def test_a_walk_that_broke_off_misses_nothing(fails: int, etag: str) -> None:
    async def test() -> None:
        pages = Pages([3, 2, 1], etag=etag)
        async with reading(pages.respond) as (reader, _):
            await reader.visit()
            await reader.visit()
            pages.entries, pages.fails = list(range(10, 0, -1)), {fails}
            got: list[str] = []
            with pytest.raises(TryLater):
                got += await reader.visit()
            pages.fails = set()
            await reader.visit()
            assert len(reader.marks) == 10
            assert await reader.visit() == []

    run(test())


def test_pages_that_lead_in_a_circle_end_the_visit() -> None:
    async def test() -> None:
        def respond(request: Request) -> Answer:
            number = int(request.query.get("page", ["0"])[0])
            return as_json({"items": ids(number), "next": f"/feed?page={(number + 1) % 3}"})

        async with reading(respond) as (reader, server):
            assert set(await reader.visit()) == set("012")
            assert len(server.asked) <= 4

    run(test())


def test_pages_without_end_and_without_news_end_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PAGES", 20)

    async def test() -> None:
        def respond(request: Request) -> Answer:
            number = int(request.query.get("page", ["0"])[0])
            return as_json({"items": ids("same"), "next": f"/feed?page={number + 1}"})

        async with reading(respond) as (reader, server):
            assert await reader.visit() == ["same"]
            await reader.visit()
            assert len(server.asked) <= 40

    run(test())


# --- when to come back ---


@pytest.mark.parametrize(
    ("retry", "every", "wait"), [("", None, 60), ("5", None, 60), ("120", None, 120), ("120", 30.0, 120), ("", 5.0, 5)]
)
def test_the_longer_of_both_wishes_is_heeded(retry: str, every: float | None, wait: float) -> None:
    async def test() -> None:
        headers = {"Retry_After": retry} if retry else {}
        async with reading(lambda _: as_json([], **headers), every=every) as (reader, _):
            await reader.visit()
            assert reader.wait == wait

    run(test())


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_a_pause_gets_it(status: int) -> None:
    async def test() -> None:
        async with reading(lambda _: (status, {"Retry-After": "77"}, b"")) as (reader, _):
            with pytest.raises(TryLater) as caught:
                await reader.visit()
            assert caught.value.after == 77

    run(test())


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    async def test() -> None:
        async with reading(lambda _: (200, {"Content-Length": "9999"}, b"x")) as (reader, _):
            with pytest.raises(TryLater) as caught:
                await reader.visit()
            assert caught.value.reason in (Failed.TIMEOUT, Failed.PROTOCOL)

    run(test())


def test_a_message_over_the_limit_is_refused() -> None:
    async def test() -> None:
        async with reading(lambda _: as_json(ids("x" * 100))) as (reader, _):
            reader.limit = 50
            async with http.open(reader.wire, reader.tools(), {}, frozenset()) as session:
                (delivery,) = await session.batch()
                assert delivery.wrong == "more than 50 bytes"

    run(test())


# --- hosts and secrets ---


def text(request: Request) -> Answer:
    return 200, {}, f"key={request.headers.get('x-api-key')}".encode()


def test_a_body_elsewhere_is_had_from_the_wires_own_host_with_its_headers() -> None:
    async def test() -> None:
        async with reading(text) as (reader, server):
            assert await reader.more(server.url("/text/1")) == f"key={KEY}".encode()

    run(test())


def test_a_body_at_a_host_that_is_not_named_is_not_asked_for() -> None:
    async def test() -> None:
        async with reading(text) as (reader, server), serving(text) as other:
            for url in (
                other.url("/x"),
                server.url("/x", host="localhost"),
                "http://93.184.215.14/x",
                "file:///etc/passwd",
            ):
                with pytest.raises(GiveUp) as caught:
                    await reader.more(url)
                assert caught.value.reason in (Failed.ADDRESS, Failed.BAD_URL)
            assert other.asked == []

    run(test())


def test_a_named_host_gets_the_headers_and_may_be_private_for_this_wire_only() -> None:
    async def test() -> None:
        async with reading(text) as (reader, _), serving(text) as other:
            named = replace(reader, wire=replace(reader.wire, hosts=(f"127.0.0.1:{other.port}",)))
            assert await named.more(other.url("/x")) == f"key={KEY}".encode()
            with pytest.raises(GiveUp):
                await reader.more(other.url("/x"))
            assert len(other.asked) == 1

    run(test())


@pytest.mark.parametrize(
    ("status", "never"), [(401, False), (403, True), (404, True), (410, True), (429, False), (500, False)]
)
def test_a_body_that_will_never_come_is_given_up_and_others_are_tried_again(status: int, never: bool) -> None:
    async def test() -> None:
        async with reading(lambda _: (status, {}, b"")) as (reader, server):
            with pytest.raises(Verdict) as caught:
                await reader.more(server.url("/text/1"))
            assert isinstance(caught.value, GiveUp) is never

    run(test())


def test_what_is_allowed_for_a_wire_is_not_for_others_even_over_its_connections() -> None:
    async def test() -> None:
        async with reading(text) as (reader, server):
            await reader.more(server.url("/text/1"))
            with pytest.raises(Verdict) as caught:
                await reader.web.get(Hop(server.url("/text/1"), 100))
            assert caught.value.reason is Failed.ADDRESS and len(server.asked) == 1

    run(test())


def test_a_next_page_at_another_host_is_a_verdict_and_gets_no_secret() -> None:
    async def test() -> None:
        async with serving(text) as other:
            async with reading(lambda _: as_json({"items": ids(1), "next": other.url("/n")})) as (reader, _):
                with pytest.raises(GiveUp) as caught:
                    await reader.visit()
                assert caught.value.reason is Failed.ADDRESS and "see `hosts`" in str(caught.value)
            assert other.asked == []

    run(test())


def test_a_next_page_that_may_not_be_asked_stops_no_later_visit() -> None:
    async def test() -> None:
        answers = [{"items": ids(1), "next": "http://elsewhere.test/2"}, {"items": ids(2), "next": "/feed?page=2"}]

        def respond(request: Request) -> Answer:
            return as_json({"items": [], "next": None} if request.query else answers[0])

        async with reading(respond) as (reader, _):
            with pytest.raises(GiveUp, match=r"elsewhere\.test"):
                await reader.visit()
            assert "elsewhere" in reader.state["page"]
            answers.pop(0)
            assert await reader.visit() == ["2"]

    run(test())


def test_a_redirect_to_another_host_is_not_followed() -> None:
    async def test() -> None:
        async with (
            serving(text) as other,
            reading(lambda _: (302, {"Location": other.url("/x")}, b"")) as (reader, _),
        ):
            for step in (reader.visit(), reader.more(reader.wire.url or "")):
                with pytest.raises(GiveUp) as caught:
                    await step
                assert caught.value.reason is Failed.ADDRESS
            assert other.asked == []

    run(test())


def test_encryption_is_not_left_on_the_way() -> None:
    async def test() -> None:
        async with reading(text, url="https://127.0.0.1:9/feed", hosts=("127.0.0.1",)) as (reader, server):
            with pytest.raises(GiveUp) as caught:
                await reader.more(server.url("/x"))
            assert "leave the encryption" in str(caught.value)
            assert server.asked == []

    run(test())


def test_an_address_that_is_a_secret_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        async with reading(lambda _: (404, {}, b""), url="env:WIRE_URL") as (reader, server):
            monkeypatch.setenv("WIRE_URL", server.url("/tokentokentoken/feed"))
            with pytest.raises(Verdict) as caught:
                await reader.visit()
            told = "".join(traceback.format_exception(caught.value)) + repr(reader.wire)
            assert "tokentoken" not in told and "env:WIRE_URL" in told
            assert server.asked[0].path == "/tokentokentoken/feed"

    run(test())


@pytest.mark.parametrize("path", ["/feed/tokentokentoken", "/feed?for=tokentokentoken"])
def test_a_secret_part_of_an_address_names_no_message_and_stands_in_no_error(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        def around(_: Request) -> Answer:
            return 302, {"Location": path}, b""

        for respond in (text, around):
            async with reading(respond, url="env:WIRE_URL") as (reader, server):
                monkeypatch.setenv("WIRE_URL", server.url(path))
                told: list[str] = []
                with suppress(Verdict) if respond is text else pytest.raises(Verdict) as caught:
                    async with http.open(reader.wire, reader.tools(), {}, frozenset()) as session:
                        told += [delivery.name for delivery in await session.batch()]
                told += [str(caught.value)] if respond is around else []
                assert told and "tokentoken" not in told[0]

    run(test())


@pytest.mark.parametrize("value", ["", "ftp://a.example/tokentoken", "tokentoken", "https://me:tokentoken@a.example/"])
def test_a_reference_that_holds_no_address_is_a_mistake_in_the_settings(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIRE_URL", value)

    async def test() -> None:
        async with reading(text, url="env:WIRE_URL") as (reader, _):
            with pytest.raises(SettingsError, match="holds no address") as caught:
                await reader.visit()
            assert "tokentoken" not in str(caught.value)

    run(test())


def test_headers_echoed_by_the_other_side_are_not_told() -> None:
    async def test() -> None:
        def echo(request: Request) -> Answer:
            return 302, {"Location": f"/{request.headers['x-api-key']}"}, b""

        async with reading(echo) as (reader, _):
            with pytest.raises(Verdict) as caught:
                await reader.visit()
            assert KEY not in "".join(traceback.format_exception(caught.value))

    run(test())


def test_what_is_wrong_with_an_address_is_said() -> None:
    assert http.wrong(Wire("w", "http")) == ["transport 'http' needs a url"]
    assert "has to begin with http:// or https://" in http.wrong(Wire("w", "http", url="sftp://a.example/"))[0]
    assert "user means nothing" in http.wrong(Wire("w", "http", url="https://a.example/", user="me"))[0]


# --- whatever happens, nothing is missed ---


class Memory:
    """Pages without a server: of a list that grows at its head or its end, or of an endless feed."""

    def __init__(self, kind: str) -> None:
        self.kind, self.url = kind, "http://api.example/feed"
        self.entries: list[int] = []
        self.fails: set[int] = set()

    def named(self, name: str) -> str:
        return name

    async def get(self, url: str, conditions: dict[str, str] | None = None) -> Fetched:
        number = int(url.partition("?")[2] or 0)
        if number in self.fails:
            raise TryLater(Failed.SERVER, url)
        shown = self.entries[::-1] if self.kind == "head" else self.entries
        start = number if self.kind == "endless" else 2 * number
        batch = shown[start : start + 2]
        goes_on = self.kind == "endless" or len(shown) > start + 2
        following = f"?{start + len(batch) if self.kind == 'endless' else number + 1}" if goes_on else None
        _, fields, body = as_json({"items": ids(*batch), "next": following})
        tag = f'"{len(shown)}.{number}"'
        if (conditions or {}).get("etag") == tag:
            return Fetched(url, 304, {}, b"")
        return Fetched(url, 200, {name.lower(): value for name, value in fields.items()} | {"etag": tag}, body)


STEP = st.tuples(
    st.integers(0, 5),  # entries that come
    st.frozensets(st.integers(0, 8), max_size=3),  # pages that fail
    st.integers(0, 6),  # messages after which the process dies; 0: it does not
    st.integers(1, 4),  # messages of a batch
)


@pytest.mark.parametrize("kind", ["head", "tail", "endless"])
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_every_entry_arrives_whatever_fails_and_whoever_dies(kind: str, steps: list[tuple[int, Any, int, int]]) -> None:
    async def test() -> None:
        memory, state, marks, got = Memory(kind), dict[str, str](), set[str](), set[str]()
        wire = Wire("w", "http", url=memory.url)

        async def visit(dies: int, most: int) -> None:
            nonlocal state
            tools = Tools(settings(), None, time.time, Path("/nowhere"), most)  # type: ignore[arg-type]
            one = http.Visit(wire, tools, memory, dict(state), frozenset(marks))  # type: ignore[arg-type]
            count = 0
            while batch := await one.batch():
                for delivery in batch:
                    got.add(named(delivery))
                    marks.update({delivery.mark} - {""})
                    count += 1
                    if count == dies:
                        return
                state = {**state, **one.state()}
            state = {**state, **one.state()}

        for comes, fails, dies, most in [*steps, *[(0, frozenset(), 0, 9)] * 3]:
            memory.entries += range(len(memory.entries), len(memory.entries) + comes)
            memory.fails = set(fails)
            with suppress(TryLater):
                await visit(dies, most)
        assert got == {str(n) for n in memory.entries}

    run(test())
