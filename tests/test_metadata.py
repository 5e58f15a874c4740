"""Claims about page metadata: who wins, what is believed, what broken markup costs."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Entry, Precision, When
from workers import byline, jsonld, markup, metadata, values
from workers.claims import Said, choose

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://paper.test/2026/story"


def read(head: str = "", body: str = "", lang: str = "", **known: object) -> metadata.Metadata:
    page = f"<html{lang}><head>{head}</head><body>{body}</body></html>"
    given_known: dict[str, object] = {"url": URL, "now": NOW, "headers": {}, **known}
    return metadata.read(markup.parse(page, URL), metadata.Known(**given_known))  # type: ignore[arg-type]


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


STORY = {
    "@type": "NewsArticle",
    "headline": "From JSON-LD",
    "datePublished": "2026-03-01T08:00:00+01:00",
    "author": [{"@type": "Person", "name": "Ada Roe"}, {"@type": "Person", "name": "Bo Lin"}],
}
OG = '<meta property="og:title" content="From OpenGraph"><meta property="article:published_time" content="2026-02-01">'


def test_each_source_gives_way_to_the_one_before_it() -> None:
    body, entry = "<h1>From HTML</h1>", Entry(title="From the feed")
    assert read(OG, "<p>x</p>").chosen.fields["title"] == "opengraph"
    assert read(OG + ld(STORY), body).chosen.said.title == "From JSON-LD"
    found = read(OG + ld(STORY), body, entry=entry)
    assert (found.chosen.said.title, found.chosen.fields["title"]) == ("From the feed", "feed")
    assert found.chosen.fields["authors"] == "json-ld"
    assert {origin for origin, said in found.claims.items() if said.title} == {"feed", "json-ld", "opengraph", "html"}


def test_the_same_day_told_with_its_zone_is_the_better_date() -> None:
    node = ld({**STORY, "datePublished": "2026-02-01"})
    head = '<meta property="article:published_time" content="2026-02-01T23:00:00-05:00">'
    found = read(node + head).chosen
    assert found.fields["published"] == "opengraph"
    assert found.said.published is not None
    assert found.said.published.local() == "2026-02-01T23:00:00-05:00"
    other = '<meta property="article:published_time" content="2026-02-02T01:00:00Z">'
    assert read(node + other).chosen.fields["published"] == "json-ld"


@pytest.mark.parametrize("name", ["published_on", "article-publish-date", "publishedDate", "release_date"])
def test_names_of_a_system_s_own_for_the_date_are_understood(name: str) -> None:
    found = read(f'<meta name="{name}" content="2026-02-01">').chosen
    assert found.said.published == When(Precision.DAY, date(2026, 2, 1))
    assert read('<meta name="publisher" content="The Paper">').chosen.said.published is None


def test_a_name_that_only_looks_like_a_date_gives_way_to_what_the_html_marks() -> None:
    head, body = '<meta name="site-published" content="2026-01-01">', '<time datetime="2026-02-01T08:00:00Z">1</time>'
    assert read(head, body).chosen.fields["published"] == "html"
    assert read(head).chosen.fields["published"] == "opengraph"


def test_the_language_of_the_answer_s_header_counts_where_the_page_says_none() -> None:
    found = read(headers={"content-language": "pt-br"}).chosen
    assert (found.said.language, found.fields["language"]) == ("pt-BR", "answer")
    assert read(lang=' lang="de"', headers={"content-language": "pt-br"}).chosen.said.language == "de"


def test_the_page_s_own_headline_is_preferred_to_the_one_for_sharing() -> None:
    found = read(OG, "<h1>From HTML</h1>").chosen
    assert (found.said.title, found.fields["title"]) == ("From HTML", "html")


def test_the_site_s_name_is_no_part_of_a_title() -> None:
    site = '<meta property="og:site_name" content="The Paper">'
    assert read(site + "<title>A day at sea | The Paper</title>").chosen.said.title == "A day at sea"
    assert read(site + "<title>The Paper - A day - at sea</title>").chosen.said.title == "A day - at sea"
    assert read("<title>A day | at sea</title>").chosen.said.title == "A day | at sea"


def test_a_day_stays_a_day() -> None:
    when = read(OG).chosen.said.published
    assert when == When(Precision.DAY, date(2026, 2, 1))


def test_an_unknown_zone_stays_unknown_unless_the_operator_says_it() -> None:
    head = '<meta name="date" content="2026-02-01T08:00:00">'
    when = read(head).chosen.said.published
    assert when is not None
    assert (when.precision, when.at, when.wall) == (Precision.ZONELESS, None, "2026-02-01T08:00:00")
    told = read(head, zone=ZoneInfo("Asia/Tokyo")).chosen.said.published
    assert told is not None
    assert told.at == datetime(2026, 1, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize("absurd", ["2031-01-01T00:00:00Z", "0001-01-01", "1899-12-30T00:00:00Z", "yesterday", ""])
def test_a_future_or_absurd_date_gives_way_to_the_next_source(absurd: str) -> None:
    found = read(ld({**STORY, "datePublished": absurd}) + OG).chosen
    assert found.fields["published"] == "opengraph"
    assert found.said.published == When(Precision.DAY, date(2026, 2, 1))


def test_a_clock_that_is_a_little_fast_is_believed() -> None:
    soon = (NOW + timedelta(hours=20)).isoformat()
    assert read(ld({**STORY, "datePublished": soon})).chosen.fields["published"] == "json-ld"


def test_a_change_before_the_publication_is_no_change() -> None:
    found = read(ld({**STORY, "dateModified": "2020-01-01T00:00:00Z"})).chosen
    assert found.said.modified is None
    assert "modified" not in found.fields


def test_the_address_dates_a_page_that_says_nothing() -> None:
    found = read(url="https://paper.test/2026/02/27/story").chosen
    assert found.said.published == When(Precision.DAY, date(2026, 2, 27))
    assert found.fields["published"] == "url"


@given(st.text(max_size=40))
def test_no_text_makes_a_naive_datetime(text: str) -> None:
    when = values.when(text, None)
    assert when is None or when.at is None or when.at.tzinfo is not None


GRAPH = {
    "@graph": [
        {"@type": "WebPage", "@id": URL, "datePublished": "2020-01-01", "author": {"@id": "#a"}},
        {"@type": "Person", "@id": "#a", "name": "Ada Roe"},
        {**STORY, "author": {"@id": "#a"}, "image": {"@id": "#i"}, "isAccessibleForFree": "False"},
        {"@type": "ImageObject", "@id": "#i", "url": "/lead.jpg", "caption": "At sea", "creditText": "Photo Co"},
    ]
}


def test_references_in_a_graph_are_followed() -> None:
    said = read(ld(GRAPH)).chosen.said
    assert said.authors == ("Ada Roe",)
    assert said.free is False
    assert said.picture is not None
    assert (said.picture.url, said.picture.caption, said.picture.credit) == (
        "https://paper.test/lead.jpg",
        "At sea",
        "Photo Co",
    )


def test_of_several_articles_the_one_that_names_the_page_is_read() -> None:
    other = {**STORY, "headline": "Another", "url": "https://paper.test/other"}
    mine = {**STORY, "headline": "This one", "mainEntityOfPage": {"@id": URL + "/"}}
    assert read(ld([other, mine])).chosen.said.title == "This one"


@pytest.mark.parametrize(
    "broken",
    [
        '<!-- {"@type": "Article", "headline": "Found"} -->',
        '/* <![CDATA[ */ {"@type": "Article", "headline": "Found",} /* ]]> */',
        '{"@type": "Article", "headline": "Found"};',
        '{"@type": "Article", "headline": "Found"} {"@type": "Person"}',
        '{"@type": "Article", "headline": "Found", "description": "an "inner" quote"}',
        '{"@type": "Article", "headline": "Found", "articleBody": "a\nraw\tline"}',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Found&quot;}",
    ],
)
def test_broken_json_ld_still_gives_its_headline(broken: str) -> None:
    found = read(f'<script type="application/ld+json">{broken}</script>')
    assert (found.chosen.said.title, found.chosen.fields["title"]) == ("Found", "json-ld")


@given(st.text(max_size=200))
def test_no_script_makes_the_reader_raise(text: str) -> None:
    jsonld.said(jsonld._flat(jsonld.documents(text), 100), URL, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["@type", "@id", "@graph", "author", "name", "headline", "image", "url", "datePublished",
                         "keywords", "publisher", "inLanguage", "mainEntity"]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_values_of_any_type_in_any_place_are_read_or_left_out(value: object) -> None:
    said = jsonld.said(
        jsonld._flat([{"@type": "Article", "headline": "x", "author": value, "image": value}, value], 100), URL, None
    )
    assert said.title is None or isinstance(said.title, str)


def test_deeply_nested_json_is_no_way_to_crash() -> None:
    assert jsonld.documents("[" * 100_000) == []


def test_reservations_of_every_source_add_up() -> None:
    head = '<meta name="robots" content="max-image-preview:large, NoAI"><meta name="tdm-reservation" content="1">'
    assert read(head).chosen.said.rights == ("noai", "tdm-reservation")
    headers = {"x-robots-tag": "otherbot: noindex, noimageai", "tdm-reservation": "1"}
    assert read(headers=headers).chosen.said.rights == ("noimageai", "tdm-reservation")
    assert read('<meta name="tdm-reservation" content="0">').chosen.said.rights == ()


@pytest.mark.parametrize(
    ("given_tag", "tag"),
    [
        ("de_DE.UTF-8", "de-DE"),
        ("EN", "en"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("English", "en"),
        ("und", None),
        ("c3po!", None),
    ],
)
def test_languages_become_bcp_47_tags(given_tag: str, tag: str | None) -> None:
    assert values.language(given_tag) == tag


def test_the_page_s_language_is_believed_before_the_feed_s() -> None:
    found = read(lang=' lang="pt-br"', entry=Entry(language="en-us")).chosen
    assert (found.said.language, found.fields["language"]) == ("pt-BR", "html")


def test_canonical_and_lead_picture_become_absolute() -> None:
    head = '<link rel="canonical" href="/story"><meta property="og:image" content="//cdn.test/a.jpg">'
    said = read(head).chosen.said
    assert said.canonical == "https://paper.test/story"
    assert said.picture is not None
    assert said.picture.url == "https://cdn.test/a.jpg"


@pytest.mark.parametrize(
    ("given_names", "names"),
    [
        (["By Ada Roe and Bo Lin"], ("Ada Roe", "Bo Lin")),
        (["Ada Roe, PhD, Bo Lin"], ("Ada Roe, PhD", "Bo Lin")),
        (["Ada Roe", "ada roe"], ("Ada Roe",)),
        (["https://paper.test/ada", "ada@paper.test", "admin"], ()),
        (["Ada Roe (Correspondent)", "The Paper"], ("Ada Roe",)),
        (["The Paper"], ("The Paper",)),
        (["Da Silva"], ("Da Silva",)),
    ],
)
def test_names_are_cleaned(given_names: list[str], names: tuple[str, ...]) -> None:
    assert byline.listed(given_names, "The Paper") == names


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("Von Ada Roe und Bo Lin", ("Ada Roe", "Bo Lin")),
        ("Par Ada Roe et Bo Lin", ("Ada Roe", "Bo Lin")),
        ("Автор: Анна Ро", ("Анна Ро",)),
        ("山田太郎、鈴木花子", ("山田太郎", "鈴木花子")),
        ("This is a sentence that talks about what the author did in the year 2020 and after.", ()),
    ],
)
def test_bylines_in_several_languages_are_taken_apart(shown: str, names: tuple[str, ...]) -> None:
    assert byline.spoken(shown) == names


def test_a_byline_in_the_html_is_read_where_nobody_else_names_authors() -> None:
    body = '<span class="byline">By <a rel="author" href="/ada">Ada Roe</a></span><aside class="author">Bo Lin</aside>'
    found = read(body=body).chosen
    assert (found.said.authors, found.fields["authors"]) == (("Ada Roe",), "html")
    assert read(ld({**STORY, "author": "Cy Fox"}), body).chosen.said.authors == ("Cy Fox",)


def test_the_choice_says_nothing_of_what_nobody_says() -> None:
    chosen = choose({"html": Said()}, NOW)
    assert chosen.said == Said()
    assert chosen.fields == {}
