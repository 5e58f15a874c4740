"""Claims about where sentences end, in any script."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.sentences import sentences

MARKS = "Ab 1.?!… \n。！“”\"')»«」とก่ຂ।۔؟;ά։။გ-"
TEXTS = st.text() | st.text(alphabet=MARKS, max_size=60)


def parted(*expected: str) -> None:
    """Each is a sentence, and together they come apart again."""
    spaced = " ".join(expected)
    assert sentences(spaced) == list(expected)
    assert sentences("\n\n".join(expected)) == list(expected)


@pytest.mark.parametrize(
    "said",
    [
        ("The pier fell.", "Was anybody hurt?", "No!", "The harbour is closed…", "It opens on Monday."),
        ("Der Hafen ist zu.", "Warum?", "Niemand weiß es."),
        ("Причал упал.", "Кто виноват?", "Неизвестно."),
        ("Ποιος ήρθε;", "Κανείς δεν ήρθε.", "Ο δήμος έκλεισε."),
        ("המזח קרס.", "מי אשם?", "איש אינו יודע."),
        ("انهار الرصيف.", "من المسؤول؟", "لا أحد يعلم."),
        ("گھاٹ گر گیا۔", "کون ذمہ دار ہے؟", "کوئی نہیں جانتا۔"),
        ("घाट गिर गया।", "कौन जिम्मेदार है?", "किसी को पता नहीं।"),
        ("부두가 무너졌다.", "누구 책임인가?", "아무도 모른다."),
        ("Նավամատույցը փլվեց։", "Ոչ ոք չի տուժել։"),
        ("ნავმისადგომი ჩამოინგრა.", "ვინ არის დამნაშავე?", "არავინ იცის."),
        ("ဆိပ်ခံ ပြိုကျသည်။", "မည်သူမျှ မထိခိုက်ပါ။"),
    ],
)
def test_sentences_end_at_the_marks_of_their_script(said: tuple[str, ...]) -> None:
    parted(*said)


def test_chinese_and_japanese_sentences_need_no_space_between_them() -> None:
    assert sentences("码头塌了。谁负责？没人知道！") == ["码头塌了。", "谁负责？", "没人知道！"]
    assert sentences("桟橋が崩れた。原因は？不明だ。") == ["桟橋が崩れた。", "原因は？", "不明だ。"]


def test_thai_and_lao_are_parted_at_the_spaces_between_clauses_and_not_around_numbers() -> None:
    one, two = "คณะกรรมการท่าเรือประชุมเมื่อวันอังคาร", "เกี่ยวกับท่าเรือใหม่ซึ่งจะมีค่าใช้จ่าย 12 ล้านบาท มากกว่าแผนเดิม"
    assert sentences(f"{one} {two}") == [one, two]


@pytest.mark.parametrize(
    "whole",
    [
        "Dr. Roe met Mr. J. R. Smith of Pier Inc. Holdings.",
        "The U.S. Senate and the E.U. Council met on Jan. 5 at No. 3 Pier Road.",
        "It rose by 3.5 percent to 1.200,50 at 14.05 in Bergen.",
        "Er kam am 12. März z. B. nach Kiel, d. h. an die Förde.",
        "Seit dem 3. Oktober spielt er beim 1. FC Kiel.",
        "A. S. Porter wrote to St. Anne, ca. 300 miles vs. Roe.",
        "В 1960 г. Петров и проф. Сидоров жили на ул. Портовой.",
        "M. Le Goff et Mme. Durand ont vu la jetée.",
        "נאמר כי ד. כהן בא.",
        "قال د. أحمد ذلك.",
        "डॉ. राय ने कहा कि घाट बंद है।",
        "“Stop!” he said.",
        "The site pier.test/a.b and Yahoo! are down.",
    ],
)
def test_abbreviations_initials_numbers_and_spoken_words_do_not_end_a_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


def test_a_sentence_may_end_with_an_abbreviation_if_the_next_begins_like_one() -> None:
    parted("They live in the U.S.", "The vote was close.")
    parted("She is 45.", "He is not.")
    parted("The guard said no.", "Then he left.")


def test_what_closes_after_the_mark_belongs_to_the_sentence() -> None:
    parted("“It is late.”", "She left.")
    parted("Er sagte: „Nein.“", "Dann ging er.")
    parted("«Il est tard.»", "Elle partit.")
    parted("(It was late.)", "She left.")
    assert sentences("“你好！”他说。“再见。”") == ["“你好！”", "他说。", "“再见。”"]
    assert sentences("彼は来た。「行くよ。」と言った。") == ["彼は来た。", "「行くよ。」と言った。"]


def test_a_paragraph_ends_a_sentence_whatever_it_ends_with() -> None:
    assert sentences("What we know\n\nthe pier fell\n \nand sank.") == ["What we know", "the pier fell", "and sank."]


def test_white_space_inside_a_sentence_is_one_space() -> None:
    assert sentences(" The\u00a0pier \n fell.\tIt sank. ") == ["The pier fell.", "It sank."]
    assert sentences(" \n\n ") == []


@given(TEXTS)
def test_no_character_but_white_space_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(TEXTS)
def test_sentences_come_out_of_their_own_splitting_as_they_are(text: str) -> None:
    once = sentences(text)
    assert sentences("\n\n".join(once)) == once


@pytest.mark.parametrize("piece", [".", "。", "。と", "am 1. ", "A. ", "…)", "\n ", "; ", "!.。", "ก", '"'])
def test_no_text_makes_the_splitting_slow(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    start = time.process_time()
    sentences(text)
    assert time.process_time() - start < 1
