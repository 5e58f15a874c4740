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
        "Article no longer available",
    ],
)
def test_a_page_that_says_it_is_not_there_is_a_soft_404(title: str) -> None:
    assert (
        reason(page(title, f"<h1>{title}</h1><p>Perhaps one of our other stories is of interest to you today.</p>"))
        is Rejected.SOFT_404
    )


def test_an_error_page_made_from_the_template_of_articles_is_a_soft_404() -> None:
    text = "The page you are looking for does not exist or was moved. Please use the search or go to our front page."
    body = f"<article><h1>Page not found</h1><p>By our staff</p><div><p>{text}</p></div></article>"
    assert reason(page("Page not found", body, '<meta property="og:type" content="article">')) is Rejected.SOFT_404


def test_a_page_whose_second_heading_says_that_it_is_not_there_is_a_soft_404() -> None:
    body = "<h1>The Paper</h1><h2>Page not found</h2><p>Perhaps one of our other stories is of interest to you.</p>"
    assert reason(page("The Paper", body)) is Rejected.SOFT_404


@pytest.mark.parametrize(
    "header",
    [
        {"cf_mitigated": "challenge"},
        {"x_amzn_waf_action": "captcha"},
        {"x_amzn_waf_action": "challenge"},
        {"x_vercel_mitigated": "challenge"},
    ],
)
def test_a_header_alone_tells_a_bot_check_even_before_a_page_that_looks_like_an_article(header: dict[str, str]) -> None:
    assert reason(page("paper.test", prose(*FILLER), STORY), **header) is Rejected.CHALLENGE


@pytest.mark.parametrize(
    "header",
    [
        {"cf_cache_status": "HIT", "server": "cloudflare"},
        {"x_amzn_waf_action": "allow"},
        {"x_datadome": "protected"},
        {"x_iinfo": "8-1-2"},
    ],
)
def test_a_guard_that_let_the_article_pass_changes_nothing(header: dict[str, str]) -> None:
    assert reason(page("Pier", prose(*FILLER), STORY), **header) is None
    assert reason(page("Pier", prose(*FILLER)), **header) is None


@pytest.mark.parametrize(
    "code",
    [
        "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate.js'></script>",
        "<iframe src='/_Incapsula_Resource?CWUDNSAI=9'></iframe>",
        "<script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script>",
        "<div id='px-captcha'></div>",
        "<a href='https://errors.edgesuite.net/18.2f'>Reference 18.2f</a>",
    ],
)
def test_the_code_of_a_bot_check_tells_it_on_a_page_that_shows_little(code: str) -> None:
    assert reason(page("paper.test", f"<p>Wait.</p>{code}")) is Rejected.CHALLENGE
    assert reason(page("Pier", prose(*FILLER, *FILLER) + code, STORY)) is None
    assert reason(page("Pier", prose(*FILLER, *FILLER) + code)) is None


def test_an_empty_shell_behind_a_guard_is_a_bot_check_and_without_one_script_only() -> None:
    shell = page("paper.test", "<div id=a></div><script>" + "x();" * 100 + "</script>")
    assert reason(shell, x_kpsdk_ct="1") is Rejected.CHALLENGE
    assert reason(shell) is Rejected.SCRIPT_ONLY


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Checking that you are no robot, this takes a few seconds."),
        ("paper.test", "Press & Hold to confirm you are a human (and not a bot)."),
        ("Access Denied", "You don't have permission to access this page on this server."),
        ("安全验证", "请完成以下验证后继续访问本网站。"),
        ("アクセスが拒否されました", "このページを表示する権限がありません。"),
        ("Zugriff verweigert", "Bitte bestätigen Sie, dass Sie ein Mensch sind."),
        ("Vérification de sécurité", "Nous vérifions que vous n'êtes pas un robot."),
        ("Acceso denegado", "Confirme que no es un robot para continuar."),
        ("التحقق من الأمان", "يرجى الانتظار قليلا حتى نتحقق من متصفحك."),
    ],
)
def test_a_bot_check_says_so_in_its_title_or_in_the_little_it_shows(title: str, text: str) -> None:
    assert reason(page(title, f"<p>{text}</p>")) is Rejected.CHALLENGE


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Before you continue",
            "We and our partners use cookies to store and read data on your device. Accept all or manage options.",
        ),
        (
            "The Paper",
            "We and our 812 partners store and/or access information on a device, such as cookies, and process data.",
        ),
        ("Ihre Privatsphäre", "Wir und unsere Partner speichern Informationen auf Ihrem Gerät und lesen sie wieder."),
        ("Das Blatt", "Wir und unsere Partner möchten Informationen auf einem Gerät speichern und/oder abrufen."),
        (
            "Votre vie privée",
            "Avec nos partenaires, nous utilisons des cookies pour mesurer l'audience et vous montrer des publicités.",
        ),
        ("Valoramos su privacidad", "Nosotros y nuestros socios usamos cookies para medir y para mostrar anuncios."),
        ("クッキーの使用について", "当サイトと提携先は、利用状況の測定と広告の表示のためにクッキーを使用します。"),
        ("نحن نقدر خصوصيتك", "نستخدم نحن وشركاؤنا ملفات تعريف الارتباط لقياس الجمهور وعرض الإعلانات عليك."),
    ],
)
def test_a_consent_wall_is_no_article(title: str, text: str) -> None:
    assert reason(page(title, f"<h1>{title}</h1><p>{text}</p><p>{text[::-1]}</p>")) is Rejected.CONSENT


