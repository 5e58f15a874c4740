"""What NewsML 1 messages mean beyond their fixtures in tests/samples/wires/newsml1."""

from __future__ import annotations

import time
from zoneinfo import ZoneInfo

import pytest

from ingest import wires
from ingest.body import Unreadable
from ingest.item import Item, Signal, Status
from ingest.wires import Manner

TEXT = "<ContentItem><MediaType FormalName='Text'/><DataContent><p>It rains in Zenda.</p></DataContent></ContentItem>"


def news(management: str = "", inside: str = f"<NewsComponent>{TEXT}</NewsComponent>", identity: str = "") -> str:
    return (
        f"<NewsItem><Identification><NewsIdentifier>{identity}</NewsIdentifier></Identification>"
        f"<NewsManagement>{management}</NewsManagement>{inside}</NewsItem>"
    )


def read(*items: str, manner: Manner | None = None) -> tuple[Item, ...]:
    return wires.read(f"<NewsML><NewsEnvelope/>{''.join(items)}</NewsML>".encode(), "message", manner)


def one(management: str = "", inside: str = f"<NewsComponent>{TEXT}</NewsComponent>", identity: str = "") -> Item:
    (item,) = read(news(management, inside, identity))
    return item


@pytest.mark.parametrize(
    ("public", "revision", "guid"),
    [
        ("urn:newsml:wire.example:20250304:A1:2", "2", "urn:newsml:wire.example:20250304:A1"),
        ("urn:newsml:wire.example:20250304:A1:2N", "2", "urn:newsml:wire.example:20250304:A1"),
        ("urn:newsml:wire.example:20250304:A1:02U", "2", "urn:newsml:wire.example:20250304:A1"),
        ("urn:newsml:wire.example:20250304:x:y:8-no:1", "1", "urn:newsml:wire.example:20250304:x:y:8-no"),
        ("urn:newsml:wire.example:20250304:A1:D7", "D7", "urn:newsml:wire.example:20250304:A1"),
        ("urn:newsml:wire.example:20250304:A1:3", "", "urn:newsml:wire.example:20250304:A1"),
        ("urn:newsml:wire.example:20250304:77", "", "urn:newsml:wire.example:20250304:77"),
        ("urn:newsml:wire.example:20250304:77", "2", "urn:newsml:wire.example:20250304:77"),
        ("tag:wire.example,2025:77", "2", "tag:wire.example,2025:77"),
        ("urn:newsml:wire.example", "2", "own-id"),
        ("", "2", "own-id"),
    ],
)
def test_a_guid_is_the_public_identifier_without_its_revision_else_the_items_own(
    public: str, revision: str, guid: str
) -> None:
    identity = f"<NewsItemId>own-id</NewsItemId><RevisionId>{revision}</RevisionId>"
    found = one(identity=f"{identity}<PublicIdentifier>{public}</PublicIdentifier>")
    assert (found.guid, found.version) == (guid, revision or None)


def test_what_only_names_the_sender_is_no_guid() -> None:
    assert (
        one(identity="<PublicIdentifier>urn:newsml:wire.example</PublicIdentifier><NewsItemId>0</NewsItemId>").guid
        is None
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Usable", Status.USABLE),
        ("USABLE", Status.USABLE),
        ("OPEN", Status.USABLE),
        ("", Status.USABLE),
        ("Withheld", Status.WITHHELD),
        ("Embargoed", Status.WITHHELD),
        ("Canceled", Status.CANCELED),
        ("cancelled", Status.CANCELED),
        ("Killed", Status.CANCELED),
    ],
)
def test_a_status_counts_however_it_is_written(word: str, status: Status) -> None:
    found = one(f"<Status FormalName='{word}'/>")
    assert found.status is status
    assert (found.signal is Signal.KILL) is (status is Status.CANCELED)


