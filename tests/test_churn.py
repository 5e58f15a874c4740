"""Claims about what changes on a page while its story stays the same."""

from __future__ import annotations

import random
import time
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.changes import Change, compare
from workers.churn import cosmetic, furniture

STORY = "The council met on Tuesday. It was a long night.\n\n"
DATA = tomllib.loads(files("workers").joinpath("churn.toml").read_text("utf-8"))
LANGUAGES = "ar cs da de en es fi fr he hi id it ja ko nl no pl pt ru sv th tr uk zh".split()
STAMPS = {
    "ar": "آخر تحديث: 12 مارس 2026 الساعة 14:05",
    "cs": "Aktualizováno před 5 minutami",
    "da": "Opdateret for 5 minutter siden",
    "de": "Stand: 12.03.2026, 14:05 Uhr",
    "en": "Updated 5 minutes ago",
    "es": "Actualizado hace 5 minutos",
    "fi": "Päivitetty 12. maaliskuuta 2026 klo 14.05",
    "fr": "Mis à jour le 12 mars 2026 à 14h05",
    "he": "עודכן לפני 5 דקות",
    "hi": "12 मार्च 2026 को 14:05 बजे अपडेट किया गया",
    "id": "Diperbarui 5 menit yang lalu",
    "it": "Aggiornato il 12 marzo 2026 alle 14:05",
    "ja": "2026年3月12日 14時05分 更新",
    "ko": "입력 2026.03.12. 오후 2:05",
    "nl": "Bijgewerkt op 12 maart 2026 om 14:05",
    "no": "Oppdatert for 5 minutter siden",
    "pl": "Aktualizacja: 12 marca 2026, godz. 14:05",
    "pt": "Atualizado há 5 minutos",
    "ru": "Обновлено 12 марта 2026 г. в 14:05",
    "sv": "Uppdaterad för 5 minuter sedan",
    "th": "อัปเดตล่าสุด 12 มีนาคม 2569 เวลา 14:05 น.",
    "tr": "Güncelleme: 12 Mart 2026 14:05",
    "uk": "Оновлено 5 хвилин тому",
    "zh": "更新时间：2026年3月12日 14:05",
}
COUNTERS = {
    "ar": "12 تعليق",
    "cs": "12 komentářů",
    "da": "12 kommentarer",
    "de": "12 Kommentare",
    "en": "123 comments · 3,400 views",
    "es": "12 comentarios",
    "fi": "12 kommenttia",
    "fr": "12 commentaires",
    "he": "12 תגובות",
    "hi": "12 टिप्पणियां",
    "id": "12 komentar",
    "it": "12 commenti",
    "ja": "コメント 12件",
    "ko": "댓글 12개",
    "nl": "12 reacties",
    "no": "12 kommentarer",
    "pl": "12 komentarzy",
    "pt": "12 comentários",
    "ru": "12 комментариев",
    "sv": "12 kommentarer",
    "th": "12 ความคิดเห็น",
    "tr": "12 yorum",
    "uk": "12 коментарів",
    "zh": "评论 12条",
}
LINKS = {
    "ar": "اقرأ أيضا: الجسر الجديد",
    "cs": "Čtěte také: Nový most",
    "da": "Læs også: Den nye bro",
    "de": "Lesen Sie auch: Die neue Brücke",
    "en": "Read more: Why did the bridge close?",
    "es": "Lee también: El nuevo puente",
    "fi": "Lue myös: Uusi silta",
    "fr": "Lire aussi : Le nouveau pont",
    "he": "קראו גם: הגשר החדש",
    "hi": "यह भी पढ़ें: नया पुल",
    "id": "Baca juga: Jembatan baru",
    "it": "Leggi anche: Il nuovo ponte",
    "ja": "関連記事：新しい橋",
    "ko": "관련기사: 새 다리",
    "nl": "Lees ook: De nieuwe brug",
    "no": "Les også: Den nye broen",
    "pl": "Czytaj także: Nowy most",
    "pt": "Leia também: A nova ponte",
    "ru": "Также: Новый мост",
    "sv": "Läs också: Den nya bron",
    "th": "อ่านเพิ่มเติม: สะพานใหม่",
    "tr": "Ayrıca okuyun: Yeni köprü",
    "uk": "Читайте також: Новий міст",
    "zh": "延伸阅读：新桥",
}
FACTS = {
    "ar": "قتل {} شخصا في العاصفة.",
    "cs": "Při bouři zahynulo {} lidí.",
    "da": "I stormen omkom {} mennesker.",
    "de": "Bei dem Sturm starben {} Menschen.",
    "en": "In the storm {} people died.",
    "es": "En la tormenta murieron {} personas.",
    "fi": "Myrskyssä kuoli {} ihmistä.",
    "fr": "La tempête a fait {} morts.",
    "he": "בסערה נהרגו {} בני אדם.",
    "hi": "तूफान में {} लोगों की मौत हुई।",
    "id": "Badai itu menewaskan {} orang.",
    "it": "Nella tempesta sono morte {} persone.",
    "ja": "嵐で{}人が死亡した。",
    "ko": "폭풍으로 {}명이 숨졌다.",
    "nl": "Bij de storm kwamen {} mensen om.",
    "no": "I stormen omkom {} mennesker.",
    "pl": "W burzy zginęło {} osób.",
    "pt": "Na tempestade morreram {} pessoas.",
    "ru": "Во время шторма погибли {} человек.",
    "sv": "I stormen omkom {} människor.",
    "th": "พายุทำให้มีผู้เสียชีวิต {} คน",
    "tr": "Fırtınada {} kişi öldü.",
    "uk": "Під час шторму загинули {} людей.",
    "zh": "风暴造成{}人死亡。",
}


