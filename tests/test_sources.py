"""feeds.toml and taggers.toml: what is accepted, what is refused and how clearly, and reading again while running."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import tables
from config.settings import SettingsError
from config.sources import Feed, feeds, sources
from config.taggers import Tagger, taggers
from config.watch import Watched

KEYS = st.sampled_from(["url", "name", "every", "tags", "headers", "language", "timezone", "full_text"])
VALUES = st.one_of(st.integers(), st.text(max_size=8), st.lists(st.text(max_size=3)), st.booleans())
SHIPPED = Path(__file__).parent.parent / "config"


def file(folder: Path, text: str, name: str = "feeds.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def mistakes(path: Path, read: Any = sources) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(path)
    return str(caught.value).splitlines()


# --- feeds ---


def test_a_feed_needs_nothing_but_its_address(tmp_path: Path) -> None:
    found = feeds(file(tmp_path, '[[feed]]\nurl = "https://example.org/news.rss?key=1"\n'))
    assert found == [Feed("https://example.org/news.rss?key=1", "example.org/news.rss")]


def test_everything_a_feed_may_say_is_read(tmp_path: Path) -> None:
    text = """
        [[feed]]
        url = "https://example.org/news.rss"
        name = "Example"
        every = "15 min"
        tags = ["politics", "europe", "politics"]
        headers = { Authorization = "env:TOKEN", Cookie = "file:/run/secrets/cookie", Accept = "application/rss+xml" }
        language = "pt-BR"
        timezone = "America/Sao_Paulo"
        full_text = true
    """
    (feed,) = feeds(file(tmp_path, text))
    assert (feed.name, feed.every, feed.tags) == ("Example", 900, ("politics", "europe"))
    assert feed.headers == {
        "Authorization": "env:TOKEN",
        "Cookie": "file:/run/secrets/cookie",
        "Accept": "application/rss+xml",
    }
    assert (feed.language, feed.zone, feed.full_text) == ("pt-BR", ZoneInfo("America/Sao_Paulo"), True)


def test_headers_are_neither_resolved_nor_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    (feed,) = feeds(file(tmp_path, '[[feed]]\nurl = "http://a.example/"\nheaders = { X-Key = "env:TOKEN" }\n'))
    assert feed.headers == {"X-Key": "env:TOKEN"}
    assert "TOKEN" not in repr(feed)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('url = "ftp://a.example/x"', "has to begin with http:// or https://"),
        ('url = "a.example/feed"', "has to begin with http:// or https://"),
        ('url = "https:///feed"', "has to begin with http:// or https:// and a host"),
        ('url = "https://a.example:99999/"', "Port out of range"),
        ('url = "https://a.example/a b"', "white space"),
        ('url = "https://me:hunter2@a.example/"', 'write headers = { Authorization = "env:NAME" }'),
        ('url = ""', "a [[feed]] needs a url"),
        ("url = 5", "url has to be a string, not a whole number"),
        ('name = "no address"', "a [[feed]] needs a url"),
        ('url = "http://a.example/"\nname = ""', "name '' has to be"),
        ('url = "http://a.example/"\nnmae = "x"', "no such key 'nmae' in [[feed]] (known: url, name, every"),
        ('url = "http://a.example/"\nevery = "often"', "every: expected a number with a unit"),
        ('url = "http://a.example/"\nevery = 0', "every has to lie between 1 s and 30 d"),
        ('url = "http://a.example/"\nevery = true', "every has to be"),
        ('url = "http://a.example/"\ntags = "one"', "tags has to be a list, not a string"),
        ('url = "http://a.example/"\ntags = ["a,b"]', "holds a comma"),
        ('url = "http://a.example/"\ntags = [1]', "tags has to hold printable strings"),
        ('url = "http://a.example/"\nlanguage = "english please"', "language 'english please' has to be a tag"),
        ('url = "http://a.example/"\ntimezone = "Mars/Olympus"', "timezone 'Mars/Olympus' is not known"),
        ('url = "http://a.example/"\nfull_text = 1', "full_text has to be true or false, not a whole number"),
        ('url = "http://a.example/"\nheaders = { Authorization = "Bearer x" }', "write env:NAME or file:PATH"),
        ('url = "http://a.example/"\nheaders = { cookie = "a=b" }', "write env:NAME or file:PATH"),
        ('url = "http://a.example/"\nheaders = { X-Api-Key = "x" }', "write env:NAME or file:PATH"),
        ('url = "http://a.example/"\nheaders = { X-Api-Key = "env:" }', "write env:NAME or file:PATH"),
        ('url = "http://a.example/"\nheaders = { Host = "b.example" }', "is set by the service itself"),
        ('url = "http://a.example/"\nheaders = { Accept = "x\\r\\nEvil: 1" }', "no valid HTTP field"),
        ('url = "http://a.example/"\nheaders = { Accept = 3 }', "has to be a string"),
    ],
)
def test_a_mistake_is_one_line_with_its_place_and_its_cure(tmp_path: Path, line: str, message: str) -> None:
    (found,) = mistakes(file(tmp_path, f"# a comment\n[[feed]]\n{line}\n"))
    assert found.startswith("feeds.toml line 2: ")
    assert message in found
    assert "hunter2" not in found
    assert "Bearer" not in found


def test_every_mistake_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    text = """[[feed]]
url = "http://a.example/feed"
name = "a"

