"""From a feed or a hand to the stream, through the whole running service: what becomes an event, and what does not."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.service import Service, service, until
from tests.site import Site, article, prose, rss, site

CONSENT = (
    '<!DOCTYPE html><html lang="en"><head><title>Before you continue</title></head><body><h1>Before you continue</h1>'
    "<p>We use cookies and data to deliver our services. Choose how you want to proceed.</p>"
    "<form><button>Accept all</button><button>Reject all</button></form></body></html>"
)


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def other() -> Iterator[Site]:
    """Another host: another port is one."""
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def house(web: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("house")) as found:
        web.show("/feed", rss(), content_type="application/rss+xml")
        found.feeds(web.url("/feed"), name="desk", every=1, tags=["city", "sport"])
        found.up()
        yield found


def listed(web: Site, *items: dict[str, str], path: str = "/feed") -> None:
    """Show these entries in a feed, beside those it shows already."""
    before = web.pages[path].body.decode().partition("<item>")[2] if path in web.pages else ""  # type: ignore[union-attr]
    body = rss(*items)
    if before:
        body = body.replace("</channel>", "<item>" + before.partition("</channel>")[0] + "</channel>")
    web.show(path, body, content_type="application/rss+xml")


def now(house: Service, *urls: str) -> list[dict[str, object]]:
    """Enqueue and wait; the lines printed."""
    return house.call("enqueue", *urls, "--wait", "--json").rows


# --- by hand ---


def test_the_same_page_again_makes_no_event_and_a_changed_one_an_update(house: Service, web: Site) -> None:
    url = web.show("/again", article("again"))
    (first,) = now(house, url)
    now(house, url)
    assert len(house.events_of(url)) == 1
    web.show("/again", article("again", text="again, changed"))
    (second,) = now(house, url)
    assert second["type"] == "wiredesk.document.updated.v1"
    assert second["previous"] == first["id"]
    assert second["subject"] == first["subject"]
    assert second["data"]["version"] == "2"  # type: ignore[index]
    web.show("/again", article("again"))
    now(house, url)
    assert [e["type"].split(".")[2] for e in house.events_of(url)] == ["created", "updated", "updated"]
    assert len({e["id"] for e in house.events_of(url)}) == 3
    assert house.state(url)["state"] == "delivered"


def test_an_address_known_from_a_feed_is_looked_at_afresh(house: Service, web: Site) -> None:
    url = web.show("/known", article("known"))
    listed(web, {"title": "Known", "link": url, "guid": "known"})
    until(lambda: house.events_of(url), 10, house.said)
    now(house, url)
    assert len(house.events_of(url)) == 1
    web.show("/known", article("known", text="known, changed"))
    (event,) = now(house, url)
    assert event["type"] == "wiredesk.document.updated.v1"
    assert (event["source"], event["feed"], event["tags"]) == (web.url("/feed"), "desk", "city,sport")


def test_an_address_by_hand_comes_before_thousands_that_wait(house: Service, web: Site) -> None:
    rows = [
        {"title": f"Bulk {i}", "guid": f"bulk-{i}", "description": " ".join(prose(f"bulk{i}", 70))} for i in range(1500)
    ]
    web.show("/bulk", rss(*rows), content_type="application/rss+xml")
    house.feeds(web.url("/feed"), web.url("/bulk"), every=600)
    try:
        until(lambda: house.account.law().states["pending"] > 1000, 10, house.said)
        began = time.monotonic()
        (event,) = now(house, web.show("/urgent", article("urgent")))
        assert event["url"] == web.url("/urgent")
        assert house.account.law().states["pending"] > 300, "the others were done first"
        assert time.monotonic() - began < 4
        until(lambda: house.account.law().states["pending"] == 0, 25, house.said)
    finally:
        house.feeds(web.url("/feed"), name="desk", every=1, tags=["city", "sport"])


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/paper", b"%PDF-1.7 x", "not-html"),
        ("/photo", b"\xff\xd8\xff\xe0", "not-html"),
        ("/wall", CONSENT.encode(), "consent"),
        ("/empty", b"", "no-text"),
    ],
)
def test_what_is_no_article_ends_as_rejected_with_its_reason(
    house: Service, web: Site, path: str, body: bytes, reason: str
) -> None:
    (row,) = now(house, web.show(path, body))
    assert (row["state"], row["reason"]) == ("rejected", reason)
    assert house.call("failures", "--rejected").out.count(web.url(path)) == 1


def test_robots_are_asked_for_entries_and_not_for_what_a_person_enters(house: Service, other: Site) -> None:
    other.show("/robots.txt", "User-agent: *\nDisallow: /private/", content_type="text/plain")
    url = other.show("/private/1", article("private"))
    other.show("/private/feed", rss({"title": "Private", "link": url}), content_type="application/rss+xml")
    before = (house.config / "feeds.toml").read_text("utf-8")
    house.write("feeds.toml", before + f'\n[[feed]]\nurl = "{other.url("/private/feed")}"\n')
    try:
        assert house.ended(url)["reason"] == "robots"
        assert other.times("/private/1") == 0
        assert now(house, url)[0]["type"] == "wiredesk.document.created.v1"
    finally:
        house.write("feeds.toml", before)


# --- identity ---


def test_the_same_text_under_another_address_is_merged_on_its_host_and_delivered_on_another(
    house: Service, web: Site, other: Site
) -> None:
    first, second = web.show("/text-1", article("twin")), web.show("/text-2", article("twin"))
    third = other.show("/text-3", article("twin"))
    one, two, three = (now(house, url)[0] for url in (first, second, third))
    assert two["id"] == one["id"]
    assert house.state(second)["subject"] == one["subject"]
    assert three["id"] != one["id"]
    assert three["contenthash"] == one["contenthash"]
    web.show("/text-2", article("no twin any more"))
    assert now(house, second)[0]["subject"] != one["subject"]


def test_every_address_that_led_to_a_document_leads_to_it_again(house: Service, web: Site) -> None:
    final = web.show("/final", article("final"))
    web.show("/hop", "", 302, Location="/hop2")
    web.show("/hop2", "", 301, Location="/final")
    (event,) = now(house, web.url("/hop"))
    assert event["url"] == web.url("/hop")
    ids = {(i["role"], i["value"]) for i in event["data"]["altIds"]}  # type: ignore[index]
    assert ids == {("url", web.url("/hop")), ("final", final)}
    listed(web, *({"title": p, "link": web.url(p), "guid": p} for p in ("/hop", "/hop2", "/final")))
    until(lambda: len(house.state(final)["found"]) == 4, 10, house.said)
    assert {f["state"] for f in house.state(final)["found"]} == {"delivered", "merged"}
    assert len([e for e in house.events() if e["subject"] == event["subject"]]) == 1


def test_a_canonical_address_is_believed_on_its_host_only_and_never_as_the_front_page(
    house: Service, web: Site, other: Site
) -> None:
    def shown(path: str, canonical: str) -> dict[str, object]:
        head = f'<link rel="canonical" href="{canonical}">'
        return now(house, web.show(path, article(path, head=head)))[0]

    inside = shown("/c?print=1", "/c")
    roles = {i["role"]: i["value"] for i in inside["data"]["altIds"]}  # type: ignore[index]
    assert roles["canonical"] == web.url("/c")
    web.show("/c", article("/c?print=1"))
    assert now(house, web.url("/c"))[0]["id"] == inside["id"]
    for path, canonical in (("/d", other.url("/d")), ("/e", web.url("/"))):
        roles = {i["role"]: i["value"] for i in shown(path, canonical)["data"]["altIds"]}  # type: ignore[index]
        assert "canonical" not in roles
    one, two = shown("/page-1", "/all"), shown("/page-2", "/all")  # another text claims the same address
    assert one["subject"] != two["subject"]


def test_trackers_and_fragments_are_no_part_of_an_address(house: Service, web: Site) -> None:
    url = web.show("/tracked?id=7", article("tracked"))
    (first,) = now(house, url + "&utm_source=x#top")
    assert first["url"] == url
    assert now(house, url)[0]["id"] == first["id"]
    assert {p for _, p, _ in web.asked if p.startswith("/tracked")} == {"/tracked?id=7"}


# --- feeds ---


def test_a_feed_of_full_texts_is_delivered_without_asking_for_its_pages(house: Service, web: Site) -> None:
    body = "".join(f"<p>{p}</p>" for p in prose("whole"))
    url = web.show("/whole", article("a page that must not be read"))
    web.show("/full", rss({"title": "Whole", "link": url, "description": body}), content_type="application/rss+xml")
    before = (house.config / "feeds.toml").read_text("utf-8")
    house.write("feeds.toml", before + f'\n[[feed]]\nurl = "{web.url("/full")}"\nfull_text = true\n')
    try:
        (event,) = until(lambda: house.events_of(url), 10, house.said)
    finally:
        house.write("feeds.toml", before)
    assert event["text"] == "\n\n".join(prose("whole"))
    assert web.times("/whole") == 0


def test_an_entry_without_a_link_is_its_own_document_once(house: Service, web: Site) -> None:
    body = "".join(f"<p>{p}</p>" for p in prose("linkless"))
    listed(
        web,
        {"title": "No link", "guid": "no-link-1", "description": body},
        {"title": "Nothing at all", "guid": "no-link-2"},
    )
    told = until(lambda: house.state("no-link-1"), 10, house.said)
    until(lambda: house.state("no-link-1")["state"] != "pending", 10, house.said)
    told = house.state("no-link-1")
    assert told["state"] == "delivered"
    (event,) = [e for e in house.events() if e["subject"] == told["subject"]]
    assert event["text"] == "\n\n".join(prose("linkless"))
    assert ("guid", "no-link-1") in {(i["role"], i["value"]) for i in event["data"]["altIds"]}
    assert (house.state("no-link-2")["state"], house.state("no-link-2")["reason"]) == ("rejected", "no-link")
    asked = web.times("/feed")
    until(lambda: web.times("/feed") > asked + 1, 10)
    assert len([e for e in house.events() if e["title"] == "No link"]) == 1


def test_the_feed_list_is_read_again_and_a_broken_one_leaves_the_last_good_one(house: Service, web: Site) -> None:
    good = (house.config / "feeds.toml").read_text("utf-8")
    url = web.show("/reread-1", article("reread-1"))
    web.show("/reread", rss({"title": "Reread", "link": url}), content_type="application/rss+xml")
    try:
        house.write("feeds.toml", good + f'\n[[feed]]\nurl = "{web.url("/reread")}"\nname = "reread"\nevery = 1\n')
        (event,) = until(lambda: house.events_of(url), 10, house.said)
        assert event["feed"] == "reread"
        house.write("feeds.toml", "[[feed]]\nurl = 7\n")
        until(lambda: "file_wrong" in house.log.read_text("utf-8"), 10, house.said)
        late = web.show("/reread-2", article("reread-2"))
        listed(web, {"title": "Late", "link": late}, path="/reread")
        until(lambda: house.events_of(late), 10, house.said)
        lines = [line for line in house.log.read_text("utf-8").splitlines() if "file_wrong" in line]
        assert "url has to be a string" in lines[-1]
        assert len([line for line in lines if "feeds.toml" in line]) == 1
    finally:
        house.write("feeds.toml", good)


# --- events ---


def test_each_attribute_of_an_event_is_what_the_contract_says(house: Service, web: Site) -> None:
    head = '<link rel="canonical" href="/attributes"><meta name="author" content="Ada Night">'
    url = web.show("/attributes?a=1", article("attributes", "An \x07odd\u202e title", head=head))
    row = {"title": "Attributes", "link": url, "guid": "tag:attributes", "pubDate": "Mon, 01 Mar 2027 08:00:00 +0100"}
    listed(web, row)
    (event,) = until(lambda: house.events_of(url), 10, house.said)
    text, stream = event.pop("text"), event.pop("stream")
    assert event["specversion"] == "1.0"
    assert event["datacontenttype"] == "application/json"
    assert event["dataschema"].startswith("http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json")
    assert event["type"] == "wiredesk.document.created.v1"
    words = (event["subject"], event["type"], event["contenthash"], event.get("previous", "-"))
    assert event["id"] == hashlib.sha256("\n".join(words).encode()).hexdigest()[:40]
    assert event["source"] == web.url("/feed")
    assert (event["feed"], event["tags"]) == ("desk", "city,sport")
    assert event["subject"].startswith("urn:wiredesk:")
    discovered, fetched, handed = (datetime.fromisoformat(event[k]) for k in ("discovered", "fetched", "time"))
    assert discovered <= fetched <= handed
    assert abs(handed.timestamp() - int(stream.partition("-")[0]) / 1000) < 2
    assert event["url"] == url
    assert re.fullmatch(r"[^\x00-\x1f\x7f-\x9f\u202a-\u202e]+", event["title"])
    assert event["language"] == "en"
    normal = re.sub(r"[^\S\n]+", " ", text)
    assert event["contenthash"] == "sha256-1:" + hashlib.sha256(normal.encode()).hexdigest()
    assert re.fullmatch(r"\S+/.+", event["extractor"])
    assert 0 <= event["confidence"] <= 100
    data = event["data"]
    assert (data["uri"], data["type"], data["version"], data["pubStatus"]) == (event["subject"], "text", "1", "usable")
    body = data["bodies"][0]
    assert (body["role"], body["contentType"], body["value"]) == ("main", "text/plain", text)
    assert "Ada Night" not in text
    assert data["by"] == "Ada Night"
    assert {"name": "Ada Night", "role": "author"} in data["infoSources"]
    assert {(i["role"], i["value"]) for i in data["altIds"]} == {
        ("guid", "tag:attributes"),
        ("url", url),
        ("final", url),
        ("canonical", web.url("/attributes")),
    }
    assert "edNote" not in data
    assert empty(event) == []


def empty(value: object, path: str = "") -> list[str]:
    """Where an event holds something null or empty."""
    if isinstance(value, dict):
        found = [e for k, v in value.items() for e in empty(v, f"{path}.{k}")]
    elif isinstance(value, list):
        found = [e for i, v in enumerate(value) for e in empty(v, f"{path}[{i}]")]
    else:
        found = []
    return found + ([path] if value in (None, "", [], {}) else [])


def test_the_stream_holds_one_field_and_no_event_twice(house: Service, web: Site) -> None:
    now(house, web.show("/plain", article("plain")))
    rows = house.store.client.xrange("wiredesk:documents")
    assert all(list(fields) == [b"event"] for _, fields in rows)
    ids = [json.loads(fields[b"event"])["id"] for _, fields in rows]
    assert len(set(ids)) == len(ids)


def test_at_the_end_the_law_holds_and_a_recount_agrees(house: Service) -> None:
    until(lambda: house.account.law().states["pending"] == 0, 25, house.said)
    done = house.call("check")
    assert done.code == 0, done.out
    assert "bug" not in [json.loads(line)["event"] for line in house.log.read_text("utf-8").splitlines()]
