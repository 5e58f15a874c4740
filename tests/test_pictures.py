"""Claims about the lead picture, its caption and its credit."""

import pytest

from ingest.model import Picture
from tests.test_masthead import H1, PROSE, read
from workers import pictures

OG = '<meta property="og:image" content="https://cdn.test/photos/pier-1200x675.jpg">'


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The old pier.", "The old pier.", None),
        ("The old pier. (Photo: Ada Roe)", "The old pier.", "Ada Roe"),
        ("The old pier. Foto: dpa/Bo Lin", "The old pier.", "dpa/Bo Lin"),
        ("The old pier | © Ada Roe", "The old pier", "Ada Roe"),
        ("Picture: iStock", None, "iStock"),
        ("A photo album from 1920", "A photo album from 1920", None),
        ("The pier. Source: a survey of the harbour. It was made in May", None, None),
    ],
)
def test_a_caption_is_told_from_its_credit(line: str, caption: str | None, credit: str | None) -> None:
    expected = (caption, credit) if caption or credit else (line, None)
    assert pictures.split(line) == expected


def test_the_figure_that_shows_the_lead_picture_gives_its_caption_and_credit() -> None:
    other = "<figure><img src=/b.jpg><figcaption>Another</figcaption></figure>"
    lead = (
        "<figure><img src=https://cdn.test/photos/pier-640x360.jpg>"
        "<figcaption>The old pier <span class=credit>Photo: Ada Roe</span></figcaption></figure>"
    )
    found = read(H1 + other + lead + PROSE, OG).chosen
    assert found.said.picture == Picture("https://cdn.test/photos/pier-1200x675.jpg", "The old pier", "Ada Roe")
    assert found.fields["picture"] == "opengraph"


def test_another_picture_s_caption_is_not_taken() -> None:
    body = f"{H1}<figure><img src=/b.jpg><figcaption>Another</figcaption></figure>{PROSE}"
    assert read(body, OG).chosen.said.picture == Picture("https://cdn.test/photos/pier-1200x675.jpg")


def test_a_page_that_names_no_picture_has_its_first_captioned_figure() -> None:
    body = f"{H1}<figure><img src=/a.png></figure><figure><img src=/b.jpg><figcaption>The pier</figcaption></figure>"
    found = read(body + PROSE).chosen
    assert found.said.picture == Picture("https://paper.test/b.jpg", "The pier")
    assert found.fields["picture"] == "html"


def test_a_picture_s_name_that_repeats_the_title_is_no_caption() -> None:
    node = '{"@type": "Article", "headline": "A day at sea", "image": {"url": "/a.jpg", "caption": "A day at sea"}}'
    found = read(H1 + PROSE, f'<script type="application/ld+json">{node}</script>').chosen
    assert found.said.picture == Picture("https://paper.test/a.jpg")
