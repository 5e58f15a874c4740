"""Random histories of wires, on the real server: after every step it stands as docs/wires.md says.

Messages in and out of order, equal, twice, under embargo, withheld, killed, returning, renamed; a clock that moves both
ways; pollers that lose their lease in the middle of a message; workers that die, or come back; RETENTION that passes.

    HISTORIES=3000 STEPS=40 pytest tests/test_wire_histories.py --timeout 0
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from ingest import keys
from ingest.store import Store, word
from tests.annals import Version
from tests.chronicle import RETENTION, Chronicle, Hand

PASSED = 16 * 144  # units after which RETENTION has passed, and a day
WIRES = ("harbour", "coast")
SOON = (-0.5, -1.5, 0.5, 0.5, 0.5, 1.5, 30.5, 5000.5)  # units from now until an embargo ends
GUIDS = ("a", "a", "a", "a", "b", "c")
LASTING = (keys.STREAM, keys.COUNTERS, keys.REASONS, keys.ALARMS, keys.FEEDS, keys.FEED, keys.LANE, keys.QUEUE)
AGEING = (keys.RECORD, keys.ENDED, keys.ENDS)

any_of = st.integers(0, 9)
ends = st.one_of(st.none(), st.none(), st.sampled_from(SOON))
minutes = st.one_of(st.none(), st.integers(0, 3), st.just(10**7))  # the last: far ahead of every clock
acts = st.sampled_from(("text", "text", "text", "text", "kill", "withheld", "correction", "picture", "empty"))


@st.composite
def sent(draw: st.DrawFn) -> dict[str, Any]:
    """What one item says, before it has a name."""
    return {
        "guid": draw(st.sampled_from(GUIDS)),
        "minute": draw(minutes),
        "version": draw(st.sampled_from((None, "1", "2", "10"))),
        "act": draw(acts),
        "soon": draw(ends),
        "zoneless": draw(st.booleans()),
        "text": draw(st.sampled_from("xyz")),
        "replaces": tuple(draw(st.lists(st.sampled_from(GUIDS), max_size=2))) if draw(st.integers(0, 3)) == 0 else (),
    }


class History(Chronicle):
    """What may happen."""

    @rule(wire=st.sampled_from(WIRES), said=st.lists(sent(), min_size=1, max_size=3))
    def send(self, wire: str, said: list[dict[str, Any]]) -> None:
        self.messages.append((wire, [self.made(wire, one) for one in said]))
        self.deliver(*self.messages[-1])

    @precondition(lambda self: self.messages)
    @rule(which=any_of)
    def send_again(self, which: int) -> None:
        self.deliver(*self.messages[which % len(self.messages)])

    @rule(wire=st.sampled_from(WIRES), said=st.lists(sent(), min_size=2, max_size=4), kept=st.integers(1, 3))
    def send_and_lose_the_lease(self, wire: str, said: list[dict[str, Any]], kept: int) -> None:
        """A poller dies, or pauses for too long, in the middle of a message; another has it again from its start."""
        message = [self.made(wire, one) for one in said]
        self.messages.append((wire, message))
        self.deliver(wire, message, min(kept, len(message) - 1))
        self.deliver(wire, message)

    @rule(units=st.sampled_from((1, 1, 2, 3, -1, -2)))
    def move_the_clock(self, units: int) -> None:
        self.turn(units)

    @rule()
    def release(self) -> None:
        self.ledger.release()
        self.annals.release(self.clock)

    @precondition(lambda self: self.ready())
    @rule(which=any_of)
    def take(self, which: int) -> None:
        self.taken(self._ready(which))

    @precondition(lambda self: self.hands)
    @rule(which=any_of)
    def commit(self, which: int) -> None:
        self.done(self._hand(which))

    @precondition(lambda self: self.hands)
    @rule(which=any_of)
    def spoil(self, which: int) -> None:
        self.spoilt(self._hand(which))

    @precondition(lambda self: self.ready())
    @rule(which=any_of)
    def spoil_for_good(self, which: int) -> None:
        """An item that makes every worker fail."""
        version = self._ready(which)
        while version.place == "ready" and (hand := self.taken(version)):
            self.spoilt(hand)

    @precondition(lambda self: self.ready())
    @rule(units=st.sampled_from((-1, -2)))
    def step_back_during_the_work(self, units: int) -> None:
        """Embargoes end, a worker takes what came first, and before it is done the clock is set right."""
        self.release()
        hand = self.taken(self._ready(0))
        self.turn(units)
        if hand:
            self.done(hand)

    @rule()
    def work(self) -> None:
        """Everything that is ready goes out."""
        for _ in range(100):
            if not self.ready():
                return
            if hand := self.taken(self._ready(0)):
                self.done(hand)
        raise AssertionError("the work has no end")

    @precondition(lambda self: self.hands)
    @rule()
    def outlive_the_leases(self) -> None:
        """Workers are silent for a minute: others may take what they have; they may not be dead."""
        self.turn(0, 60)
        for rid in self.ledger.reconcile(100, 0, 0.0):
            version = self.version(rid)
            assert version.place == "work"
            version.place = "ready"
        self.turn(0)

    @rule()
    def retry(self) -> None:
        failed = [v for v in self.annals.records.values() if v.place == "failed:bug"]
        assert self.ledger.retry([v.rid for v in failed]) == len(failed)
        for version in failed:
            self.annals.retry(version)

    @rule()
    def let_retention_pass(self) -> None:
        """Records age, events are trimmed, keys expire."""
        self.turn(PASSED)
        while int(self.store.run("age", 100)):
            pass
        self.store.client.xtrim(keys.STREAM, maxlen=0, approximate=False)
        for key in self.store.client.scan_iter("wiredesk:*", count=1000):
            if self.store.client.pttl(key) > 0:
                self.store.client.delete(key)
        self.annals.forget()

    def teardown(self) -> None:
        """Whatever is left ends, and leaves nothing."""
        self.hands.clear()
        self.turn(2 * max(map(int, map(abs, SOON))))
        for _ in range(3):
            self.outlive_the_leases()
            self.retry()
            self.release()
            self.work()
            self.stands()
        assert all(":" in v.place for v in self.annals.records.values())
        law = self.account.law()
        assert (law.states["pending"], law.waiting) == (0, 0)
        for key in map(word, self.store.client.scan_iter("wiredesk:*", count=1000)):
            lasts = key.startswith((*LASTING, *AGEING))
            assert lasts or self.store.client.pttl(key) > 0, f"{key} never goes"

    def _ready(self, which: int) -> Version:
        found = self.ready()
        return found[which % len(found)]

    def _hand(self, which: int) -> Hand:
        return self.hands[which % len(self.hands)]


@pytest.mark.timeout(0 if "HISTORIES" in os.environ else 300)
def test_every_history_comes_to_what_the_documents_promise(server: str) -> None:
    History.store = Store(server, RETENTION)
    bounds = settings(
        max_examples=int(os.environ.get("HISTORIES", "90")),
        stateful_step_count=int(os.environ.get("STEPS", "30")),
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(History, settings=bounds)
    History.store.close()
