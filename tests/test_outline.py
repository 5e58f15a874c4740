"""Claims about the outline of a page: all its text, once, in order, with sizes that add up."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from tests import frames
from tests.stories import STORIES
from workers import markup
from workers.classwords import BODY, COMMENT
from workers.outline import LANDMARKS, Box, Outline, outline

SILENT = ("script", "style", "noscript", "template", "iframe", "svg", "select", "textarea", "title", "audio", "video")
BLOCKS = (
    "div",
    "p",
    "section",
    "article",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "blockquote",
    "h2",
    "button",
    "form",
    "pre",
)
INLINE = ("a", "b", "span", "em", "strong", "small", "code", "time", "font", "q")
WORDS = st.sampled_from(
    ["pier", " a ", "\n", "x", "\t y\t", "Öl", "新桥", "ท่า", "مرفأ", "  ", "1", "&", "<", "\u00a0", "é\u0301", "\u200b"]
)


@st.composite
def pieces(draw: st.DrawFn, depth: int = 4) -> str:
    """Some markup: elements of all kinds in each other, text between them, now and then a line break."""
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 4))):
        parts.append(escape(draw(WORDS)))
        if depth and draw(st.booleans()):
            tag = draw(st.sampled_from((*BLOCKS, *INLINE, *SILENT)))
            parts.append(f"<{tag}>{draw(pieces(depth=depth - 1))}</{tag}>")
        elif draw(st.booleans()):
            parts.append("<br>")
    return "".join(parts)


def read(source: str) -> tuple[HtmlElement, Outline]:
    tree = markup.parse(f"<html><body>{source}</body></html>", "u")
    return tree, outline(tree)


def shown(element: HtmlElement) -> Iterator[str]:
    """The pieces of text outside of silent elements, by a walk of its own."""
    unclosed = element.tag in ("svg", "math")  # see below
    yield "" if unclosed else element.text or ""
    for child in element:
        # a drawing with paragraphs in it was never closed: for browsers it ends before them
        opened = child.tag in ("svg", "math") and next(child.iter("p", "h1", "h2", "article"), None) is not None
        if opened or (child.tag not in SILENT and child.tag != "head"):
            yield from shown(child)
        yield child.tail or ""


def bare(text: str) -> str:
    return "".join(text.split())


def inside(box: Box | None, other: Box) -> bool:
    while box is not None and box is not other:
        box = box.parent
    return box is other


@settings(max_examples=80, deadline=None)
@given(pieces())
@example("pier<div>pier<svg>not shown<p>pier</p></svg></div>")
def test_all_text_outside_of_silent_elements_stands_in_one_block_in_order(source: str) -> None:
    tree, found = read(source)
    assert "".join(bare(block.text) for block in found.blocks) == bare("".join(shown(tree)))


@settings(max_examples=80, deadline=None)
@given(pieces())
def test_a_block_is_a_clean_line_and_is_no_smaller_than_its_links_and_its_bold_letters(source: str) -> None:
    for block in read(source)[1].blocks:
        assert block.text == " ".join(block.text.split()) != ""
        assert len(block.text) <= block.size <= 3 * len(block.text)
        assert 0 <= block.linked <= block.size
        assert 0 <= block.strong <= len(block.text)


@settings(max_examples=80, deadline=None)
@given(pieces())
def test_the_sizes_of_a_box_are_the_sums_of_the_blocks_in_it(source: str) -> None:
    _, found = read(source)
    for box in found.boxes:
        mine = found.blocks[box.first : box.last]
        assert all(inside(block.box, box) == (box.first <= at < box.last) for at, block in enumerate(found.blocks))
        prose = [block.size for block in mine if block.prose]
        assert box.size == sum(block.size for block in mine)
        assert box.linked == sum(block.linked for block in mine) <= box.size
        assert (box.prose, box.paragraphs) == (sum(prose), len(prose))
        assert box.boxes == sum(other.parent is box for other in found.boxes)


@settings(max_examples=80, deadline=None)
@given(pieces())
def test_a_box_stands_after_its_parent_and_knows_what_that_knows(source: str) -> None:
    seen: set[int] = set()
    for box in read(source)[1].boxes:
        seen.add(id(box))
        if box.parent is not None:
            assert id(box.parent) in seen
            assert box.depth == box.parent.depth + 1
            assert box.far == box.own | box.parent.far
            assert box.within & box.parent.within == box.parent.within


def test_whole_pages_keep_every_paragraph_as_a_block_of_its_own() -> None:
    for story in STORIES:
        for template in frames.TEMPLATES.values():
            texts = [block.text for block in outline(markup.parse(template(story), "u")).blocks]
            assert [text for text in texts if text in story.parts] == list(story.parts)


def test_inline_elements_and_single_line_breaks_do_not_end_a_block_two_breaks_do() -> None:
    _, found = read("<p>one <b>two</b><a href=x>three</a><br>four<br> <br/>five<span>six</span></p>seven")
    assert [block.text for block in found.blocks] == ["one twothree four", "fivesix", "seven"]
    assert [block.box.tag for block in found.blocks] == ["p", "p", "body"]


def test_links_and_bold_letters_are_counted_across_blocks() -> None:
    _, found = read("<a href=x><div>linked</div></a><p><b>bold<br><br>bolder</b> not</p>")
    assert [(b.text, b.linked, b.strong) for b in found.blocks] == [
        ("linked", 6, 0),
        ("bold", 0, 4),
        ("bolder not", 0, 6),
    ]


def test_text_after_a_silent_element_is_read_and_its_own_is_not() -> None:
    _, found = read("<p>one<script>var two</script> three<svg><text>four</text></svg> five</p>")
    assert [block.text for block in found.blocks] == ["one three five"]


def test_a_button_that_was_never_closed_hides_nothing() -> None:
    _, found = read("<button>More<p>One.</p><p>Two.</p>")
    assert [block.text for block in found.blocks] == ["More", "One.", "Two."]


def test_hidden_boxes_are_read_like_others() -> None:
    _, found = read('<div hidden><p>one</p></div><div style="display:none">two</div><p aria-hidden="true">three</p>')
    assert [block.text for block in found.blocks] == ["one", "two", "three"]


def test_class_id_and_itemprop_say_what_a_box_is_and_what_it_stands_in() -> None:
    _, found = read('<div id="comments"><div class="inner"><p>x</p></div></div><div itemprop="articleBody">y</div>')
    said, body = (block.box for block in found.blocks)
    assert said.own == 0
    assert said.near & COMMENT
    assert said.far & COMMENT
    assert body.own & BODY


def test_the_landmarks_a_box_stands_in_are_bits() -> None:
    box = read("<article><aside><p>x</p></aside></article>")[1].blocks[0].box
    assert {tag for at, tag in enumerate(LANDMARKS) if box.within >> at & 1} == {"article", "aside"}


def test_a_letter_of_a_dense_script_weighs_as_much_as_three() -> None:
    sizes = {text: read(f"<p>{text}</p>")[1].blocks[0].size for text in ("abc", "新桥来", "ทำไม", "부두가", "пир")}
    assert sizes == {"abc": 3, "新桥来": 9, "ทำไม": 12, "부두가": 9, "пир": 3}
    block = read("<p><a href=x>新桥</a>新桥</p>")[1].blocks[0]
    assert 2 * block.linked == block.size


def test_any_element_may_be_the_root_even_an_inline_or_a_silent_one() -> None:
    for tag in ("span", "div", "select"):
        root = lxml_html.fragment_fromstring(f"<{tag}>text <p>more</p></{tag}>tail", create_parent="b")
        assert [block.text for block in outline(root).blocks][-1] == "tail"
        assert outline(root).boxes[0].tag == "b"


def test_depth_costs_no_stack() -> None:
    root = inner = lxml_html.Element("div")
    for _ in range(5_000):
        inner = lxml_html.etree.SubElement(inner, "div")
    inner.text = "deep"
    found = outline(root)
    assert found.blocks[0].text == "deep"
    assert found.blocks[0].box.depth == 5_000
    assert found.boxes[0].size == 4
