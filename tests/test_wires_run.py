"""A wire through the whole service: a spool, workers, taggers, and the web that copies what an agency sends."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.service import Service, service, until
from tests.site import Page, Site, rss, site
from workers.newsroom.messages import Version, written

MADE = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
PARAGRAPHS = (
    "HARBOUR CITY (HNA) - The council of Harbour City voted on Monday to rebuild the old swing bridge over the inner "
    "basin, which has been closed to lorries since a barge struck one of its piers two winters ago.",
    "Work is to begin in May and to take eighteen months, the head of the port office, Ilse Marten, told reporters.",
    "The cost is put at 41 million crowns, of which the port pays a third and the province the rest.",
    "Fishermen had asked for a fixed bridge with a lift, which the council's engineers called too slow to build.",
)
GUID = "urn:newsml:hna.test:20260301:bridge"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def other() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def house(tmp_path: Path, web: Site) -> Iterator[Service]:
    with service(tmp_path, LEASE="2") as found:
        listed = f'[[wire]]\nname = "hna"\ntransport = "spool"\npath = "{tmp_path / "spool"}"\ntags = ["port"]\n'
        found.write("feeds.toml", f'{listed}\n[[feed]]\nurl = "{web.url("/news.rss")}"\nevery = 1\n')
        (tmp_path / "spool").mkdir()
        web.show("/news.rss", rss(), content_type="application/rss+xml")
        yield found


def version(number: int, **more: Any) -> Version:
    said = {"headline": "Council votes to rebuild swing bridge", "paragraphs": PARAGRAPHS, **more}
    return Version(GUID, number, MADE + timedelta(minutes=number), **said)


def drop(house: Service, name: str, raw: bytes) -> None:
    """Put a file into the spool as a careful sender does."""
    draft = house.folder / "spool" / f".{name}"
    draft.write_bytes(raw)
    draft.rename(house.folder / "spool" / name)


def in_folder(house: Service, name: str) -> set[str]:
    """What lies in a folder of the spool: a file comes there a moment after its items are durable."""
    return {path.name for path in (house.folder / "spool" / name).iterdir()}


def types(house: Service) -> list[str]:
    return [event["type"].split(".")[2] for event in house.events()]


def paper(paragraphs: tuple[str, ...], name: str) -> bytes:
    """A paper's page that prints them."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    head = f"<title>Swing bridge to be rebuilt | {name}</title>"
    return (
        f"<html lang=en><head>{head}</head><body><article><h1>Swing bridge to be rebuilt</h1>{body}</article>".encode()
    )


def shown(event: dict[str, Any]) -> str:
    """What the tagger of README.md prints."""
    kind = event["type"].split(".")[2]
    said = (event.get("relation", "-"), event.get("signal", "-"), event.get("title", "-"), event.get("relatedto", ""))
    return " ".join((kind, *said)).rstrip()