def nothing_new(before: str, after: str) -> bool:
    """Whether the change is cosmetic, which it is both ways or neither."""
    there, back = (cosmetic(compare(STORY + a, STORY + b)) for a, b in ((before, after), (after, before)))
    assert there == back
    return there


@pytest.mark.parametrize("kind", [STAMPS, COUNTERS, LINKS], ids=["stamps", "counters", "links"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_stamps_counters_and_links_come_and_go_in_every_language(language: str, kind: dict[str, str]) -> None:
    assert furniture(kind[language])
    assert nothing_new(kind[language], "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_in_a_sentence_a_sentence_more_and_a_sentence_less_are_news(language: str) -> None:
    fact = FACTS[language]
    assert not nothing_new(fact.format(12), fact.format(14))
    assert not nothing_new(fact.format(12), "")


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: Thursday, March 12, 2026 at 5:05 p.m. ET",
        "This article was last updated on March 12, 2026.",
        "Dieser Artikel wurde zuletzt am 12. März 2026 um 14:05 Uhr aktualisiert.",
        "12 March 2026",
        "Frissítve: 12 ápr 2026",
        "3 min read",
        "5分钟前",
        "Advertisement",
        "Share this article",
        "Related articles",
        "Sign up for our harbour newsletter to get the day's top stories.",
        "Follow us on Mastodon for more about the harbour.",
        "© 2026 Harbour News. All rights reserved.",
        "jane@paper.test",
        "https://paper.test/pier?a=1",
        "***",
        "(dpa)",
        "dpa/abc",
        "© dpa-infocom, dpa:260312-99-123456/3",
        "By Jane Roe, AP",
        "Von Max Müller und Ada Roe",
        "(Reporting by Jane Doe in Berlin and Max Roe; editing by A. Poe)",
    ],
)
def test_what_stands_around_a_story_is_furniture(line: str) -> None:
    assert nothing_new(line, "")


@pytest.mark.parametrize(
    "line",
    [
        "12 people died.",
        "Three dead after storm in March",
        "Die Zahl der Toten stieg auf 14.",
        "Reporting by the newspaper showed that 12 ministers took bribes.",
        "By Monday the river had risen.",
        "Von Berlin aus fuhr der Zug weiter.",
        "Avec Marie Dupont, le maire a parlé.",
        "Related parties were fined.",
        "More people came.",
        "Video of the storm was shown.",
        "He read the article today.",
        "Up to 3 hours.",
        "“No.”",
        "Inflation: 3.5%",
        "The clinic published this correction.",
    ],
)
def test_what_tells_something_is_not_furniture(line: str) -> None:
    assert not furniture(line)
    assert not nothing_new(line, "")


def test_a_table_whose_numbers_change_is_news() -> None:
    before, after = (
        "\n\n".join(f"{land} {n} {n + 2}" for land in "Norway Italy Japan Austria".split()) for n in (3, 5)
    )
    assert not cosmetic(compare(before, after))


def test_a_number_in_a_short_line_that_is_no_sentence_may_count_anything() -> None:
    assert nothing_new("1,204 replies so far", "1,310 replies so far")
    assert nothing_new("12 válasz", "14 válasz")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Kiel 2:1 Bergen", "Kiel 3:1 Bergen"),
        ("Inflation 3.5%", "Inflation 3.6%"),
        ("Dead: 12", "Dead: 14"),
        ("มีผู้เสียชีวิต 12 คน", "มีผู้เสียชีวิต 14 คน"),
        ("What 12 of our neighbours know", "What 14 of our neighbours know"),
    ],
)
def test_scores_prices_named_numbers_and_longer_lines_are_news(before: str, after: str) -> None:
    assert not nothing_new(before, after)


