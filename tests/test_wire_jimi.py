"""What the messages of The Canadian Press's Jimi mean beyond their fixtures in tests/samples/wires/jimi."""

from __future__ import annotations

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status


def read(fields: str) -> Item:
    message = f"<Publish><ContentItem><SystemSlug>s1</SystemSlug>{fields}</ContentItem></Publish>"
    (item,) = wires.read(message.encode(), "message")
    return item


def test_clocks_hang_in_greenwich_but_an_embargos_in_toronto() -> None:
    found = read("<CreatedDateTime>2025-03-27T15:52:47</CreatedDateTime><EmbargoTime>2025-03-28T06:00:00</EmbargoTime>")
    assert found.created and found.created.iso() == "2025-03-27T15:52:47Z"
    assert found.embargoed and found.embargoed.iso() == "2025-03-28T10:00:00Z"


def test_the_year_one_is_no_moment_and_not_worth_a_note() -> None:
    found = read("<EmbargoTime>0001-01-01T00:00:00</EmbargoTime><CreatedDateTime>0001-01-01T00:00:00</CreatedDateTime>")
    assert (found.embargoed, found.created, found.status, found.notes) == (None, None, Status.USABLE, ())


def test_an_embargo_nobody_can_read_never_ends() -> None:
    found = read("<EmbargoTime>Friday</EmbargoTime>")
    assert (found.embargoed, found.status) == (None, Status.WITHHELD)


@pytest.mark.parametrize(
    ("fields", "signal", "status"),
    [
        ("<HoldFlag>true</HoldFlag>", None, Status.WITHHELD),
        ("<TrashFlag>true</TrashFlag><HoldFlag>true</HoldFlag>", Signal.KILL, Status.CANCELED),
        ("<Corrections>Name</Corrections><WritethruNum>2nd</WritethruNum>", Signal.CORRECTION, Status.USABLE),
        ("<WritethruNum>2nd</WritethruNum>", Signal.UPDATE, Status.USABLE),
        ("<UpdateNote>CORRECTS: name of goat</UpdateNote>", Signal.CORRECTION, Status.USABLE),
        ("<UpdateNote>CORRIGE le nom</UpdateNote>", Signal.CORRECTION, Status.USABLE),
        ("<UpdateNote>ADDS corrected map</UpdateNote>", Signal.UPDATE, Status.USABLE),
        ("<WritethruNum>1st</WritethruNum><WriteThruType>Correction</WriteThruType>", Signal.CORRECTION, Status.USABLE),
    ],
)
def test_flags_and_takes_tell_what_a_version_is(fields: str, signal: Signal | None, status: Status) -> None:
    found = read(fields)
    assert (found.signal, found.status) == (signal, status)


def test_a_placeline_is_the_dateline() -> None:
    found = read("<City>Zenda</City><Placeline>Zenda;;Ruritania</Placeline>")
    assert (found.dateline, found.located) == ("Zenda, Ruritania", "Zenda")
    assert read("<Placeline>;;</Placeline>").dateline is None


@pytest.mark.parametrize(("language", "caption"), [("1", "Sheep"), ("2", "Moutons")])
def test_of_two_captions_the_one_in_the_items_language_counts(language: str, caption: str) -> None:
    captions = "<EnglishCaption>Sheep</EnglishCaption><FrenchCaption>Moutons</FrenchCaption>"
    assert read(f"<Language>{language}</Language>{captions}").summary == caption


def test_notes_to_editors_are_nowhere() -> None:
    assert "secret" not in repr(
        read("<EditorNote>secret</EditorNote><ContentText>&lt;p&gt;It rains.&lt;/p&gt;</ContentText>")
    )


def test_an_item_without_identity_is_refused() -> None:
    with pytest.raises(Unreadable, match="neither SystemSlug nor NewsCompID"):
        wires.read(b"<Publish><ContentItem/></Publish>", "message")
