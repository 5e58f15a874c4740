"""Claims about the AP Media API that its fixtures do not make alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest import wires
from ingest.item import Item, Signal, Status


def only(**given: Any) -> Item:
    item = {"altids": {"itemid": "1"}, "type": "text", "signals": ["newscontent"], **given}
    (found,) = wires.read(json.dumps({"data": {"item": item}}).encode(), "x.json")
    return found


def test_an_item_that_is_no_news_content_is_for_editors_and_its_text_is_not_fetched() -> None:
    story = {"nitf": {"href": "https://api.example/1"}}
    assert (only(renditions=story).kind, only(renditions=story).elsewhere) == ("text", "https://api.example/1")
    for said in ({"signals": []}, {"signals": None}, {"signals": ["whitelisted"]}):
        found = only(renditions=story, **said)
        assert (found.kind, found.elsewhere) == ("advisory", None)


@pytest.mark.parametrize(
    ("status", "until", "found"),
    [
        ("usable", "2031-05-04T12:00:00Z", Status.USABLE),
        ("embargoed", "2031-05-04T12:00:00Z", Status.USABLE),
        ("embargoed", None, Status.WITHHELD),
        ("embargoed", "soon", Status.WITHHELD),
        ("usable", "soon", Status.WITHHELD),
        ("withheld", None, Status.WITHHELD),
        ("canceled", "2031-05-04T12:00:00Z", Status.CANCELED),
    ],
)
def test_an_embargo_without_a_moment_withholds(status: str, until: str | None, found: Status) -> None:
    item = only(pubstatus=status, embargoed=until)
    assert item.status == found
    assert (item.embargoed is not None) == bool(until and until != "soon")


@pytest.mark.parametrize(
    ("given", "signal"),
    [
        ({"slugline": "BC-TO--Harbour"}, None),
        ({"slugline": "BC-TO--Harbour, 1st Ld-Writethru"}, Signal.UPDATE),
        ({"slugline": "BC-TO--Harbour, 22nd Ld"}, Signal.UPDATE),
        ({"slugline": "BC-TO--Harbour Ldp"}, None),
        ({"slugline": "BC-TO--Harbour,3rd Ld-Writethru", "ednote": "Eds: CORRECTS: spelling."}, Signal.CORRECTION),
        ({"slugline": "BC-TO--Harbour, Correction"}, Signal.CORRECTION),
        ({"editorialtypes": ["Lead"]}, Signal.UPDATE),
        ({"editorialtypes": ["Corrective"]}, Signal.CORRECTION),
        ({"editorialtypes": ["Kill"], "ednote": "CORRECTS"}, Signal.KILL),
        ({"ednote": "Eds: UPDATES: With photos."}, None),
        ({"editorialrole": "FullStory"}, None),
    ],
)
def test_what_a_version_is_stands_in_slugline_types_or_note(given: dict[str, Any], signal: Signal | None) -> None:
    assert only(**given).signal == signal


def test_an_item_as_the_own_client_of_ap_stores_it_is_read() -> None:
    (item,) = wires.read(b'{"item": {"altids": {"itemid": "7"}, "signals": ["newscontent"]}}', "7.json")
    assert (item.format, item.guid) == ("apmedia", "7")


def test_a_picture_goes_by_its_address_and_a_text_by_its_id() -> None:
    def listed(letter: str, kind: str) -> dict[str, Any]:
        content = f"https://api.example/media/v/content/{letter * 32}"
        return {"uri": f"{content}?qt=x&et=y", "altids": {"itemid": letter * 32}, "type": kind}

    item = only(associations={"1": listed("b", "picture"), "2": listed("c", "text"), "3": {"altids": {"itemid": "d"}}})
    content = "https://api.example/media/v/content/"
    assert [link.target for link in item.links] == [content + "b" * 32, "c" * 32, "d"]
