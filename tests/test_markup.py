"""Claims about reading bytes: encodings are found, nothing raises but a reasoned refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import GiveUp
from ingest.model import Rejected
from workers import markup

SENTENCE = "Die Straße läuft übers Öl – schön für Äpfel. "


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (SENTENCE, "cp1252", "iso-8859-1"),
        ("Съешь же ещё этих мягких французских булок", "cp1251", "windows-1251"),
        ("Съешь же ещё этих мягких французских булок", "koi8-r", "koi8-r"),
        ("今日は良い天気ですね", "cp932", "Shift_JIS"),
        ("今日は良い天気ですね", "iso2022_jp", "iso-2022-jp"),
        ("今日は良い天気ですね", "euc_jp", "euc-jp"),
        ("今天天气很好，㐀", "gb18030", "gb2312"),
        ("날씨가 좋다", "cp949", "ks_c_5601-1987"),
        ("Zażółć gęślą jaźń", "iso8859-2", "iso-8859-2"),
        ("สวัสดีครับ", "cp874", "tis-620"),
    ],
)
def test_a_declared_encoding_is_used(text: str, codec: str, label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body><p>{text}</p></body></html>'.encode(codec)
    assert text in markup.decode(page, None)[0]
    bare = f"<html><body><p>{text}</p></body></html>".encode(codec)
    assert text in markup.decode(bare, f"text/html; charset={label}")[0]


def test_valid_utf8_wins_over_a_wrong_declaration() -> None:
    page = f'<meta charset="iso-8859-1"><p>{SENTENCE}'.encode()
    assert SENTENCE in markup.decode(page, "text/html; charset=windows-1252")[0]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(codec: str) -> None:
    assert markup.decode(f"<p>{SENTENCE}".encode(codec), "text/html; charset=koi8-r")[0] == f"<p>{SENTENCE}"


def test_utf16_without_a_mark_is_read_when_declared() -> None:
    assert SENTENCE in markup.decode(f"<html><p>{SENTENCE}".encode("utf-16-le"), "text/html; charset=utf-16le")[0]


def test_an_undeclared_encoding_is_guessed() -> None:
    page = ("<p>" + "Правительство объявило о новых мерах поддержки. " * 5).encode("cp1251")
    assert "Правительство объявило" in markup.decode(page, None)[0]


def test_a_few_damaged_bytes_do_not_change_the_encoding() -> None:
    page = f"<meta charset=utf-8><p>{SENTENCE * 100}".encode() + b"\xff\xc3"
    assert SENTENCE in markup.decode(page, None)[0]


@pytest.mark.parametrize(
    "label", ["rot13", "zlib", "base64", "idna", "utf-7", "unicode_escape", "mbcs", "x\x00y", "a" * 99]
)
def test_odd_charset_names_never_raise(label: str) -> None:
    assert "hello" in markup.decode(b"<p>hello \xe4", f"text/html; charset={label}")[0]


@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_bytes_and_any_header_give_a_tree(body: bytes, content_type: str) -> None:
    read = markup.read(body, content_type, "http://x.test/")
    assert read.tree.tag == "html"


def test_control_characters_do_not_cut_the_page() -> None:
    tree = markup.parse("<p>be\x00fore</p><p>af\x0bter\uffff</p>", "u")
    assert tree.text_content() == "beforeafter"


def test_excessive_depth_is_refused_and_not_cut() -> None:
    with pytest.raises(GiveUp) as refusal:
        markup.parse("<div>" * 3000 + "deep", "http://x.test/deep")
    assert refusal.value.reason is Rejected.TOO_COMPLEX
    assert "http://x.test/deep" in str(refusal.value)


def test_one_deep_page_does_not_taint_the_next() -> None:
    with pytest.raises(GiveUp):
        markup.parse("<div>" * 3000, "u")
    assert markup.parse("<p>fine", "u").text_content() == "fine"


def test_too_many_tags_are_refused_before_they_cost_memory() -> None:
    with pytest.raises(GiveUp) as refusal:
        markup.parse("<p>" * (markup.MAX_TAGS + 1), "u")
    assert refusal.value.reason is Rejected.TOO_COMPLEX
