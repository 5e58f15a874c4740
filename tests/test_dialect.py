"""An agency's way of writing a format is a file of the operator, not code."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import SettingsError
from ingest import wires
from tests.service import Service

MESSAGE = b"""<?xml version="1.0"?>
<NewsML><NewsItem>
<Identification><NewsIdentifier><ProviderId>zenda-news.test</ProviderId><DateId>20310504</DateId>
<NewsItemId>0</NewsItemId><RevisionId PreviousRevision="1" Update="N">2</RevisionId>
<PublicIdentifier>urn:newsml:zenda-news.test</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20310504T080000</FirstCreated>
<ThisRevisionCreated>20310504T091500</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
<NewsComponent Duid="story-1742" xml:lang="en"><NewsLines><HeadLine>Ferry runs again</HeadLine></NewsLines>
<DescriptiveMetadata><Property FormalName="Take" Value="amends earlier"/></DescriptiveMetadata>
<ContentItem><MediaType FormalName="Text"/><DataContent><p>ZENDA (ZN) - The ferry runs again.</p></DataContent>
</ContentItem></NewsComponent></NewsItem></NewsML>
"""
ZENDA = """
format = "newsml1"
timezone = "Europe/Prague"

[match]
"NewsItem/Identification/NewsIdentifier/ProviderId" = 'zenda-news\\.test'

[rules]
guid = ["@Duid"]
signals = "Take"
correction = 'amends.*'
"""


@pytest.fixture
def house(tmp_path: Path) -> Service:
    found = Service(tmp_path)
    found.write("feeds.toml", "")
    (found.config / "dialects").mkdir()
    (tmp_path / "story.xml").write_bytes(MESSAGE)
    return found


def test_a_file_in_the_folder_dialects_is_all_a_new_agency_takes(house: Service) -> None:
    before = house.call("parse", str(house.folder / "story.xml"), "--json").row
    assert "guid" not in before and before["published"] == "2031-05-04T09:15:00"
    (house.config / "dialects" / "zenda.toml").write_text(ZENDA)
    after = house.call("parse", str(house.folder / "story.xml"), "--json").row
    assert after["guid"] == "story-1742"
    assert after["published"] == "2031-05-04T09:15:00+02:00"
    assert (after["signals"], after["signal"]) == (["amends earlier"], "correction")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format = 'pigeon'", "no format 'pigeon'"),
        ("format = 'newsml1'\n[rules]\ncolour = 'red'", "newsml1 has no rule colour"),
        ("format = 'newsml1'\n[match]\n'a' = '('", "unterminated"),
        ("format = 'newsml1'\ntimezone = 'Mars/Olympus'", "Mars/Olympus"),
        ("form = 'newsml1'", "no such key: form"),
        ("format = ", "Invalid value"),
        ("format = 'newsml1'\n[rules]\nkill = '('", "unterminated"),
        ("format = 'nitf'\n[rules]\nguid = '(?P<guid>.+'", "unterminated"),
        ("format = 'nitf'\n[rules]\nsignal_in = [['//a', '(', 'kill']]", "unterminated"),
        ("format = 'nitf'\n[rules]\nsignal_in = [['//a', 'b', 'slay']]", "'slay' is not a valid Signal"),
    ],
)
def test_a_dialect_that_is_wrong_is_told_with_its_file_and_mistake(house: Service, text: str, told: str) -> None:
    (house.config / "dialects" / "zenda.toml").write_text(text)
    with pytest.raises(SettingsError, match="zenda") as raised:
        wires.dialects(house.config / "dialects")
    assert told in str(raised.value)
    done = house.call("check")
    assert done.code == 1 and told in done.out
    done = house.call("parse", str(house.folder / "story.xml"), "--json")
    assert done.code == 2 and "zenda" in done.err


def test_an_operators_dialect_goes_before_ours(house: Service) -> None:
    names = [one.name for one in wires.dialects(house.config / "dialects")]
    (house.config / "dialects" / "zz.toml").write_text(ZENDA)
    assert [one.name for one in wires.dialects(house.config / "dialects")] == ["zz", *names]


def test_a_dialect_that_is_away_for_a_moment_stops_the_wire_and_does_not_change_what_is_read(house: Service) -> None:
    (house.config / "dialects" / "zenda.toml").symlink_to("nowhere.toml")
    with pytest.raises(SettingsError, match=r"zenda\.toml"):
        wires.dialects(house.config / "dialects")
