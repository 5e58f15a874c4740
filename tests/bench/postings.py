"""Server memory and CPU of the relation index, at several sizes and against datasketch's LSH on the same server.

    python -m tests.bench.postings [--sizes 10000 100000 500000] [--copies 0 0.7] [--each 4000] [--reference 2000]

Texts are invented (tests/bench/babble.py) and told to fresh embedded servers in a temporary folder. All sizes of one
share of copies are filled at once; then each gets `--each` further texts in turns of 50, so that whatever else the
machine does falls on all alike. bytes: the server's used_memory over that of the empty server, a text. ms: CPU a text,
of our signature, of our call, and of the server. The last columns: all three together, the same against the smallest
size of the run, and round trips a text. datasketch (see tests/bench/rivals.py) gets `--reference` texts; 0: none.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import redis
from redis.connection import AbstractConnection

from ingest.server import Embedded
from ingest.store import Store
from tests.bench import rivals
from tests.bench.babble import text

TURN = 50  # texts
RETENTION = 14 * 86400.0
HEAD = ("texts", "copies", "bytes", "signature", "call", "server", "ms", "ratio", "trips")
ROW = "{:<28} {:>8} {:>7} {:>8} {:>10} {:>8} {:>8} {:>8} {:>7} {:>7}"

Sign = Callable[[str], Any]
Call = Callable[[str, Any], Any]


def ours(store: Store) -> tuple[Sign, Call]:
    """Our index: how a text becomes a signature, and the one call that asks and inserts."""
    from ingest.relations import Relations
    from workers import normalise
    from workers.sketch import sketch

    return lambda told: sketch(normalise.text(told)).pack(), Relations(store).relate


def datasketch(store: Store) -> tuple[Sign, Call]:
    """MinHash of 128 values, LSH at .5 with its tables in the server; a query and an insert, as ours does in one."""
    library = import_module("datasketch")
    place = {"unix_socket_path": store.url.removeprefix("unix://")}
    index = library.MinHashLSH(
        threshold=0.5, num_perm=128, storage_config={"type": "redis", "basename": b"reference", "redis": place}
    )

    def call(name: str, mark: Any) -> Any:
        found = index.query(mark)
        index.insert(name, mark)
        return found

    return lambda told: rivals.signature(library, told), call


@dataclass
class Spent:
    """CPU seconds over some texts."""

    texts: int = 0
    signature: float = 0.0
    call: float = 0.0
    server: float = 0.0
    trips: int = 0

    @property
    def each(self) -> tuple[float, float, float, float]:
        """Milliseconds a text: signature, call, server, all."""
        parts = tuple(part * 1000 / max(1, self.texts) for part in (self.signature, self.call, self.server))
        return (*parts, sum(parts))  # type: ignore[return-value]


@dataclass
class Shelf:
    """One server that is filled to one size."""

    size: int
    copies: float
    store: Store
    method: Callable[[Store], tuple[Sign, Call]]
    told: int = 0
    bytes: float = 0.0
    spent: Spent = field(default_factory=Spent)

    def __post_init__(self) -> None:
        self._sign, self._call = self.method(self.store)
        self._empty = self._memory()

    def _memory(self) -> int:
        info: Any = self.store.client.info("memory")
        return int(info["used_memory"]) - int(info.get("mem_aof_buffer", 0))

    def _server(self) -> float:
        info: Any = self.store.client.info("cpu")
        return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])

    def fill(self) -> None:
        """Tell it texts until it has its size, and weigh it."""
        begun = time.monotonic()
        while self.told < self.size:
            self.turn(Spent())
            if self.told % 50_000 < TURN:
                print(f"  {self.told} of {self.size} texts, {time.monotonic() - begun:.0f} s", file=sys.stderr)
        self.weigh()

    def weigh(self) -> None:
        """Note the server's memory a text."""
        self.bytes = (self._memory() - self._empty) / self.told

    def turn(self, spent: Spent) -> None:
        """Tell it a turn of further texts; the inventing is not counted."""
        texts = [text(7, self.told + n, self.copies) for n in range(TURN)]
        before, trips = self._server(), _trips[0]
        for number, one in enumerate(texts, self.told):
            begun = time.process_time()
            mark = self._sign(one)
            signed = time.process_time()
            self._call(f"{number:024x}", mark)
            spent.call += time.process_time() - signed
            spent.signature += signed - begun
        spent.trips += _trips[0] - trips
        spent.server += self._server() - before
        spent.texts += TURN
        self.told += TURN


_trips = [0]


def _counting() -> None:
    """Count what is sent to a server: one packet of commands is one round trip."""
    real = AbstractConnection.send_packed_command

    def send(self: Any, *args: Any, **named: Any) -> Any:
        _trips[0] += 1
        return real(self, *args, **named)

    AbstractConnection.send_packed_command = send  # type: ignore[method-assign]


def opened(stack: ExitStack, folder: Path) -> Store:
    """A fresh server that ends with the stack."""
    embedded = Embedded(folder, "no")
    address = embedded.start()
    stack.callback(embedded.stop)
    store = Store(address, RETENTION)
    stack.callback(store.close)
    return store


def compared(sizes: list[int], copies: float, each: int) -> list[Shelf]:
    """Our index at several sizes, measured in turns."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postings-")))
        shelves = [Shelf(s, copies, opened(stack, folder / str(s)), ours) for s in sizes]
        for shelf in shelves:
            shelf.fill()
        for _ in range(each // TURN):
            for shelf in shelves:
                shelf.turn(shelf.spent)
        return shelves


def reference(size: int, copies: float) -> Shelf:
    """datasketch on a server of its own, measured while it is filled."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postings-")))
        shelf = Shelf(size, copies, opened(stack, folder), datasketch)
        while shelf.told < size:
            shelf.turn(shelf.spent)
        shelf.weigh()
        return shelf


def show(name: str, shelf: Shelf, smallest: float) -> None:
    """One row."""
    parts = [f"{value:.3f}" for value in shelf.spent.each]
    trips = shelf.spent.trips / max(1, shelf.spent.texts)
    ratio = f"{shelf.spent.each[3] / smallest:.2f}" if smallest else ""
    print(
        ROW.format(name, shelf.size, f"{shelf.copies:.0%}", f"{shelf.bytes:.0f}", *parts, ratio, f"{trips:.1f}"),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 500_000])
    parser.add_argument("--copies", type=float, nargs="+", default=[0.0, 0.7])
    parser.add_argument("--each", type=int, default=4000)
    parser.add_argument("--reference", type=int, default=2000)
    given = parser.parse_args()
    _counting()
    print(ROW.format("method", *HEAD), flush=True)
    for copies in given.copies:
        shelves = compared(sorted(given.sizes), copies, given.each) if given.sizes else []
        for shelf in shelves:
            show("ours", shelf, shelves[0].spent.each[3])
        try:
            if given.reference:
                show("datasketch LSH in the server", reference(given.reference, copies), 0.0)
        except (ImportError, redis.RedisError) as error:
            print(f"datasketch: {error} (see tests/bench/rivals.py)", file=sys.stderr)


if __name__ == "__main__":
    main()
