"""Claims about extraction: an article or a reason for any bytes, always the same one."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import GiveUp
from ingest.model import Article, Entry, Precision, Rejected, When
from workers import extract, framing, normalise
from workers.extract import EXTRACTOR, Page

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://paper.test/news/pier"
PARTS = (
    "The harbour council met on Tuesday to talk about the new pier, which will cost more than was planned at first.",
    "Fishermen had asked for a longer one, because their boats have grown over the years and the old pier is short.",
    "A spokeswoman said that the work would begin in spring, and that nobody would lose a berth while it goes on.",
    "The last pier was built half a century ago, and storms have taken two of its planks and most of its paint.",
)
HTML = f"""<!doctype html><html lang="en"><head><title>A new pier | The Paper</title>
<meta property="og:site_name" content="The Paper"><meta name="robots" content="noai">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A new pier", "author": {{"name": "Ada Roe"}},
"datePublished": "2026-03-01T09:00:00+01:00"}}</script></head><body>
<nav><a href="/">Home</a> <a href="/sea">Sea</a></nav>
<article><h1>A new pier</h1><p>By Ada Roe</p><p>{PARTS[0]}</p>
<figure><img src="p.jpg"><figcaption>The old pier</figcaption></figure>
<p>{PARTS[1]}</p><h2>What comes next</h2><p>{PARTS[2]}</p>
<ul><li>First the planks</li><li>Then the paint</li></ul><p>{PARTS[3]}</p></article>
<div class="comments"><p>I do not like this pier at all, and I shall say so here at length.</p></div>
<footer>The Paper</footer></body></html>"""


def read(body: bytes | str = HTML, **known: object) -> Article:
    raw = body.encode() if isinstance(body, str) else body
    known_of: dict[str, object] = {"url": URL, "now": NOW, "content_type": "text/html", **known}
    return extract.extract(Page(raw, **known_of))  # type: ignore[arg-type]


def reason(body: bytes, content_type: str | None = None) -> Rejected:
    with pytest.raises(GiveUp) as refusal:
        extract.extract(Page(body, URL, NOW, content_type))
    assert isinstance(refusal.value.reason, Rejected)
    return refusal.value.reason


def test_the_text_is_the_article_s_paragraphs_and_nothing_around_them() -> None:
    parts = read().text.split("\n\n")
    assert [p for p in parts if p in PARTS] == list(PARTS)
    assert "What comes next" in parts
    joined = " ".join(parts)
    for foreign in ("A new pier", "By Ada Roe", "The old pier", "Home", "I do not like"):
        assert foreign not in joined


def test_the_article_says_what_the_page_says_and_which_source_said_it() -> None:
    article = read()
    assert (article.title, article.authors, article.language) == ("A new pier", ("Ada Roe",), "en")
    assert article.published == When(Precision.INSTANT, date(2026, 3, 1), datetime(2026, 3, 1, 8, tzinfo=UTC))
    assert article.rights == ("noai",)
    assert article.fields["title"] == "json-ld"
    assert article.fields["language"] == "html"
    assert article.fields["text"] == "text"


def test_the_feed_s_word_comes_first() -> None:
    entry = Entry(title="Pier, longer", authors=("Bo Lin",), published=When(Precision.DAY, date(2026, 2, 28)))
    article = read(entry=entry)
    assert (article.title, article.authors) == ("Pier, longer", ("Bo Lin",))
    assert article.published == When(Precision.DAY, date(2026, 2, 28))
    assert article.fields["published"] == "feed"


def test_the_same_bytes_give_the_same_article_in_any_order() -> None:
    other = HTML.replace("pier", "quay").replace("harbour", "river")
    first, second = read(), read(other)
    for body, expected in ((other, second), (HTML, first)) * 3:
        assert read(body) == expected


def test_another_process_with_other_hash_seeds_gives_the_same_article() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from workers import extract, framing;"
        f"p = extract.Page(sys.stdin.buffer.read(), {URL!r}, datetime(2026, 3, 2, tzinfo=UTC), 'text/html');"
        "sys.stdout.buffer.write(framing.answer(extract.extract(p)))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            input=HTML.encode(),
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            check=True,
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout == framing.answer(read())


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=500), st.sampled_from([None, "text/html", "text/html; charset=latin-1", "application/pdf", "x"])
)
def test_any_bytes_give_an_article_or_a_reason(body: bytes, content_type: str | None) -> None:
    try:
        article = extract.extract(Page(body, URL, NOW, content_type))
    except GiveUp as refusal:
        assert isinstance(refusal.reason, Rejected)
    else:
        assert article.text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_mangled_page_gives_an_article_or_a_reason(data: st.DataObject) -> None:
    raw = bytearray(HTML.encode())
    for _ in range(data.draw(st.integers(0, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30)) or b"<"
    try:
        article = read(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    except GiveUp as refusal:
        assert isinstance(refusal.reason, Rejected)
    else:
        assert normalise.text(article.text) == article.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", "text/html"),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff\xe0", "text/html"),
        (b"PK\x03\x04", None),
        (b"<html><p>x", "application/pdf"),
        (b'{"a": 1}', "application/json"),
        (b"\x00\x00\x00\x18ftypmp42", "text/html"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "text/xml"),
        (b"just a note", "text/plain"),
        (b"a,b\n1,2", "text/csv"),
    ],
)
def test_what_is_no_html_is_refused_as_such(body: bytes, content_type: str | None) -> None:
    assert reason(body, content_type) is Rejected.NOT_HTML


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/octet-stream", "application/xhtml+xml; charset=utf-8"]
)
def test_html_is_read_whatever_the_server_calls_it(content_type: str | None) -> None:
    assert PARTS[0] in read(content_type=content_type).text


def test_a_drawing_inside_a_page_does_not_make_it_a_picture() -> None:
    assert PARTS[0] in read(HTML.replace("<body>", "<body><svg viewBox='0 0 1 1'></svg>"), content_type=None).text


def test_a_feed_s_own_text_is_taken_whole() -> None:
    body = "<p>One short line.</p><p>Another<br>with a break.</p><blockquote>Said so.</blockquote><script>x()</script>"
    article = read(body, whole=True, entry=Entry(title="T", language="de"))
    assert article.text == "One short line.\n\nAnother with a break.\n\nSaid so."
    assert (article.title, article.language) == ("T", "de")


def test_html_is_clean_and_holds_the_same_paragraphs() -> None:
    html = read(HTML.replace("First the planks", "First &lt;b&gt; the planks"), html=True).html
    assert html is not None
    assert f"<p>{PARTS[0]}</p>" in html
    assert "<h2>What comes next</h2>" in html
    assert "<li>First &lt;b&gt; the planks</li>" in html
    assert "onclick" not in html
    assert "A new pier" not in html
    assert read().html is None


def test_letters_overrule_a_language_they_cannot_be() -> None:
    thai = "".join(f"<p>{'สวัสดีครับวันนี้อากาศดีมาก' * 6} {i}</p>" for i in range(4))
    article = read(
        f'<html lang="en"><head><title>ก</title></head><body><article>{thai}</article></body></html>', entry=Entry()
    )
    assert (article.language, article.fields["language"]) == ("th", "text")


def test_pages_and_answers_survive_the_pipe() -> None:
    page = Page(
        b"\x00\xff",
        URL,
        NOW,
        "text/html",
        {"link": "x"},
        Entry(title="\ud800 T", published=When(Precision.ZONELESS, date(2026, 1, 1), None, "2026-01-01T00:00:00")),
    )
    frame = framing.request(page)
    head, body = framing.SIZE.unpack(frame[:8])
    again = framing.page(json.loads(frame[8 : 8 + head]), frame[8 + head :])
    assert (again.body, again.url, again.now, again.headers) == (b"\x00\xff", URL, NOW, {"link": "x"})
    assert again.entry is not None
    assert again.entry.published == page.entry.published  # type: ignore[union-attr]
    assert body == 2
    article = read(html=True)
    assert framing.article_from_json(json.loads(json.dumps(framing.article_to_json(article)))) == article


def test_the_extractor_names_itself_and_the_library_s_version() -> None:
    assert EXTRACTOR.startswith("wiredesk-2/trafilatura-2.3")


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
@pytest.mark.parametrize("stage", ["outline", "forest.trained", "body.chosen", "normalise.join"])
def test_want_of_memory_or_stack_at_any_stage_is_a_reason(
    error: type[Exception], stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(f"workers.extract.{stage}", fails)
    assert reason(HTML.encode(), "text/html") is Rejected.TOO_COMPLEX


def test_a_second_opinion_is_asked_where_the_first_answer_is_in_doubt_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def asks(_: object) -> str:
        asked.append(1)
        return "\n".join(PARTS)

    monkeypatch.setattr("workers.extract.opinion.text", asks)
    read(HTML)
    assert not asked
    read("<html><body>" + "".join(f"<div><a href=x>{part}</a> {part[:50]}</div>" for part in PARTS * 3), entry=Entry())
    assert asked == [1]


def test_want_of_memory_in_the_second_opinion_is_a_reason_and_no_other_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("workers.opinion.bare_extraction", fails)
    monkeypatch.setattr("workers.body.DOUBT", 2.0)
    assert reason(HTML.encode(), "text/html") is Rejected.TOO_COMPLEX


def crediting(*changes: tuple[str, str]) -> tuple[tuple[str, ...], str | None]:
    """The agencies of the page after some changes, and their source; the text stays as it was."""
    page = HTML
    for before, after in changes:
        assert before in page
        page = page.replace(before, after, 1)
    article = read(page)
    assert framing.article_from_json(framing.article_to_json(article)) == article
    return article.agencies, article.fields.get("agencies")


def test_a_page_without_a_credit_has_no_agencies() -> None:
    assert crediting() == ((), None)


@pytest.mark.parametrize(
    ("before", "after", "source"),
    [
        ("<p>The harbour", "<p>BERLIN (dpa) - The harbour", "text"),
        ("most of its paint.</p>", "most of its paint. (dpa)</p>", "text"),
        ("<p>By Ada Roe</p>", "<p>By Ada Roe with dpa</p>", "text"),
        ("</article>", "</article><p>Source: paper.test, roe/dpa</p>", "html"),
        ('{"name": "Ada Roe"}', '[{"name": "Ada Roe"}, {"name": "NDR/dpa"}]', "json-ld"),
        ('{"name": "Ada Roe"}', '{"name": "Ada Roe (dpa)"}', "json-ld"),
        ('"author":', '"sourceOrganization": {"name": "Deutsche Presse-Agentur"}, "author":', "json-ld"),
        ('<meta name="robots"', '<meta name="author" content="Ada Roe, dpa"><meta name="robots"', "opengraph"),
    ],
)
def test_an_article_says_which_agency_it_is_credited_to_and_what_said_so(before: str, after: str, source: str) -> None:
    assert crediting((before, after)) == (("dpa",), source)


def test_the_feed_s_author_may_be_an_agency_and_sources_add_up() -> None:
    entry = Entry(authors=("AFP",), link=URL)
    article = read(HTML.replace("<p>The harbour", "<p>BERLIN (dpa) - The harbour"), entry=entry)
    assert (article.agencies, article.fields["agencies"]) == (("dpa", "AFP"), "text+feed")


def test_a_picture_s_credit_and_teasers_are_no_credits_of_the_text() -> None:
    assert crediting(("The old pier</figcaption>", "The old pier. Photo: dpa</figcaption>")) == ((), None)
    assert crediting(("The old pier</figcaption>", "The old pier (AFP)</figcaption>")) == ((), None)
    assert crediting(("</article>", "</article><aside><p>Source: Reuters</p></aside>")) == ((), None)
    assert crediting(("<footer>", "<footer>© 2026 The Associated Press")) == ((), None)


def test_a_text_that_stands_in_a_feed_is_credited_too() -> None:
    body = f"<p>BERLIN (dpa) - {PARTS[0]}</p><p>{PARTS[1]}</p>"
    assert read(body, whole=True).agencies == ("dpa",)
