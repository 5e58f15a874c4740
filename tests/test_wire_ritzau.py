"""What Ritzau's messages mean beyond their fixtures in tests/samples/wires/ritzau."""

from __future__ import annotations

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status


def read(*fields: str) -> Item:
    (item,) = wires.read(f"<RBNews><NewsID>n1</NewsID>{''.join(fields)}</RBNews>".encode(), "message")
    return item


@pytest.mark.parametrize(
    ("flags", "signal", "status"),
    [
        ("<Annuleret>false</Annuleret><NyVersion>false</NyVersion>", None, Status.USABLE),
        ("<NyVersion>true</NyVersion>", Signal.UPDATE, Status.USABLE),
        ("<NyVersion>true</NyVersion><Korrektion>true</Korrektion>", Signal.CORRECTION, Status.USABLE),
        ("<Korrektion>true</Korrektion><Annuleret>true</Annuleret>", Signal.KILL, Status.CANCELED),
    ],
)
def test_the_gravest_flag_counts(flags: str, signal: Signal | None, status: Status) -> None:
    found = read(flags)
    assert (found.signal, found.status) == (signal, status)


def test_what_is_meant_for_desks_is_nowhere() -> None:
    found = read(
        "<content>&lt;p&gt;It rains.&lt;/p&gt;</content><TilRedaktionen>Call the desk</TilRedaktionen>"
        "<byLinePhone>5550100</byLinePhone><byLineEmail>desk@news.example</byLineEmail>"
    )
    assert found.body == "It rains."
    assert not any(secret in repr(found) for secret in ("desk", "5550100"))


def test_subject_codes_have_eight_digits() -> None:
    found = read("<IPTCList><int>4000000</int><int>15073031</int><int>word</int></IPTCList>")
    assert [subject.code for subject in found.subjects] == ["subj:04000000", "subj:15073031"]


def test_an_id_of_zeros_is_no_item_that_is_replaced() -> None:
    nothing = "<Replaces>0</Replaces><replacedID>00000000-0000-0000-0000-000000000000</replacedID>"
    assert read(nothing).links == ()
    assert [link.target for link in read("<Replaces>n0</Replaces>").links] == ["n0"]


def test_an_item_of_nothing_is_told_by_its_place() -> None:
    with pytest.raises(Unreadable, match="RBNews 2: neither NewsID nor content"):
        wires.read(b"<Queue><RBNews><NewsID>n1</NewsID></RBNews><RBNews/></Queue>", "message")
