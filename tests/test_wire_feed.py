"""Claims about feeds as wires, and about what `wiredesk parse` shows of feeds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest import referee, wires
from ingest.body import Unreadable
from workers.cli.parse import command

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>W</title><language>de</language>{}</channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><title>b</title>{}</entry></feed>'


@pytest.mark.parametrize(
    ("raw", "wire"),
    [
        (RSS.format("").encode(), False),
        (b"\xef\xbb\xbf <!-- a --><!DOCTYPE rss>" + RSS.format("").encode()[21:], False),
        (ATOM.format("").encode("utf-16"), False),
        (b"<rdf:RDF>", False),
        (b'{"version": "https://jsonfeed.org/version/1", "items": []}', False),
        (b"plain", False),
        (b"<newsfeed/>", False),
        (b"<newsMessage><itemSet>", True),
        (b"<!-- <rss> --><newsMessage><itemSet><inlineXML><html><body>", True),
        (b"<!-- by us --><rss><channel><item><newsItem>", False),
        (b"<rss><channel>", False),
        (b'{"uri": "urn:x:1"}', True),
        (b'{"unheard": 1}', True),
    ],
)
def test_feeds_stay_with_the_readers_of_feeds_and_json_with_those_of_wires(raw: bytes, wire: bool) -> None:
    assert wires.is_wire(raw) is wire


def test_an_atom_entry_that_was_changed_is_a_version_of_that_moment() -> None:
    times = "<published>2031-05-04T08:00:00Z</published><updated>2031-05-04T09:00:00Z</updated>"
    (item,) = wires.read(ATOM.format(times).encode(), "x.xml")
    assert item.published is not None
    assert item.created is not None
    assert (item.published.iso(), item.created.iso()) == ("2031-05-04T09:00:00Z", "2031-05-04T08:00:00Z")


def test_a_feed_that_is_not_plainly_in_order_goes_to_the_judge_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = RSS.format("<item><title>a & b</title><description>Text</description></item>").encode()
    (item,) = wires.read(odd, "x.xml")
    assert (item.headline, item.body) == ("a & b", "Text")

    def dead(*_: object) -> None:
        raise Unreadable("takes longer than 10 s to read")

    monkeypatch.setattr(referee.Child, "ask", dead)
    with pytest.raises(Unreadable, match="takes longer"):
        wires.read(odd, "x.xml")


def test_parse_shows_the_entries_of_a_feed_with_the_names_of_items_as_well(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    item = (
        "<item><guid>1</guid><title>a</title><link>https://w.example/1</link><author>x@w.example (Ina Berg)</author>"
        "<category>Häfen</category><pubDate>Sun, 04 May 2031 08:05:00 GMT</pubDate>"
        "<description>&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</description></item>"
    )
    feed.write_text(RSS.format(item), encoding="utf-8")
    done = CliRunner().invoke(command, ["--json", str(feed)])
    row = json.loads(done.output)
    assert (row["id"], row["title"], row["link"]) == ("1", "a", "https://w.example/1")
    assert row["published"] == "2031-05-04T08:05:00Z"
    assert (row["guid"], row["headline"], row["byline"], row["subjects"]) == ("1", "a", "Ina Berg", ["Häfen"])
    assert (row["body"], row["language"]) == ("one\n\ntwo", "de")
    assert CliRunner().invoke(command, [str(feed)]).output == "2031-05-04T08:05:00Z      a  https://w.example/1\n"
