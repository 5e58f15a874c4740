"""Claims about what is no article, in several languages, and about articles that only mention such things."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.errors import GiveUp
from ingest.model import Entry, Rejected
from workers import extract

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://paper.test/news/story-17"
FILLER = (
    "The harbour council met on Tuesday to talk about the new pier, which will cost more than was planned at first.",
    "Fishermen had asked for a longer one, because their boats have grown over the years and it is too short.",
    "A spokeswoman said that the work would begin in spring, and that nobody would lose a berth while it goes on.",
    "The last pier was built half a century ago, and storms have taken two of its planks and most of its paint.",
    "Money comes from the region and from a fund for small ports, which has paid for such works before.",
)
STORY = """<script type="application/ld+json">
{"@type": "NewsArticle", "headline": "Pier", "datePublished": "2026-03-01"}</script>"""


def page(title: str, body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def prose(*sentences: str) -> str:
    return "<article>" + "".join(f"<p>{s}</p>" for s in sentences) + "</article>"


def reason(body: bytes, url: str = URL, entry: Entry | None = None, **headers: str) -> Rejected | None:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        extract.extract(extract.Page(body, url, NOW, "text/html", sent, entry))
    except GiveUp as refusal:
        assert refusal.url == url
        assert isinstance(refusal.reason, Rejected)
        return refusal.reason
    return None


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found",
        "Page not found | The Paper",
        "Seite nicht gefunden",
        "Page introuvable",
        "Página no encontrada",
        "Página não encontrada",
        "Pagina non trovata",
        "Страница не найдена",
        "ページが見つかりません",
        "页面不存在",
        "페이지를 찾을 수 없습니다",
        "الصفحة غير موجودة",
        "הדף לא נמצא",
        "Sayfa bulunamadı",
    ],
)
def test_a_page_that_says_it_is_not_there_is_a_soft_404(title: str) -> None:
    assert (
        reason(page(title, f"<h1>{title}</h1><p>Perhaps one of our other stories is of interest to you today.</p>"))
        is Rejected.SOFT_404
    )


def test_a_bot_check_is_told_by_header_by_code_and_by_title() -> None:
    plain = page("paper.test", "<p>One moment.</p>")
    assert reason(plain, cf_mitigated="challenge") is Rejected.CHALLENGE
    coded = page("paper.test", "<p>Wait.</p><script src='/cdn-cgi/challenge-platform/h/b/orchestrate.js'></script>")
    assert reason(coded) is Rejected.CHALLENGE
    assert (
        reason(page("Just a moment...", "<p>Checking that you are no robot, this takes a few seconds.</p>"))
        is Rejected.CHALLENGE
    )
    assert reason(page("安全验证", "<p>请完成以下验证后继续访问本网站。</p>")) is Rejected.CHALLENGE


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Before you continue",
            "We and our partners use cookies to store and read data on your device. Accept all or manage options.",
        ),
        (
            "Ihre Privatsphäre",
            "Wir und unsere Partner speichern Informationen auf Ihrem Gerät..",
        ),
        (
            "Votre vie privée",
            "Avec nos partenaires, nous utilisons des cookies pour mesurer l'audience et vous montrer des publicités.",
        ),
    ],
)
def test_a_consent_wall_is_no_article(title: str, text: str) -> None:
    assert reason(page(title, f"<h1>{title}</h1><p>{text}</p><p>{text[::-1]}</p>")) is Rejected.CONSENT


def test_a_login_form_is_no_article() -> None:
    form = "<form><input name=user><input type=password></form>"
    assert (
        reason(page("Sign in", f"<h1>Sign in</h1>{form}<p>Forgot your password? We will send you a new one.</p>"))
        is Rejected.LOGIN
    )
    assert (
        reason(page("Anmelden", f"<h1>Anmelden</h1>{form}<p>Haben Sie Ihr Kennwort vergessen?</p>")) is Rejected.LOGIN
    )


def test_a_domain_for_sale_is_parked() -> None:
    assert (
        reason(page("paper.test", "<h1>paper.test</h1><p>This domain is for sale. Make an offer today.</p>"))
        is Rejected.PARKED
    )
    assert (
        reason(page("paper.test", "<h1>paper.test</h1><p>Diese Domain steht zum Verkauf. Jetzt anfragen.</p>"))
        is Rejected.PARKED
    )


def test_a_short_teaser_before_a_paywall_is_refused_and_a_long_one_handed_on_with_doubt() -> None:
    closed = STORY.replace('"NewsArticle"', '"NewsArticle", "isAccessibleForFree": false')
    assert reason(page("Pier", prose(FILLER[0]), closed)) is Rejected.PAYWALL
    assert reason(page("Jetée", prose(FILLER[0], "Cet article est réservé aux abonnés."), STORY)) is Rejected.PAYWALL
    article = extract.extract(extract.Page(page("Pier", prose(*FILLER), closed), URL, NOW, "text/html"))
    assert article.confidence < 100


def test_a_player_without_a_text_is_a_film() -> None:
    film = json.dumps({"@type": "VideoObject", "name": "The pier from above", "uploadDate": "2026-03-01"})
    head = f'<script type="application/ld+json">{film}</script><meta property="og:type" content="video.other">'
    body = "<h1>The pier from above</h1><video src=a.mp4></video><p>A flight over the pier on Sunday.</p>"
    assert reason(page("The pier from above", body, head)) is Rejected.VIDEO


def test_an_empty_shell_is_script_only() -> None:
    body = '<div id="root"></div><noscript>Please enable JavaScript.</noscript><script>' + "x();" * 100 + "</script>"
    assert reason(page("The Paper", body)) is Rejected.SCRIPT_ONLY


def test_an_empty_page_has_no_text() -> None:
    assert reason(page("The Paper", "")) is Rejected.NO_TEXT
    assert reason(b"<html></html>") is Rejected.NO_TEXT


def test_a_front_page_and_a_list_of_links_are_listings() -> None:
    links = "".join(f"<li><a href=/n/{i}>Headline number {i} about something that happened</a></li>" for i in range(60))
    teaser = "<p>Welcome to the paper of the harbour, with news from every pier of the coast and the hills.</p>"
    assert reason(page("The Paper", f"{teaser}<ul>{links}</ul>"), "https://paper.test/") is Rejected.LISTING
    assert (
        reason(page("Harbour", f"<h1>Harbour</h1>{teaser}<ul>{links}</ul>"), "https://paper.test/harbour")
        is Rejected.LISTING
    )


@pytest.mark.parametrize(
    "title",
    [
        "404 days without rain",
        "Why your page is not found by search engines",
        "Just a moment of peace, says the mayor",
        "Sign in the sky: what the lights were",
        "Before you continue to smoke, read this",
        "Verification of ballots begins",
        "Domain names for sale at record prices",
        "Wie Roboter den Hafen ändern",
    ],
)
def test_an_article_that_mentions_walls_in_its_title_is_kept(title: str) -> None:
    assert reason(page(title, f"<h1>{title}</h1>{prose(*FILLER)}", STORY)) is None


def test_an_article_about_cookies_logins_and_subscriptions_is_kept() -> None:
    odd = "To continue reading, subscribers were told to accept all cookies and to log in on a page that was not found."
    body = f"<h1>A wave of fraud</h1>{prose(*FILLER, odd)}<form><input type=password></form>"
    assert reason(page("A wave of fraud", body)) is None


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
