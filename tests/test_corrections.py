"""Claims about versions that say that they correct, and about stories that only speak of corrections."""

from __future__ import annotations

import time
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers import corrections
from workers.changes import Change, compare
from workers.churn import cosmetic
from workers.corrections import corrects, notes

STORY = "The council met on Tuesday. It was a long night."
DATA = tomllib.loads(files("workers").joinpath("corrections.toml").read_text("utf-8"))
LABELLED = {
    "ar": "تصحيح: يبلغ طول الرصيف 300 متر.",
    "cs": "Oprava: Molo měří 300 metrů.",
    "da": "Rettelse: Molen er 300 meter lang.",
    "de": "Korrektur vom 3. März 2026: Die Mole ist 300 Meter lang.",
    "en": "Correction, Jan. 5, 2026: The pier is 300 metres long.",
    "es": "Fe de erratas: el muelle mide 300 metros.",
    "fi": "Oikaisu 12.3.2026: Laituri on 300 metriä pitkä.",
    "fr": "Rectificatif : la jetée mesure 300 mètres.",
    "he": "תיקון: אורך הרציף 300 מטר.",
    "hi": "शुद्धिपत्र: घाट 300 मीटर लंबा है।",
    "id": "Ralat: Dermaga itu panjangnya 300 meter.",
    "it": "Errata corrige: il molo è lungo 300 metri.",
    "ja": "【訂正】桟橋の長さは300メートルです。",
    "ko": "[정정] 부두의 길이는 300미터입니다.",
    "nl": "Rectificatie: de pier is 300 meter lang.",
    "no": "Rettelse: Moloen er 300 meter lang.",
    "pl": "Sprostowanie: molo ma 300 metrów.",
    "pt": "Errata: o cais tem 300 metros.",
    "ru": "Исправление: длина причала 300 метров.",
    "sv": "Rättelse: Piren är 300 meter lång.",
    "th": "แก้ไข: ท่าเรือยาว 300 เมตร",
    "tr": "Düzeltme: İskele 300 metre uzunluğunda.",
    "uk": "Виправлення: довжина причалу 300 метрів.",
    "zh": "更正：码头长300米。",
}
EARLIER = {
    "ar": "ذكرت نسخة سابقة من هذا المقال طولا آخر.",
    "cs": "V předchozí verzi tohoto článku byla uvedena jiná délka.",
    "da": "I en tidligere version af artiklen stod der en anden længde.",
    "de": "In einer früheren Version dieses Artikels hieß es, die Mole sei 30 Meter lang.",
    "en": "Due to an editing error, a previous version of this story gave another length.",
    "es": "Una versión anterior de esta noticia indicaba otra longitud.",
    "fi": "Jutun aiemmassa versiossa kerrottiin toinen pituus.",
    "fr": "Une version précédente de cet article donnait une autre longueur.",
    "he": "בגרסה קודמת של הכתבה הופיע אורך אחר.",
    "hi": "इस लेख के पिछले संस्करण में दूसरी लंबाई बताई गई थी।",
    "id": "Versi sebelumnya dari artikel ini menyebut panjang yang lain.",
    "it": "Una versione precedente di questo articolo riportava un'altra lunghezza.",
    "ja": "この記事の以前の版では別の長さを伝えていた。",
    "ko": "이 기사의 이전 버전에는 다른 길이가 적혀 있었습니다.",
    "nl": "In een eerdere versie van dit artikel stond een ander getal.",
    "no": "I en tidligere versjon av saken sto det en annen lengde.",
    "pl": "W poprzedniej wersji tego artykułu podaliśmy inną długość.",
    "pt": "Uma versão anterior deste texto indicava outro comprimento.",
    "ru": "В предыдущей версии этой статьи была указана другая длина.",
    "sv": "I en tidigare version av artikeln stod en annan längd.",
    "th": "บทความนี้ฉบับก่อนหน้าระบุความยาวอื่น",
    "tr": "Bu haberin önceki versiyonunda başka bir uzunluk yer alıyordu.",
    "uk": "У попередній версії цієї статті було вказано іншу довжину.",
    "zh": "本文此前版本写的是另一个长度。",
}
AMENDED = {
    "ar": "تم تصحيح هذا المقال لذكر الطول الصحيح.",
    "cs": "Článek byl opraven.",
    "da": "Artiklen er den 3. marts rettet.",
    "de": "Dieser Artikel wurde am 3. März korrigiert.",
    "en": "This article was amended on 3 March 2026 to give the right length.",
    "es": "Este artículo ha sido corregido.",
    "fi": "Korjattu jutun kolmatta kappaletta.",
    "fr": "Cet article a été corrigé le 3 mars.",
    "he": "הכתבה תוקנה.",
    "hi": "इस खबर को बाद में ठीक किया गया।",
    "id": "Artikel ini telah dikoreksi.",
    "it": "Questo articolo è stato corretto.",
    "ja": "おわびして訂正します。",
    "ko": "기사의 부두 길이를 정정합니다.",
    "nl": "Dit artikel is later gecorrigeerd.",
    "no": "Artikkelen er rettet.",
    "pl": "Za błąd przepraszamy.",
    "pt": "Este texto foi corrigido.",
    "ru": "В тексте исправлена длина причала.",
    "sv": "Artikeln har rättats.",
    "th": "บทความนี้ได้รับการแก้ไข เรื่องความยาว",
    "tr": "Bu haber daha sonra düzeltildi.",
    "uk": "У тексті виправлено довжину причалу.",
    "zh": "特此更正。",
}
ABOUT = {
    "ar": "صحح الوزير الرقم في البرلمان.",
    "cs": "Oprava mostu začne v březnu.",
    "da": "Rettelsen af loven tager tid, og kritikken er rettet mod ministeren.",
    "de": "Die Partei fordert eine Korrektur der Politik, der Minister hat die Zahl korrigiert.",
    "en": "The market correction came on Monday, after police corrected the number of injured.",
    "es": "La corrección del mercado llegó el lunes.",
    "fi": "Hallitus korjasi lukuja maanantaina.",
    "fr": "La rectification des frontières est exclue, a corrigé le ministre.",
    "he": "התיקון לחוק עבר בכנסת.",
    "hi": "सरकार ने कानून में संशोधन किया।",
    "id": "Koreksi pasar terjadi pada hari Senin.",
    "it": "La correzione dei conti arriverà lunedì.",
    "ja": "首相は「発言を訂正します」と述べた。",
    "ko": "정부는 통계를 정정했다.",
    "nl": "De correctie op de beurs kwam maandag.",
    "no": "Saken er rettet mot selskapet.",
    "pl": "Korekta budżetu będzie konieczna.",
    "pt": "A correção do mercado veio na segunda-feira.",
    "ru": "Исправление ошибок займёт год.",
    "sv": "Rättelsen av lagen tar tid.",
    "th": "รัฐบาลแก้ไขกฎหมายเมื่อวันจันทร์",
    "tr": "Piyasada düzeltme pazartesi geldi.",
    "uk": "Виправлення помилок триватиме рік.",
    "zh": "更正后的数据显示经济增长。",
}
TITLES = [
    "CORRECTED-UPDATE 2-Pier falls",
    "UPDATE 1-CORRECTED-Pier falls",
    "CORRECTED-(OFFICIAL)-Pier falls",
    "CORRECTION: Pier falls",
    "Correction - Pier falls",
    "Pier falls (corrected)",
    "Mole stürzt ein (korrigiert)",
    "KORREKTUR/Mole stürzt ein",
    "Berichtigung: Mole stürzt ein",
    "Rectificatif: la jetée s'effondre",
    "Rättelse: Piren föll",
    "Oikaisu: laituri sortui",
    "(исправлено) Причал упал",
    "【訂正】桟橋が崩れた",
    "（更正）码头塌了",
    "[정정] 부두가 무너졌다",
]