[[feed]]
url = "HTTP://A.example/feed#top"
name = "a"
every = -1

[[wire]]
name = "dpa"
speed = 3

[server]
port = 1
"""
    assert mistakes(file(tmp_path, text)) == [
        "feeds.toml: 'server' is not known here; the file holds [[feed]] and [[wire]]",
        "feeds.toml line 5: every: expected a number with a unit (s m h d) (given: -1)",
        "feeds.toml line 10: no such key 'speed' in [[wire]] (known: name, transport, path, url, format, every, tags, "
        "headers, language, timezone, user, password, key, host_key, done, hosts)",
        "feeds.toml line 10: a [[wire]] needs a transport",
        "feeds.toml line 5: the same url as in feeds.toml line 1",
        "feeds.toml line 5: the same name as in feeds.toml line 1",
    ]


def test_feeds_of_one_host_need_no_names_to_be_told_apart(tmp_path: Path) -> None:
    text = '[[feed]]\nurl = "http://a.example/feed?x=1"\n[[feed]]\nurl = "http://a.example/feed?x=2"\n'
    assert len(feeds(file(tmp_path, text))) == 2


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    assert "wiredesk feeds add URL" in mistakes(tmp_path / "feeds.toml")[0]


@pytest.mark.parametrize("content", [b"[[feed]\nurl=1", b"\xff\xfe", b'[[feed]]\nurl = "a"\nurl = "b"'])
def test_a_file_that_is_no_toml_is_one_line_naming_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "feeds.toml").write_bytes(content)
    (line,) = mistakes(tmp_path / "feeds.toml")
    assert line.startswith(str(tmp_path / "feeds.toml"))


def test_a_folder_in_place_of_the_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").mkdir()
    assert len(mistakes(tmp_path / "feeds.toml")) == 1


def test_where_headings_cannot_be_told_from_texts_the_number_of_the_entry_is_given(tmp_path: Path) -> None:
    text = '[[feed]]\nurl = "ftp://a.example/"\nname = """\n[[feed]]\n"""\n'
    assert all(line.startswith("feeds.toml feed number 1: ") for line in mistakes(file(tmp_path, text)))


@given(st.dictionaries(KEYS, VALUES))
def test_whatever_values_a_table_has_the_answer_is_a_feed_or_mistakes(values: dict[str, Any]) -> None:
    from config.sources import _feed

    noted: list[str] = []
    feed = _feed(tables.Table("feed", values, "here", noted))
    assert isinstance(feed, Feed)
    assert noted or feed.url.startswith(("http://", "https://"))


def test_the_shipped_feeds_are_many_and_of_many_languages() -> None:
    found = feeds(SHIPPED / "feeds.toml")
    assert 55 <= len(found) <= 75
    assert len({(feed.language or "").partition("-")[0] for feed in found}) >= 25
    assert all(feed.url.startswith("https://") for feed in found)
    assert len({feed.name for feed in found}) == len(found)


# --- taggers ---


def test_a_tagger_is_read_with_its_defaults(tmp_path: Path) -> None:
    path = file(tmp_path, '[[tagger]]\nname = "places"\nfunction = "newsroom.places.tag"\n', "taggers.toml")
    assert taggers(path) == [Tagger("places", "newsroom.places.tag", "now", 1000, 3, ())]


def test_no_taggers_file_means_no_taggers(tmp_path: Path) -> None:
    assert taggers(tmp_path / "taggers.toml") == []


def test_the_shipped_taggers_file_is_an_example_only() -> None:
    assert taggers(SHIPPED / "taggers.toml") == []


def test_the_example_in_the_shipped_taggers_file_is_right(tmp_path: Path) -> None:
    lines = (SHIPPED / "taggers.toml").read_text().splitlines()
    example = "\n".join(line[2:] for line in lines[lines.index("# [[tagger]]") :])
    assert taggers(file(tmp_path, example, "taggers.toml"))[0].name == "places"


def test_every_mistake_of_a_tagger_is_told_at_once(tmp_path: Path) -> None:
    text = """[[tagger]]