@pytest.mark.parametrize("now", ["Usable", "Embargoed", "Withheld"])
def test_a_status_that_will_be_usable_is_an_embargo_whatever_it_is_now(now: str) -> None:
    change = "<FutureStatus FormalName='Usable'/><DateAndTime>20250304T060000Z</DateAndTime>"
    found = one(f"<Status FormalName='{now}'/><StatusWillChange>{change}</StatusWillChange>")
    assert (found.status, found.embargoed and found.embargoed.iso()) == (Status.USABLE, "2025-03-04T06:00:00Z")


def test_an_embargo_nobody_can_read_never_ends() -> None:
    change = "<FutureStatus FormalName='Usable'/><DateAndTime>tomorrow, perhaps</DateAndTime>"
    found = one(f"<Status FormalName='Usable'/><StatusWillChange>{change}</StatusWillChange>")
    assert (found.status, found.embargoed) == (Status.WITHHELD, None)


def test_a_kill_stays_one_under_an_embargo() -> None:
    change = "<FutureStatus FormalName='Usable'/><DateAndTime>20250304T060000Z</DateAndTime>"
    found = one(f"<Status FormalName='Canceled'/><StatusWillChange>{change}</StatusWillChange>")
    assert (found.status, found.signal) == (Status.CANCELED, Signal.KILL)


def test_a_revision_after_another_is_an_update() -> None:
    assert one(identity="<RevisionId PreviousRevision='1' Update='N'>2</RevisionId>").signal is Signal.UPDATE
    assert one(identity="<RevisionId PreviousRevision='0' Update='N'>4</RevisionId>").signal is None


@pytest.mark.parametrize(
    ("advisory", "signal"),
    [
        ("KILL", Signal.KILL),
        ("KILL KILL: wrong town", Signal.KILL),
        ("ANNULATION - mauvaise ville", Signal.KILL),
        ("KILLS 3rd para", Signal.UPDATE),
        ("Killed sheep are counted", None),
        ("ANNULE ET REMPLACE", Signal.CORRECTION),
        ("ATUALIZA com ovelhas", Signal.UPDATE),
    ],
)
def test_an_advisory_line_of_afp_kills_where_it_says_nothing_else(advisory: str, signal: Signal | None) -> None:
    told = f"<NewsLineType FormalName='AdvisoryLine'/><NewsLineText>{advisory}</NewsLineText>"
    lines = f"<NewsComponent><NewsLines><NewsLine>{told}</NewsLine></NewsLines>{TEXT}</NewsComponent>"
    found = one(inside=lines, identity="<ProviderId>afp.com</ProviderId>")
    assert (found.signal, found.status is Status.CANCELED) == (signal, signal is Signal.KILL)


def test_mere_changes_to_a_revision_are_no_item() -> None:
    with pytest.raises(Unreadable, match="NewsItem 2: changes to an earlier revision"):
        read(news(), news(inside="<Update><Delete DuidRef='x'/></Update>"))


def test_topic_sets_are_no_news() -> None:
    (found,) = read(news(inside="<TopicSet FormalName='Status'/>"), news())
    assert found.body == "It rains in Zenda."
    with pytest.raises(Unreadable, match="without a NewsItem"):
        read(news(inside="<TopicSet FormalName='Status'/>"))


def test_items_inside_a_component_are_items_beside_the_one_around() -> None:
    outer, inner = read(
        news(inside=f"<NewsComponent>{news(identity='<NewsItemId>inner</NewsItemId>')}</NewsComponent>")
    )
    assert (outer.kind, outer.body, inner.guid, inner.body) == ("composite", "", "inner", "It rains in Zenda.")


def test_the_nearest_component_that_says_something_counts_but_the_headline_is_the_items() -> None:
    lines = "<NewsLines><HeadLine>{0}</HeadLine><ByLine>{0}</ByLine><CreditLine>{1}</CreditLine></NewsLines>"
    deep = f"<NewsComponent>{lines.format('Near', '')}{TEXT}</NewsComponent>"
    aside = f"<NewsComponent><Role FormalName='Photo'/>{lines.format('Aside', 'Nobody')}</NewsComponent>"
    found = one(inside=f"<NewsComponent>{lines.format('Far', 'Us')}{aside}{deep}</NewsComponent>")
    assert (found.headline, found.byline, found.credit) == ("Far", "Near", "Us")


