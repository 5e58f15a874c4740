"""The real service beside a site that edits its articles: every change is one event of the right type, churn none."""

from __future__ import annotations

import sys

import pytest

from tests.bench import world

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="finds its processes in /proc")


@LINUX
@pytest.mark.timeout(120)
def test_every_change_is_one_event_in_order_and_churn_is_none() -> None:
    outcome = world.hold(world.changes(stories=9, kills=0))
    assert outcome.passed, outcome.told(20)
