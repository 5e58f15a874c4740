"""What a final status and its headers mean, and how long a Retry-After says to wait."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import GiveUp, TryLater, Verdict
from ingest.fetch import LONGEST_WAIT, Ask, fetch, retry_after, verdict
from ingest.model import Fetched, Rejected
from ingest.web import Web
from tests.loopback import answer, no_wait, run, serve, settings

NOW = 1_800_000_000.0


def ask(reply: bytes) -> Fetched | Verdict:
    async def test() -> Fetched | Verdict:
        async with serve(lambda _: reply) as site, Web(settings(site.allowed)) as client:
            try:
                return await fetch(client, Ask(site.url(), 1000, 5.0), no_wait)
            except Verdict as error:
                return error

    got: Fetched | Verdict = run(test())
    return got


STATUSES: dict[int, type[Verdict] | None] = {
    **dict.fromkeys((200, 201, 202, 203, 204, 226, 304), None),
    **dict.fromkeys((100, 101, 206, 300, 305, 306, 400, 401, 404, 418, 429, 451, 500, 503, 599, 600, 999), TryLater),
    410: GiveUp,
}
REASONS = {
    **dict.fromkeys((101, 206, 300, 999), "http-status"),
    **dict.fromkeys((400, 406), "http-4xx"),
    **dict.fromkeys((401, 402, 403, 407, 451), "forbidden"),
    **dict.fromkeys((500, 503, 599), "http-5xx"),
    404: "not-found",
    410: "gone",
    429: "limited",
}


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_each_status_has_its_ending(status: int) -> None:
    kind = STATUSES[status]
    got = verdict(status, {}, "http://x/", NOW)
    assert (got is None) if kind is None else isinstance(got, kind)


@pytest.mark.parametrize("status", sorted(REASONS))
def test_each_status_has_its_reason(status: int) -> None:
    got = verdict(status, {}, "http://x/", NOW)
    assert got is not None and got.reason == REASONS[status] and got.url == "http://x/"


@given(st.integers(0, 9999), st.dictionaries(st.sampled_from(["retry-after", "cf-mitigated", "x"]), st.text()))
def test_any_status_and_headers_have_an_ending(status: int, headers: Mapping[str, str]) -> None:
    got = verdict(status, headers, "http://x/", NOW)
    assert got is None or isinstance(got, TryLater | GiveUp)


def test_a_bot_challenge_is_known_by_its_header() -> None:
    got = ask(answer(b"", "403 Forbidden", "cf-mitigated: challenge"))
    assert isinstance(got, GiveUp) and got.reason is Rejected.CHALLENGE


def test_retry_after_comes_with_the_verdict_in_both_forms() -> None:
    later = formatdate(time.time() + 600, usegmt=True)
    for field, most in (("90", 90), (later, 600)):
        got = ask(answer(b"", "429 Slow Down", f"Retry-After: {field}"))
        assert isinstance(got, TryLater) and got.after is not None and most - 10 < got.after <= most
    got = ask(answer(b"", "404 Not Found", "Retry-After: 90"))
    assert isinstance(got, TryLater) and got.after is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), (" 120 ", 120), ("9" * 40, LONGEST_WAIT), ("-5", None), ("1.5", None), ("", None), ("soon", None),
     ("Fri, 15 Jan 2027 08:01:00 GMT", 60), ("Friday, 15-Jan-27 08:01:00 GMT", 60), ("Fri Jan 15 08:01:00 2027", 60),
     ("Fri, 15 Jan 2027 07:00:00 GMT", 0), ("Fri, 15 Jan 2090 08:00:00 GMT", LONGEST_WAIT), ("٣", None),
     ("Fri, 15 Jan 2027 10:01:00 +0200", 60), ("Fri, 99 Jan 2027 10:01:00 GMT", None)],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms_and_bounded(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,4} [A-Z][a-z]{2} \d{1,9} \d+:\d+:\d+ ([+-]\d+|GMT)"))
def test_any_retry_after_gives_a_bounded_wait_or_none(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or 0 <= wait <= LONGEST_WAIT
