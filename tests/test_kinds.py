"""Claims about pages that are neither articles nor walls: shops, forums, lists, services; and articles like them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.model import Entry, Rejected
from tests.test_gate import FILLER, STORY, URL, page, prose, reason
from workers import kinds, markup, metadata
from workers.kinds import Place
from workers.signs import Signs

PRODUCT = """<script type="application/ld+json">{"@type": "Product", "name": "Rope", "offers": {"@type": "Offer"}}
</script>"""
THREAD = (
    """<script type="application/ld+json">{"@type": "DiscussionForumPosting", "headline": "Which rope?"}</script>"""
)
TEMPLATE = '<meta property="og:type" content="article">'
CARD = (
    "<div class='product-card'><a href=/products/rope-{i}>Rope of {i} metres</a><span class=price>{i} €</span>"
    "<span class=rating>4.{i}</span><button class=add-to-cart>Add</button></div>"
)
SECTION = "<section class=slide><div><h2>We do ropes</h2><div><p>{text}</p></div></div></section>"


def measured(body: str) -> dict[str, float]:
    source = f"<html><body>{body}</body></html>"
    tree = markup.parse(source, URL)
    found = metadata.read(tree, metadata.Known(URL, datetime(2026, 3, 2, tzinfo=UTC), {}))
    return kinds.measured(Signs(tree, source, found, {}, URL))


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def shop() -> str:
    return "<h1>Ropes</h1>" + "".join(CARD.format(i=i) for i in range(40)) + f"<p>{FILLER[0]} {FILLER[1]}</p>"


def firm() -> str:
    return "<h1>Ropes for ports</h1>" + "".join(SECTION.format(text=text) for text in FILLER * 2)


def test_goods_for_sale_are_no_article() -> None:
    body = f"<h1>Rope</h1>{CARD.format(i=1) * 12}<div><p>{FILLER[0]} {FILLER[1]}</p></div>"
    assert reason(page("Rope", body, PRODUCT)) is Rejected.PRODUCT


def test_an_article_about_goods_is_kept_though_it_declares_their_prices() -> None:
    body = f"<h1>The best ropes</h1>{prose(*FILLER * 2)}{CARD.format(i=2) * 12}"
    assert reason(page("The best ropes", body, STORY + PRODUCT)) is None


def test_a_thread_is_a_forum_by_its_types_and_by_its_address() -> None:
    post = "<div class=post><a href=/members/ann>Ann</a><div>{text}</div></div>"
    body = "<h1>Which rope?</h1>" + "".join(post.format(text=text) for text in FILLER * 3)
    assert reason(page("Which rope?", body, THREAD)) is Rejected.FORUM
    assert reason(page("Which rope?", body), "https://boats.test/forum/viewtopic.php?t=3") is Rejected.FORUM
    assert reason(
        page("Which rope?", body, canonical("https://boats.test/threads/which-rope.7/")), "file:///a.html"
    ) is (Rejected.FORUM)


def test_a_thread_is_a_forum_even_where_the_template_calls_every_page_an_article() -> None:
    body = "<h1>Which rope?</h1>" + prose(*FILLER * 2)
    assert reason(page("Which rope?", body, TEMPLATE + THREAD)) is Rejected.FORUM


@pytest.mark.parametrize("place", ["community.boats.test/blog", "paper.test/community", "forum.boats.test/blog"])
def test_an_article_in_a_community_is_kept(place: str) -> None:
    body = f"<h1>A new harbour for all</h1>{prose(*FILLER * 2)}"
    assert reason(page("A new harbour for all", body), f"https://{place}/a-new-harbour-for-all") is None


def test_a_list_of_goods_is_no_article() -> None:
    assert reason(page("Ropes", shop()), "https://ropes.test/collections/ropes") in (
        Rejected.PRODUCT,
        Rejected.LISTING,
    )


def test_a_firm_that_praises_its_services_is_no_article() -> None:
    assert reason(page("Ropes for ports", firm()), "https://ropes.test/services/ports") is not None
    assert reason(page("Ropes for ports", firm(), TEMPLATE), "https://ropes.test/services/ports") is None  # in doubt


def test_what_a_feed_lists_has_the_benefit_of_the_doubt() -> None:
    url = "https://ropes.test/services/ports"
    assert reason(page("Ropes for ports", firm()), url, Entry(title="Ropes for ports", link=url)) is None


def test_a_front_page_and_a_list_of_links_are_listings() -> None:
    links = "".join(f"<li><a href=/n/{i}>Headline number {i} about something that happened</a></li>" for i in range(60))
    teaser = "<p>Welcome to the paper of the harbour, with news from every pier of the coast and the hills.</p>"
    assert reason(page("The Paper", f"{teaser}<ul>{links}</ul>"), "https://paper.test/") is Rejected.LISTING
    assert (
        reason(page("Harbour", f"<h1>Harbour</h1>{teaser}<ul>{links}</ul>"), "https://paper.test/harbour")
        is Rejected.LISTING
    )


def test_a_front_page_is_a_listing_however_much_its_welcome_looks_like_an_article() -> None:
    share = "<a href=https://www.facebook.com/sharer.php?u=x>Share</a>"
    body = f"<h1>The harbour</h1>{prose(*FILLER)}{share}"
    assert reason(page("The harbour", body), "https://harbour.test/") is Rejected.LISTING
    assert reason(page("The harbour", body), "https://harbour.test/how-it-was-built") is None


def test_links_without_a_text_are_a_listing_even_at_the_address_of_a_story() -> None:
    links = "".join(f"<li><a href=/n/{i}>Headline number {i} about something that happened</a></li>" for i in range(9))
    body = f"<article><h1>Harbour</h1><ul>{links}</ul><p>All the news of last week in short, for you.</p></article>"
    assert reason(page("Harbour", body), "https://paper.test/news/the-harbour-of-last-week") is Rejected.LISTING


def test_a_section_is_told_by_the_address_it_gives_itself() -> None:
    teaser = "<div><p>{text}</p></div>"
    body = "<h1>News</h1>" + "".join(teaser.format(text=text) for text in FILLER * 2)
    assert reason(page("News", body, canonical("https://paper.test/news/")), "file:///a.html") is Rejected.LISTING


@pytest.mark.parametrize("frame", ["<article>{}</article>", "<div>{}</div>", "<td>{}</td>"])
@pytest.mark.parametrize("block", ["<p>{}</p>", "<div>{}</div>", "{}<br><br>", "<div><p>{}</p></div>"])
def test_an_article_that_declares_nothing_is_kept_however_it_is_marked_up(frame: str, block: str) -> None:
    menu = "".join(f"<a href=/{i}>Section {i}</a> " for i in range(8))
    text = "".join(block.format(sentence) for sentence in FILLER * 2)
    body = f"<nav>{menu}</nav><h1>A new pier for the harbour</h1>{frame.format(text)}"
    assert reason(page("A new pier for the harbour", body), "https://paper.test/a-new-pier-for-the-harbour") is None
    assert reason(page("A new pier for the harbour", body), "file:///a.html") is None


@pytest.mark.parametrize(
    "sentences",
    [
        (
            "Der Hafenrat hat am Dienstag über die neue Mole beraten, die mehr kosten wird als zunächst geplant war.",
            "Die Fischer hatten eine längere verlangt, weil ihre Boote gewachsen sind und die alte zu kurz ist.",
            "Eine Sprecherin sagte, die Arbeiten begännen im Frühling, und niemand werde seinen Liegeplatz verlieren.",
        ),
        (
            "港湾評議会は火曜日、当初の計画より費用がかさむ見通しとなった新しい桟橋について協議した。",
            "漁師たちは、船が年々大きくなり、古い桟橋では短すぎるとして、より長い桟橋を求めていた。",
            "広報担当者は、工事は春に始まり、その間も係留場所を失う人はいないと述べた。前の桟橋は半世紀前に造られた。",
        ),
        (
            "ناقش مجلس الميناء يوم الثلاثاء الرصيف الجديد الذي سيكلف أكثر مما كان مخططا له في البداية.",
            "وكان الصيادون قد طالبوا برصيف أطول لأن قواربهم كبرت على مر السنين والرصيف القديم قصير جدا الآن.",
            "وقالت متحدثة إن العمل سيبدأ في الربيع وإن أحدا لن يفقد مكان رسو قاربه أثناء ذلك.",
        ),
        (
            "Портовый совет обсудил во вторник новый причал, который обойдётся дороже, чем планировалось сначала.",
            "Рыбаки просили построить причал подлиннее, потому что их лодки выросли, а старый слишком короток.",
            "Представительница совета сказала, что работы начнутся весной и никто не потеряет своё место у причала.",
        ),
    ],
    ids=["de", "ja", "ar", "ru"],
)
def test_a_short_article_in_any_script_is_kept_when_a_feed_listed_it(sentences: tuple[str, ...]) -> None:
    body = page(sentences[0][:30], f"<h1>{sentences[0][:30]}</h1>{prose(*sentences)}")
    assert reason(body, entry=Entry(title=sentences[0][:30], link=URL)) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", ""),
        ("https://paper.test/", "front"),
        ("https://paper.test/news/", "front"),
        ("https://paper.test/de/nachrichten.html", "front"),
        ("https://paper.test/?p=12", ""),
        ("https://paper.test/news/a-new-pier-for-all", "press"),
        ("https://paper.test/2026/03/pier", "press"),
        ("https://paper.test/9601/pier", ""),
        ("https://ropes.test/shop/rope", "shop"),
        ("https://shop.ropes.test/rope", "shop"),
        ("https://ropes.test/unsere-leistungen/seile", "service"),
        ("https://ropes.test/why-good-services-matter-for-ports", ""),
        ("https://boats.test/forum/viewtopic.php?t=3", "forum"),
        ("https://forum.boats.test/3", "forum"),
        ("https://boats.test/the-question-of-ropes", ""),
    ],
)
def test_an_address_tells_what_it_leads_to(url: str, said: str) -> None:
    assert [name for name, holds in asdict(Place.of(url)).items() if holds] == ([said] if said else [])


@example("http://[")
@given(st.text() | st.from_regex(r"https?://[a-z.]{1,20}/[^ ]{0,40}"))
def test_any_text_can_be_read_as_an_address(url: str) -> None:
    Place.of(url)


def test_prose_that_stands_in_one_place_is_together_and_prose_in_boxes_is_not() -> None:
    boxed = "".join(f"<section><div><div><p>{text}</p></div></div></section>" for text in FILLER * 2)
    one, many = measured(prose(*FILLER * 2)), measured(boxed)
    assert one["together"] == one["fullest"] == one["inside"] == 1
    assert many["together"] < 0.3
    assert many["boxes"] > one["boxes"]


@given(st.recursive(st.sampled_from([*FILLER, "!", "2"]), lambda inner: st.lists(inner, max_size=4), max_leaves=12))
def test_signs_of_any_page_are_numbers_within_bounds(content: object) -> None:
    def written(part: object) -> str:
        return f"<div class=post>{''.join(map(written, part))}</div>" if isinstance(part, list) else f"<p>{part}</p>"

    found = measured(written(content))
    assert found.keys() == kinds.WEIGHTS.keys()
    assert all(0 <= found[name] <= 1 for name in found.keys() - {"boxes", "forum", "sharing"})
