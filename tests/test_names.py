"""Looking names up: many at once, bounded, and never in the way of a process that ends."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from ingest.names import Names
from tests.loopback import run

PLACE = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))


def test_a_name_leads_to_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [PLACE])

    async def test() -> None:
        assert [place.ip for place in await Names().look_up("news.example", 80)] == ["192.0.2.1"]

    run(test())


@pytest.mark.parametrize("host", ["a..example", "x" * 70 + ".example", "\ud800.example", "nul\0.example"])
def test_a_name_that_cannot_be_asked_is_a_look_up_that_failed(host: str) -> None:
    with pytest.raises(OSError):
        run(Names().look_up(host, 80))


def test_slow_names_are_looked_up_side_by_side_but_not_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, lock = threading.Event(), threading.Lock()
    seen = {"now": 0, "most": 0}

    def slow(*_: Any) -> list[Any]:
        with lock:
            seen["now"] += 1
            seen["most"] = max(seen["most"], seen["now"])
        gate.wait(5)
        with lock:
            seen["now"] -= 1
        return [PLACE]

    monkeypatch.setattr(socket, "getaddrinfo", slow)

    async def test() -> None:
        names = Names(at_once=7)
        tasks = [asyncio.create_task(names.look_up(f"n{i}.example", 80)) for i in range(30)]
        await asyncio.sleep(0.2)
        for task in tasks[:20]:  # giving up does not free a thread that still runs
            task.cancel()
        await asyncio.sleep(0.05)
        assert seen["most"] == 7
        gate.set()
        assert len(await asyncio.gather(*tasks[20:])) == 10
        assert seen["most"] == 7

    run(test())


def test_a_hanging_look_up_does_not_hold_up_the_end_of_the_process() -> None:
    code = """if True:
        import asyncio, socket, time
        from ingest.names import Names
        socket.getaddrinfo = lambda *_: time.sleep(30)
        async def main():
            try:
                await asyncio.wait_for(Names().look_up("slow.example", 80), 0.1)
            except TimeoutError:
                print("gave up")
        asyncio.run(main())
    """
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert (done.stdout.strip(), done.stderr) == ("gave up", "")
    assert time.monotonic() - began < 10
