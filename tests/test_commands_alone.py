"""Commands that need no service, and what every command says where there is none."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service import Service, service
from tests.site import Site, article, rss, site

LATE = "Sun, 01 Mar 2026 23:30:00 -0500"
OPML = (
    '<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="Desk">'
    '<outline type="rss" text="Other" xmlUrl="https://other.example/feed"/></outline></body></opml>'
)
TITLE = "A title \x1b[31mred\x1b[0m\x9b2J\u202ereversed\u2028next {level:error}"
COMMANDS = [
    *("run", "poll", "work", "enqueue", "documents", "why", "failures", "status", "feeds", "taggers"),
    *("parse", "extract", "url", "check", "demo"),
]


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Service]:
    """A folder with a feed list in which nothing runs."""
    with service(tmp_path) as found:
        found.feeds("https://example.org/feed")
        yield found


# --- no server, wrong settings, usage ---


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["documents"],
        ["why", "http://x.test/"],
        ["failures"],
        ["enqueue", "http://x.test/"],
        ["poll"],
        ["work"],
        ["taggers", "list"],
    ],
    ids=" ".join,
)
def test_without_a_server_a_command_says_so_in_one_line_and_how_to_get_one(nowhere: Service, words: list[str]) -> None:
    began = time.monotonic()
    done = nowhere.call(*words)
    assert done.code == 1
    assert re.fullmatch(r"wiredesk: no server: start `wiredesk run` .*\n", done.err)
    assert done.out == ""
    assert time.monotonic() - began < 2


def test_wrong_settings_are_all_told_at_once_with_exit_code_2(nowhere: Service) -> None:
    nowhere.write("wiredesk.toml", 'colour = "red"\nretention = "soon"\n')
    done = nowhere.call("status", WORKERS="none", LEASE="0", NONSENSE="1")
    assert done.code == 2
    for name in ("WORKERS", "LEASE", "NONSENSE", "wiredesk.toml: colour", "wiredesk.toml: retention"):
        assert name in done.err
    assert len(done.err.splitlines()) == 5


@pytest.mark.parametrize("words", [["run"], ["poll"], ["work"]], ids=" ".join)
def test_a_role_does_not_start_on_a_broken_file_and_names_its_mistakes(nowhere: Service, words: list[str]) -> None:
    nowhere.write("taggers.toml", '[[tagger]]\nname = "A B"\nfunction = "x"\n')
    nowhere.write("feeds.toml", '[[feed]]\nurl = "gopher://x"\ncolour = 1\n')
    done = nowhere.call(*words)
    assert done.code == (2 if words == ["run"] else done.code)
    if words == ["run"]:
        assert "gopher" in done.err
        assert "colour" in done.err
        assert "A B" in done.err
    assert not (nowhere.data / "server.log").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["status", "--colour"],
        ["enqueue"],
        ["enqueue", "ftp://x.test/"],
        ["documents", "--count", "0"],
        ["failures", "http://x.test/"],
        ["taggers", "replay", "x"],
        ["feeds", "add"],
        ["parse", "--format", "nonsense", "x"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2_and_says_what_is_wrong(nowhere: Service, words: list[str]) -> None:
    done = nowhere.call(*words)
    assert done.code == 2
    assert done.err.strip()


def test_help_is_quick_and_lists_every_command(nowhere: Service) -> None:
    began = time.monotonic()
    done = nowhere.shell("--help")
    took = time.monotonic() - began
    print(f"wiredesk --help: {took:.2f} s")
    assert took < 3  # the promise is 0.3 s on an idle machine; this only catches heavy imports
    for name in COMMANDS:
        assert f"\n  {name} " in done.out


def test_help_imports_nothing_heavy(nowhere: Service) -> None:
    heavy = ["trafilatura", "lxml", "redis", "rq", "aiohttp", "httpx", "feedparser", "pydantic", "structlog"]
    probe = "import sys; from workers.cli.main import group; group.main(['--help'], standalone_mode=False); "
    probe += f"print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=30)
    assert done.stderr.strip() == "[]"


# --- feeds ---


def test_feeds_are_listed_added_removed_imported_and_exported(nowhere: Service, web: Site) -> None:
    web.show("/added", rss({"title": "x", "link": web.url("/x")}))
    assert nowhere.call("feeds", "list", "--json").row["url"] == "https://example.org/feed"
    added = nowhere.call("feeds", "add", web.url("/added"), "--name", "Added", "--tags", "a,b")
    assert (added.code, added.out) == (0, f"added {web.url('/added')} (rss, 1 entries)\n")
    (nowhere.folder / "list.opml").write_text(OPML)
    imported = nowhere.call("feeds", "import", str(nowhere.folder / "list.opml"))
    assert imported.out.startswith("1 added, 0 were listed already\n")
    assert nowhere.call("feeds", "import", str(nowhere.folder / "list.opml")).out.startswith("0 added, 1 were")
    listed = {r["name"]: r for r in nowhere.call("feeds", "list", "--json").rows}
    assert listed["Added"]["tags"] == ["a", "b"]
    assert listed["Other"]["url"] == "https://other.example/feed"
    exported = nowhere.call("feeds", "export").out
    assert 'xmlUrl="https://other.example/feed"' in exported
    assert nowhere.call("feeds", "remove", "Added").code == 0
    assert "Added" not in nowhere.call("feeds", "list").out
    unknown = nowhere.call("feeds", "remove", "Added")
    assert (unknown.code, len(unknown.err.splitlines())) == (2, 1)


def test_the_commands_for_feeds_say_what_they_do_not_do_with_wires(nowhere: Service) -> None:
    nowhere.write("feeds.toml", '[[wire]]\nname = "hna"\ntransport = "spool"\npath = "spool"\n')
    removed, checked = nowhere.call("feeds", "remove", "hna"), nowhere.call("feeds", "check")
    assert removed.code == 2 and "'hna' is a wire; take its [[wire]] table out by hand" in removed.err
    assert checked.code == 0 and checked.out.startswith("-    hna: a wire, which only the service asks")
    assert nowhere.call("feeds", "check", "--json").out == ""


def test_adding_a_sites_address_finds_its_feeds(nowhere: Service, web: Site) -> None:
    web.show("/added", rss({"title": "x", "link": web.url("/x")}))
    web.show("/site", '<link rel="alternate" type="application/rss+xml" href="/added">')
    assert f"added {web.url('/added')}" in nowhere.call("feeds", "add", web.url("/site")).out
    twice = nowhere.call("feeds", "add", web.url("/added"))
    assert twice.code == 2
    none = nowhere.call("feeds", "add", web.url("/nothing"))
    assert none.code != 0
    assert none.err.startswith("wiredesk: nothing added: ")


def test_feeds_check_says_what_each_feed_holds_and_exits_1_if_one_is_bad(nowhere: Service, web: Site) -> None:
    web.show("/good", rss({"title": "x", "link": "/x", "pubDate": "Sun, 01 Mar 2026 08:00:00 GMT"}))
    web.show("/page", "<html><body><h1>Not found</h1></body></html>")
    nowhere.feeds(web.url("/good"))
    good = nowhere.call("feeds", "check", "--json")
    assert good.code == 0
    assert good.row == {
        "url": web.url("/good"),
        "format": "rss",
        "entries": 1,
        "newest": "2026-03-01T08:00:00+00:00",
    }
    nowhere.feeds(web.url("/good"), web.url("/page"))
    bad = nowhere.call("feeds", "check", "--json")
    assert bad.code == 1
    assert ["error" in r for r in bad.rows] == [False, True]


# --- parse, extract ---


def test_parse_prints_one_line_an_entry_in_the_feeds_order(nowhere: Service, web: Site, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(
        rss(
            {"title": "One", "link": "http://x.test/1?a=1&b=2", "guid": "g1", "pubDate": LATE},
            {"title": "Two", "description": "Text"},
        )
    )
    bad.write_text("no feed at all")
    done = nowhere.shell("parse", str(good), str(bad), str(tmp_path / "absent.xml"), "--json")
    assert done.code == 1
    first, second, *errors = done.rows
    assert (first["file"], first["id"], first["link"], first["title"]) == (
        str(good),
        "g1",
        "http://x.test/1?a=1&b=2",
        "One",
    )
    assert first["published"] == "2026-03-02T04:30:00Z"
    assert second["title"] == "Two"
    assert [e["file"] for e in errors] == [str(bad), str(tmp_path / "absent.xml")]
    assert all(e.keys() == {"file", "error"} and "\n" not in e["error"] for e in errors)
    web.show("/live", rss({"title": "Live", "link": "/1"}))
    assert nowhere.call("parse", web.url("/live"), "--json").row["link"] == web.url("/1")
    assert nowhere.call("parse", str(good), "--format", "rss").code == 0


def test_parse_says_what_is_wrong_with_a_wires_file_and_not_that_it_is_no_feed(
    nowhere: Service, tmp_path: Path
) -> None:
    files = {
        "cut.xml": b"<newsMessage><inlineXML><html><body><p>cut sh",
        "large.txt": b"word " * 1_000_001,
    }
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    done = nowhere.call("parse", *(str(tmp_path / name) for name in (*files, "absent")), "--json")
    cut, large, absent = (row["error"] for row in done.rows)
    assert cut.startswith("no XML: Premature end of data") and "line 1" in cut
    assert large.endswith("more than 5000000 bytes, so no message of a wire either")
    assert absent == "cannot be read: No such file or directory"


def test_extract_prints_one_line_a_page_with_text_or_reason(nowhere: Service, web: Site, tmp_path: Path) -> None:
    page, packed, picture = tmp_path / "a.html", tmp_path / "b.html.gz", tmp_path / "c.html"
    page.write_text(article("extracted", "On file"))
    packed.write_bytes(gzip.compress(article("packed", "Packed").encode()))
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    live = web.show("/extract", article("live", "Live"))
    done = nowhere.shell("extract", str(page), str(packed), live, str(picture), str(tmp_path / "no.html"), "--json")
    assert done.code == 1
    one, two, three, refused, absent = done.rows
    assert {"file", "url", "text", "title", "authors", "fields"} <= one.keys()
    assert [r["title"] for r in (one, two, three)] == ["On file", "Packed", "Live"]
    assert one["text"].count("\n\n") >= 2
    assert three["url"] == live
    assert (refused["text"], refused["reason"]) == (None, "not-html")
    assert absent["file"].endswith("no.html")
    assert absent["text"] is None
    assert nowhere.shell("extract", str(picture), "--json").code == 0


# --- control characters ---


def test_control_characters_of_files_reach_no_terminal(nowhere: Service, tmp_path: Path) -> None:
    feed, page = tmp_path / "feed.json", tmp_path / "page.html"
    items: list[dict[str, Any]] = [{"id": TITLE, "title": TITLE + "\ud800", "content_html": TITLE, "tags": [TITLE]}]
    feed.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": items}))
    page.write_text(article("controls").replace("The story of controls", TITLE))
    for words in (["parse", str(feed)], ["extract", str(page)]):
        for more in ([], ["--json"]):
            done = nowhere.shell(*words, *more)
            assert done.code == 0, done.err
            assert done.harmless, (words, more, done.out)
