"""Every transport through the whole service: a real server of its kind, which breaks off; a service that is killed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import tomlkit

from config.wires import Wire
from ingest import transport
from tests import agency
from tests.agency import ENVIRONMENT, SIDES, Side
from tests.service import Service, service, until
from workers.newsroom.messages import Version, written

NAMES = sorted(transport.known())
MADE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def message(n: int) -> bytes:
    """A ninjs item of its own."""
    paragraphs = (f"Item {n} tells of berth {n * 7919 % 997} and of what the harbour master said there.", f"Take {n}.")
    return written("ninjs", Version(f"urn:hna:{n}", 1, MADE, f"Berth {n}", paragraphs))


@pytest.fixture(autouse=True)
def agencies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Agencies that send whole items, and secrets in the environment."""
    monkeypatch.setattr(agency, "message", message)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@contextmanager
def across(name: str, folder: Path) -> Iterator[Side]:
    """The other side, serving from a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(step: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(step, loop).result(20)

    opened = SIDES[name](folder)
    side: Side = wait(opened.__aenter__())
    if isinstance(side, agency.Queue):
        side.retry = ("0", "1", "5")
    try:
        yield side
    finally:
        wait(opened.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def listed(wire: Wire) -> str:
    """The [[wire]] table an operator writes."""
    given = {k: v for k, v in asdict(replace(wire, every=1.0)).items() if v not in (None, (), {})}
    return tomlkit.dumps({"wire": [{k: list(v) if isinstance(v, tuple) else v for k, v in given.items()}]})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "house", LEASE="2", ALLOW_HOSTS="") as found:
        yield found


def told(house: Service) -> list[str]:
    """The items in the stream, in its order."""
    return [e["title"] for e in house.events()]


def all_there(house: Service, *numbers: int) -> Callable[[], bool]:
    return lambda: sorted(told(house)) == sorted(f"Berth {n}" for n in numbers)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", NAMES)
def test_what_an_agency_sends_is_in_the_stream_once_whatever_breaks(name: str, house: Service, tmp_path: Path) -> None:
    with across(name, tmp_path) as side:
        house.write("feeds.toml", listed(side.wire))
        for n in (1, 2, 3):
            side.put(n)
        house.up()
        until(all_there(house, 1, 2, 3), 30, house.said)
        if side.break_off(True):
            side.put(4)
            until(lambda: house.call("status", "--json").row["feeds"]["trouble"], 30, house.said)
            side.break_off(False)
        else:
            side.put(4)
        until(all_there(house, 1, 2, 3, 4), 40, house.said)
        for n in (5, 6, 7, 8):
            side.put(n)
        house.running[0].kill()
        house.running[0].wait()
        house.up()
        until(all_there(house, *range(1, 9)), 40, house.said)
        side.put(3)  # sent once more
        side.put(9)
        until(all_there(house, *range(1, 10)), 40, house.said)
        law = house.call("status", "--json").row
        assert (law["law"], law["delivered"], law["failed"]) == (True, 9, 0)
        assert house.call("check").code == 0


@pytest.mark.timeout(120)
def test_nothing_leaves_the_agency_while_the_server_takes_no_writes(house: Service, tmp_path: Path) -> None:
    with across("spool", tmp_path) as side:
        house.write("feeds.toml", listed(side.wire))
        house.up()
        client: redis.Redis = house.store.client
        client.config_set("maxmemory", "1")
        for n in range(1, 6):
            side.put(n)
        until(lambda: "refuses writes" in house.log.read_text(), 20, house.said)
        spool = Path(side.wire.path or "")
        assert not list((spool / "done").glob("*")) if (spool / "done").exists() else True
        client.config_set("maxmemory", "0")
        until(all_there(house, *range(1, 6)), 30, house.said)
        until(lambda: len(list((spool / "done").glob("*"))) == 5, 10, house.said)


@pytest.mark.timeout(60)
def test_the_body_that_lies_elsewhere_is_fetched_from_the_agencys_own_host_only(house: Service, tmp_path: Path) -> None:
    asked: list[str] = []
    with across("http", tmp_path) as side:
        assert isinstance(side, agency.Feed)
        serve = side.server.respond

        def respond(request: agency.Request) -> agency.Answer:
            if not request.path.startswith("/text/"):
                return serve(request)
            asked.append(request.path)
            number = int(request.path.removeprefix("/text/"))
            body = written(
                "nitf", Version(f"x{number}", 1, MADE, "Berth", (f"The body of item {number}.", "It is long."))
            )
            return (200, {"Content-Type": "text/xml"}, body) if number else (404, {}, b"")

        side.server.respond = respond
        for number, base in ((1, side.server.url("")), (2, "http://elsewhere.test"), (0, side.server.url(""))):
            side.entries.append(ap_item(number, f"{base.rstrip('/')}/text/{number}"))
        house.write("feeds.toml", listed(side.wire))
        house.up()
        until(lambda: house.call("status", "--json").row["failed"] == 2, 30, house.said)
        (event,) = until(house.events, 10, house.said)
        assert event["text"] == "The body of item 1.\n\nIt is long."
        assert asked == ["/text/1", "/text/0"]
        assert {row["reason"] for row in house.call("failures", "--json").rows} == {"unreadable"}


def ap_item(number: int, href: str) -> dict[str, Any]:
    """An item as AP's media API lists it: what there is to read lies at `href`."""
    made = "2031-05-04T08:00:00Z"
    item = {
        "uri": f"https://api.ap.test/content/{number}", "altids": {"itemid": f"ap{number}"}, "version": "1",
        "type": "text", "versioncreated": made, "firstcreated": made, "pubstatus": "usable", "signals": ["newscontent"],
        "headline": f"Berth {number}", "language": "en", "renditions": {"nitf": {"href": href, "format": "NITF"}},
    }  # fmt: skip
    return {"meta": {}, "item": item}
