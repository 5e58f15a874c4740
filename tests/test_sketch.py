"""What a sketch keeps of a text."""

from __future__ import annotations

import random
import struct
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from workers.sketch import ALL, LEAST, MOST, NAMED, NOTHING, NUMBERS, sketch

LINE = " ".join(f"word{n}" for n in range(400))
LETTERS = {
    name: "".join(random.Random(name).choices([chr(c) for c in range(first, last)], k=count))
    for name, first, last, count in (
        ("zh", 0x4E00, 0x9FA0, 600),
        ("ja", 0x3041, 0x30FB, 600),
        ("th", 0x0E01, 0x0E2F, 1500),
        ("km", 0x1780, 0x17A3, 1500),
    )
}


def share(part: str, whole: str) -> float:
    """How much of one text's sample stands in another's, at the rate both can be compared at."""
    one, other = sketch(part), sketch(whole)
    rate = min(one.rate, other.rate)
    mine, theirs = ({h for h in s.runs if h < rate} for s in (one, other))
    return len(mine & theirs) / len(mine)


def test_case_punctuation_and_white_space_do_not_matter() -> None:
    plain = "The harbour office closed the old bridge on Monday and nobody knew why it did so."
    dressed = "THE  harbour\u00a0office closed “the old bridge” on Monday —\nand nobody knew why, it did so!"
    assert sketch(plain) == sketch(dressed)


def test_spellings_that_unicode_calls_compatible_are_one() -> None:
    plain = "The official figures for the office of fisheries were off by fifteen percent again in 2019."
    assert sketch(plain) == sketch(plain.replace("fi", "\ufb01").replace("2019", "２０１９"))


def test_a_text_of_few_words_has_no_sketch() -> None:
    assert sketch("") == NOTHING
    assert sketch(" ".join(["word"] * 50)) == NOTHING  # one run, over and over
    assert sketch(" ".join(LINE.split()[: LEAST + 3])) == NOTHING
    assert len(sketch(" ".join(LINE.split()[: LEAST + 4])).runs) == LEAST


def test_a_short_text_is_kept_whole_and_a_long_one_as_a_sample() -> None:
    short, long = sketch(" ".join(LINE.split()[:30])), sketch(LINE)
    assert short.rate == ALL and len(short.runs) == 26
    assert long.rate < ALL and len(long.runs) == MOST
    assert all(hashed < long.rate for hashed in long.runs)


def test_half_a_text_stands_wholly_in_it_and_holds_half_of_it() -> None:
    half = " ".join(LINE.split()[:200])
    assert share(half, LINE) == 1.0
    assert 0.25 < share(LINE, half) < 0.75


def test_half_a_text_without_spaces_stands_wholly_in_it() -> None:
    for language, text in LETTERS.items():
        half = text[: len(text) // 2]
        assert len(sketch(text).runs) == MOST, language
        assert share(half, text) == 1.0, language
        assert 0.2 < share(text, half) < 0.8, language


def test_a_letter_of_a_script_without_spaces_counts_as_its_part_of_a_word() -> None:
    assert sketch(LINE).words == 400
    assert sketch(LETTERS["zh"]).words == 600 * 5 // 9
    assert sketch(LETTERS["th"]).words == 1500 * 5 // 16


def test_vowel_signs_belong_to_their_words() -> None:
    hindi = "नगर परिषद ने सोमवार को पुराने पुल की मरम्मत के लिए नई निविदा जारी करने का निर्णय लिया है और काम जल्द शुरू होगा"
    assert sketch(hindi).words == len(hindi.split())


def test_numbers_are_kept_however_they_are_written() -> None:
    assert sketch(LINE + " 1,234 and 5.5").numbers == sketch(LINE + " 1234 and 55").numbers
    assert len(sketch(" ".join(str(n) for n in range(1000, 1200))).numbers) == NUMBERS


@given(st.text(max_size=400))
def test_any_text_has_a_sketch_within_bounds_and_always_the_same(text: str) -> None:
    found = sketch(text)
    assert found == sketch(text)
    assert len(found.runs) <= MOST and len(found.numbers) <= NUMBERS and 1 <= found.rate <= ALL
    assert list(found.runs) == sorted(found.runs)


@given(st.text(max_size=200), st.integers(0, 10**6))
def test_the_packed_form_says_all(text: str, words: int) -> None:
    found = replace(sketch(text + LINE), words=words)
    packed = found.pack()
    said, rate, numbers, runs, lead = struct.unpack_from(">HIBBI", packed)
    assert (said, rate + 1, lead) == (min(words, 65535), found.rate, found.lead)
    rest = struct.unpack_from(f">{numbers}H{runs + min(runs, NAMED)}I", packed, 12)
    assert rest == (*found.numbers, *found.runs, *found.names)


def test_a_sketch_knows_which_of_its_named_runs_stand_in_the_first_third() -> None:
    third = set(sketch(" ".join(LINE.split()[:136])).runs)  # 132 of 396 runs
    found = sketch(LINE)
    leading = [found.runs[n] for n in range(NAMED) if found.lead >> n & 1]
    assert 3 <= len(leading) <= 18
    assert set(leading) <= third
    assert found.lead < 1 << NAMED