def test_agencies_and_dates_of_datelines_may_change_and_places_and_parties_may_not() -> None:
    assert nothing_new("KIEL (AFP) - The pier fell.", "KIEL, March 3 (dpa) -- The pier fell.")
    assert nothing_new("The pier fell.", "The pier fell (dpa).")
    assert not nothing_new("KIEL (AFP) - The pier fell.", "BERGEN (AFP) - The pier fell.")
    assert not nothing_new("Roe (CDU) said no.", "Roe (SPD) said no.")


def test_it_does_not_matter_where_sentences_are_parted() -> None:
    assert nothing_new("The pier fell; it sank.", "The pier fell. It sank.")
    assert nothing_new("The pier fell. It sank.", "The pier fell.\n\nIt sank.")


def test_a_list_of_headlines_may_show_others_but_not_the_same_reworded() -> None:
    before = "Storm closes coast of Norway\n\nMinister resigns over pier deal"
    assert nothing_new(before, "New school opens in Bergen\n\nPrices of fish fall again")
    assert not nothing_new(before, "Storm closes coast of Denmark\n\nMinister resigns over bridge deal")
    assert not nothing_new(before, "New school opens in Bergen")


def test_one_real_sentence_makes_news_of_any_churn() -> None:
    assert not nothing_new("Updated 5 minutes ago\n\n12 comments", "Updated now\n\n14 comments\n\nOne man drowned.")


def test_every_language_has_its_words_in_small_letters_without_doubles() -> None:
    for table in ("words", "calendar", "labels", "invites"):
        assert set(LANGUAGES) <= set(DATA[table])
    for table, rows in DATA.items():
        for language, row in rows.items():
            words = row.split() if isinstance(row, str) else row
            assert len(words) == len(set(words)), (table, language)
            assert [w for w in words if w != w.lower()] == []


@given(st.text(), st.text())
def test_every_text_can_be_judged_and_nothing_changed_is_cosmetic(before: str, after: str) -> None:
    assert cosmetic(compare(before, before))
    assert cosmetic(compare(before, after)) == cosmetic(compare(after, before))


@given(st.lists(st.text()).map(tuple), st.lists(st.text()).map(tuple))
def test_sentences_of_any_shape_can_be_judged(added: tuple[str, ...], removed: tuple[str, ...]) -> None:
    assert cosmetic(Change(added, removed, 0)) in (True, False)


@pytest.mark.parametrize("piece", ["(dpa) ", ", (", "1:1 ", "a@", "12. May 2026 ", "by ", "…)", '"', "5分"])
def test_no_text_makes_the_judgement_slow(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    start = time.process_time()
    cosmetic(compare(text, text + "x"))
    assert time.process_time() - start < 1


def test_no_list_of_headlines_makes_the_judgement_slow() -> None:
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefghiklmnoprstuvw", k=9)) for _ in range(40_000)]
    old, new = ("\n\n".join(" ".join(words[at::10_000]) for at in range(side, 10_000, 2)) for side in (0, 1))
    start = time.process_time()
    assert not cosmetic(compare(old, new))
    assert time.process_time() - start < 3