name = "Places!"
function = "nodots"
start = "never"
ahead = 0
retries = -1
relations = ["original", "cousin"]
colour = "red"
[[tagger]]
[[tagger]]
name = "b"
function = "a.b"
[[tagger]]
name = "b"
function = "a.b; import os"
"""
    found = mistakes(file(tmp_path, text, "taggers.toml"), taggers)
    assert len(found) == 11
    assert sum(line.startswith("taggers.toml line 1: ") for line in found) == 7
    assert "taggers.toml line 13: the name 'b' is taken by a tagger above" in found


# --- reading again ---


def touch(path: Path, text: str, tick: int) -> None:
    """Write, and move the time on, as an editor some seconds later would."""
    path.write_text(text, "utf-8")
    os.utime(path, (1_800_000_000 + tick, 1_800_000_000 + tick))


GOOD = '[[feed]]\nurl = "http://a.example/"\n'


def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    reads: list[Path] = []

    def read(path: Path) -> list[Feed]:
        reads.append(path)
        return feeds(path)

    path = tmp_path / "feeds.toml"
    touch(path, GOOD, 0)
    watched = Watched(path, read)
    assert (watched.changed(), len(reads)) == (False, 1)
    touch(path, GOOD + '[[feed]]\nurl = "http://b.example/"\n', 1)
    assert (watched.changed(), len(watched.value), len(reads)) == (True, 2, 2)
    assert watched.changed() is False


def test_a_file_that_was_only_touched_brings_nothing_new(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    touch(path, GOOD, 0)
    watched = Watched(path, feeds)
    touch(path, "# remark\n" + GOOD, 1)
    assert watched.changed() is False


def test_a_broken_change_is_told_once_and_the_last_good_list_stays(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    touch(path, GOOD, 0)
    watched = Watched(path, feeds)
    before = watched.value
    touch(path, "[[feed]\n", 1)
    with pytest.raises(SettingsError):
        watched.changed()
    assert (watched.changed(), watched.value) == (False, before)
    touch(path, GOOD.replace("a.", "c."), 2)
    assert (watched.changed(), watched.value[0].url) == (True, "http://c.example/")


def test_a_list_that_vanishes_is_told_once_and_read_when_it_is_back(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    touch(path, GOOD, 0)
    watched = Watched(path, feeds)
    path.unlink()
    with pytest.raises(SettingsError, match="there is no such file"):
        watched.changed()
    assert (watched.changed(), len(watched.current())) == (False, 1)
    touch(path, GOOD.replace("a.", "d."), 0)
    assert watched.current()[0].url == "http://d.example/"


def test_a_file_replaced_within_one_tick_of_the_clock_by_one_of_the_same_size_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    touch(path, GOOD, 0)
    watched = Watched(path, feeds)
    touch(tmp_path / "new", GOOD.replace("a.", "e."), 0)
    (tmp_path / "new").replace(path)
    assert watched.changed()


def test_current_never_raises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feeds.toml"
    touch(path, GOOD, 0)
    watched = Watched(path, feeds)
    touch(path, "nonsense", 1)
    assert [feed.url for feed in watched.current()] == ["http://a.example/"]
    assert [feed.url for feed in watched.current()] == ["http://a.example/"]
    assert "".join(capsys.readouterr()).count("file_wrong") == 1


def test_a_file_that_is_wrong_from_the_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        Watched(file(tmp_path, "nonsense"), feeds)
