"""Run the newsroom by itself: `python -m workers.newsroom --log FILE` prints its address and feeds, and serves."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from workers.newsroom.plan import Order
from workers.newsroom.site import Site


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m workers.newsroom", description=__doc__)
    usual = Order()
    parser.add_argument("--log", type=Path, required=True, help="file the site writes what it showed into")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument(
        "--articles", type=int, default=usual.articles, help="pages that are articles; others come on top"
    )
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="over which they appear; 0: all at once")
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--window", type=int, default=usual.window, help="entries a feed keeps at least")
    parser.add_argument("--stay", type=float, default=usual.stay, help="seconds an entry stays once it was shown")
    parser.add_argument("--revise-after", type=float, default=usual.revise_after, help="seconds until texts change")
    parser.add_argument("--plain", action="store_true", help="no oddities")
    return parser.parse_args()


async def _serve(order: Order, log: Path, port: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with Site(order, log, port) as site:
        sys.stdout.write("\n".join([site.url, *site.desk.feeds()]) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    given = _arguments()
    order = Order(
        given.articles, given.seconds, given.seed, given.window, given.stay, given.revise_after, odd=not given.plain
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(order, given.log, given.port))


if __name__ == "__main__":
    main()
