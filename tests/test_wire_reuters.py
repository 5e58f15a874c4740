"""Claims about Reuters Connect that its fixtures do not make alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest import wires
from ingest.item import Item, Status


def only(**given: Any) -> Item:
    item = {"headLine": "Harbour to grow", "usn": "RC1", **given}
    (found,) = wires.read(json.dumps({"data": {"search": {"items": [item, {"cursor": 1}]}}}).encode(), "x.json")
    return found


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        ({"uri": "tag:x,2031:newsml_RC1"}, ("tag:x,2031:newsml_RC1", None)),
        ({"uri": "tag:x,2031:newsml_RC1", "versionedGuid": "tag:x,2031:newsml_RC1:7"}, ("tag:x,2031:newsml_RC1", "7")),
        ({"versionedGuid": "tag:x,2031:newsml_RC1:7"}, ("tag:x,2031:newsml_RC1", "7")),
        ({"uri": "tag:x,2031:RC1:7", "versionedGuid": "tag:x,2031:RC1:7"}, ("tag:x,2031:RC1", "7")),
        ({"versionedGuid": "tag:x,2031:newsml_RC1"}, ("tag:x,2031:newsml_RC1", None)),
        ({}, ("RC1", None)),
    ],
)
def test_the_version_is_no_part_of_the_guid(given: dict[str, str], identity: tuple[str, str | None]) -> None:
    item = only(**given)
    assert (item.guid, item.version) == identity


def test_a_caption_is_no_body() -> None:
    item = only(type="picture", caption="The harbour", bodyXhtml="<p>The harbour</p>")
    assert (item.kind, item.body, item.summary) == ("picture", "", "The harbour")


def test_an_item_that_is_withdrawn_says_so() -> None:
    assert only(pubStatus="stat:canceled").status == Status.CANCELED
    assert only(pubStatus=None).status == Status.USABLE