def said(added: str, before: str = "", after: str = "") -> bool:
    return corrects(compare(STORY, f"{STORY}\n\n{added}"), before, after)


@pytest.mark.parametrize("form", [LABELLED, EARLIER, AMENDED], ids=["labelled", "earlier", "amended"])
@pytest.mark.parametrize("language", LABELLED)
def test_a_note_is_found_in_every_language_by_each_form(language: str, form: dict[str, str]) -> None:
    assert said(form[language])


@pytest.mark.parametrize("form", [LABELLED, EARLIER, AMENDED], ids=["labelled", "earlier", "amended"])
@pytest.mark.parametrize("language", LABELLED)
def test_a_note_is_never_cosmetic(language: str, form: dict[str, str]) -> None:
    assert not cosmetic(compare(STORY, f"{STORY}\n\n{form[language]}"))


@pytest.mark.parametrize("language", ABOUT)
def test_a_story_about_a_correction_is_none(language: str) -> None:
    assert not said(ABOUT[language])


@pytest.mark.parametrize(
    "note",
    [
        "(Corrects paragraph 3 to say that the pier is long.)",
        "(This March 3 story has been refiled to correct the length of the pier.)",
        "(This story corrects the spelling of the mayor's name.)",
        "• This article was amended on 4 March 2026.",
        "Corrections & clarifications: The pier is long.",
        "Editor's note: The spelling of the mayor's name has been corrected.",
        "Die Mole ist 300 Meter lang (Anm. d. Red.: Wir hatten die Zahl falsch angegeben).",
        "In einer früheren Fassung hatten wir geschrieben, sie sei kurz. Das ist falsch.",
        "NDLR : une erreur sur la longueur a été corrigée.",
        "Примечание редакции: ранее длина была указана ошибочно.",
        "编者注：此前的长度有误。",
        "We regret the error.",
        "Correction\n\nThe length of the pier was wrong.",
    ],
)
def test_notes_come_in_many_forms(note: str) -> None:
    assert said(note)


