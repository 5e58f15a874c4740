"""Claims about reservations, licences and copyright."""

import pytest

from tests.test_masthead import H1, NOW, PROSE, URL
from workers import markup, metadata
from workers.claims import Chosen


def read(head: str = "", **headers: str) -> Chosen:
    page = f"<html><head>{head}</head><body>{H1}{PROSE}</body></html>"
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return metadata.read(markup.parse(page, URL), metadata.Known(URL, NOW, names)).chosen


@pytest.mark.parametrize(
    ("head", "rights"),
    [
        ('<meta name="robots" content="index, NoAI, noimageai">', ("noai", "noimageai")),
        ('<meta name="GPTBot" content="noai">', ("noai",)),
        ('<meta name="tdm-reservation" content="1">', ("tdm-reservation",)),
        ('<meta name="tdm-reservation" content="0"><meta name="tdm-policy" content="/tdm.json">', ()),
        (
            '<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="/tdm,1.json">',
            ("tdm-policy=https://paper.test/tdm%2C1.json", "tdm-reservation"),
        ),
        ('<meta name="robots" content="noindex, noarchive">', ()),
    ],
)
def test_reservations_of_the_page_are_read(head: str, rights: tuple[str, ...]) -> None:
    found = read(head)
    assert found.said.rights == rights
    assert found.fields.get("rights") == ("html" if rights else None)


def test_reservations_of_the_answer_s_header_add_up_with_those_of_the_page() -> None:
    found = read(
        '<meta name="robots" content="noai">', x_robots_tag="bot: noimageai", tdm_reservation="1", tdm_policy='"/p"'
    )
    assert found.said.rights == ("noai", "noimageai", "tdm-policy=https://paper.test/p", "tdm-reservation")
    assert found.fields["rights"] == "html+answer"


def test_licence_notice_and_holder_are_read_from_json_ld() -> None:
    node = (
        '{"@type": "NewsArticle", "headline": "A day", "license": {"@type": "CreativeWork", "url": "/terms"},'
        ' "copyrightNotice": "© 2026 The Paper", "copyrightHolder": {"@id": "#p"}}'
    )
    graph = f'[{node}, {{"@id": "#p", "@type": "Organization", "name": "Paper Ltd"}}]'
    found = read(f'<script type="application/ld+json">{graph}</script>')
    said = found.said
    assert (said.usage, said.notice, said.holder) == ("https://paper.test/terms", "© 2026 The Paper", "Paper Ltd")
    assert found.fields["usage"] == "json-ld"


def test_licence_and_copyright_are_read_from_links_and_meta_elements() -> None:
    licence = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    found = read(licence + '<meta name="dcterms.rights" content="All rights reserved">').said
    assert (found.usage, found.notice, found.holder) == (
        "https://creativecommons.org/licenses/by/4.0/",
        "All rights reserved",
        None,
    )
    assert read('<meta name="copyright" content="Paper Ltd">').said.holder == "Paper Ltd"


def test_a_page_that_states_nothing_reserves_nothing() -> None:
    said = read().said
    assert (said.rights, said.usage, said.notice, said.holder) == ((), None, None, None)
