"""Claims about the shapes articles come in: however the text is built and whatever stands around it, it is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import escape

import pytest

from ingest.model import Article
from tests import frames
from tests.frames import Slots, figure, paragraphs
from tests.stories import ARABIC, CHINESE, ENGLISH, GERMAN, NEXT, RUSSIAN, STORIES, THAI, Story
from workers import extract
from workers.extract import Page

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FRAMES = (frames.press, frames.blog, frames.modern)
EACH = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
FOLLOWED = pytest.mark.parametrize("story", (ENGLISH, RUSSIAN, CHINESE), ids=lambda story: story.language)


def read(source: str) -> Article:
    return extract.extract(Page(source.encode(), "https://paper.test/news/4711", NOW, "text/html"))


def holds(source: str, story: Story, wanted: Iterable[str] | None = None, most: Iterable[str] = ()) -> Article:
    """The article, whose paragraphs are those wanted, in order; a deck may stand before them and `most` among them."""
    article = read(source)
    found = article.text.split("\n\n")
    allowed = {story.deck, *most}
    assert [part for part in found if part not in allowed] == list(wanted or story.parts)
    assert found.count(story.deck) <= 1
    return article


def everywhere(story: Story, slots: Slots, wanted: Iterable[str] | None = None, most: Iterable[str] = ()) -> None:
    for template in FRAMES:
        holds(template(story, slots), story, wanted, most)


def ps(parts: Iterable[str]) -> str:
    return "".join(f"<p>{part}</p>" for part in parts)


def around(story: Story, middle: str) -> str:
    """The text with something in its middle."""
    return ps(story.parts[:4]) + middle + ps(story.parts[4:])


@EACH
def test_the_text_and_nothing_around_it(story: Story) -> None:
    for template in FRAMES:
        article = holds(template(story), story)
        assert (article.title, article.authors, article.language) == (story.headline, (story.author,), story.language)
        assert article.confidence > 80
    holds(frames.tabled(story), story, most=(story.byline,))


@EACH
def test_a_body_in_several_containers_is_joined(story: Story) -> None:
    groups = (story.parts[:3], story.parts[3:6], story.parts[6:])
    split = '<div class="ad-slot"></div>'.join(f'<div class="text-block">{ps(group)}</div>' for group in groups)
    everywhere(story, Slots(split))
    everywhere(story, Slots("".join(f"<section>{ps(group)}</section>" for group in groups)))
    everywhere(story, Slots("".join(f'<div dir="auto">{part}</div>' for part in story.parts)))
    everywhere(story, Slots("<br><br>".join(story.parts)))


@FOLLOWED
def test_a_next_article_is_another_text(story: Story) -> None:
    head, parts = NEXT[story.language]
    under = f'<h2><a href="/n/2">{head}</a></h2><div class="c-article__body">{ps(parts)}</div></article>'
    holds(frames.press(story, Slots(beside=f'<article class="c-article">{under}')), story)
    under = f'<h2 class="entry-title"><a href="/p/18">{head}</a></h2><div class="entry-content">{ps(parts)}</div>'
    holds(frames.blog(story, Slots(beside=f'<article class="post hentry">{under}</article>')), story)
    teaser = f'<div class="next-article"><h2><a href="/n/2">{head}</a></h2>{ps(parts[:2])}<a class="more">→</a></div>'
    everywhere(story, Slots(after=teaser))


@EACH
def test_an_author_box_after_the_text_is_no_part_of_it(story: Story) -> None:
    box = (
        f'<div class="author-box"><img src="/a.jpg" alt=""><h4><a href="/author/a-roe">{story.author}</a></h4>'
        f'<p class="author-bio">{story.bio}</p></div>'
    )
    everywhere(story, Slots(after=box))


@EACH
def test_a_newsletter_in_or_after_the_text_is_no_part_of_it(story: Story) -> None:
    box = (
        f'<div class="newsletter-signup"><h3>{story.newsletter[0]}</h3><p>{story.newsletter[1]}</p>'
        '<form action="/nl"><input type="email"><button>OK</button></form></div>'
    )
    everywhere(story, Slots(after=box))
    for template in (frames.press, frames.blog):
        holds(template(story, Slots(around(story, box))), story)


@EACH
def test_related_teasers_in_or_after_the_text_are_no_part_of_it(story: Story) -> None:
    links = "".join(f'<li><a href="/x{at}">{head}</a></li>' for at, (head, _) in enumerate(story.teasers))
    box = f'<div class="related-inline"><strong>{story.related}</strong><ul>{links}</ul></div>'
    everywhere(story, Slots(around(story, box)))
    everywhere(
        story, Slots(after=f'<div class="related"><h3>{story.related}</h3>{frames.cards(story, "teaser")}</div>')
    )


@pytest.mark.parametrize(("story", "label"), [(ENGLISH, "Advertisement"), (GERMAN, "Anzeige"), (RUSSIAN, "Реклама"),
    (CHINESE, "广告"), (ARABIC, "إعلان"), (THAI, "โฆษณา")])  # fmt: skip
def test_a_label_of_an_advertisement_is_no_paragraph(story: Story, label: str) -> None:
    everywhere(story, Slots(around(story, f'<div class="ad-slot"><span class="ad-label">{label}</span></div>')))


@EACH
def test_a_headline_repeated_at_the_start_is_left_away(story: Story) -> None:
    everywhere(story, Slots(f"<h2>{story.headline}</h2>{paragraphs(story)}"))
    everywhere(story, Slots(f"<p><strong>{story.headline}</strong></p>{paragraphs(story)}"))


@pytest.mark.parametrize("story", (ENGLISH, GERMAN, RUSSIAN), ids=lambda story: story.language)
def test_a_byline_repeated_at_the_start_is_left_away(story: Story) -> None:
    everywhere(story, Slots(f"<p>{story.byline}</p>{paragraphs(story)}"))
    everywhere(story, Slots(f"<p><em>{story.author}</em></p>{paragraphs(story)}"))


@EACH
def test_captions_are_no_paragraphs(story: Story) -> None:
    everywhere(story, Slots(around(story, figure(story))))
    caption = f'<div class="wp-caption"><img src="/i.jpg"><p class="wp-caption-text">{story.caption}</p></div>'
    everywhere(story, Slots(around(story, caption)))


@EACH
def test_subheadings_and_quotes_are_paragraphs_of_their_own(story: Story) -> None:
    wanted = (*story.parts[:4], story.subhead, story.parts[4], story.quote, *story.parts[5:])
    inner = f"<h2>{story.subhead}</h2>{ps(story.parts[4:5])}<blockquote><p>{story.quote}</p></blockquote>"
    everywhere(story, Slots(ps(story.parts[:4]) + inner + ps(story.parts[5:])), wanted)


@EACH
def test_the_words_of_an_embedded_post_stay(story: Story) -> None:
    said, line = f"{story.quote} {story.comment}", f"— Ostrel Port (@ostrelport) {frames.DAY[:10]}"
    foot = f'&mdash; Ostrel Port (@ostrelport) <a href="https://twitter.com/ostrelport/status/1">{frames.DAY[:10]}</a>'
    post = f'<blockquote class="twitter-tweet"><p lang="{story.language}" dir="ltr">{said}</p>{foot}</blockquote>'
    everywhere(story, Slots(around(story, post)), (*story.parts[:4], said, *story.parts[4:]), (line,))


@EACH
def test_a_live_blog_keeps_its_posts_in_order(story: Story) -> None:
    times = [f"{18 - at}:05" for at in range(len(story.parts))]
    heads = [f"{story.subhead} ({at})" for at in range(len(story.parts))]
    posts = "".join(
        f'<div class="live-post"><div class="live-post__meta"><time>{time}</time></div>'
        f'<h3 class="live-post__title">{head}</h3><div class="live-post__body"><p>{part}</p></div></div>'
        for time, head, part in zip(times, heads, story.parts, strict=True)
    )
    wanted = [line for pair in zip(heads, story.parts, strict=True) for line in pair]
    everywhere(story, Slots(posts, ld={"@type": "LiveBlogPosting"}), wanted, times)


@EACH
def test_a_live_blog_of_articles_keeps_its_posts(story: Story) -> None:
    posts = "".join(
        f'<article class="timeline-item"><time>{18 - at}:05</time><p>{part}</p></article>'
        for at, part in enumerate(story.parts)
    )
    times = [f"{18 - at}:05" for at in range(len(story.parts))]
    everywhere(story, Slots(posts, ld={"@type": "LiveBlogPosting"}), most=times)


@EACH
def test_a_page_laid_out_with_tables_is_read_like_any_other(story: Story) -> None:
    two = (story.parts[:4], story.parts[4:])
    tables = "".join(f'<table width="100%"><tr><td>{ps(half)}</td></tr></table>' for half in two)
    holds(frames.tabled(story, Slots(tables)), story, most=(story.byline,))
    everywhere(story, Slots(tables))


@EACH
def test_rows_of_a_data_table_are_lines(story: Story) -> None:
    years = [(str(2019 + at), f"{170 * at + 3} t", f"{190 * at + 7}") for at in range(6)]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in years)
    lines = [" | ".join(row) for row in years]
    table = f"<table><tbody>{rows}</tbody></table>"
    everywhere(story, Slots(around(story, table)), (*story.parts[:4], *lines, *story.parts[4:]))


@EACH
def test_long_items_of_a_list_are_paragraphs(story: Story) -> None:
    items = "".join(f"<li>{part}</li>" for part in story.parts[4:7])
    everywhere(story, Slots(f"{ps(story.parts[:4])}<ul>{items}</ul>{ps(story.parts[7:])}"))


def scripts(story: Story) -> dict[str, Slots]:
    """The body where only a script would show it."""

    def slots(code: str, ld: dict[str, object] | None = None) -> Slots:
        code = f"<script>{code.replace('</', '<' + chr(92) + '/')}</script>"
        return Slots('<div id="view"></div>', lead="", head=code, ld=ld)

    state = json.dumps({"props": {"article": {"id": 4711, "body": paragraphs(story), "tags": ["a"]}}})
    return {
        "in data": slots(f"window.__DATA__ = {state};"),
        "escaped": slots(f"var a = {json.dumps({'html': escape(paragraphs(story))})};"),
        "in a string of JSON": slots(f"push([1,{json.dumps(state)}])"),
        "in JSON-LD": slots("", {"articleBody": "\n\n".join(story.parts)}),
    }


@EACH
def test_a_body_that_only_a_script_shows_is_found(story: Story) -> None:
    shell = "<!doctype html><html><head>{}</head><body><div id='app'></div></body></html>"
    for slots in scripts(story).values():
        head = frames.modern(story, slots).partition("<head>")[2].partition("</head>")[0]
        holds(shell.format(head), story)


@EACH
def test_a_text_cut_by_a_paywall_says_so(story: Story) -> None:
    wall = (
        f'<div class="paywall"><h3>{story.newsletter[0]}</h3><p>{story.newsletter[1]}</p>'
        '<a class="btn" href="/abo">1,99 €</a></div>'
    )
    for template in FRAMES:
        article = holds(template(story, Slots(ps(story.parts[:4]) + wall, free=False)), story, story.parts[:4])
        assert article.fields["confidence"] == "paywall"
        assert article.confidence <= 60
        assert article.free is False
        assert read(template(story, Slots(free=True))).fields["confidence"] == "text"


@EACH
def test_a_copy_of_the_text_is_read_once(story: Story) -> None:
    copies = ('class="mobile-only" style="display:none"', 'class="print-version" hidden', 'class="amp"')
    for copy in copies:
        everywhere(
            story, Slots(f'<div class="desktop-only">{paragraphs(story)}</div><div {copy}>{paragraphs(story)}</div>')
        )
    data = json.dumps({"body": paragraphs(story)}).replace("</", "<\\/")
    everywhere(story, Slots(head=f'<script type="application/json">{data}</script>'))


@EACH
def test_a_button_that_is_never_closed_hides_nothing(story: Story) -> None:
    everywhere(story, Slots(f'<button class="read-more" aria-expanded="false">{paragraphs(story)}'))


@pytest.mark.parametrize("template", frames.TEMPLATES.values())
def test_other_pages_in_between_change_nothing(template: Callable[[Story], str]) -> None:
    first = {story.language: read(template(story)) for story in STORIES}
    for story in reversed(STORIES):
        assert read(template(story)) == first[story.language]
