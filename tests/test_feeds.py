"""Claims about reading feeds: ingest/feeds.py and its formats, with the judge where the fast readers give up."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import feeds, tidy
from ingest.body import Index, Odd, Unreadable
from ingest.formats import judge
from ingest.model import Entry, FeedDocument, Precision

URL = "https://paper.example/news/feed.xml"


def read(body: bytes | str, content_type: str | None = None) -> FeedDocument:
    """What Child.read does, in this process."""
    raw = body.encode() if isinstance(body, str) else body
    try:
        return feeds.read(raw, URL, content_type)
    except Odd:
        return judge.parse(feeds.prepared(raw, URL, content_type))


def rss(items: str, head: str = "", declaration: str = "") -> str:
    return f'{declaration}<rss version="2.0"><channel><title>T</title>{head}{items}</channel></rss>'


def atom(entries: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>T</title>{entries}</feed>'


def only(document: FeedDocument) -> Entry:
    assert len(document.entries) == 1
    return document.entries[0]


def test_a_feed_without_guids_keeps_them_empty_instead_of_filling_in_the_link() -> None:
    entry = only(read(rss("<item><title>a</title><link>https://paper.example/1</link></item>")))
    assert (entry.guid, entry.link) == (None, "https://paper.example/1")


def test_an_entry_without_a_link_keeps_its_guid_and_title() -> None:
    entry = only(read(rss('<item><title>a</title><guid isPermaLink="false">x-1</guid></item>')))
    assert (entry.guid, entry.link, entry.title) == ("x-1", None, "a")


@pytest.mark.parametrize(
    ("guid", "link"),
    [
        ("<guid>https://paper.example/1</guid>", "https://paper.example/1"),
        ('<guid isPermaLink="true">/1</guid>', "https://paper.example/1"),
        ('<guid isPermaLink="false">https://paper.example/1</guid>', None),
        ("<guid>4711</guid>", None),
    ],
)
def test_a_guid_is_the_link_only_where_it_is_an_address_and_says_so(guid: str, link: str | None) -> None:
    entry = only(read(rss(f"<item><title>a</title>{guid}</item>")))
    assert link == entry.link
    assert entry.guid in guid


def test_the_same_guid_for_all_entries_loses_none() -> None:
    items = "".join(f"<item><guid>same</guid><link>https://paper.example/{n}</link></item>" for n in range(3))
    assert len({entry.link for entry in read(rss(items)).entries}) == 3


@pytest.mark.parametrize("ampersand", ["&amp;", "&"])  # the second goes to the judge
def test_a_relative_link_is_made_absolute_and_keeps_its_query(ampersand: str) -> None:
    entry = only(read(rss(f"<item><link>../story?id=7{ampersand}page=2</link><guid>../g</guid></item>")))
    assert (entry.link, entry.guid) == ("https://paper.example/story?id=7&page=2", "../g")


def test_nested_xml_base_applies_from_the_outside_in() -> None:
    entry = '<entry xml:base="b/"><id>1</id><link xml:base="c/" href="d?e=f"/></entry>'
    assert only(read(atom(entry, 'xml:base="https://a.example/x/"'))).link == "https://a.example/x/b/c/d?e=f"
    assert only(read(atom(entry, 'xml:base="x/"'))).link == "https://paper.example/news/x/b/c/d?e=f"


def test_the_judge_applies_xml_base_too() -> None:
    entry = '<entry xml:base="b/"><title>&undeclared</title><id>1</id><link href="d"/></entry>'
    assert only(read(atom(entry, 'xml:base="https://a.example/x/"'))).link == "https://a.example/x/b/d"


def test_an_alternate_link_of_a_page_wins_and_an_enclosure_is_never_the_link() -> None:
    links = (
        '<link rel="enclosure" href="/a.mp3" type="audio/mpeg"/>'
        '<link rel="alternate" type="application/json" href="/j"/>'
        '<link href="/page"/><link rel="self" href="/self"/><link rel="replies" href="/r"/>'
    )
    assert only(read(atom(f"<entry><id>1</id>{links}</entry>"))).link == "https://paper.example/page"
    assert None is only(read(rss('<item><title>a</title><enclosure url="/a.mp3" type="audio/mpeg"/></item>'))).link


@pytest.mark.parametrize(
    "wrong", ["32 Foo 2026 99:99", "0001-01-01T00:00:00Z", "soon", "Mon, 01 Jan 0001 00:00:00 GMT"]
)
def test_a_wrong_date_leaves_the_entry_without_one_and_is_noted(wrong: str) -> None:
    document = read(rss(f"<item><title>a</title><pubDate>{wrong}</pubDate></item>"))
    assert None is only(document).published
    assert any(wrong in note for note in document.notes)


def test_a_date_without_a_zone_keeps_that_it_has_none() -> None:
    for broken in ("", "&"):
        entry = only(read(rss(f"<item><title>{broken}</title><pubDate>Sun, 01 Mar 2026 08:15:00</pubDate></item>")))
        assert entry.published is not None
        assert (entry.published.precision, entry.published.wall) == (Precision.ZONELESS, "2026-03-01T08:15:00")


def test_time_zones_are_not_dropped() -> None:
    for broken in ("", "&"):
        entry = only(
            read(rss(f"<item><title>{broken}</title><pubDate>Sun, 01 Mar 2026 08:15:00 -0500</pubDate></item>"))
        )
        assert entry.published is not None
        assert entry.published.iso() == "2026-03-01T13:15:00Z"


TITLES = {
    "iso-8859-1": "Très étonné à l'été",
    "windows-1251": "Новости дня: совет принял решение",
    "shift_jis": "政府は新しい経済対策を発表",
    "utf-16": "Überall Äpfel €",
}


@pytest.mark.parametrize(("encoding", "title"), TITLES.items())
def test_a_declared_encoding_is_believed(encoding: str, title: str) -> None:
    xml = rss(f"<item><title>{title}</title></item>", declaration=f'<?xml version="1.0" encoding="{encoding}"?>')
    assert title == only(read(xml.encode(encoding))).title


@pytest.mark.parametrize(("encoding", "title"), [t for t in TITLES.items() if t[0] != "utf-16"])
def test_an_encoding_named_only_by_the_header_is_believed(encoding: str, title: str) -> None:
    xml = rss(f"<item><title>{title}</title></item>").encode(encoding)
    assert title == only(read(xml, f"application/rss+xml; charset={encoding}")).title


@pytest.mark.parametrize(
    ("encoding", "language", "title"),
    [
        ("iso-8859-1", "fr", TITLES["iso-8859-1"]),
        ("windows-1252", "de", "„Größe“ – Übermaß"),
        ("windows-1251", "ru", TITLES["windows-1251"]),
        ("koi8-r", "ru", "Президент подписал указ о новых мерах поддержки семей с детьми, сообщает пресс-служба"),
        ("windows-1250", "pl", "Rząd ogłosił nowe środki wsparcia"),
        ("iso-8859-2", "cs", "Vláda schválila nový zákon o důchodech"),
        ("euc_jp", "ja", "政府は新しい経済対策を発表しました"),
    ],
)
def test_an_undeclared_encoding_is_found_by_the_feeds_language(encoding: str, language: str, title: str) -> None:
    xml = rss(f"<item><title>{title}</title></item>", head=f"<language>{language}</language>")
    assert title == only(read(xml.encode(encoding))).title


def test_a_header_that_lies_about_utf8_is_not_believed() -> None:
    xml = rss("<item><title>Größe</title></item>", declaration='<?xml version="1.0" encoding="utf-8"?>')
    assert only(read(xml.encode(), "text/xml; charset=iso-8859-1")).title == "Größe"


def test_a_declaration_that_lies_about_utf8_is_not_believed() -> None:
    xml = rss("<item><title>Größe – schön</title></item>", declaration='<?xml version="1.0" encoding="iso-8859-1"?>')
    assert only(read(xml.encode())).title == "Größe – schön"


def test_one_broken_character_does_not_garble_the_rest_of_the_feed() -> None:
    whole = rss("<item><title>Größe und Übermaß, schön geändert für später</title></item>").encode()
    assert (
        only(read(whole.replace("ä".encode(), b"\xc3", 1))).title == "Größe und Übermaß, schön ge\ufffdndert für später"
    )


def test_a_codec_that_is_no_text_encoding_is_harmless() -> None:
    for name in ("hex", "rot13", "zlib", "idna", "unicode_escape", "undefined", "x" * 40):
        assert (
            only(read(rss("<item><title>ü</title></item>").encode("latin-1"), f"text/xml; charset={name}")).title == "ü"
        )


def test_a_byte_order_mark_and_leading_white_space_are_harmless() -> None:
    xml = rss("<item><title>Ü</title></item>", declaration='<?xml version="1.0" encoding="utf-8"?>').encode()
    assert only(read(b"\xef\xbb\xbf" + xml)).title == "Ü"
    assert only(read(b"\n\n  " + xml)).title == "Ü"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Fish & chips", "Fish & chips"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("caf&eacute;&nbsp;au lait", "café au lait"),
        ("<![CDATA[A &amp; B <b>bold</b>]]>", "A & B bold"),
        ("AT&amp;T &lt;i&gt;grows&lt;/i&gt;", "AT&T grows"),
        ("5 &lt; 6 &gt; 4", "5 < 6 > 4"),
        ("a\n   b\t c", "a b c"),
        ("S&amp;P 500", "S&P 500"),
        ("It&amp;#8217;s", "It’s"),
        ("x\x02y", "xy"),
        ("garbled cafÃ©", "garbled café"),
    ],
)
def test_a_title_is_plain_text(title: str, expected: str) -> None:
    assert expected == (only(read(rss(f"<item><title>{title}</title></item>"))).title or "").replace("\xa0", " ")


def test_rdf_items_beside_the_channel_are_found() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        "<channel><title>T</title></channel><item><title>a</title><link>https://paper.example/1</link></item></rdf:RDF>"
    )
    assert (read(rdf).format, only(read(rdf)).link) == ("rss", "https://paper.example/1")


def test_an_item_in_an_unusual_place_is_left_to_the_judge_and_not_lost() -> None:
    nested = rss("<wrap><item><title>inside</title></item></wrap><item><title>outside</title></item>")
    with pytest.raises(Odd):
        feeds.read(nested.encode(), URL)
    assert [entry.title for entry in read(nested).entries] == ["inside", "outside"]


BOMB = '<!DOCTYPE r [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


def test_an_entity_bomb_does_not_go_off() -> None:
    document = read(f'<?xml version="1.0"?>{BOMB}]>' + rss("<item><title>&j;</title></item>"))
    assert len(only(document).title or "") < 1000


def test_an_external_entity_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden words")
    for declared in (f'<!ENTITY x SYSTEM "file://{tmp_path}/secret">', f'<!ENTITY % p SYSTEM "{tmp_path}/secret"> %p;'):
        document = read(f'<?xml version="1.0"?><!DOCTYPE r [{declared}]>' + rss("<item><title>a&x;</title></item>"))
        assert "hidden" not in repr(document)


@pytest.mark.parametrize("named", ["plain", "address"])
def test_a_path_or_address_as_body_is_not_opened(tmp_path: Path, named: str) -> None:
    (tmp_path / "feed.xml").write_text(rss("<item><title>hidden words</title></item>"))
    with pytest.raises(Unreadable):
        read(f"{'file://' if named == 'address' else ''}{tmp_path}/feed.xml")


def test_deep_nesting_ends_in_bounds() -> None:
    for body in (rss("<a>" * 50_000), rss("<item><title>a</title></item>" + "<a>" * 20_000 + "</a>" * 20_000)):
        assert read(body).format == "judge"


@pytest.mark.parametrize("piece", ["<![CDATA[", "<!--", "<script", "&", "&nbsp;", "<!", "<b", "&#xD800;"])
def test_a_title_of_unfinished_pieces_takes_no_more_than_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        read(rss(f"<item><title>& {piece * count}</title></item>"))
        return time.process_time() - began

    assert seconds(60_000) < 12 * max(0.02, seconds(15_000))  # 4 times as much; 16 times if the square of it


def test_a_surrogate_reference_costs_at_most_its_own_characters() -> None:
    poison = "<item><title>a & b &#xD800; &#55296; &#x110000; &#99999999999; &#0; c</title></item>"
    document = read(rss(poison + "<item><title>fine</title></item>"))
    assert [entry.title for entry in document.entries] == ["a & b c", "fine"]


def test_an_item_that_breaks_feedparser_is_skipped_alone_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = judge._ask

    def poisoned(text: str) -> object:
        if "poison" in text:
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        return ask(text)

    monkeypatch.setattr(judge, "_ask", poisoned)
    items = "".join(f"<item><title>{'poison' if n == 5 else n} <</title></item>" for n in range(12))
    document = read(rss(items))
    assert len(document.entries) == 11
    assert any("1 items left out" in note for note in document.notes)


def test_truncated_xml_gives_the_entries_before_the_cut() -> None:
    whole = rss("".join(f"<item><title>{n}</title><link>https://paper.example/{n}</link></item>" for n in range(5)))
    document = read(whole[: whole.index("/4</link>")])
    assert [entry.title for entry in document.entries][:4] == ["0", "1", "2", "3"]
    assert any("not well-formed" in note for note in document.notes)


HTML = "<!DOCTYPE html><html><head><title>{}</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "an empty body"),
        (" \n ", "an empty body"),
        (HTML.format("Page not found", "Sorry"), 'an HTML page, no feed: titled "Page not found"'),
        ('<?xml version="1.0"?>\n<!-- x --><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "an HTML page"),
        (HTML.format("Just a moment...", '<script src="/cdn-cgi/challenge-platform/h"></script>'), "a bot check"),
        ("%PDF-1.7 ...", "a PDF file"),
        ("Not found", "no feed"),
        ('{"error": "not found"}', "no JSON Feed"),
        ("{", "none"),
        ("[" * 100_000, "nested too deeply"),
        ('{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}', "no list of items"),
        ("<svg/>", "no feed"),
    ],
)
def test_what_is_no_feed_is_refused_in_one_line_that_says_what_it_is(body: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refusal:
        read(body)
    assert "\n" not in str(refusal.value)


def test_a_page_that_holds_a_feed_after_all_is_read() -> None:
    assert only(read("<html><body>" + rss("<item><title>a</title></item>") + "</body></html>")).title == "a"


def test_a_sitemap_index_is_refused_and_names_its_sitemaps() -> None:
    places = "".join(f"<sitemap><loc>/{name}.xml</loc></sitemap>" for name in ("pages", "news", "tags"))
    with pytest.raises(Index, match=r"https://paper\.example/news\.xml") as refusal:
        read(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</sitemapindex>')
    assert len(refusal.value.sitemaps) == 3


def test_json_with_wrong_types_loses_only_what_is_wrong() -> None:
    items = [
        {"id": 1, "url": ["x"], "title": {}, "tags": "t", "authors": [1, {"name": 2}], "date_published": 5},
        7,
        None,
    ]
    feed = {"version": "https://jsonfeed.org/version/1", "items": items, "title": 1.5, "language": []}
    document = read(json.dumps(feed))
    assert (only(document).guid, only(document).link, only(document).title, only(document).authors) == (
        "1",
        None,
        None,
        ("2",),
    )
    assert any("2 items" in note for note in document.notes)


def test_a_feed_kept_as_a_gz_file_is_unpacked_within_bounds() -> None:
    assert only(read(gzip.compress(rss("<item><title>a</title></item>").encode()))).title == "a"
    with pytest.raises(Unreadable, match=r"\.gz"):
        read(gzip.compress(b"\0" * (feeds.MAX_BYTES + 1)))
    with pytest.raises(Unreadable, match=r"\.gz"):
        read(gzip.compress(b"<rss>" * 1000)[:-20])


def test_an_empty_feed_is_a_feed() -> None:
    assert (read(rss("")).entries, read(rss("")).title) == ((), "T")


def test_what_is_beyond_bounds_is_cut_and_noted() -> None:
    entry = f"<title>{'t' * 9000}</title><guid>{'g' * 9000}</guid><link>https://x.example/{'l' * 9000}</link>"
    document = read(rss(f"<item>{entry}{'<category>c</category>' * 300}</item>"))
    found = only(document)
    assert (len(found.title or ""), found.link) == (tidy.MAX_LINE, None)
    assert len(found.guid or "") < 1100
    assert len(document.notes) == 4


def test_more_entries_than_a_document_may_have_are_counted_as_left_out() -> None:
    document = tidy.sane(FeedDocument("rss", tuple(Entry(guid=str(n)) for n in range(tidy.MAX_ENTRIES + 7))))
    assert len(document.entries) == tidy.MAX_ENTRIES
    assert any(note.startswith("7 entries") for note in document.notes)


def test_two_long_guids_with_the_same_start_stay_two() -> None:
    items = "".join(f"<item><title>a</title><guid>{'g' * 9000}{n}</guid></item>" for n in range(2))
    assert len({entry.guid for entry in read(rss(items)).entries}) == 2


def test_no_control_character_or_lone_surrogate_survives() -> None:
    words = "a\\u0007b\\ud800c\\u2028d\\u0085"
    feed = f'{{"version":"https://jsonfeed.org/version/1","items":[{{"id":"{words}","title":"{words}","content_html":"{words}"}}]}}'
    entry = only(read(feed))
    assert (entry.guid, entry.title, entry.content) == ("abcd", "abcd", "abcd")


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>30</ttl>", 1800.0),
        ("<ttl>-5</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        ('<x:updatePeriod xmlns:x="http://purl.org/rss/1.0/modules/syndication/">daily</x:updatePeriod>', 86400.0),
    ],
)
def test_the_publishers_wish_for_an_interval_is_passed_on(head: str, seconds: float | None) -> None:
    assert seconds == read(rss("<item><title>a</title></item>", head)).every


# Any bytes: a document or a clean refusal, never another exception.
PIECES = st.sampled_from(
    b"""<rss version='2.0'>|<channel>|</channel>|</rss>|<item>|</item>|<title>|</title>|<link>|</link>|<guid>|<![CDATA[
    |]]>|<pubDate>Sun, 01 Mar 2026 08:15:00 +0100</pubDate>|&amp;|&nbsp;|&|&#xD800;|&#x1F600;|<!--|-->|<category/>|<br>
    |<?xml version='1.0' encoding='koi8-r'?>|<!DOCTYPE rss [<!ENTITY a 'b'>]>|<feed xmlns='http://www.w3.org/2005/Atom'>
    |<entry xml:base='//[x'>|<link href='http://[::1' rel='alternate'/>|</entry>|</feed>|<content type='xhtml'>
    |<a b='c'>|<urlset>|<url>|<loc>http://x/</loc>|</url>|</urlset>|{"items":[|]}|<media:content/>|<author>
    |a@b.c (d)|<svg:svg>|\xff\xfe|\xef\xbb\xbf|\x00|\xe9\xf1""".split(b"|")
)
ANY = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=25).map(b"".join),
    st.lists(PIECES, max_size=12).map(lambda p: rss(b"".join(p).decode("latin-1")).encode("latin-1")),
)
TYPES = st.sampled_from([None, "text/xml", "application/rss+xml; charset=windows-1251", "text/html; charset=\x00", "x"])


@settings(max_examples=400, deadline=None)
@given(ANY, TYPES)
def test_any_bytes_are_a_feed_or_refused_cleanly(body: bytes, content_type: str | None) -> None:
    try:
        document = read(body, content_type)
    except Unreadable as refusal:
        assert str(refusal).isprintable()
        return
    for entry in document.entries:
        for words in (entry.title, entry.guid, entry.link, entry.summary, entry.content, *entry.authors):
            assert words is None or words.encode("utf-8")


NAMES = "items id url title authors author tags image attachments version date_published content_text language name"
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES.split()), inner, max_size=6)
    ),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(JSON, max_size=4), JSON)
def test_any_json_feed_is_read(items: list[object], title: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items, "title": title}
    assert len([item for item in items if isinstance(item, dict)]) == len(read(json.dumps(feed)).entries)


WORDS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(WORDS, min_size=1, max_size=30), min_size=1, max_size=5))
def test_the_fast_reader_and_the_judge_agree(titles: list[str]) -> None:
    raw = rss(
        "".join(f"<item><title>{escape(t)}</title><guid>{n}</guid></item>" for n, t in enumerate(titles))
    ).encode()
    fast, slow = feeds.read(raw, URL), judge.parse(feeds.prepared(raw, URL))
    assert [(e.guid, e.title) for e in fast.entries] == [(e.guid, e.title) for e in slow.entries]


@pytest.mark.parametrize("stray", ["", "&"])  # the second goes to the judge
def test_what_a_film_is_said_to_show_is_the_summary_of_an_entry_without_text(stray: str) -> None:
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    group = "<media:group><media:description>A goat on a bridge.</media:description></media:group>"
    entry = f"<entry><id>1</id><title>Film {stray}</title>{{}}{group}</entry>"
    assert only(read(atom(entry.format(""), media))).summary == "A goat on a bridge."
    own = only(read(atom(entry.format("<content>Own text</content>"), media)))
    assert (own.content, own.summary if not stray else None) == ("Own text", None)


def test_a_sitemap_without_an_address_is_an_empty_feed() -> None:
    body = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
    assert feeds.read(body, "http://news.test/sitemap.xml").entries == ()
