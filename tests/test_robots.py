"""robots.txt: who may fetch what, asked once, kept, and never a way inside or to a standstill."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from ingest.errors import TryLater, Verdict
from ingest.model import Failed
from ingest.robots import LIMIT, LONGEST_DELAY, Robots, product, relevant
from ingest.web import Web
from tests.loopback import Reply, Site, answer, canary, moved, no_wait, run, serve, settings


class Kept:
    """A cache for one test."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.ages: list[float] = []

    async def get(self, host: str) -> str | None:
        return self.texts.get(host)

    async def put(self, host: str, text: str, ttl: float) -> None:
        self.texts[host] = text
        self.ages.append(ttl)


def rules(text: str, path: str = "/page", agent: str = "wiredesk/1") -> bool | Verdict:
    return asked(lambda _: answer(text.encode()), path, agent)[0]


def asked(
    respond: Callable[[str], Reply], path: str = "/page", agent: str = "wiredesk/1"
) -> tuple[bool | Verdict, Site]:
    async def test() -> tuple[bool | Verdict, Site]:
        given = settings("127.0.0.1", user_agent=agent, fetch_deadline="1 s")
        async with serve(respond) as site, Web(given) as client:
            try:
                return await Robots(client, Kept(), given).allowed(site.url(path), no_wait), site
            except Verdict as error:
                return error, site

    got: tuple[bool | Verdict, Site] = run(test())
    return got


def test_our_own_group_counts_before_everybodys() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Wiredesk/2.0\nDisallow: /closed\nAllow: /closed/door$\n"
    assert rules(text) is True
    assert rules(text, "/closed/x") is False
    assert rules(text, "/closed/door") is True
    assert rules(text, "/page", "othernews/1") is False


def test_a_name_inside_ours_does_not_speak_to_us() -> None:
    assert rules("User-agent: wire\nDisallow: /\nUser-agent: desk\nDisallow: /\n") is True


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 Not Found", "410 Gone", "451 No"])
def test_a_file_that_is_not_there_forbids_nothing(status: str) -> None:
    assert asked(lambda _: answer(b"", status))[0] is True


@pytest.mark.parametrize(
    "reply", [answer(b"", "500 Oops"), answer(b"", "503 Later", "Retry-After: 700"), b"", b"junk\r\n\r\n"]
)
def test_a_file_that_cannot_be_had_puts_everything_off(reply: bytes) -> None:
    got, site = asked(lambda _: reply)
    assert isinstance(got, TryLater) and got.reason is Failed.ROBOTS_AWAY
    assert got.url == site.url("/page")
    assert got.after == (700 if b"700" in reply else None)


def test_a_limited_host_is_put_off_as_well() -> None:
    got, _ = asked(lambda _: answer(b"", "429 Slow"))
    assert isinstance(got, TryLater) and got.reason is Failed.ROBOTS_AWAY


def test_a_host_that_was_away_is_not_asked_again_at_once() -> None:
    async def test() -> None:
        given = settings("127.0.0.1")
        async with serve(lambda _: answer(b"", "500 Oops")) as site, Web(given) as client:
            robots = Robots(client, Kept(), given)
            for n in range(5):
                with pytest.raises(TryLater):
                    await robots.allowed(site.url(f"/{n}"), no_wait)
            assert site.connections == 1

    run(test())


def test_redirects_are_followed_and_a_circle_forbids_nothing() -> None:
    closed = answer(b"User-agent: *\nDisallow: /page")
    assert asked(lambda path: closed if path == "/elsewhere" else moved("/elsewhere"))[0] is False
    assert asked(lambda _: moved("/robots.txt"))[0] is True


def test_a_redirect_never_leads_inside() -> None:
    async def test() -> None:
        async with canary() as bird, serve(lambda _: moved(bird.url("/robots.txt"))) as site:
            given = settings(site.allowed)
            async with Web(given) as client:
                robots = Robots(client, Kept(), given)
                with pytest.raises(TryLater) as caught:
                    await robots.allowed(site.url("/page"), no_wait)
                assert caught.value.reason is Failed.ROBOTS_AWAY
                for host in ("127.0.0.1", "127.1", "2130706433", "[::1]", "localhost", "[::ffff:127.0.0.1]"):
                    with pytest.raises(Verdict) as refused:
                        await robots.allowed(f"http://{host}:{bird.port}/page", no_wait)
                    assert refused.value.reason is Failed.ADDRESS
            assert bird.connections == 0

    run(test())


def test_many_questions_at_once_ask_once_and_the_answer_is_kept() -> None:
    async def test() -> None:
        given, kept, admitted = settings("127.0.0.1"), Kept(), []

        async def admit(host: str) -> None:
            admitted.append(host)

        async with serve(lambda _: answer(b"User-agent: *\nDisallow: /no")) as site, Web(given) as client:
            robots = Robots(client, kept, given)
            got = await asyncio.gather(
                *(robots.allowed(site.url(f"/{'no' if n % 2 else 'yes'}"), admit) for n in range(50))
            )
            assert got == [True, False] * 25
            assert await Robots(client, kept, given).allowed(site.url("/yes"), admit)  # another process, the same cache
            assert site.connections == 1
            assert site.asked[0].startswith("GET /robots.txt ")
            assert admitted == [f"127.0.0.1:{site.port}"] * 2  # before it, and the caller's turn given back after it
            assert kept.ages == [pytest.approx(86400, abs=3600)]

    run(test())


