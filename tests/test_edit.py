"""Editing feeds.toml keeps what people wrote in it, and never leaves a wrong file behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import edit
from config.settings import SettingsError
from config.sources import feeds

LIST = """# Our feeds, kept by Ada

# --- Europe ---
[[feed]]  # the first one
url = "https://a.example/1"
name = "a"
[feed.headers]
Accept = "text/xml" # they insist

# --- Asia ---

[[feed]]
url   =   "https://b.example/2"
# more to come
[[wire]]
name = "dpa"
transport = "spool"
# the end
"""

_UNSEEN = ("Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Cn", "Co")
NAMES = st.text(st.characters(min_codepoint=32, exclude_categories=_UNSEEN), min_size=1, max_size=10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "feeds.toml").write_text(LIST, "utf-8")
    return tmp_path / "feeds.toml"


def test_a_feed_is_appended_and_every_other_character_stays(path: Path) -> None:
    said = edit.add(
        path, {"url": "https://c.example/3", "name": 'C “quoted” \\ "x"', "tags": ("x", "y"), "language": None}
    )
    assert path.read_text("utf-8").startswith(LIST)
    assert said.feeds == feeds(path)
    assert (said.feeds[-1].name, said.feeds[-1].tags) == ('C “quoted” \\ "x"', ("x", "y"))


def test_headers_are_appended_as_a_table_of_their_feed(path: Path) -> None:
    edit.add(path, {"url": "https://c.example/3", "headers": {"X-Key": "env:KEY"}}, {"url": "https://d.example/4"})
    assert [feed.headers for feed in feeds(path)] == [{"Accept": "text/xml"}, {}, {"X-Key": "env:KEY"}, {}]


def test_the_first_feed_makes_the_file(tmp_path: Path) -> None:
    edit.add(tmp_path / "feeds.toml", {"url": "https://a.example/"})
    assert (tmp_path / "feeds.toml").read_text() == '[[feed]]\nurl = "https://a.example/"\n'


def test_a_feed_is_taken_out_with_its_headers_and_no_remark_is_lost(path: Path) -> None:
    said = edit.remove(path, "a")
    assert [feed.url for feed in said.feeds] == ["https://b.example/2"]
    text = path.read_text("utf-8")
    assert "Accept" not in text
    for remark in ("# Our feeds, kept by Ada", "# --- Europe ---", "# --- Asia ---", "# more to come", "# the end"):
        assert remark in text
    assert text.endswith(LIST[LIST.index("# --- Asia") :])


@pytest.mark.parametrize("which", ["https://b.example/2", "b.example/2"])
def test_a_feed_goes_by_its_address_or_its_name_given_or_made(path: Path, which: str) -> None:
    assert [feed.name for feed in edit.remove(path, which).feeds] == ["a"]


@pytest.mark.parametrize(
    "feed",
    [
        {"url": "ftp://c.example/"},
        {"url": "https://a.example/1"},
        {"url": "https://c.example/", "nmae": "c"},
        {"name": "c"},
    ],
)
def test_a_change_that_would_make_the_file_wrong_is_refused_and_nothing_is_left_behind(
    path: Path, feed: dict[str, str]
) -> None:
    with pytest.raises(SettingsError, match=r"feeds\.toml line"):
        edit.add(path, {"url": "https://good.example/"}, feed)
    assert path.read_text("utf-8") == LIST
    assert [p.name for p in path.parent.iterdir()] == ["feeds.toml"]


def test_removing_what_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(SettingsError, match="no feed has the url or name 'zzz'"):
        edit.remove(path, "zzz")


def test_a_broken_file_is_left_alone(path: Path) -> None:
    path.write_text("[[feed]\n")
    for change in (lambda: edit.add(path, {"url": "https://a.example/"}), lambda: edit.remove(path, "a")):
        with pytest.raises(SettingsError):
            change()
    assert path.read_text() == "[[feed]\n"


def test_a_file_too_unusual_is_left_to_people(path: Path) -> None:
    odd = 'feed = [{ url = "https://a.example/1" }, { url = "https://b.example/2" }]\n'
    path.write_text(odd)
    for change in (lambda: edit.add(path, {"url": "https://c.example/"}), lambda: edit.remove(path, "a.example/1")):
        with pytest.raises(SettingsError):
            change()
    assert path.read_text() == odd


def test_the_rights_of_the_file_stay(path: Path) -> None:
    path.chmod(0o600)
    edit.remove(path, "a")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot write"):
        edit.add(tmp_path / "absent" / "feeds.toml", {"url": "https://a.example/"})


@given(st.lists(NAMES, unique=True, max_size=5), st.randoms(use_true_random=False))
def test_feeds_added_and_removed_in_any_order_leave_the_file_as_it_was(names: list[str], random: object) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feeds.toml"
        path.write_text(LIST, "utf-8")
        before = feeds(path)
        for number, name in enumerate(names):
            edit.add(path, {"url": f"https://n.example/{number}", "name": "n:" + name})
        random.shuffle(names)  # type: ignore[attr-defined]
        for name in names:
            edit.remove(path, "n:" + name)
        assert feeds(path) == before
        assert path.read_text("utf-8").rstrip() == LIST.rstrip()