def test_a_consent_wall_with_the_metadata_of_the_article_behind_it_is_no_article() -> None:
    text = "We and our 812 partners store and/or access information on a device, such as cookies, to show you adverts."
    assert reason(page("Pier", f"<h1>We value your privacy</h1><p>{text}</p>", STORY)) is Rejected.CONSENT


def test_an_article_that_quotes_a_consent_layer_is_kept() -> None:
    quoted = "The banner said that the port and its partners store and/or access information on a device, as all do."
    assert reason(page("A pier", f"<h1>A pier</h1>{prose(*FILLER[:4], quoted)}")) is None


def test_an_article_under_a_consent_layer_is_kept() -> None:
    layer = "<div class=cmp><h2>We value your privacy</h2><p>We and our partners store and/or access information on a"
    body = f"<h1>A pier</h1>{prose(*FILLER, *FILLER, *FILLER)}{layer} device, such as cookies.</p></div>"
    assert reason(page("A pier", body)) is None


def test_a_login_form_is_no_article() -> None:
    form = "<form><input name=user><input type=password></form>"
    assert (
        reason(page("Sign in", f"<h1>Sign in</h1>{form}<p>Forgot your password? We will send you a new one.</p>"))
        is Rejected.LOGIN
    )
    assert (
        reason(page("Anmelden", f"<h1>Anmelden</h1>{form}<p>Haben Sie Ihr Kennwort vergessen?</p>")) is Rejected.LOGIN
    )


def test_an_article_whose_title_begins_like_a_form_is_kept_beside_a_search_box() -> None:
    body = f"<form><input name=q></form><h1>Register of voters grows</h1>{prose(*FILLER)}"
    assert reason(page("Register of voters grows", body)) is None


@pytest.mark.parametrize("title", ["Sign in", "Anmelden", "Se connecter", "Iniciar sesión", "ログイン", "تسجيل الدخول"])
def test_a_login_that_asks_for_the_address_first_is_no_article(title: str) -> None:
    body = f"<h1>{title}</h1><form><input type=email name=user><button>OK</button></form><p>Terms and privacy.</p>"
    assert reason(page(title, body)) is Rejected.LOGIN


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


@pytest.mark.parametrize(
    "plea",
    [
        "Subscribe to continue reading this article.",
        "Jetzt weiterlesen mit einem Abo.",
        "Cet article est réservé aux abonnés.",
        "Contenido exclusivo para suscriptores.",
        "この記事は有料会員限定です。",
        "اشترك الآن لمتابعة القراءة",
    ],
)
def test_a_plea_to_subscribe_right_after_a_few_words_is_a_paywall(plea: str) -> None:
    assert reason(page("Pier", prose(FILLER[0]) + f"<div><b>{plea}</b></div>", STORY)) is Rejected.PAYWALL


def test_a_brief_with_an_offer_elsewhere_on_the_page_is_kept() -> None:
    offer = "<aside><p>Subscribe to read all our stories.</p></aside>"
    far = "<p>More of today's news from the harbour, from the hills and from the sea beyond them.</p>" * 6
    assert reason(page("Pier", f"{offer}<h1>Pier</h1>{prose(*FILLER[:2])}<footer>{far}</footer>", STORY)) is None


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