def test_a_question_that_is_given_up_does_not_spoil_the_others() -> None:
    async def test() -> None:
        given = settings("127.0.0.1")
        async with serve(lambda _: answer(b"User-agent: *\nDisallow: /no")) as site, Web(given) as client:
            robots = Robots(client, Kept(), given)

            async def slow(_: str) -> None:
                await asyncio.sleep(0.1)

            tasks = [asyncio.create_task(robots.allowed(site.url("/no"), slow)) for _ in range(3)]
            await asyncio.sleep(0.05)
            tasks[0].cancel()
            assert await asyncio.gather(*tasks[1:]) == [False, False]

    run(test())


def test_a_long_file_is_read_up_to_the_limit() -> None:
    filler = "# nothing\n" * (LIMIT // 10 - 10)
    assert rules(f"User-agent: *\nDisallow: /page\n{filler}" + "Disallow: /late\n" * 1000) is False
    assert rules(f"User-agent: *\n{filler}" + "# more\n" * 1000 + "Disallow: /page\n") is True


def test_a_delay_is_known_once_the_file_is_and_bounded() -> None:
    async def test() -> None:
        given = settings("127.0.0.1")
        for text, wanted in (
            ("5", 5.0),
            ("0.5", 0.5),
            ("86400", LONGEST_DELAY),
            ("-3", None),
            ("nan", None),
            ("x", None),
        ):
            body = f"User-agent: *\nCrawl-delay: {text}".encode()
            async with serve(lambda _, body=body: answer(body)) as site, Web(given) as client:
                robots = Robots(client, Kept(), given)
                assert robots.delay(site.url()) is None
                await robots.allowed(site.url(), no_wait)
                assert robots.delay(site.url("/x")) == wanted

    run(test())


SLOW = """User-agent: a{0}|User-agent: wiredesk{0}*|User-agent: *\nDisallow: /*a*b*c{0}*d|Disallow: /{0}
|User-agent: *\nAllow: /{0}$|User-agent: wire*desk"""


@pytest.mark.parametrize("line", SLOW.split("|"))
def test_a_file_made_to_be_slow_is_not(line: str) -> None:
    text = "User-agent: *\n" + "".join(line.format(n) + "\n" for n in range(LIMIT // 2 // len(line)))
    text += "".join(f"Disallow: /{n}\n" for n in range(LIMIT // 2 // 16))
    began = time.process_time()
    parsed = Protego.parse(relevant(text[:LIMIT], "wiredesk"))
    parsed.can_fetch("http://x/" + "abc" * 1000, "wiredesk")
    assert time.process_time() - began < 2


def test_what_is_left_out_changes_nothing_for_us() -> None:
    text = """
    Sitemap: https://x/map.xml
    Disallow: /before-any-group
    User-agent: *
    Request-rate: 1/5
    User-agent: Googlebot
    Disallow: /for-google
    Useragent: wiredesk
    User-agent: other # and more
    Noindex: /x
    User agent : bot
    Disallow /bot
    user-agent:WireDesk
    disallow: /late # why
    Crawl-delay: 7
    Sitemap: https://x/2.xml
    Disallow:
    User-agent: *
    Disallow: /all
    """
    whole, part = Protego.parse(text), Protego.parse(relevant(text, "wiredesk"))
    for name in ("wiredesk", "somebody"):
        for path in ("/", "/before-any-group", "/for-google", "/x", "/bot", "/late", "/all"):
            assert part.can_fetch("http://x" + path, name) is whole.can_fetch("http://x" + path, name), (name, path)
    assert part.crawl_delay("wiredesk") == 7
    assert "google" not in relevant(text, "wiredesk").lower()


WORDS = """User-agent: *|User-agent: wiredesk|User-agent: x|Disallow: /a|Disallow: /|Allow: /a|
Disallow:||# c|Sitemap: y|Crawl-delay: 2|Unknown: z|garbage"""


@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=14))
def test_any_file_says_the_same_to_us_whole_or_shortened(lines: list[str]) -> None:
    text = "\n".join(lines)
    whole, part = Protego.parse(text), Protego.parse(relevant(text, "wiredesk"))
    for path in ("/", "/a", "/b"):
        assert part.can_fetch("http://x" + path, "wiredesk") is whole.can_fetch("http://x" + path, "wiredesk")
    assert part.crawl_delay("wiredesk") == whole.crawl_delay("wiredesk")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert Protego.parse(relevant(text, "wiredesk")).can_fetch("http://x/a", "wiredesk") in (True, False)


def test_the_product_token_is_the_first_word() -> None:
    assert product("wiredesk/0.1.0") == "wiredesk"
    assert product("News_Bot-X (+https://x)") == "news_bot-x"
    assert product("7") == "*"
