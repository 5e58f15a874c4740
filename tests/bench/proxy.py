"""A bad line between the service and its server: loses answers, halves them, holds them back, brings requests late.

    python -m tests.bench.proxy DIR        listens on DIR/line.sock, leads to DIR/server.sock, obeys DIR/line.json

`line.json` is {"mode": MODE, "each": N, "seconds": S}; every N-th answer (request, for late) suffers:

    drop    the command ran, its answer is thrown away and the connection closed
    half    the same after half of the answer
    stall   the answer comes S seconds later, unless the client has gone
    late    the client's connection is closed at once, and the request still reaches the server S seconds later
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

LONGEST = 2**20


class Line:
    """All connections that pass, and what befalls them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rule: dict[str, Any] = {}
        self.passed = 0
        self.suffered = 0
        self._late: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Until killed."""
        server = await asyncio.start_unix_server(self._talk, str(self.folder / "line.sock"), limit=LONGEST)
        async with server:
            while True:
                with suppress(FileNotFoundError, ValueError):
                    self.rule = json.loads((self.folder / "line.json").read_text())
                (self.folder / "suffered").write_text(str(self.suffered))
                await asyncio.sleep(0.1)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_unix_connection(str(self.folder / "server.sock"), limit=LONGEST)
        except OSError:
            writer.close()
            return
        ways = [
            asyncio.ensure_future(self._requests(reader, up_writer)),
            asyncio.ensure_future(self._answers(up_reader, writer)),
        ]
        with suppress(OSError):
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        writer.close()
        if not any(t.get_name() == str(id(up_writer)) for t in self._late):
            up_writer.close()

    async def _requests(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await reader.read(LONGEST):
            if self.rule.get("mode") == "late" and self._turn():
                task = asyncio.create_task(self._deliver(server, data, self.rule["seconds"]), name=str(id(server)))
                self._late.add(task)
                task.add_done_callback(self._late.discard)
                return
            server.write(data)
            await server.drain()

    async def _deliver(self, server: asyncio.StreamWriter, data: bytes, after: float) -> None:
        await asyncio.sleep(after)
        with suppress(OSError):
            server.write(data)
            await server.drain()
            await asyncio.sleep(0.5)  # it runs; nobody hears the answer
        server.close()

    async def _answers(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await server.read(LONGEST):
            mode = self.rule.get("mode", "")
            if mode in ("drop", "half", "stall") and self._turn():
                if mode == "half":
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                if mode != "stall":
                    return
                await asyncio.sleep(self.rule["seconds"])
            writer.write(data)
            await writer.drain()

    def _turn(self) -> bool:
        self.passed += 1
        if self.passed % max(1, int(self.rule.get("each", 20))):
            return False
        self.suffered += 1
        return True


if __name__ == "__main__":
    asyncio.run(Line(Path(sys.argv[1])).serve())
