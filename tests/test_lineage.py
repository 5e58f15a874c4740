"""`why`: first seen where and when, who copied how much, what was added, what changed from version to version."""

from __future__ import annotations

import pytest

from config.settings import load
from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger
from ingest.links import URN
from tests.pressroom import SENTENCES, TEXT, Site
from workers.cli import why
from workers.cli.lineage import lineage, lines
from workers.trim import Trim

AGENCY, PAPER, LATE = "http://agency.test/a", "http://paper.test/b", "http://late.test/c"
OWN = "The paper asked the baker next door, who had heard nothing of it until noon."


@pytest.fixture
def site(ledger: Ledger) -> Site:
    """An agency's text, a paper that adds a sentence, and one that is late and prints half of it."""
    found = Site(ledger)
    found.show(AGENCY, TEXT)
    found.show(PAPER, TEXT + "\n\n" + OWN)
    found.show(LATE, "\n\n".join(SENTENCES[:4]))
    return found


def did(site: Site, number: int) -> str:
    return str(site.events[number]["subject"].removeprefix(URN))


def test_the_chain_names_all_documents_of_the_story_in_the_order_they_came(site: Site) -> None:
    for number in range(3):
        found = lineage(Account(site.store), did(site, number))
        assert found is not None
        told = [(one["url"], one["relation"], one.get("relatedto")) for one in found["documents"]]
        first = site.events[0]["subject"]
        assert told == [(AGENCY, "original", None), (PAPER, "copy", first), (LATE, "excerpt", first)]
        assert all(one["at"].endswith("Z") and one["source"] for one in found["documents"])


def test_a_copy_says_how_much_it_took_and_what_it_added(site: Site) -> None:
    found = lineage(Account(site.store), did(site, 1))
    assert found is not None
    assert found["added"] == [OWN]
    assert 80 <= found["containment"] <= 100 and found["back"] == 100
    assert f"  added: {OWN}" in lines(found)
    assert any(f" copy of {AGENCY} (" in line and line.endswith(f": {PAPER}") for line in lines(found))


def test_an_original_added_nothing_to_anything(site: Site) -> None:
    found = lineage(Account(site.store), did(site, 0))
    assert found is not None and found["added"] == [] and "relatedto" not in found


def test_a_withdrawn_document_is_marked_in_the_chain(site: Site) -> None:
    site.store.client.hset(keys.DOC + did(site, 0), "w", 1)
    found = lineage(Account(site.store), did(site, 2))
    assert found is not None and found["documents"][0]["withdrawn"] is True
    assert any(AGENCY in line and line.endswith("withdrawn") for line in lines(found))


def test_diff_tells_every_step_from_version_to_version(site: Site) -> None:
    site.show(AGENCY, TEXT + "\n\nThe dam was finished at last.")
    site.show(AGENCY, TEXT)
    readers = why.Readers(Trim(site.store, load({})), {})
    told = why.story(Account(site.store), Account(site.store).find(AGENCY), readers, diff=True)
    one, two, three = (event["id"] for event in told["events"])
    assert told["diff"] == [
        {"event": two, "previous": one, "added": ["The dam was finished at last."], "removed": []},
        {"event": three, "previous": two, "added": [], "removed": ["The dam was finished at last."]},
    ]
    assert "diff" not in why.story(Account(site.store), Account(site.store).find(AGENCY), readers)
