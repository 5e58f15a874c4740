"""`extract --compare`: what a change of the extractor does over stored pages, counted once and worst first."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import inherited
from tests.site import article, prose
from workers.cli.compare import Unreadable, compare, difference, lines, overlap, read

TEXT = "\n\n".join(prose("a page", 120))


def row(file: str = "a.html", text: str | None = TEXT, **more: Any) -> dict[str, Any]:
    return {"file": file, "url": f"file:///{file}", "text": text, "authors": [], "fields": {}, **more}


def earlier(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    path = tmp_path / "old.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return path


def test_the_same_answer_is_no_difference() -> None:
    assert difference(row(), row()) is None
    assert difference(row(text=None, reason="login"), row(text=None, reason="login", detail="other words")) is None


def test_a_paragraph_that_is_gone_is_counted_in_words_and_shown() -> None:
    first, *rest = TEXT.split("\n\n")
    found = difference(row(), row(text="\n\n".join(rest)))
    assert found
    assert (found.lost, found.gained) == (len(first.split()), 0)
    assert 0.5 < found.f1 < 1
    assert (found.before, found.after) == (first, rest[0])


def test_a_paragraph_at_the_end_is_shown_though_the_other_text_has_none() -> None:
    found = difference(row(), row(text=TEXT + "\n\nRead more here"))
    assert found
    assert (found.before, found.after, found.gained) == ("", "Read more here", 3)


def test_metadata_that_differ_are_named() -> None:
    found = difference(
        row(title="A", language="en"), row(title="B", authors=["C"], language="en", fields={"title": "x"})
    )
    assert found
    assert found.fields == ("authors", "title")
    assert found.f1 == 1


def test_a_page_that_is_refused_now_says_why_and_is_worst() -> None:
    found, tally = compare(
        {"a": row("a"), "b": row("b"), "c": row("c", None, reason="login")},
        [row("a", TEXT + "\n\nmore"), row("b", None, reason="listing"), row("c", None, reason="paywall")],
    )
    assert [(d.file, d.reasons) for d in found] == [("b", (None, "listing")), ("a", None), ("c", ("login", "paywall"))]
    assert (tally.refused, tally.accepted, tally.reasons, tally.texts, tally.same) == (1, 0, 1, 1, 0)


def test_a_page_that_is_an_article_now_is_counted() -> None:
    (found,), tally = compare({"a": row("a", None, reason="login")}, [row("a")])
    assert (found.reasons, found.f1, found.gained) == (("login", None), 0.0, len(TEXT.replace(".", "").split()))
    assert tally.accepted == 1


def test_a_sign_of_a_script_without_spaces_is_a_word() -> None:
    f1, lost, gained = overlap("新聞は今日の朝に届いた。" * 3, "新聞は今日の夜に届いた。" * 3)
    assert (lost, gained) == (3, 3)
    assert 0.3 < f1 < 1


@given(st.text(max_size=200), st.text(max_size=200))
def test_an_overlap_is_a_share_and_the_same_from_both_sides(one: str, two: str) -> None:
    f1, lost, gained = overlap(one, two)
    assert 0 <= f1 <= 1
    assert overlap(two, one) == (f1, gained, lost)
    assert overlap(one, one) == (1.0, 0, 0)


def test_pages_are_paired_by_path_and_else_by_name(tmp_path: Path) -> None:
    old = read(earlier(tmp_path, row("x/a.html.gz"), row("y/a.html.gz", "other words here now"), row("b.html", None)))
    assert compare(old, [row("x/a.html.gz"), row("y/a.html.gz")])[0][0].file == "y/a.html.gz"
    assert compare(old, [row("elsewhere/a.html")])[0] == []
    assert compare(old, [row("new.html")])[1].unknown == 1


@pytest.mark.parametrize("line", ["not json", "[]", "3", '{"text": "no file"}', "null"])
def test_a_file_that_is_no_earlier_output_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = earlier(tmp_path, row())
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(Unreadable, match="line 2"):
        read(path)


def test_people_see_the_sums_first() -> None:
    head, *rest = lines(*compare({"a": row("a"), "b": row("b")}, [row("a"), row("b", TEXT + "\n\n" + "x " * 300)]))
    assert head.startswith("1 of 2 texts differ")
    assert max(map(len, rest)) < 200


# --- the command ---


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workers.cli", "extract", *map(str, words)],
        env=inherited(),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_compares_with_what_it_printed_earlier(tmp_path: Path) -> None:
    pages = [tmp_path / f"{n}.html" for n in range(3)]
    for n, path in enumerate(pages):
        path.write_text(article(n, words=200), "utf-8")
    old = tmp_path / "old.jsonl"
    old.write_text(command("--json", *pages).stdout, "utf-8")
    same = command("--compare", old, *pages)
    assert same.returncode == 0
    assert same.stdout.startswith("0 of 3 texts differ")
    pages[1].write_text(article(1, words=200, text="other"), "utf-8")
    pages[2].write_text("<html><body><p>gone</p></body></html>", "utf-8")
    done = command("--json", "--compare", old, *pages)
    assert done.returncode == 0
    *found, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(r["file"]).name for r in found] == ["2.html", "1.html"]
    assert found[0]["reasons"][0] is None
    assert {"f1", "lost", "gained", "before", "after"} <= found[1].keys()
    sums = last["summary"]
    assert [sums[k] for k in ("pages", "same", "texts", "refused", "accepted", "reasons", "unknown")] == [
        3,
        1,
        1,
        1,
        0,
        0,
        0,
    ]
    assert command("--compare", pages[0], *pages).returncode == 2
    assert command("--compare", tmp_path / "none", *pages).returncode == 2
