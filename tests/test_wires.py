"""One conformance test for every file in ingest/wire and ingest/dialects; fixtures lie in tests/samples/wires/FORMAT/.

A fixture is any file there; the items it must be read as lie beside it under the same name, ending in .expected.json,
as `wiredesk parse --json` prints them, without the file's name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import dialect, referee, wires
from ingest.body import Unreadable
from ingest.dialect import Dialect
from ingest.item import Item, Status
from ingest.message import Message
from workers.cli import items

SAMPLES = Path(__file__).parent / "samples" / "wires"
NAMES = sorted(wires.formats())
PATHS = sorted(p for p in SAMPLES.glob("*/*") if not p.name.endswith(".expected.json"))
CASES = [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in PATHS]


def shown(path: Path) -> list[dict[str, Any]]:
    rows = [items.row(path.name, item) for item in wires.read(path.read_bytes(), path.name)]
    return [{key: value for key, value in json.loads(json.dumps(row)).items() if key != "file"} for row in rows]


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_a_fixture_and_every_fixture_an_expectation(name: str) -> None:
    own = [path for path in PATHS if path.parent.name == name]
    assert own, f"put a fixture of {name} into {SAMPLES / name}"
    assert [path for path in own if not path.with_suffix(".expected.json").exists()] == []


def test_every_folder_of_fixtures_belongs_to_a_format() -> None:
    assert sorted(p.name for p in SAMPLES.iterdir()) == NAMES


@pytest.mark.parametrize("path", CASES)
def test_a_fixture_is_read_as_expected(path: Path) -> None:
    found = shown(path)
    assert {row["format"] for row in found} == {path.parent.name}
    assert found == json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES)
def test_exactly_its_own_format_recognises_a_fixture(path: Path) -> None:
    message = Message(path.read_bytes(), path.name)
    assert [name for name, reader in wires.formats().items() if reader.recognises(message)] == [path.parent.name]


@pytest.mark.parametrize("path", CASES)
def test_a_fixture_is_of_a_medium_of_its_format(path: Path) -> None:
    assert set(Message(path.read_bytes()).media) & set(wires.formats()[path.parent.name].MEDIA)


def test_a_dialect_holds_no_rule_that_its_format_does_not_know() -> None:
    unknown = {
        known.name: rules
        for known in dialect.ours()
        if (rules := known.rules.keys() - set(wires.formats()[known.format].RULES))
    }
    assert unknown == {}


def test_every_dialect_is_spoken_in_some_fixture(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: set[str] = set()
    speak = Message.speak

    def listened(self: Message, format: str, find: Callable[[str], Iterable[str]]) -> Dialect:
        found = speak(self, format, find)
        heard.add(found.name)
        return found

    monkeypatch.setattr(Message, "speak", listened)
    for path in PATHS:
        wires.read(path.read_bytes(), path.name)
    assert {known.name for known in dialect.ours()} - heard == set()


@pytest.fixture(scope="module")
def no_judge() -> Iterator[None]:
    """What feedparser makes of broken feeds is a claim of tests/test_referee.py, and takes a process each time."""

    def refuse(*_: object) -> None:
        raise Unreadable("no judge here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(referee.Child, "ask", refuse)
        yield


@pytest.mark.usefixtures("no_judge")
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(PATHS),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4),
)
def test_a_broken_message_ends_in_items_or_a_reason(path: Path, kept: float, wrong: list[tuple[float, int]]) -> None:
    raw = bytearray(path.read_bytes())
    for place, byte in wrong:
        raw[int(place * (len(raw) - 1))] = byte
    try:
        assert wires.read(bytes(raw[: int(kept * len(raw))] if kept < 0.9 else raw), path.name)
    except Unreadable as reason:
        assert "\n" not in str(reason)


def test_an_embargo_that_only_the_body_elsewhere_tells_holds_the_item() -> None:
    body = """<nitf><head><docdata management-status="{}"><date.issue norm="20310504T080000Z"/>
        <date.release norm="{}"/></docdata></head><body><body.content><p>Text.</p></body.content></body></nitf>"""
    item = Item("apmedia", "urn:hna:1", elsewhere="https://hna.test/1")
    held = wires.completed(item, body.format("embargoed", "20310504T120000Z").encode(), wires.Manner())
    assert held.embargoed and held.embargoed.iso() == "2031-05-04T12:00:00Z" and held.body == "Text."
    assert wires.completed(item, body.format("embargoed", "").encode(), wires.Manner()).status is Status.WITHHELD
    assert wires.completed(item, body.format("canceled", "").encode(), wires.Manner()).status is Status.USABLE
