"""Run a wiredesk command that dies, stops, or takes others with it at a named point; the service's code is untouched.

    CRASH_FOLDER=DIR [CRASH_MUTATION=NAME] [CRASH_SLOW=SECONDS] python -m tests.bench.launch poll | work -n 2 | run

A point is `role:before|after:step`, as in `worker:after:commit`: the role of the process (poller, parent, worker,
keeper, page), and a script of ingest/scripts or one of submit, dispatch, fork, extract. An order is a file in DIR/armed
(see tests/bench/orders.py); the one who reaches its point takes it, says so in DIR/fired.jsonl, and obeys.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.bench import mutate, tagged

FOLDER = Path(os.environ["CRASH_FOLDER"])
SLOW = float(os.environ.get("CRASH_SLOW", "0"))
SLEEPY = 0.4 if SLOW else 0.0  # of all commits
_role = [""]
_reached: Counter[str] = Counter()


def main() -> None:
    """Put the points in, then be the command."""
    command = sys.argv[1]
    _role[0] = {"poll": "poller", "work": "parent"}.get(command, command)
    _points()
    if command == "work":
        _fork_points()
    if command == "run":
        _pass_on()
    mutate.apply(os.environ.get("CRASH_MUTATION", ""))
    from workers.cli.main import main as wiredesk

    wiredesk()


def hit(step: str, about: str = "") -> None:
    """Obey the orders for this point."""
    point = f"{_role[0]}:{step}"
    for path in (FOLDER / "armed").iterdir():
        name = path.name
        try:
            order = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):  # taken by another process, or not written out yet
            continue
        if order["point"] != point or order["about"] not in ("", about):
            continue
        _reached[name] += 1
        if _reached[name] >= order["nth"]:
            try:
                path.rename(FOLDER / "taken" / name)
            except FileNotFoundError:
                continue
            _obey(name, order)


def _obey(name: str, order: dict[str, Any]) -> None:
    line = json.dumps({"name": name, "pid": os.getpid(), "at": time.time(), **order}) + "\n"
    with (FOLDER / "fired.jsonl").open("a") as log:
        log.write(line)
    match order["action"]:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "parent":
            os.kill(os.getppid(), signal.SIGKILL)
        case "server":
            os.kill(int((FOLDER / "server.pid").read_text()), signal.SIGKILL)
        case "all":
            tagged.kill(FOLDER, last=os.getpid())


def around(
    real: Callable[..., Any], step: str | None, about: Callable[..., str] = lambda *_, **__: ""
) -> Callable[..., Any]:
    """`real` with a point before and after; with no step its first argument after self names it."""

    def wrapped(*args: Any, **named: Any) -> Any:
        name = step or str(args[1])
        record = about(*args, **named)
        if name == "commit" and random.random() < SLEEPY:
            time.sleep(SLOW)
        hit(f"before:{name}", record)
        answer = real(*args, **named)
        if answer != b"[]":  # a claim that found nothing is no point in anything's life
            hit(f"after:{name}", record)
        return answer

    return wrapped


def _points() -> None:
    from ingest import queue
    from ingest.store import Store

    Store.run = around(Store.run, None, lambda _, __, *args: str(args[0]) if args else "")  # type: ignore[method-assign]
    queue.submit = around(queue.submit, "submit")


def _fork_points() -> None:
    from redis.client import Pipeline

    from workers import extract
    from workers.cli import forks

    # Before workers.page is imported: its default is the function as it stands then.
    extract.extract = _in_page(extract.extract)
    real = forks.fork

    def fork(name: str, task: Callable[[], None]) -> int:
        def named() -> None:
            _role[0] = name.partition("-")[0]
            (FOLDER / "roles" / str(os.getpid())).write_text(_role[0])
            task()

        return real(name, named)

    forks.fork = around(fork, "fork")
    execute = Pipeline.execute

    def dispatched(pipe: Any, *args: Any, **named: Any) -> Any:
        if _role[0] != "keeper" or not pipe.watching:
            return execute(pipe, *args, **named)
        return around(execute, "dispatch")(pipe, *args, **named)

    Pipeline.execute = dispatched  # type: ignore[method-assign,assignment]


def _in_page(real: Callable[..., Any]) -> Callable[..., Any]:
    def extract(page: Any) -> Any:
        _role[0] = "page"
        hit("before:extract")
        answer = real(page)
        hit("after:extract")
        return answer

    return extract


def _pass_on() -> None:
    """The programs that `run` starts get the points as well."""
    from workers.cli import run

    def popen(words: list[str], **how: Any) -> subprocess.Popen[bytes]:
        at = words.index("workers.cli")
        return subprocess.Popen([*words[:at], "tests.bench.launch", *words[at + 1 :]], **how)

    run.subprocess = SimpleNamespace(Popen=popen, TimeoutExpired=subprocess.TimeoutExpired)  # type: ignore[assignment]


if __name__ == "__main__":
    main()