def test_a_text_that_is_a_string_of_nitf_is_its_content() -> None:
    head = "<body.head><hedline><hl1>No</hl1></hedline></body.head>"
    nitf = f"<nitf><body>{head}<body.content><p>Yes.</p></body.content></body></nitf>"
    content = f"<ContentItem><DataContent><![CDATA[{nitf}]]></DataContent></ContentItem>"
    assert one(inside=f"<NewsComponent>{content}</NewsComponent>").body == "Yes."


def test_captions_contacts_and_notes_never_reach_the_body() -> None:
    roles = ("Caption", "Contact", "EditorialNote", "Keywords", "StyleSheet", "TweetText", "Picture", "ByLine")
    parts = (f"<NewsComponent><Role FormalName='{role}'/>{TEXT}</NewsComponent>" for role in roles)
    assert one(inside=f"<NewsComponent>{''.join(parts)}</NewsComponent>").body == ""


def test_a_caption_sums_up_a_picture_and_not_a_text_beside_it() -> None:
    caption = f"<NewsComponent><Role FormalName='Caption'/>{TEXT.replace('rains', 'snows')}</NewsComponent>"
    picture = "<ContentItem Href='a.jpg'><MediaType FormalName='Photo'/></ContentItem>"
    beside = (
        f"<NewsComponent><Role FormalName='Photo'/>{caption}<NewsComponent>{picture}</NewsComponent></NewsComponent>"
    )
    told = one(inside=f"<NewsComponent><NewsComponent>{TEXT}</NewsComponent>{beside}</NewsComponent>")
    assert (told.kind, told.body, told.summary) == ("text", "It rains in Zenda.", None)
    shown = one(inside=beside)
    assert (shown.kind, shown.summary) == ("picture", "It snows in Zenda.")


@pytest.mark.parametrize(
    "metadata",
    [
        "<DescriptiveMetadata><Location HowPresent='Origin'>{}</Location></DescriptiveMetadata>",
        "<DescriptiveMetada><Location>{}</Location></DescriptiveMetada>",
        "<DescriptiveMetadata><Property FormalName='Location'>{}</Property></DescriptiveMetadata>",
    ],
)
def test_the_place_is_found_however_agencies_write_it(metadata: str) -> None:
    city = "<Property FormalName='Country' Value='RUR'/><Property FormalName='City' Value='ZENDA  '/>"
    assert one(inside=f"<NewsComponent>{metadata.format(city)}{TEXT}</NewsComponent>").located == "ZENDA"


def test_an_operators_zone_goes_before_the_dialects() -> None:
    management = "<ThisRevisionCreated>20250304T120000</ThisRevisionCreated>"
    belga = news(management, identity="<ProviderId>belga.be</ProviderId>")
    for manner, hour in ((None, 11), (Manner(zone=ZoneInfo("Asia/Tokyo")), 3)):
        (found,) = read(belga, manner=manner)
        assert found.published and found.published.iso() == f"2025-03-04T{hour:02}:00:00Z"


def test_names_of_elements_count_without_case_and_namespace() -> None:
    lines = "<NewsLines><Headline>Rain</Headline></NewsLines>"
    message = f"<NewsML xmlns='x:y'>{news(inside=f'<NewsComponent>{lines}{TEXT}</NewsComponent>')}</NewsML>"
    (found,) = wires.read(message.encode(), "message")
    assert (found.headline, found.body) == ("Rain", "It rains in Zenda.")


def test_no_message_takes_more_than_linear_time() -> None:
    many, reference = 20_000, "<NewsItemRef NewsItem='a'/>"
    deep = f"<NewsComponent>{reference}" * 100 + "</NewsComponent>" * 100
    start = time.process_time()
    read(news(inside=f"<NewsComponent>{reference * many}{deep}{'<NewsComponent/>' * many}</NewsComponent>"))
    assert time.process_time() - start < 5
