"""The real service beside houses that copy, cut and edit each other's stories: the stream tells what they did."""

from __future__ import annotations

import sys

import pytest

from tests.bench import world
from workers.newsroom import agency

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="finds its processes in /proc")


@LINUX
@pytest.mark.timeout(120)
def test_stories_and_relations_in_the_stream_match_the_worlds_own_record() -> None:
    outcome = world.hold(world.outlets(stories=6, kills=0, houses=5, whole=True))
    assert outcome.passed, outcome.told(20)


@LINUX
@pytest.mark.timeout(120)
def test_they_match_across_kills_of_workers_poller_and_server() -> None:
    outcome = world.hold(world.outlets(stories=6, kills=4, houses=5, seed=4))
    assert outcome.passed, outcome.told(20)


@LINUX
@pytest.mark.timeout(120)
def test_what_appears_everywhere_at_one_instant_has_one_original() -> None:
    outcome = world.hold(world.at_once(world.outlets(stories=8, kills=0, houses=5, seed=3), 8))
    assert outcome.passed, outcome.told(20)


@LINUX
@pytest.mark.timeout(120)
def test_what_an_agency_drops_goes_out_once_in_order_on_time_across_kills() -> None:
    outcome = world.hold(world.wires(agency.Order(stories=14, seconds=6, gap=4, hold=8), kills=4))
    assert outcome.passed, outcome.told(20)
