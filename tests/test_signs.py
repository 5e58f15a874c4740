"""Claims about what can be seen of one page."""

from __future__ import annotations

from datetime import UTC, datetime

from workers import markup, metadata, phrases
from workers.kinds import Facts
from workers.outline import outline
from workers.signs import HEAD, Signs

URL = "https://paper.test/pier"


def signs(body: str, head: str = "", url: str = URL, parts: tuple[str, ...] = ()) -> Signs:
    source = f"<html><head>{head}</head><body>{body}</body></html>"
    tree = markup.parse(source, url)
    found = metadata.read(tree, metadata.Known(url, datetime(2026, 3, 2, tzinfo=UTC), {}))
    return Signs(tree, source, found, {}, url, False, parts)


def test_code_is_not_visible_and_every_block_is_a_line() -> None:
    hidden = "<script>let a = 1</script><style>p { top: 0 }</style><noscript><p>No scripts.</p></noscript>"
    assert signs(f"<p>One <b>two</b></p>{hidden}<p> three </p>").visible == "One two\nthree"


def test_an_outline_that_is_at_hand_is_not_made_again() -> None:
    found = signs("<p>One</p>")
    walked = outline(found.tree)
    assert Signs(found.tree, "", found.found, {}, URL, walked=walked).page is walked


def test_long_texts_are_not_counted_and_short_ones_are() -> None:
    assert signs("", parts=("one two three",)).under(4)
    assert not signs("", parts=("one two three",)).under(3)
    assert not signs("", parts=("word " * 100,)).under(20)
    assert not signs("", parts=("港" * 60,)).under(50)


def test_a_page_from_the_disk_is_where_it_says_it_is_and_a_fetched_one_where_it_was_fetched() -> None:
    link = '<link rel="canonical" href="https://paper.test/other">'
    assert signs("", link, "file:///stored/a.html").address == "https://paper.test/other"
    assert signs("", link).address == URL
    assert signs("", "", "file:///stored/a.html").address == ""


def test_what_follows_the_text_is_found_across_elements_and_white_space() -> None:
    body = "<p>The pier is   <i>long</i> and old.</p><div>Subscribe\n now</div>"
    assert signs(body, parts=("The pier is long and old.",)).after.strip() == "Subscribe now"
    assert signs(body, parts=("Not on this page at all, says the clerk.",)).after == ""
    assert signs(body).after == ""


def test_an_article_by_json_ld_is_stated_and_one_by_its_template_only_declared() -> None:
    stated = signs("", '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pier"}</script>')
    template = signs("", '<meta property="og:type" content="article">')
    assert stated.stated and stated.article
    assert template.article and not template.stated


def test_headings_of_any_length_are_looked_at_only_at_their_start() -> None:
    far = signs(f"<h1>{'pier ' * HEAD}404 Not Found</h1>")
    assert not far.headed(phrases.NOT_FOUND)
    assert signs("<h1>404 Not Found</h1>").headed(phrases.NOT_FOUND)


def test_the_share_of_links_is_between_nothing_and_everything() -> None:
    assert Facts(signs("")).linked == 0
    assert Facts(signs("<p>One two three</p>")).linked == 0
    assert Facts(signs("<a href=/>One two</a>")).linked == 1
