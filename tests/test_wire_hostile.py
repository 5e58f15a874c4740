"""Messages that were made to cost time or memory: one thread reads for all wires, and nobody ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from ingest import intake, wires
from ingest.body import Unreadable
from ingest.intake import Source
from ingest.item import Item
from workers.place import place

MAIL = b"From: jo@a.test\nDate: Thu, 10 Oct 2024 12:01:00 +0200\nSubject: Marsh\n"
ENDLESS = MAIL + b"Content-Type: text/plain%s\n\nText.\n"
G2 = b'<newsItem guid="g"><contentSet><inlineXML contenttype="application/xhtml+xml"><html><body>%s</body></html>'
TRANSLATED = (
    '<NewsComponent xml:lang="{}"><NewsLines><HeadLine>x</HeadLine></NewsLines><ContentItem><DataContent>y'
    "</DataContent></ContentItem></NewsComponent>"
)


def nested(depth: int, lines: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth))
    return MAIL + opened + b"\n" + b"a\n" * lines


def translated(languages: int, members: int) -> bytes:
    parts = "".join(TRANSLATED.format(chr(0x4E00 + at // 100) + chr(0x4E00 + at % 100)) for at in range(languages))
    listed = '<NewsItemRef NewsItem="x"/>' * members
    return f"<NewsML><NewsItem><NewsComponent>{parts}{listed}</NewsComponent></NewsItem></NewsML>".encode()


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda: b"ZCZC\nx\nNNNN\nZCZC" + b" " * 20_000 + b"x" * 70, id="a start signal and spaces"),
        pytest.param(
            lambda: b"\x01abc123 1 x d 1\n\x02a\n\x03\x01abc123 1 x" + b" " * 4_900_000 + b"y" * 201, id="7901"
        ),
        pytest.param(lambda: b"\x01A123\x1f\na b " + b" " * 1_000_000 + b"x\x02text\x03", id="1312"),
        pytest.param(lambda: ENDLESS % (b";a" * 200_000), id="a mail's parameters"),
        pytest.param(lambda: ENDLESS % (b';"' + b";a" * 40_000), id="a mail's open quote"),
        pytest.param(lambda: nested(200, 200_000), id="a mail's boundaries"),
        pytest.param(
            lambda: MAIL + b"Content-Type: message/delivery-status\n\n" + b"\n" * 1_000_000, id="a mail's parts"
        ),
        pytest.param(
            lambda: G2 % (b'<p class="main"/>' * 20_000) + b"</inlineXML></contentSet></newsItem>", id="main parts"
        ),
        pytest.param(lambda: translated(1_000, 20_000), id="translations"),
    ],
)
def test_a_message_that_is_made_to_be_slow_is_read_or_refused_in_a_second(build: Callable[[], bytes]) -> None:
    raw = build()
    began = time.process_time()
    with suppress(Unreadable):
        wires.read(raw, "message")
    assert time.process_time() - began < 1


def test_items_that_share_a_name_and_packages_that_list_it_do_not_multiply() -> None:
    items = [Item("ninjs", "urn:hna:1", body=f"Text {at}.") for at in range(200)]
    listed = (intake.Link("member", "urn:hna:1"),) * 100
    packs = [Item("ninjs", f"urn:hna:p{at}", kind="composite", links=listed) for at in range(200)]
    found = intake._related([*items, *packs], 0.0)
    assert {len(one.links) for one in found[:200]} == {intake.PACKAGES}
    assert len(intake.decide(Source("f", "w"), [*items, *packs], 0.0).items) == 400


@pytest.mark.parametrize("filler", ["-", ",", "T", " ", "("])
def test_a_dateline_that_is_none_names_no_place_at_once(filler: str) -> None:
    began = time.process_time()
    assert place("x" + filler * 20_000 + "y") is None
    assert time.process_time() - began < 0.1
