"""Who is given which event: the decision, the cursors of RQ taggers, and `documents --originals`, on a real stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rq import Queue
from rq.serializers import JSONSerializer

from config.taggers import Tagger
from ingest import keys
from ingest.store import Store
from tests.service import Service, service
from workers import dispatch
from workers.dispatch import Dispatch
from workers.event import pack
from workers.wanted import ORIGINALS, STEPS, wanted

ALL = ("original", "copy", "excerpt", "extends", "version")
PICKY = Tagger("picky", "tests.spotters.note", "beginning", relations=ORIGINALS)
Event = dict[str, Any]


def event(name: str, relation: str = "", previous: str = "", kind: str = "") -> Event:
    """An event as the hand-off writes it, as far as the decision looks at it; its id repeats its name."""
    kind = kind or ("updated" if previous else "created")
    found = {
        "id": (name * 40)[:40],
        "type": f"wiredesk.document.{kind}.v1",
        "time": "2026-03-01T08:00:00Z",
        "url": f"http://news.test/{name}",
        "relation": relation,
        "previous": (previous * 40)[:40],
        "data": {"bodies": [{"role": "main", "contentType": "text/plain", "value": f"Text {name}"}]},
    }
    return {k: v for k, v in found.items() if v}


def decided(history: list[Event], relations: tuple[str, ...] = ORIGINALS) -> list[bool]:
    kept = {e["id"]: e for e in history}
    return [wanted(e, relations, lambda name: kept.get(name, {})) for e in history]


@pytest.mark.parametrize("relation", ALL)
def test_an_event_goes_to_those_who_want_its_relation_and_to_those_who_named_none(relation: str) -> None:
    found = event("a", relation)
    assert [decided([found], (other,)) for other in ALL] == [[other == relation] for other in ALL]
    assert decided([found], ()) == [True]


def test_an_event_without_a_relation_is_an_original() -> None:
    assert decided([event("a")]) == [True]
    assert decided([event("a")], ("copy",)) == [False]


def test_who_has_a_document_is_given_its_later_versions_whatever_they_have_become() -> None:
    assert decided([event("a", "original"), event("b", "copy", "a"), event("c", "excerpt", "b")]) == [True] * 3


def test_a_copy_that_becomes_more_than_a_copy_is_given_from_then_on() -> None:
    history = [event("a", "copy"), event("b", "copy", "a"), event("c", "extends", "b"), event("d", "copy", "c")]
    assert decided(history) == [False, False, True, True]


@pytest.mark.parametrize("first", ["original", "copy"])
def test_a_withdrawal_goes_to_those_who_have_the_document_and_to_nobody_else(first: str) -> None:
    has = first == "original"
    assert decided([event("a", first), event("b", "", "a", "withdrawn")]) == [has, has]
    assert decided([event("a", first), event("b", "original", "a", "withdrawn")]) == [has, has]
    assert decided([event("a", first), event("b", "copy", "a"), event("c", "", "b", "withdrawn")]) == [has] * 3
    assert decided([event("a", first), event("b", "", "a", "withdrawn")], ()) == [True, True]


def test_what_is_no_longer_kept_counts_as_given() -> None:
    assert decided([event("b", "copy", "a")]) == [True]
    assert decided([event("b", "", "a", "withdrawn")]) == [True]


def test_the_look_back_ends_after_so_many_versions() -> None:
    asked: list[str] = []

    def endless(name: str) -> Event:
        asked.append(name)
        return event("b", "copy", "b")

    assert wanted(event("a", "copy", "b"), ORIGINALS, endless)
    assert len(asked) == STEPS


@given(st.lists(st.sampled_from([*ALL, "", "withdrawn"]), min_size=1, max_size=12), st.sets(st.sampled_from(ALL)))
def test_who_was_given_a_version_is_given_all_that_follow(relations: list[str], picked: set[str]) -> None:
    names = "abcdefghijkl"
    history = [
        event(name, "" if relation == "withdrawn" else relation, before, relation if relation == "withdrawn" else "")
        for name, before, relation in zip(names, ["", *names], relations, strict=False)
    ]
    verdicts = decided(history, tuple(sorted(picked)))
    assert verdicts == sorted(verdicts)
    first = verdicts.index(True) if True in verdicts else None
    if first is not None and picked:
        assert (relations[first] or "original") in picked


# --- on the stream ---


def handed_off(store: Store, *events: Event) -> None:
    """Put events into the stream, as a commit does."""
    for found in events:
        store.client.set(keys.EVENT + found["id"][:16], store.client.xadd(keys.STREAM, {"event": pack(found)}))


def given_to(store: Store, name: str = "picky") -> str:
    ids = Queue(f"tagger-{name}", connection=store.client, serializer=JSONSerializer).job_ids
    return "".join(one.removeprefix(f"{name}-")[0] for one in ids)


HISTORY = (
    event("a", "original"),
    event("b", "copy"),
    event("c", "copy", "b"),
    event("d", "excerpt", "a"),
    event("e", "extends", "c"),
    event("f", "", "d", "withdrawn"),
    event("g", "excerpt"),
    event("h", "", "g", "withdrawn"),
)


def test_a_tagger_with_relations_is_given_them_and_what_follows_on_them(store: Store) -> None:
    handed_off(store, *HISTORY)
    everything = Tagger("everything", "tests.spotters.note", "beginning")
    assert Dispatch(store).run(PICKY) == len("adef")
    assert Dispatch(store).run(everything) == len(HISTORY)
    assert given_to(store) == "adef"
    assert given_to(store, "everything") == "abcdefgh"


def test_the_look_back_works_across_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "BATCH", 1)
    handed_off(store, *HISTORY)
    Dispatch(store).run(PICKY)
    assert given_to(store) == "adef"


def test_filtered_events_move_the_cursor_also_when_they_are_all_there_is(store: Store) -> None:
    handed_off(store, *(event(name, "copy") for name in "abc"))
    found = Dispatch(store)
    assert found.run(PICKY) == 0
    assert found.cursor(PICKY) == found.end() != "0-0"
    assert given_to(store) == ""
    handed_off(store, event("d", "original"))
    assert found.run(PICKY) == 1
    assert found.cursor(PICKY) == found.end()


def test_a_run_ends_although_there_is_more_and_the_next_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "BATCH", 2)
    monkeypatch.setattr(dispatch, "MOST", 4)
    handed_off(store, *(event(name, "copy") for name in "abcdefg"), event("h", "original"))
    found = Dispatch(store)
    assert [found.run(PICKY), found.run(PICKY)] == [0, 1]


def test_another_dispatcher_that_moved_the_cursor_past_filtered_events_is_noticed(store: Store) -> None:
    handed_off(store, event("a", "copy"), event("b", "original"))
    first, second = Dispatch(store), Dispatch(store)
    first.cursor(PICKY)
    assert second.run(PICKY) == 1
    assert first.run(PICKY) == 0
    assert given_to(store) == "b"


# --- the command ---


@pytest.fixture
def house(store: Store, tmp_path: Path) -> Iterator[Service]:
    handed_off(store, *HISTORY)
    with service(tmp_path, REDIS_URL=store.url) as found:
        yield found


def names(house: Service, *words: str) -> str:
    return "".join(e["id"][0] for e in house.call("documents", "--json", *words).rows)


def test_documents_originals_decides_as_for_taggers(house: Service) -> None:
    assert names(house) == "abcdefgh"
    assert names(house, "--originals") == "adef"


def test_count_counts_what_is_printed(house: Service) -> None:
    assert names(house, "--originals", "--count", "2") == "ad"
    assert names(house, "--count", "2") == "ab"


def test_a_group_that_reads_originals_acknowledges_the_others_too(house: Service, store: Store) -> None:
    assert names(house, "--originals", "--group", "desk", "--count", "3") == "ade"
    assert names(house, "--originals", "--group", "desk") == "f"
    assert names(house, "--group", "desk") == ""
    assert store.client.xpending(keys.STREAM, "desk")["pending"] == 0
