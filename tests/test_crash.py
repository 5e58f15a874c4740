"""Whatever is killed, whenever: nothing is lost, nothing doubled, and the law holds at every instant."""

from __future__ import annotations

import os
import sys
import time
from importlib import resources

import pytest
from redis.client import Pipeline

from config.settings import load
from ingest import keys, queue
from ingest import store as store_module
from ingest.account import Account
from ingest.ledger import Ledger, Limits
from ingest.receive import Hand
from ingest.store import Store
from tests.bench import mutate
from tests.bench.drill import Drill, hold
from tests.bench.orders import Order
from tests.bench.stage import Plan
from tests.records import discovered, entry, fetch, pages, taken
from workers.cli.work import backoff, in_a_row
from workers.keeper import Keeper

LEASE = Limits(lease=0.001, delay=0, each=50)
POINTS = (
    Order("poller:before:discover"),
    Order("worker:after:commit"),
    Order("page:before:extract"),
    Order("server:random"),
    Order("worker:after:take", "parent"),
)
ALL = (
    Order("poller:after:claim", "all"),
    Order("worker:before:commit", "all"),
    Order("all:random"),
)


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="finds its processes in /proc")
@pytest.mark.parametrize(
    "drill",
    [
        Drill("each", POINTS, kills=25, gap=(0.0, 0.2), plan=Plan(articles=40, seconds=15, revise_after=4)),
        Drill("all", ALL, kills=5, gap=(0.3, 0.6), plan=Plan(articles=20, seconds=8, revise_after=4)),
    ],
    ids=lambda d: d.name,
)
def test_whatever_is_killed_nothing_is_lost_or_doubled(drill: Drill) -> None:
    result = hold(drill)
    assert result.verdict.passed, result.verdict
    assert result.watch.broken == []
    assert result.faults == []
    assert sum(result.kills.values()) >= drill.kills * 0.8


def test_a_page_stored_twice_is_counted_once(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    fetch(ledger, work)
    fetch(ledger, work)  # the answer to the first call was lost
    assert Account(store).law().waiting == store.client.strlen(keys.PAGE + work.id)


def test_a_page_that_comes_after_its_lease_is_not_fetched_again(ledger: Ledger) -> None:
    discovered(ledger)
    (work,) = ledger.claim([("p", 1)], LEASE)
    time.sleep(0.01)
    ledger.reconcile(10, 0, 1)
    fetch(ledger, work)
    assert pages(ledger) == []
    assert taken(ledger, work.id).page


def test_a_crash_told_twice_is_counted_once(ledger: Ledger, store: Store) -> None:
    discovered(ledger)
    (work,) = pages(ledger)
    held = taken(ledger, fetch(ledger, work))
    for _ in range(3):
        assert ledger.stumble(held, "page-deadline", 2, "")
    assert Account(store).record(work.id)["c"] == "1"


def test_housekeeping_passes_to_another_within_a_lease(store: Store) -> None:
    settings = load({"WIREDESK_LEASE": "0.5"})
    first, second = (Keeper(settings, store, list) for _ in range(2))
    second.name = f"another-{os.getpid()}"
    assert first.mine()
    assert not second.mine()
    time.sleep(0.7)
    assert second.mine()


def test_a_page_whose_job_was_lost_is_told_again_while_others_wait_in_line(ledger: Ledger, store: Store) -> None:
    discovered(ledger, entry(1), entry(2), entry(3))
    lost, *others = [fetch(ledger, work) for work in pages(ledger)]
    keeper = Keeper(load({"WIREDESK_LEASE": "0.5"}), store, list)
    queue.submit(keeper.queue, others)
    assert keeper.reconcile() == 0, "it may be in a worker's hands"
    time.sleep(0.3)
    assert keeper.reconcile() == 1
    assert queue.named(keeper.queue, 10) == {lost, *others}


def test_a_process_that_keeps_dying_is_never_long_away() -> None:
    assert backoff(0) == backoff(in_a_row(7, lived=6)) == 0
    assert backoff(in_a_row(0, lived=1)) > 0
    assert max(backoff(n) for n in range(100)) <= 10


@pytest.mark.parametrize("name", sorted(mutate.MUTATIONS))
def test_every_guard_that_a_crash_run_takes_out_is_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, taken_out in (
        (store_module, "_text"),
        (Store, "run"),
        (Ledger, "reconcile"),
        (Hand, "_keep"),
        (Pipeline, "execute"),
    ):
        monkeypatch.setattr(owner, taken_out, getattr(owner, taken_out))  # put back after the test
    mutate.apply(name)
    for script in resources.files("ingest").joinpath("scripts").iterdir():
        assert store_module._text(script.name.removesuffix(".lua"))
