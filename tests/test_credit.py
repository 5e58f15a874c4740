"""Claims about credits of news agencies: which forms are one in many languages, and which are mentions."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.model import Article
from workers import agency, credit
from workers.credit import Around, Place


def agencies(text: str, language: str = "en", **more: object) -> str:
    found = credit.credits(Article(text, language=language, **more))  # type: ignore[arg-type]
    return ", ".join(one.agency for one in found)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("de", "BERLIN (dpa) - Der Hafen bleibt bis Montag geschlossen.", "dpa"),
        ("de", "Peine (dpa/lni) – Ein Kran ist umgestürzt.", "dpa"),
        ("de", "Berlin (dpa) Der Hafen bleibt geschlossen.", "dpa"),
        ("de", "Wien (APA) - Der Hafen bleibt geschlossen.", "APA"),
        ("de", "Bern (sda). Der Hafen bleibt geschlossen.", "Keystone-SDA"),
        ("de", "FRANKFURT (dpa-AFX) - Die Reederei hebt die Preise.", "dpa-AFX"),
        ("en", "WASHINGTON, March 3 (Reuters) - The port stays closed.", "Reuters"),
        ("en", "KYIV, Ukraine (AP) — The port stays closed.", "AP"),
        ("en", "FORT PIER, Pa. (AP) _ The port stays closed.", "AP"),
        ("en", "(AP) — The port stays closed.", "AP"),
        ("en", "New Delhi [India], March 3 (ANI): The port stays closed.", "ANI"),
        ("en", "MUMBAI, Mar 3 (PTI) The port stays closed.", "PTI"),
        ("en", "ABU DHABI, 3rd March, 2026 (WAM) -- The port stays closed.", "WAM"),
        ("en", "Riyadh, March 3, SPA -- The port stays closed.", "SPA"),
        ("en", "Tehran, IRNA – The port stays closed.", "IRNA"),
        ("en", "MOSCOW, January 21. /TASS/. The port stays closed.", "TASS"),
        ("en", "NEW PIER, March 3, 2026 /PRNewswire/ -- A firm has opened.", "PR Newswire"),
        ("en", "NEW PIER, Conn.--(BUSINESS WIRE)--A firm has opened.", "Business Wire"),
        ("en", "LONDON (PA) - The port stays closed.", "PA Media"),
        ("fr", "Rio de Janeiro (Brésil), 3 mars 2026 (AFP) - Le port reste fermé.", "AFP"),
        ("fr", "AFP - Le port reste fermé.", "AFP"),
        ("fr", "GENÈVE (ats) - Le port reste fermé.", "Keystone-SDA"),
        ("es", "Nueva Delhi, 21 ene (EFE).- El puerto sigue cerrado.", "EFE"),
        ("es", "MADRID, 21 Nov. 2026 (EUROPA PRESS) - El puerto sigue cerrado.", "Europa Press"),
        ("pt", "Lisboa, 03 mar 2026 (Lusa) – O porto continua fechado.", "Lusa"),
        ("it", "(ANSA) - ROMA, 1 LUG - Il porto resta chiuso.", "ANSA"),
        ("it", "AGI - Il porto resta chiuso.", "AGI"),
        ("nl", "AMSTERDAM (ANP) - De haven blijft dicht.", "ANP"),
        ("tr", "ANKARA (AA) - Liman kapalı kalacak.", "Anadolu"),
        ("cs", "Praha 3. března (ČTK) - Přístav zůstane zavřený.", "ČTK"),
        ("hr", "ZAGREB, 3. ožujka (Hina) - Luka ostaje zatvorena.", "Hina"),
        ("hu", "Budapest, 2026. március 3., kedd (MTI) - A kikötő zárva marad.", "MTI"),
        ("ru", "МОСКВА, 3 мар - РИА Новости. Порт останется закрытым.", "RIA Novosti"),
        ("ru", "МОСКВА, 3 марта. /ТАСС/. Порт останется закрытым.", "TASS"),
        ("ru", "Москва. 3 марта. ИНТЕРФАКС - Порт останется закрытым.", "Interfax"),
        ("uk", "КИЇВ, 3 березня /Укрінформ/. Порт лишається закритим.", "Ukrinform"),
        ("id", "JAKARTA (ANTARA) - Pelabuhan tetap ditutup.", "ANTARA"),
        ("hi", "नयी दिल्ली, तीन मार्च (भाषा) बंदरगाह बंद है।", "PTI"),
        ("ar", "القاهرة 3 مارس (رويترز) - الميناء مغلق.", "Reuters"),
        ("ar", "واشنطن - رويترز: الميناء مغلق.", "Reuters"),
        ("zh", "新华社北京3月3日电 港口继续关闭。", "Xinhua"),
        ("zh", "（中央社記者林小明台北3日電）港口繼續關閉。", "CNA"),
        ("ja", "【ロンドン時事】港は閉鎖されたままだ。", "Jiji Press"),
        ("ja", "[東京　３日　ロイター] - 港は閉鎖されたままだ。", "Reuters"),
        ("ko", "(서울=연합뉴스) 김철수 기자 = 항구는 닫혀 있다.", "Yonhap"),
        ("ko", "[부산=뉴시스] 항구는 닫혀 있다.", "Newsis"),
    ],
)
def test_a_dateline_names_its_agency(language: str, text: str, name: str) -> None:
    assert agencies(text, language) == name
    assert agencies(f"{text}\n\nMore.", language) == name


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("de", "Der Hafen bleibt zu. (dpa/sda)", "dpa, Keystone-SDA"),
        ("de", "Der Hafen bleibt zu.\n\nQuelle: blatt.de, ino/dpa", "dpa"),
        ("de", "Der Hafen bleibt zu.\n\nMit Material von dpa", "dpa"),
        ("de", "Der Hafen bleibt zu.\n\n(mit dpa und AFP)", "dpa, AFP"),
        ("de", "Der Hafen bleibt zu.\n\n© dpa-infocom, dpa:260428-99-845512/3", "dpa"),
        ("de", "Der Hafen bleibt zu.\n\nSDA/sep", "Keystone-SDA"),
        ("de", "Der Hafen bleibt zu.\n\n© AFP 2026", "AFP"),
        ("ru", "Порт закрыт.\n\nИсточник: РИА «Новости»", "RIA Novosti"),
        ("en", "The port stays closed.\n\n© 2026 AFP", "AFP"),
        ("en", "The port stays closed.\n\nCopyright 2026 The Associated Press. All rights reserved.", "AP"),
        ("en", "The port stays closed.\n\nReporting by Ada Roe; Editing by Bo Lin", "Reuters"),
        ("en", "The port stays closed.\n\n— With files from The Canadian Press", "The Canadian Press"),
        ("en", "The port stays closed.\n\nWith files from Reuters and Ada Roe", "Reuters"),
        ("en", "The port stays closed. — Bernama", "Bernama"),
        (
            "en",
            "The port stays closed.\n\nAssociated Press writers Ada Roe and Bo Lin contributed to this report.",
            "AP",
        ),
        ("en", "The port stays closed.\n\nAFP and Reuters contributed to this report.", "AFP, Reuters"),
        ("en", "Shut.\n\nThis report by The Canadian Press was first published March 3, 2026.", "The Canadian Press"),
        ("en", "Shut.\n\nThis story was originally published by Reuters.", "Reuters"),
        ("en", "Shut.\n\nThe Associated Press created this story from data.", "AP"),
        ("en", "Shut.\n\nPTI GSN KVK", "PTI"),
        ("en", 'He said: "Shut." ==Kyodo', "Kyodo"),
        ("fr", "Le port reste fermé.\n\nAvec AFP", "AFP"),
        ("fr", "Le port reste fermé.\n\n(Ada Roe, édité par Bo Lin)", "Reuters"),
        ("es", "El puerto sigue cerrado. EFE abc/def", "EFE"),
        ("es", "El puerto sigue cerrado.\n\nCon información de AFP y Reuters", "AFP, Reuters"),
        ("pt", "O porto continua fechado.\n\nCom informações da Agência Brasil", "Agência Brasil"),
        ("it", "Il porto resta chiuso. (ANSA).", "ANSA"),
        ("nl", "De haven blijft dicht.\n\nBron: Belga", "Belga"),
        ("da", "Havnen er lukket.\n\n/ritzau/", "Ritzau"),
        ("da", "Havnen er lukket. /ritzau/AFP", "Ritzau, AFP"),
        ("no", "Havnen er stengt. (©NTB)", "NTB"),
        ("sv", "Hamnen är stängd. (TT)", "TT"),
        ("sv", "Hamnen är stängd.\n\nTT-AFP", "TT, AFP"),
        ("fi", "Satama on suljettu.\n\nLähteet: STT, Reuters", "STT, Reuters"),
        ("pl", "Port jest zamknięty. (PAP)", "PAP"),
        ("ru", "Порт закрыт.\n\nИсточник: ТАСС", "TASS"),
        ("ja", "港は閉鎖されたままだ。（共同）", "Kyodo"),
        ("vi", "Cảng vẫn đóng cửa. (Theo TTXVN)", "VNA"),
    ],
)
def test_an_ending_names_its_agencies(language: str, text: str, name: str) -> None:
    assert agencies(text, language) == name


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "By Ada Roe, AP\n\nThe port stays closed.", "AP"),
        ("en", "By The Associated Press\n\nThe port stays closed.", "AP"),
        ("en", "By Ada Roe, AP Sports Writer\n\nThe port stays closed.", "AP"),
        ("de", "Von Ada Roe und Bo Lin, dpa\n\nDer Hafen bleibt zu.", "dpa"),
        ("fr", "Le Journal avec AFP\n\nLe port reste fermé.", "AFP"),
        ("de", "Mit Berichten aus Rom sowie der Nachrichtenagenturen AFP und dpa. Nicht geprüft.\n\nMehr.", "AFP, dpa"),
    ],
)
def test_a_byline_in_the_text_names_its_agency(language: str, text: str, name: str) -> None:
    assert agencies(text, language) == name


@pytest.mark.parametrize(
    "text",
    [
        "Reuters reported that the port stays closed.\n\nA source told AFP.",
        "The port stays closed, Reuters reported.\n\nThat is what Ada Roe told The Associated Press.",
        "Die Deutsche Presse-Agentur (dpa) meldete es zuerst.\n\nDas sagte sie der Nachrichtenagentur dpa.",
        "Agence France-Presse (AFP) photographer Ada Roe was there.",
        "The Advanced Placement programme (AP) - it grew.\n\nStudents like Advanced Placement (AP).",
        "He teaches AP courses.\n\nThe best of them are AP, IB and A-levels.",
        "Payments go through the Unified Payments Interface (UPI).",
        "The state police (Lancaster, PA) - they are quick.\n\nShe lives in Lancaster (PA).",
        "On Monday, March 3, Reuters, AFP and others reported from the port.",
        "With Reuters, the firm has a venture in the port.",
        "Mit der Nachrichtenagentur dpa sprach sie über den Hafen.",
        "The port (AP Photo/Ada Roe)",
        "The port. Photo: Getty/AFP",
        "Der Hafen. Foto: dpa",
        "Hamnen. Arkivfoto. Ada Roe/AP/TT",
        "The pier at night (AFP / ADA ROE)",
        "Why ships cannot sail: it is complicated [Bloomberg]",
        "An officer told AFP\n\nThe TT race is in June.\n\nReuters Institute published a study.",
        "La Efe es una letra.",
    ],
)
def test_a_mention_or_a_picture_s_credit_is_none(text: str) -> None:
    for language in ("en", "de", "es", "sv", "fr"):
        assert agencies(text, language) == ""


def test_the_middle_of_a_text_is_no_place_for_a_credit() -> None:
    filler = [f"Sentence number {n} of the story." for n in range(20)]
    for form in ("BERLIN (dpa) - Text.", "Text. (dpa)", "Quelle: dpa", "dpa"):
        assert agencies("\n\n".join([*filler, form, *filler]), "de") == ""


def test_who_reported_and_edited_is_reuters_only_where_no_dateline_says_another() -> None:
    signed = "The port stays closed.\n\nReporting by Ada Roe; Editing by Bo Lin"
    assert agencies(signed) == "Reuters"
    assert agencies(f"BERLIN (dpa) - {signed}") == "dpa"


@pytest.mark.parametrize(
    ("authors", "language", "name"),
    [
        (("dpa",), "de", "dpa"),
        (("NDR/dpa",), "de", "dpa"),
        (("Agence France-Presse",), "en", "AFP"),
        (("The Associated Press",), "en", "AP"),
        (("AFP, MANILA",), "en", "AFP"),
        (("Ada Roe (AFP)",), "fr", "AFP"),
        (("Ada Roe", "PA"), "en", "PA Media"),
        (("Ada Roe, PA",), "en", ""),  # a physician assistant
        (("AP Gupta",), "en", ""),
        (("Michael Bloomberg",), "en", ""),
        (("SID",), "de", "SID"),
        (("SID",), "es", ""),
        (("Hina",), "en", ""),
        (("Associated Press in Valencia",), "en", "AP"),
    ],
)
def test_an_author_may_be_an_agency(authors: tuple[str, ...], language: str, name: str) -> None:
    assert agencies("The port stays closed.", language, authors=authors) == name


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("publisher", "AP News", "AP"),
        ("publisher", "Tax Blog by Thomson Reuters", ""),
        ("publisher", "American Psychological Association", ""),
        ("holder", "Thomson Reuters", "Reuters"),
        ("notice", "Copyright 2026, dpa (www.dpa.test). Alle Rechte vorbehalten", "dpa"),
        ("notice", "© EFE 2026. Está expresamente prohibida la redistribución.", "EFE"),
        ("notice", "© 2026 The Paper. Reuters content is used under licence.", ""),
        ("keywords", ("Hafen", "dpa"), "dpa"),
        ("keywords", ("Reuters", "AFP"), ""),  # stories about them have these
    ],
)
def test_publisher_copyright_and_keywords_may_name_an_agency(field: str, value: object, name: str) -> None:
    assert agencies("The port stays closed.", "de", **{field: value}) == name


def test_lines_about_the_text_and_raw_names_of_the_page_count_and_say_where_they_stood() -> None:
    article = Article("The port stays closed.", authors=("Ada Roe",), language="en", fields={"authors": "json-ld"})
    around = Around(("Ada Roe Associated Press",), ("With files from Reuters",), {"json-ld": ("Ada Roe (AFP)",)})
    found = credit.credits(article, around)
    assert [(one.agency, one.place, one.source) for one in found] == [
        ("AP", Place.BYLINE, "html"),
        ("Reuters", Place.ENDING, "html"),
        ("AFP", Place.METADATA, "json-ld"),
    ]
    assert credit.sources(found) == "html+json-ld"
    assert credit.credits(article, Around(after=("Reuters", "AFP"))) == (), "teasers of other stories"


def test_an_agency_named_twice_is_credited_once_and_the_text_comes_first() -> None:
    article = Article("BERLIN (dpa) - Der Hafen. (dpa)", authors=("dpa",), language="de", fields={"authors": "feed"})
    assert [(c.agency, c.place, c.source) for c in credit.credits(article)] == [("dpa", Place.DATELINE, "text")]


NAMES = sorted({named.agency for named in (*agency.table().exact.values(), *agency.table().names.values())})
SPELLINGS = sorted(
    [
        *(word for word, named in agency.table().exact.items() if named.trust >= agency.Trust.MARK),
        *agency.table().names,
    ]
)
FORMS = (
    "(|)|/| - | — |\n\n|. |BERLIN|3 March|By |With files from |Source: |© 2026 |【|】|电|Reporting by |; Editing by |"
    " contributed to this report|this story by "
)
PIECES = st.sampled_from([*SPELLINGS[::9], *FORMS.split("|")])


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=25).map("".join)), st.sampled_from(["de", "", None]))
@example("\n\n\n\n(", None)
def test_any_text_gives_known_agencies_each_once_and_is_left_alone(text: str, language: str | None) -> None:
    article = Article(text, authors=(text[:80],), publisher=text, notice=text, language=language)
    found = credit.credits(article, Around((text,), (text,), {"feed": (text,)}))
    assert len({one.agency for one in found}) == len(found)
    assert {one.agency for one in found} <= set(NAMES)
    assert article.text == text
    assert found == credit.credits(article, Around((text,), (text,), {"feed": (text,)}))


@pytest.mark.parametrize("form", ["OSLO, 3 March ({}) - The port stays closed.", "The port stays closed. ({})"])
def test_every_spelling_of_the_table_is_found_where_credits_stand(form: str) -> None:
    assert all(agency.find(spelling) for spelling in SPELLINGS)
    missed = [spelling for spelling in SPELLINGS if not agencies(form.format(spelling))]
    assert missed == []


def test_no_spelling_means_two_agencies_and_none_hides_a_comma() -> None:
    assert not any("," in name for name in NAMES)
    assert len(agency.table().exact) + len(agency.table().names) > 600


@pytest.mark.parametrize(
    "piece",
    [
        "reporting by ",
        "(",
        "A ",
        "© 2026 ",
        "this report ",
        "contributed to this report ",
        "(reportage ",
        "With ",
        "/a ",
    ],
)
def test_the_cost_is_bounded_whatever_the_text(piece: str) -> None:
    text = "\n\n".join([(piece * 1500)[:1450]] * 40 + [piece * 20000])
    start = time.process_time()
    credit.credits(Article(text, language="en"))
    assert time.process_time() - start < 1
