"""Claims of subjects, signals and paths in ingest/wire/parts, and of ingest/apart.py."""

from __future__ import annotations

import os
import threading
import warnings

import pytest
from lxml import etree

from ingest import apart
from ingest.item import Signal
from ingest.wire.parts import paths, signals, subjects


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("medtop:20000763", "http://cv.iptc.org/newscodes/mediatopic/20000763"),
        ("subj:04000000", "http://cv.iptc.org/newscodes/subjectcode/04000000"),
        ("wikidata:Q1", "http://www.wikidata.org/entity/Q1"),
        ("dpacat:wi", "dpacat:wi"),
        ("http://cv.iptc.org/newscodes/mediatopic/1", "http://cv.iptc.org/newscodes/mediatopic/1"),
        ("medtop:", "medtop:"),
        ("Ferries", "Ferries"),
    ],
)
def test_a_qcode_of_a_known_scheme_is_an_address_and_anything_else_stays(code: str, address: str) -> None:
    assert subjects.address(code) == address


def test_every_scheme_ends_where_a_value_can_follow() -> None:
    assert [alias for alias, uri in subjects.schemes().items() if uri[-1] not in "/#"] == []


def test_the_gravest_signal_counts_and_a_dialect_may_say_otherwise() -> None:
    assert signals.decided(["sig:update", "x:kill", "sig:correction"]) is Signal.KILL
    assert signals.decided(["http://cv.iptc.org/newscodes/signal/update"]) is Signal.UPDATE
    assert signals.decided(["x:kill"], {"x:kill": "none"}) is None
    assert signals.decided(["ed:C"], {"ed:C": "correction"}, ["update"]) is Signal.CORRECTION
    assert signals.decided(["update:append-major-content", "cwarn"]) is None


def test_paths_reach_elements_and_attributes_by_local_name() -> None:
    root = etree.fromstring("<a xmlns='urn:x' n='0'><b><c n='1'> x <i>y</i></c><d/></b><b><c n='2'/></b></a>")
    assert list(paths.values([root], "b/c")) == ["x y", ""]
    assert list(paths.values([root], "b/c/@n")) == ["1", "2"]
    assert list(paths.values([root], "//c/i")) == ["y"]
    assert list(paths.values([root], "b/c/i")) == ["y"]
    assert list(paths.values([root], "@n")) == ["0"]
    assert list(paths.values([root], "b/nothing/@n")) == []


def test_messages_are_parsed_in_one_thread_that_is_replaced_when_it_has_read_enough() -> None:
    first = apart.apart(threading.get_ident)
    assert first != threading.get_ident()
    assert apart.apart(threading.get_ident, 30_000_000) == first
    assert isinstance(apart.apart(lambda: 1 / 0), ZeroDivisionError)


def test_a_forked_process_parses_in_a_thread_of_its_own() -> None:
    apart.apart(lambda: 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # what newer Pythons say of forks beside threads
        child = os.fork()
    if not child:
        os._exit(apart.apart(lambda: 7))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
