"""Claims about odd pages, each of which was once read wrongly."""

from __future__ import annotations

import json
import tracemalloc
from html import escape
from types import SimpleNamespace

import pytest
from lxml import html as lxml_html

from tests import frames
from tests.frames import Slots, paragraphs
from tests.stories import ARABIC, CHINESE, ENGLISH, STORIES, THAI, Story
from tests.test_body import BLOCKS, cells, chosen
from tests.test_scripted import script, texts
from tests.test_shapes import EACH, FRAMES, around, everywhere, holds, scripts
from workers import body, classwords, opinion
from workers.body import Weighed


def test_a_cell_without_a_visible_letter_is_no_cell() -> None:
    assert cells("<table><tr><td>\u200b</td><td>2023</td><td>2024</td></tr></table>") == ["2023 | 2024"]
    assert cells("<p>Before.</p><table><tr><td>\u200b</td><td>17</td></tr></table>") == ["Before.", "17"]


@EACH
def test_cells_with_paragraphs_in_them_are_cells(story: Story) -> None:
    years = [(str(2019 + at), f"{170 * at + 3} t", f"{190 * at + 7}") for at in range(6)]
    rows = "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in row)}</tr>" for row in years)
    lines = [" | ".join(row) for row in years]
    everywhere(story, Slots(around(story, f"<table>{rows}</table>")), (*story.parts[:4], *lines, *story.parts[4:]))


@EACH
def test_a_body_that_only_a_script_shows_is_found_on_a_page_full_of_teasers(story: Story) -> None:
    for slots in scripts(story).values():
        for template in FRAMES:
            holds(template(story, slots), story)


def test_text_after_a_comment_in_a_string_is_read() -> None:
    marked = "".join(f"<p>{part[:40]}<!-- ad -->{part[40:]}</p>" for part in ENGLISH.parts)
    assert texts(script(f"var a = {json.dumps({'body': marked})}")) == list(ENGLISH.parts)


def test_half_a_character_in_a_string_does_not_cut_the_text() -> None:
    broken = paragraphs(ENGLISH).replace("Marine", "\ud83d Marine")
    assert len(texts(script(f"var a = {json.dumps({'body': broken})}"))) == len(ENGLISH.parts)


def test_a_frameset_in_a_stated_body_is_no_text() -> None:
    texts("", {"articleBody": "<!doctype html><frameset><p>a" + paragraphs(ENGLISH)})


def test_a_stated_body_that_is_escaped_as_html_is_read() -> None:
    assert texts("", {"articleBody": escape(paragraphs(ENGLISH))}) == list(ENGLISH.parts)
    assert texts("", {"articleBody": escape(escape(paragraphs(ENGLISH)))}) == list(ENGLISH.parts)


@pytest.mark.parametrize("error", [AttributeError, IndexError, AssertionError, KeyError, UnicodeError, OSError])
def test_a_second_opinion_that_fails_leaves_the_first_answer(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("workers.opinion.bare_extraction", fails)
    monkeypatch.setattr("workers.body.DOUBT", 2.0)
    holds(frames.press(ENGLISH), ENGLISH)


def test_a_second_opinion_that_finds_nothing_leaves_the_first_answer() -> None:
    found = Weighed(BLOCKS[:3], (0.7, 0.6, 0.2))
    assert body.advised(found, "").kept() == found.kept()


@pytest.mark.parametrize("stage", ["ReadabilityDocument", "ParagraphMaker"])
def test_want_of_memory_that_the_library_swallows_is_told(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(
        f"trafilatura.external.{stage}", SimpleNamespace(make_paragraphs=fails) if stage == "ParagraphMaker" else fails
    )
    items = "".join(f"<li>{story.deck}</li>" for story in STORIES)
    with pytest.raises(MemoryError):
        for page in (
            frames.modern(ENGLISH, Slots(f"<ul>{items}</ul>")),
            f"<div><p>{ENGLISH.deck}</p></div>{items * 40}",
        ):
            opinion.text(lxml_html.document_fromstring(page))


@pytest.mark.parametrize("story", (CHINESE, ARABIC, THAI), ids=lambda story: story.language)
def test_a_byline_repeated_at_the_start_is_left_away(story: Story) -> None:
    everywhere(story, Slots(f"<p>{story.byline}</p>{paragraphs(story)}"))


@pytest.mark.parametrize("line", ["Text: Ada Roe", "文／Ada Roe", "Ada Roe (Ostrel)"])
def test_a_line_of_little_but_the_author_s_name_is_a_byline(line: str) -> None:
    assert chosen(ENGLISH, f"<p>{line}</p>{paragraphs(ENGLISH)}") == list(ENGLISH.parts)


@EACH
def test_a_deck_repeated_at_the_start_is_read_once(story: Story) -> None:
    holds(frames.press(story, Slots(f"<p><strong>{story.deck}</strong></p>{paragraphs(story)}")), story)


@EACH
def test_a_copy_for_print_with_its_own_headline_is_left_away(story: Story) -> None:
    copy = f'<div class="print-version" hidden><h1>{story.headline}</h1>{paragraphs(story)}</div>'
    everywhere(story, Slots(beside=copy))


def test_the_heading_of_a_newsletter_box_goes_with_its_box() -> None:
    story = ENGLISH
    box = (
        f'<div class="newsletter-signup"><h3>{story.newsletter[0]}</h3><p>{story.newsletter[1]}</p>'
        '<form action="/nl"><input type="email"><button>OK</button></form></div>'
    )
    everywhere(story, Slots(around(story, box)))


def test_endless_attributes_are_not_remembered() -> None:
    tracemalloc.start()
    for at in range(20):
        classwords.kinds(f"{at} " + "article-body " * 50_000)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 1_000_000


@EACH
def test_an_svg_that_is_never_closed_hides_nothing(story: Story) -> None:
    everywhere(story, Slots(f'<svg width="16" height="16"><path d="M1 1"/>{paragraphs(story)}'))
