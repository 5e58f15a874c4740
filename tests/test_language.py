"""Claims about the language of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.language import language

TEXTS = {
    "en": "The old pier was opened again on Monday, and the people of the town came to see what had been done "
    "with it. They said that it is not the same as it was, but that they will come back when the weather "
    "is better for it.",
    "de": "Der alte Steg wurde am Montag wieder eröffnet, und die Leute der Stadt kamen, um zu sehen, was mit "
    "ihm geschehen war. Sie sagten, dass er nicht mehr der gleiche ist, aber sie werden bei besserem "
    "Wetter auch wieder da sein.",
    "fr": "Le vieux ponton a été rouvert lundi, et les gens de la ville sont venus pour voir ce qui avait été "
    "fait. Ils disent que ce n'est plus le même, mais ils vont revenir avec les enfants quand il fera "
    "plus beau dans la région.",
    "nb": "Den gamle brygga ble åpnet igjen på mandag, og folk i byen kom for å se hva som var gjort med den. "
    "De sier at det ikke er det samme som før, men at de vil komme tilbake når været er bedre for dem som "
    "har tid til det.",
    "ru": "Старый причал снова открыли в понедельник, и жители города пришли посмотреть на то, что с ним было "
    "сделано. Они говорят, что это уже не то, но они придут еще, когда погода будет лучше, так как все "
    "это для них и было сделано. По их словам, он был закрыт за год до этого.",
    "zu": "Ukuthi lapho kodwa abantu bathi ukuthi ibhuloho elidala livuliwe futhi ngoMsombuluko, kodwa noma uma "
    "isimo sezulu singesihle bazobuya futhi ngoba kukhona okusha. Umuntu uthe ngesikhathi esedlule bese "
    "kuvalwa khona, futhi bathi kanye nezingane bazofika lapho uma sekushisa. Wathi lokhu kuhle kakhulu "
    "noma ngabe kuyabiza kubantu bonke bedolobha.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_that_nobody_labels_is_told_by_its_little_words(code: str) -> None:
    found, source = language(TEXTS[code], None, None)
    assert (found, source) == ("no" if code == "nb" else code, "text")


@pytest.mark.parametrize("code", TEXTS)
def test_what_the_page_says_is_kept_where_the_text_agrees(code: str) -> None:
    assert language(TEXTS[code], f"{code}-XX", "html") == (f"{code}-XX", "html")


def test_a_template_s_label_gives_way_to_a_text_in_another_language() -> None:
    assert language(TEXTS["de"], "en-US", "html") == ("de", "text")
    assert language(TEXTS["zu"], "en-ZA", "html") == ("zu", "text")
    assert language("今日は良い天気です。明日も晴れるでしょう。", "en", "html") == ("ja", "text")


def test_neighbours_do_not_overrule_one_another() -> None:
    assert language(TEXTS["nb"], "da", "html") == ("da", "html")
    assert language(TEXTS["nb"], "sv", "opengraph") == ("sv", "opengraph")


def test_a_language_that_we_do_not_know_is_believed() -> None:
    strange = "qwe rtz uio pas dfg hjk lyx cvb nmq wer tzu iop " * 20
    assert language(strange, "eo", "html") == ("eo", "html")
    assert language(strange, None, None) == (None, None)


def test_a_short_text_changes_nothing() -> None:
    assert language("Der die das und ist", "en", "html") == ("en", "html")
    assert language("", None, None) == (None, None)


@given(st.text(max_size=300), st.sampled_from(["en", "zh-Hant", "pt-BR", None]))
def test_an_answer_always_has_a_source(text: str, said: str | None) -> None:
    found, source = language(text, said, "html" if said else None)
    assert (found is None) == (source is None)
    assert source in ("html", "text", None)
