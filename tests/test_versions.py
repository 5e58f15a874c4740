"""Relations and versions in the stream: what an event says of earlier documents and of the one before it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ingest import keys
from ingest.account import Account
from ingest.ledger import Ledger
from ingest.links import URN
from ingest.model import Article, Picture
from ingest.parcel import Parcel
from ingest.relations import Relations
from ingest.store import Store
from tests.pressroom import SENTENCES, TEXT, Site
from tests.records import fetch, pages, taken
from tests.test_event import ARTICLE, FACTS
from workers import event
from workers.revision import Titles, revise

VALID = Draft202012Validator(event.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def site(ledger: Ledger) -> Iterator[Site]:
    found = Site(ledger)
    yield found
    assert Account(found.store).wrong() == []
    for told in found.events:
        assert [e.message for e in VALID.iter_errors(told)] == []


def kinds(site: Site) -> list[str]:
    return [told["type"].split(".")[2] for told in site.events]


A, B = "http://agency.test/a", "http://paper.test/b"


def test_a_copy_at_another_host_is_an_event_of_its_own_and_says_of_what(site: Site) -> None:
    site.show(A, TEXT)
    site.show(B, TEXT, "Another headline")
    first, second = site.events
    assert (first["relation"], first["story"]) == ("original", first["subject"])
    assert "relatedto" not in first and "containment" not in first
    assert (second["relation"], second["relatedto"], second["containment"]) == ("copy", first["subject"], 100)
    assert second["story"] == first["story"] and second["subject"] != first["subject"]


@pytest.mark.parametrize("picture", [None, Picture("http://paper.test/p.jpg", "The harbour")])
def test_the_document_itself_names_what_it_is_related_to(site: Site, picture: Picture | None) -> None:
    site.show(A, TEXT)
    site.show(B, TEXT, picture=picture)
    first, second = site.events
    *others, relation = second["data"]["associations"]
    assert relation == {"name": "relation", "uri": first["subject"], "type": "text", "rel": "copy"}
    assert len(others) == (picture is not None)
    assert "associations" not in first["data"]


def test_the_same_text_at_the_same_host_is_no_copy_but_merged(site: Site) -> None:
    site.show(A, TEXT)
    assert site.show("http://agency.test/again", TEXT).word == "merged"
    assert len(site.events) == 1


def test_a_changed_text_is_an_update_that_says_what_changed(site: Site) -> None:
    site.show(A, TEXT)
    site.show(A, TEXT + "\n\nNobody was hurt, the police said in the evening.")
    first, second = site.events
    assert kinds(site) == ["created", "updated"]
    assert second["previous"] == first["id"] and second["data"]["version"] == "2"
    assert (second["added"], second["removed"]) == (1, 0)
    assert second["diff"] == "+ Nobody was hurt, the police said in the evening."


def test_an_update_stays_what_its_document_was(site: Site) -> None:
    """Its own copies elsewhere do not make it a copy of them."""
    site.show(A, TEXT)
    site.show(B, TEXT)
    site.show(A, TEXT + "\n\nNobody was hurt, the police said in the evening.")
    site.show(B, TEXT + "\n\nNobody was hurt, the police said in the evening.")
    assert [(e["relation"], e.get("relatedto")) for e in site.events[2:]] == [
        ("original", None),
        ("copy", site.events[0]["subject"]),
    ]
    assert len({e["story"] for e in site.events}) == 1


def test_a_copy_that_goes_its_own_way_becomes_another_relation(site: Site) -> None:
    site.show(A, TEXT)
    site.show(B, TEXT)
    own = "\n\n".join(f"The paper found out on its own that {s[0].lower()}{s[1:]}" for s in reversed(SENTENCES[:4]))
    more = " ".join(f"Reader {n} wrote to us about the year {n} and what came of it." for n in "abcdefghijklmnop")
    site.show(B, TEXT + "\n\n" + own.replace("harbour town", "city by the sea") + "\n\n" + more)
    last = site.events[-1]
    assert (last["relation"], last["relatedto"]) == ("extends", site.events[0]["subject"])
    assert last["containment"] < 80


def test_a_copy_of_an_updated_text_is_a_copy(site: Site) -> None:
    later = "\n\n".join(["The dam broke in the night, and the lower town was cleared at once.", *SENTENCES[3:]] * 1)
    site.show(A, TEXT)
    site.show(A, later)
    site.show(B, later)
    assert site.events[-1]["relation"] == "copy" and site.events[-1]["relatedto"] == site.events[0]["subject"]


def test_an_address_that_tells_something_else_entirely_is_related_anew(site: Site) -> None:
    other = "\n\n".join(f"Chapter {n} of the cookbook tells how {n} onions are fried in butter." for n in "abcdefghij")
    site.show(A, TEXT)
    site.show(B, other)
    site.show(A, other)
    last = site.events[-1]
    assert (last["type"].split(".")[2], last["relation"], last["relatedto"]) == (
        "updated",
        "copy",
        site.events[1]["subject"],
    )


def test_a_document_counts_once_in_the_index_however_many_versions_it_has(site: Site) -> None:
    for n in range(5):
        site.show(A, f"{TEXT}\n\nThe count stood at {n} when the polls closed in the evening.")
    assert len(site.events) == 5
    assert Relations(site.store).size().documents == 1


def test_a_text_that_says_it_corrects_is_a_correction(site: Site) -> None:
    site.show(A, TEXT)
    note = "Correction: An earlier version of this article misstated the name of the mayor."
    site.show(A, TEXT.replace("mayor", "deputy mayor") + "\n\n" + note)
    assert kinds(site) == ["created", "corrected"]


def test_churn_is_no_event(site: Site) -> None:
    site.show(A, TEXT + "\n\n12 comments\n\nUpdated 5 minutes ago")
    for comments in (13, 240):
        site.show(A, TEXT + f"\n\n{comments} comments\n\nUpdated 3 minutes ago")
        site.show(A, TEXT + f"\n\n{comments} comments\n\nUpdated 3 minutes ago")
    assert kinds(site) == ["created"]


def test_a_paywall_that_goes_up_before_a_text_is_no_event(site: Site) -> None:
    site.show(A, TEXT)
    site.show(A, "\n\n".join(SENTENCES[:3]), free=False)
    site.show(A, TEXT)
    assert kinds(site) == ["created"]
    site.show(A, "\n\n".join(SENTENCES[:2]))
    site.show(A, "\n\n".join([*SENTENCES[:2], "The dam was finished at last."]), free=False)
    assert kinds(site) == ["created", "updated", "updated"]


def test_a_change_after_churn_is_told_against_the_last_event(site: Site) -> None:
    site.show(A, TEXT + "\n\n12 comments")
    site.show(A, TEXT + "\n\n13 comments")
    site.show(A, TEXT + "\n\nThe plan was signed at midnight by everybody.\n\n14 comments")
    assert kinds(site) == ["created", "updated"]
    assert "+ The plan was signed at midnight by everybody." in site.events[1]["diff"]


def test_a_text_that_returns_to_an_earlier_one_is_a_version(site: Site) -> None:
    site.show(A, TEXT)
    site.show(A, TEXT + "\n\nThe plan was signed at midnight by everybody.")
    site.show(A, TEXT)
    assert kinds(site) == ["created", "updated", "updated"]
    assert [e.get("previous") for e in site.events] == [None, site.events[0]["id"], site.events[1]["id"]]


def test_another_headline_over_the_same_text_is_an_update(site: Site) -> None:
    site.show(A, TEXT, "A plan")
    site.show(A, TEXT, "A plan fails")
    site.show(A, TEXT, "A plan fails")
    assert kinds(site) == ["created", "updated"]
    assert site.events[1]["title"] == "A plan fails" and (site.events[1]["added"], site.events[1]["removed"]) == (0, 0)


def test_another_headline_is_an_update_also_of_a_document_that_an_older_version_delivered(site: Site) -> None:
    site.show(A, TEXT, "A plan")
    site.store.client.hdel(keys.DOC + site.events[0]["subject"].removeprefix(URN), "ti", "tf", "rl")
    site.show(A, TEXT, "A plan")
    site.show(A, TEXT, "A plan fails")
    assert kinds(site) == ["created", "updated"]
    assert site.events[1]["title"] == "A plan fails" and site.events[1]["relation"] == "original"


def test_a_headline_that_differs_in_spelling_alone_is_none(site: Site) -> None:
    site.show(A, TEXT, "A plan: fails")
    site.show(A, TEXT, "A Plan – Fails")
    assert kinds(site) == ["created"]


def test_the_title_that_a_feed_gave_stays_while_the_page_keeps_its_own(site: Site, ledger: Ledger) -> None:
    site.show(A, TEXT)
    work = Article(text=TEXT + "\n\nThe dam was finished at last.", title="Other", headline="A plan", language="en")
    ledger.enqueue([(A, "agency.test")])
    (found,) = pages(ledger)
    page = taken(ledger, fetch(ledger, found))
    site.handoff.deliver(page, Parcel(A, b"", 1_800_000_000.0, {}, (A,)), work)
    assert [e["title"] for e in site.events] == ["A plan", "A plan"]


def test_a_version_whose_last_event_is_no_longer_kept_is_an_update(site: Site, store: Store) -> None:
    site.show(A, TEXT)
    store.client.xtrim(keys.STREAM, 0)
    store.client.hset(keys.COUNTERS, "stream", 0)
    site.show(A, TEXT + "\n\nThe dam was finished at last.")
    (told,) = site.events
    assert told["type"].endswith("updated.v1") and "diff" not in told


def test_a_page_that_returns_after_it_was_withdrawn_is_an_update_even_with_the_same_text(site: Site) -> None:
    site.show(A, TEXT)
    site.store.client.hset(keys.DOC + site.events[0]["subject"].removeprefix(URN), "w", 1)
    site.show(A, TEXT)
    site.show(A, TEXT)
    assert kinds(site) == ["created", "updated"]


def test_a_text_of_megabytes_is_an_update_without_a_long_comparison() -> None:
    """Versions are compared outside the process that may be killed, while the page's lease runs."""
    old, new = ("\n\n".join(f"A{n}{side} went. C{n}{side} came." for n in range(150_000)) for side in "ab")
    before = event.build(replace(FACTS, article=replace(ARTICLE, text=old)))
    start = time.process_time()
    facts, still = revise(replace(FACTS, article=replace(ARTICLE, text=new)), before, Titles(), Titles())
    assert time.process_time() - start < 1
    assert (facts.kind, facts.change, still) == (FACTS.kind, None, False)


def test_a_feed_that_gives_another_title_retitles_and_one_that_repeats_its_own_does_not() -> None:
    before = {**event.build(FACTS), "title": "A plan"}
    article = replace(ARTICLE, title="The feed says so", headline="A plan")
    of = Titles.of
    then = of(article, {"title": "A plan"})
    cases = (("The feed says so", "The feed says so", False), ("A Plan!", "A plan", True), (None, "A plan", True))
    for hint, title, churned in cases:
        facts, still = revise(replace(FACTS, article=article), before, of(article, {"title": hint}), then)
        assert facts.article is not None
        assert (facts.article.title, still) == (title, churned)