@pytest.mark.timeout(120)
def test_an_item_its_update_correction_and_kill_and_two_copies_on_the_web(
    house: Service, web: Site, other: Site
) -> None:
    house.up()
    drop(house, "1.json", written("ninjs", version(1)))
    until(lambda: types(house) == ["created"], 20, house.said)
    papers = {"gazette": web, "courier": other}
    for name, press in papers.items():
        press.pages[f"/{name}"] = Page(paper(PARAGRAPHS, name))
    entries = [{"link": at.url(f"/{name}"), "title": "Swing bridge to be rebuilt"} for name, at in papers.items()]
    web.show("/news.rss", rss(*entries), content_type="application/rss+xml")
    until(lambda: len(types(house)) == 3, 20, house.said)
    longer = (*PARAGRAPHS, "The vote was 14 to 3.")
    drop(house, "2.xml", written("newsmlg2", version(2, paragraphs=longer, signal="update")))
    until(lambda: len(types(house)) == 4, 20, house.said)
    mended = tuple(p.replace("41 million", "47 million") for p in longer)
    drop(house, "3.xml", written("newsmlg2", version(3, paragraphs=mended, signal="correction")))
    until(lambda: len(types(house)) == 5, 20, house.said)
    drop(house, "4.json", written("ninjs", version(4, killed=True)))
    until(lambda: len(types(house)) == 6, 20, house.said)
    assert types(house) == ["created", "created", "created", "updated", "corrected", "withdrawn"]
    first, one, two, update, correction, kill = house.events()
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for event in house.events():
        line = shown(event).partition("urn:")[0].strip()
        assert f"\n    {line}" in readme, line
    assert {e["subject"] for e in (first, update, correction, kill)} == {first["subject"]}
    assert all((e["relation"], e["relatedto"]) == ("copy", first["subject"]) for e in (one, two))
    assert (first["source"], first["feed"], first["tags"]) == ("urn:wiredesk:wire:hna", "hna", "port")
    assert [e["signal"] for e in (update, correction)] == ["update", "correction"]
    assert {a["uri"] for a in kill["data"]["associations"]} == {one["subject"], two["subject"]}
    assert {a["rel"] for a in kill["data"]["associations"]} == {"copy"}
    assert kill["data"]["pubStatus"] == "canceled" and "title" not in kill and "bodies" not in kill["data"]
    for event in (one, two):
        told = house.call("why", event["url"], "--json").row
        assert told["relation"]["withdrawn"] is True
    until(lambda: in_folder(house, "done") == {"1.json", "2.xml", "3.xml", "4.json"}, 10, house.said)


@pytest.mark.timeout(120)
def test_an_embargoed_item_shows_nowhere_until_its_moment(house: Service) -> None:
    house.up()
    moment = datetime.now(UTC) + timedelta(seconds=20)
    word = "Kestrelbridge"
    held = version(1, until=moment, headline=f"{word} to rise", paragraphs=(f"{word} will rise again.", *PARAGRAPHS))
    drop(house, "held.xml", written("nitf", held))
    told = until(lambda: house.state(GUID), 10, house.said)
    assert (told["state"], told["stage"], told["events"]) == ("pending", "held", [])
    assert word not in json.dumps(told)
    assert house.call("status", "--json").row["queues"]["held"] == 1
    house.running[0].kill()
    house.running[0].wait()
    house.up()
    assert word not in house.log.read_text()
    until(lambda: types(house) == ["created"], 40, house.said)
    (event,) = house.events()
    late = int(event["stream"].partition("-")[0]) / 1000 - moment.timestamp()
    assert 0 <= late < 15  # the bench measures; here machines may be slow
    assert word in event["title"]


@pytest.mark.timeout(120)
def test_what_cannot_be_read_is_kept_with_its_reason_and_on_record(house: Service) -> None:
    drop(house, "broken.xml", written("newsmlg2", version(1))[:600])
    drop(house, "letter.txt", b"Dear desk, nothing of this is a wire message.")
    old = time.time() - 3600
    for path in (house.folder / "spool").iterdir():
        os.utime(path, (old, old))
    house.up()
    until(lambda: house.call("status", "--json").row["failed"] == 2, 20, house.said)
    rows = house.call("failures", "--json").rows
    assert {row["reason"] for row in rows} == {"unreadable"} and all(row["stage"] == "read" for row in rows)
    names = {"broken.xml", "letter.txt"}
    both = names | {f"{name}.reason.txt" for name in names}
    until(lambda: in_folder(house, "failed") == both, 10, house.said)
    assert house.call("failures", "--retry").out.startswith(
        "0 put back; 2 cannot be asked for again (a wire's message "
    )


def test_a_wrong_wire_is_told_with_its_line_before_anything_starts(house: Service) -> None:
    house.write("feeds.toml", '[[wire]]\nname = "x"\ntransport = "pigeon"\n')
    done = house.call("check")
    assert done.code != 0 and "pigeon" in done.out + done.err
