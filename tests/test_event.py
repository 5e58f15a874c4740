"""Claims about events: valid against our schema, the same for the same history, nothing empty in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ingest.model import Article, Picture, Precision, When
from workers import changes, event, normalise
from workers.event import Facts, Kind
from workers.ninjs import Related, Wire

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT = When(Precision.INSTANT, date(2026, 3, 1), datetime(2026, 3, 1, 8, tzinfo=UTC))
TEXT = "One paragraph.\n\nAnother."
ARTICLE = Article(
    text=TEXT,
    title="A pier",
    authors=("Ada Roe", "Bo Lin"),
    published=AT,
    language="en",
    publisher="The Paper",
    section="Sea",
    keywords=("pier", "harbour"),
    description="About a pier.",
    picture=Picture("https://cdn.test/a b[1].jpg", "The pier", "Photo Co"),
    rights=("noai",),
)
FACTS = Facts(
    kind=Kind.CREATED,
    subject="urn:wiredesk:0123abcd",
    source="https://u:p@paper.test/rss?key=secret&n=1",
    url="https://paper.test/a",
    time=NOW,
    version=1,
    article=ARTICLE,
    contenthash=normalise.content_hash(TEXT),
    feed="paper",
    tags=("coast", "en"),
    discovered=NOW,
    fetched=NOW,
    extractor="wiredesk-1/x",
    alternatives=(("guid", "no uri at all"), ("url", "https://paper.test/a"), ("url", "https://paper.test/a")),
)
GONE = replace(FACTS, kind=Kind.WITHDRAWN, article=None, version=2, previous="a" * 40)
VALID = Draft202012Validator(event.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def errors(built: dict[str, Any]) -> list[str]:
    return [f"{e.json_path}: {e.message}" for e in VALID.iter_errors(built)]


def test_an_event_is_valid_with_and_without_its_text() -> None:
    built = event.build(FACTS)
    assert errors(built) == []
    with_text = event.with_text(built)
    assert errors(with_text) == []
    assert with_text["text"] == TEXT
    assert "text" not in built


def test_the_schema_refuses_what_the_contract_forbids() -> None:
    built = event.build(FACTS)
    for wrong in (
        {**built, "title": ""},
        {**built, "previous": None},
        {**built, "surprise": 1},
        {**built, "published": "2026-03-01"},
        {**built, "data": {**built["data"], "edNote": "x"}},
        {**built, "type": Kind.WITHDRAWN.value},
        {k: v for k, v in built.items() if k != "contenthash"},
    ):
        assert errors(wrong), wrong


def test_the_event_says_what_it_was_told() -> None:
    built = event.build(FACTS)
    assert list(built)[:3] == ["specversion", "id", "source"]
    assert built["source"] == "https://paper.test/rss?key=...&n=1"
    assert built["tags"] == "coast,en"
    assert (built["published"], built["precision"]) == ("2026-03-01T08:00:00Z", "instant")
    assert built["rights"] == "noai"
    data = built["data"]
    assert data["uri"] == built["subject"]
    assert data["bodies"][0]["value"] == TEXT
    assert data["by"] == "Ada Roe, Bo Lin"
    assert data["firstCreated"] == data["versionCreated"] == "2026-03-01T08:00:00Z"
    assert {"literal": "pier"} in data["subjects"]
    assert data["altIds"] == [
        {"role": "guid", "value": "no uri at all"},
        {"role": "url", "value": "https://paper.test/a"},
    ]
    assert data["associations"][0]["uri"] == "https://cdn.test/a%20b%5B1%5D.jpg"
    assert "edNote" not in data


def test_what_is_not_known_is_absent() -> None:
    bare = replace(FACTS, article=Article(text=TEXT), feed=None, tags=(), discovered=None, fetched=None)
    built = event.build(bare)
    assert errors(built) == []
    absent = {
        "title",
        "language",
        "published",
        "precision",
        "feed",
        "tags",
        "discovered",
        "rights",
        "previous",
        "signal",
    }
    assert not absent & set(built)
    assert not {"by", "headlines", "infoSources", "firstCreated", "associations", "subjects"} & set(built["data"])


def test_a_day_stays_a_day_and_a_zoneless_clock_keeps_its_wall() -> None:
    day = event.build(replace(FACTS, article=replace(ARTICLE, published=When(Precision.DAY, date(2026, 3, 1)))))
    assert (day["published"], day["precision"]) == ("2026-03-01", "day")
    assert "publishedlocal" not in day
    assert "firstCreated" not in day["data"]
    wall = When(Precision.ZONELESS, date(2026, 3, 1), None, "2026-03-01T08:15:00")
    zoneless = event.build(replace(FACTS, article=replace(ARTICLE, published=wall)))
    assert (zoneless["published"], zoneless["publishedlocal"]) == ("2026-03-01", "2026-03-01T08:15:00")
    assert errors(day) == errors(zoneless) == []


def test_an_instant_keeps_the_clock_of_its_source_and_data_stands_in_utc() -> None:
    late = When.instant(datetime.fromisoformat("2026-03-01T23:30:00-05:00"))
    built = event.build(replace(FACTS, article=replace(ARTICLE, published=late)))
    assert built["published"] == "2026-03-01T23:30:00-05:00"
    assert built["data"]["firstCreated"] == "2026-03-02T04:30:00Z"
    assert errors(built) == []


def test_terms_and_copyright_of_the_page_travel_and_a_wire_s_come_first() -> None:
    stated = replace(ARTICLE, usage="https://paper.test/terms", notice="© The Paper", holder="Paper Ltd")
    page = event.build(replace(FACTS, article=stated))
    assert (page["data"]["usageTerms"], page["data"]["copyrightNotice"]) == ("https://paper.test/terms", "© The Paper")
    wire = Wire("urn:newsml:a", copyright_holder="Wire Ltd")
    wired = event.build(replace(FACTS, article=stated, wire=wire))
    assert (wired["data"]["copyrightHolder"], wired["data"]["copyrightNotice"]) == ("Wire Ltd", "© The Paper")
    assert errors(page) == errors(wired) == []


def test_agencies_travel_as_an_attribute_and_as_sources_of_that_role() -> None:
    built = event.build(replace(FACTS, article=replace(ARTICLE, agencies=("dpa", "The Canadian Press"))))
    assert built["agency"] == "dpa,The Canadian Press"
    sources = built["data"]["infoSources"]
    assert [s["name"] for s in sources if s["role"] == "agency"] == ["dpa", "The Canadian Press"]
    assert [s["name"] for s in sources if s["role"] == "author"] == ["Ada Roe", "Bo Lin"]
    assert errors(built) == []
    assert "agency" not in event.build(FACTS)
    assert "agency" not in event.build(GONE)


def test_a_policy_s_address_does_not_break_the_list_of_rights() -> None:
    rights = ("noai", "tdm-policy=https://paper.test/a%2Cb", "tdm-reservation")
    built = event.build(replace(FACTS, article=replace(ARTICLE, rights=rights)))
    assert tuple(built["rights"].split(",")) == rights
    assert errors(built) == []


def test_a_withdrawn_event_has_neither_text_nor_title_but_every_id() -> None:
    built = event.build(GONE)
    assert errors(built) == []
    assert set(built["data"]) == {"uri", "type", "version", "pubStatus", "altIds"}
    assert built["data"]["pubStatus"] == "canceled"
    assert not {"title", "contenthash", "published", "extractor"} & set(built)
    assert event.with_text(built) == built


def test_the_id_is_fixed_by_the_history_alone() -> None:
    later = replace(FACTS, time=datetime(2027, 1, 1, tzinfo=UTC), feed="other", fetched=None)
    assert event.build(FACTS)["id"] == event.build(later)["id"]
    changes = (
        replace(FACTS, subject="urn:wiredesk:ffff"),
        replace(FACTS, kind=Kind.UPDATED, previous="a" * 40),
        replace(FACTS, kind=Kind.UPDATED, previous="b" * 40),
        replace(FACTS, contenthash="sha256-1:" + "0" * 64),
    )
    assert len({event.build(f)["id"] for f in (FACTS, *changes)}) == 5


def test_a_wire_version_is_told_by_its_own_numbers() -> None:
    wire = Wire(
        "urn:newsml:a",
        "3",
        "2026-03-01T00:00:00Z",
        embargoed=NOW,
        urgency=2,
        slugline="Sea/pier",
        dateline="PORT",
        places=("Port",),
    )
    first, second = replace(FACTS, wire=wire), replace(FACTS, wire=replace(wire, version="4"))
    built = event.build(first)
    assert errors(built) == []
    assert (built["data"]["urgency"], built["data"]["located"], built["data"]["embargoedUntil"]) == (
        2,
        "PORT",
        "2026-03-02T12:00:00Z",
    )
    assert built["id"] != event.build(second)["id"]


@pytest.mark.parametrize(
    "uri",
    ["urn:belga.be:image:1", "tag:localhost:2017:7ca0-6b19", "tag:x.example,2024:newsml_A1", "https://x.example/1"],
)
def test_what_belongs_to_an_item_is_named_by_any_uri(uri: str) -> None:
    related = (Related("photo", uri, "Pier", "picture"), Related("photo", "4711", "Pier", "picture"))
    built = event.build(replace(FACTS, wire=Wire("urn:newsml:a", related=related)))
    assert errors(built) == []
    assert [one["uri"] for one in built["data"]["associations"] if one["rel"] == "photo"] == [uri]


def test_a_genre_of_which_only_the_address_is_known_is_no_name() -> None:
    wire = Wire("urn:newsml:a", genres=("Feature", "http://cv.iptc.org/newscodes/genre/Actuality", "a://b c"))
    built = event.build(replace(FACTS, wire=wire))
    assert errors(built) == []
    actuality = {"uri": "http://cv.iptc.org/newscodes/genre/Actuality"}
    assert built["data"]["genres"] == [{"name": "Feature"}, actuality, {"name": "a://b c"}]


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        event.build(replace(FACTS, time=datetime(2026, 3, 1)))  # noqa: DTZ001


@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3), st.text(max_size=40))
def test_any_text_in_any_field_makes_a_valid_event(title: str, url: str, words: list[str], picture: str) -> None:
    names = tuple(clean for w in words if (clean := normalise.line(w)))
    article = replace(
        ARTICLE, title=title, authors=names, keywords=names, description=title, picture=Picture(picture, title)
    )
    built = event.build(replace(FACTS, article=article, url=f"https://paper.test/{url}", alternatives=(("guid", url),)))
    assert errors(built) == []
    assert json.loads(event.pack(built)) == built


# --- versions and relations ---


def test_a_version_counts_the_sentences_that_came_and_went() -> None:
    change = changes.compare("One stays here. Two goes away.", "One stays here. Three comes in. Four comes too.")
    built = event.build(replace(FACTS, kind=Kind.UPDATED, previous="a" * 40, change=change))
    assert errors(built) == []
    assert (built["added"], built["removed"]) == (2, 1)
    assert built["diff"] == "- Two goes away.\n+ Three comes in.\n+ Four comes too."


def test_the_seam_lies_before_the_data_whatever_a_title_says() -> None:
    for picture in (None, ARTICLE.picture):
        odd = replace(ARTICLE, title='a ,"data":{} title ends in ]}}', picture=picture)
        packed = event.pack(event.build(replace(FACTS, article=odd)))
        seam = event.seam(packed)
        assert packed[seam["at"] :].startswith(b'"data":{"uri"')
        assert seam["pic"] is (picture is not None)
