"""What every JSON format of wires keeps to, whatever an agency puts into its members."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Signal, Status
from ingest.wire.parts import members

SAMPLES = Path(__file__).parent / "samples" / "wires"
FIXTURES = sorted(p for p in SAMPLES.glob("*/*.json") if not p.name.endswith(".expected.json"))
WRONG = (None, True, 0, -1, 1e300, "", "x", "\ud800\x00", "<p>&nbsp;<", [], [None], [[]], {}, {"": {}}, ["a", 1, {}])


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*way, name)
        yield from places(one, (*way, name))


def put(value: Any, way: tuple[Any, ...], new: Any) -> None:
    for name in way[:-1]:
        value = value[name]
    value[way[-1]] = new


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FIXTURES), st.data())
def test_a_member_of_a_wrong_type_ends_in_items_or_a_reason(path: Path, data: st.DataObject) -> None:
    message = json.loads(path.read_bytes())
    for way in data.draw(st.lists(st.sampled_from(list(places(message))), max_size=3)):
        try:
            put(message, way, copy.deepcopy(data.draw(st.sampled_from(WRONG))))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier one took what was inside
    try:
        found = wires.read(json.dumps(message).encode(), path.name)
    except Unreadable:
        return
    text = " ".join(str(item) for item in found)
    assert "\ud800" not in text
    assert "\x00" not in text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{}", "begins with '{}'"),
        (b"[]", r"begins with '\[\]'"),
        (b'{"requests": 1, "x": 2}', "JSON with requests, x"),
        (b'{\n "uri": "a",\n "body_html": }', "no JSON: Expecting value: line 3 column 15"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"data": {"items": []}}', "JSON with data"),
        (b'{"entries": []}', "JSON with entries"),
    ],
)
def test_json_that_no_format_reads_is_refused_with_what_one_sees_of_it(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        wires.read(raw, "x.json")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        (None, "usable"),
        ("", "usable"),
        ("Usable", "usable"),
        ("stat:usable", "usable"),
        ("http://cv.iptc.org/newscodes/pubstatusg2/canceled", "canceled"),
        ("cancelled", "canceled"),
        ("killed", "canceled"),
        ("withhold", "withheld"),
        ("commissioned", "withheld"),
    ],
)
def test_a_status_is_known_by_its_last_word_and_an_unknown_one_is_withheld(word: str | None, status: str) -> None:
    assert Status.told(word) == status


def test_numbers_are_read_as_digits_and_urgencies_only_from_1_to_9() -> None:
    thing = {"a": 3, "b": "4", "c": 3.0, "d": 12, "e": True, "f": "high", "g": -1}
    assert [members.urgency(thing, name) for name in thing] == [3, 4, 3, None, None, None, None]
    assert members.line(thing, "e", "a") == "3"


def test_the_gravest_signal_counts() -> None:
    meanings = {"fix": "correction", "upd": "update", "gone": "kill", "odd": "nonsense"}
    assert members.signal(["sig:UPD", "sig:fix"], meanings) == Signal.CORRECTION
    assert members.signal(["fix", "gone"], meanings) == Signal.KILL
    assert members.signal(["odd", "unheard"], meanings) is None