@pytest.mark.parametrize(
    "line",
    [
        "An earlier version of this article was published in 2019.",
        "Eine frühere Fassung dieses Textes erschien im Herbst.",
        "An earlier version of the bill failed.",
        "An earlier version of the report said the pier was safe.",
        "This article was updated at 5 pm.",
        "This interview has been edited for length.",
        "Editor's note: This interview has been edited for length.",
        "“We apologise for the mistake,” the airline said.",
        "Corrections officers were hurt in the correctional facility.",
        "(Corrections officers were hurt.)",
        "The article was amended in 1993.",
        "Korrektur im Dax: Die Kurse fallen.",
        "แก้ไข: 12 มีนาคม 2569",
        "Correction\n\nThe shares of the yard fell on Monday.",
    ],
)
def test_what_resembles_a_note_is_none(line: str) -> None:
    assert not said(line)


@pytest.mark.parametrize("title", TITLES)
def test_a_mark_in_the_title_corrects_if_it_is_new(title: str) -> None:
    unchanged = compare(STORY, STORY)
    assert corrects(unchanged, "Pier falls", title)
    assert not corrects(unchanged, title, title)
    assert not corrects(unchanged, title, "Pier falls")


@pytest.mark.parametrize(
    "title",
    [
        "Market correction: what now",
        "Corrections officer hurt",
        "Korrektur der Politik gefordert",
        "Course-correction for the fleet",
        "CORRECTIONAL-OFFICERS strike",
        "Correction in sight",
        "The Corrections (novel) is back",
    ],
)
def test_a_title_about_a_correction_is_no_mark(title: str) -> None:
    assert not corrects(compare(STORY, STORY), "Pier falls", title)


def test_a_note_that_was_there_before_or_is_gone_does_not_correct() -> None:
    noted = f"{STORY}\n\n{LABELLED['en']}"
    assert not corrects(compare(noted, f"{noted}\n\nIt rains."), "", "")
    assert not corrects(compare(noted, STORY), "", "")


def test_the_notes_are_given_in_order() -> None:
    assert notes(("It rains.", LABELLED["en"], "It snows.", EARLIER["de"])) == [LABELLED["en"], EARLIER["de"]]
    assert notes(()) == []


def test_every_language_has_a_row_in_every_table_and_labels_are_in_small_letters() -> None:
    for table in ("labels", "wrong", "earlier", "notes"):
        assert set(LABELLED) <= set(DATA[table])
    for table in ("labels", "editors", "stems"):
        assert [p for row in DATA[table].values() for p in row if p != p.lower()] == []


@given(st.lists(st.text()).map(tuple), st.text(), st.text())
def test_anything_can_be_asked(added: tuple[str, ...], before: str, after: str) -> None:
    assert corrects(Change(added, (), 0), before, after) in (True, False)
    assert not corrects(Change((), added, 0), after, after)


@pytest.mark.parametrize(
    "piece", ["correction ", "(correction", "(", "this article ", "in einer früheren version ", "記事"]
)
def test_no_text_makes_looking_for_notes_slow(piece: str) -> None:
    sentence = piece * (corrections.LONGEST // len(piece))
    start = time.process_time()
    for _ in range(20):
        corrects(Change((sentence,), (), 0), "", sentence)
    assert time.process_time() - start < 1
