"""Heartbeat files for health checks: each role touches one; `python -m workers.cli.beat check` reads their age."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

FRESH = 30.0  # seconds after which a role that has not touched its file counts as dead


def beat(role: str, now: float) -> None:
    """Touch the role's file; `now` is epoch seconds. Where it cannot be written the work goes on without it."""
    try:
        path = _folder() / f"wiredesk-{role}.beat"
        file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o644)  # never through a stranger's link
        os.utime(file, (now, now))
        os.close(file)
    except OSError:
        return


def stale(folder: Path, now: float, wanted: list[str]) -> list[str]:
    """What is wrong with the heartbeats of a folder, one line each: a role that is silent, or absent though wanted."""
    ages = {path.stem.removeprefix("wiredesk-"): now - path.stat().st_mtime for path in folder.glob("wiredesk-*.beat")}
    absent = [role for role in wanted if role not in ages] or ([] if ages else ["every role"])
    silent = [f"{role}: last sign of life {age:.0f} s ago" for role, age in sorted(ages.items()) if age > FRESH]
    return [f"{role}: no sign of life yet in {folder}" for role in absent] + silent


def _folder() -> Path:
    return Path(tempfile.gettempdir())


def main() -> int:
    """Exit code 0 if every role that ever beat here lives, and every role named; else 1 with the reasons."""
    if sys.argv[1:2] != ["check"]:
        sys.stderr.write("usage: python -m workers.cli.beat check [ROLE ...]\n")
        return 2
    wrong = stale(_folder(), time.time(), sys.argv[2:])
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or "alive\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
