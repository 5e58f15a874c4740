"""What press releases mean beyond their fixture in tests/samples/wires/release."""

from __future__ import annotations

from ingest import wires
from ingest.item import Item, Status


def read(fields: str) -> Item:
    message = f"<release id='1' lang='fi'><title>T</title><body/><publicationDate/>{fields}</release>"
    (item,) = wires.read(message.encode(), "message")
    return item


def test_contacts_and_what_the_publisher_says_of_itself_are_nowhere() -> None:
    found = read(
        "<contactsAsText>secret</contactsAsText><boilerplate>secret</boilerplate>"
        "<contacts><contact><name>secret</name></contact></contacts>"
        "<publisher><name>Mill</name><description>secret</description></publisher>"
    )
    assert "secret" not in repr(found)
    assert found.credit == "Mill"


def test_an_embargo_without_a_known_zone_stays_a_wall_clock() -> None:
    found = read("<embargo>29.09.2025 06:00</embargo>")
    assert found.embargoed and found.embargoed.wall == "2025-09-29T06:00:00"


def test_an_embargo_nobody_can_read_never_ends() -> None:
    assert read("<embargo>later</embargo>").status is Status.WITHHELD


def test_an_empty_embargo_is_none() -> None:
    found = read("<embargo/>")
    assert (found.embargoed, found.status) == (None, Status.USABLE)
