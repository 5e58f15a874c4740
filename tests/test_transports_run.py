"""Every transport through the whole service: each message once, whatever the other side does meanwhile."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from config.wires import Wire
from tests.agency import SIDES, WORD, WRONG, Side, settled
from tests.service import Service, service, until

messages = pytest.importorskip("workers.newsroom.messages")

MADE = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
PLACES = ("Aldermoor", "Brackwater", "Cinderford", "Dunmere", "Eastholm")


def story(n: int) -> bytes:
    """A message about something that happened in one place, and nowhere else."""
    place = PLACES[n]
    words = [f"{place.lower()}{k}" for k in range(60)]
    paragraphs = (f"{place.upper()} (HNA) - " + " ".join(words[:30]) + ".", " ".join(words[30:]) + ".")
    guid, made = f"urn:newsml:hna.test:20260301:{n}", MADE + timedelta(seconds=n)
    version = messages.Version(guid, 1, made, headline=f"{place} votes", paragraphs=paragraphs)
    return bytes(messages.written("ninjs", version))


@contextmanager
def agencies(folder: Path) -> Iterator[tuple[dict[str, Side], Callable[[Callable[[], Any]], None]]]:
    """One of each kind, in a loop of their own; and how to do something there."""
    ready = threading.Event()
    sides: dict[str, Side] = {}
    inside: dict[str, Any] = {}

    async def serve() -> None:
        inside.update(loop=asyncio.get_running_loop(), stop=asyncio.Event())
        async with AsyncExitStack() as stack:
            for name, side in SIDES.items():
                sides[name] = await stack.enter_async_context(side(folder / name))
            ready.set()
            await inside["stop"].wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)

    def there(step: Callable[[], Any]) -> None:
        done = threading.Event()
        inside["loop"].call_soon_threadsafe(lambda: (step(), done.set()))
        assert done.wait(10)

    yield sides, there
    inside["loop"].call_soon_threadsafe(inside["stop"].set)
    thread.join(10)


def bring(name: str, side: Any, n: int, body: bytes) -> None:
    if name in ("http", "wireq"):
        side.entries.append(json.loads(body))
    else:
        settled(side.path / f"{n:03}.json", body, n)


def table(wire: Wire) -> str:
    keys = ("name", "transport", "path", "url", "user", "password", "host_key")
    said = {key: value for key in keys if (value := getattr(wire, key))}
    lines = [f"{key} = {json.dumps(value)}" for key, value in {**said, "every": 1}.items()]
    if wire.headers:
        lines.append("headers = { " + ", ".join(f'{k} = "{v}"' for k, v in wire.headers.items()) + " }")
    return "\n".join(["[[wire]]", *lines, ""])


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("WIRE_WORD", WORD)
    monkeypatch.setenv("WIRE_WRONG", WRONG)
    with service(tmp_path / "house", LEASE="2", ALLOW_HOSTS="", FETCH_DEADLINE="3") as found:
        yield found


@pytest.mark.timeout(180)
def test_each_transport_brings_each_message_once(house: Service, tmp_path: Path) -> None:
    with agencies(tmp_path / "agencies") as (sides, there):
        for n, (name, side) in enumerate(sides.items()):
            there(partial(bring, name, side, n, story(n)))
        vars(sides["wireq"])["retry"] = ("0", "1", "1")  # what it asks for is obeyed
        locked, dying = ("http", "sftp"), ("wireq", "ftp")
        there(lambda: [sides[name].break_off(True) for name in dying])
        wires = {name: side.denied if name in locked else side.wire for name, side in sides.items()}
        house.write("feeds.toml", "\n".join(table(wire) for wire in wires.values() if wire))
        house.up()
        until(lambda: failures(house, "forbidden") >= 2, 30, house.said)
        until(lambda: failures(house, "protocol", "connect", "encoding") >= 2, 30, house.said)
        until(house.events, 30, house.said)
        assert [event["feed"] for event in house.events()] == ["spool wire"]

        there(lambda: [sides[name].break_off(False) for name in dying])
        house.write("feeds.toml", "\n".join(table(side.wire) for side in sides.values()))
        until(lambda: len(house.events()) == 5, 60, house.said)
        assert {e["title"] for e in house.events()} == {f"{place} votes" for place in PLACES}
        assert {e["feed"] for e in house.events()} == {side.wire.name for side in sides.values()}

        for n, (name, side) in enumerate(sides.items()):
            there(partial(bring, name, side, 7, story(n)))  # the same message once more
            there(partial(bring, name, side, 8, b'{"no": "format"}'))
        until(lambda: len(house.call("failures", "--json").rows) == 5, 60, house.said)
        assert len(house.events()) == 5
        until(lambda: len(kept(house)) == 4, 10, house.said)  # each wire has a folder of its own
        told = tmp_path / "agencies" / "spool" / "spool" / "failed" / "008.json.reason.txt"
        until(told.exists, 10, house.said)
        assert WORD not in house.log.read_text() and WRONG not in house.log.read_text()


def kept(house: Service) -> set[Path]:
    """Where messages lie that could not be read, once their reasons lie beside them."""
    return {path.parent for path in (house.data / "failed").rglob("*.reason.txt")}


def failures(house: Service, *reasons: str) -> int:
    """How many wires failed for one of these reasons."""
    rows = [json.loads(line) for line in house.log.read_text().splitlines() if '"wire_failed"' in line]
    return len({row["wire"] for row in rows if row["reason"] in reasons})
