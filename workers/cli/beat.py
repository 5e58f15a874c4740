"""Heartbeat files for health checks: each role touches one; `python -m workers.cli.beat check` looks at their age."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

FRESH = 30.0  # seconds after which a role that has not touched its file counts as dead


def beat(role: str, now: float) -> None:
    """Touch the role's file; `now` is epoch seconds. Where it cannot be written the work goes on without it."""
    path = _folder() / f"wiredesk-{role}.beat"
    try:
        file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o644)  # never through a stranger's link
        os.utime(file, (now, now))
        os.close(file)
    except OSError:
        return


def stale(folder: Path, now: float) -> list[str]:
    """What is wrong with the heartbeats of a folder, one line each: too old, or none at all."""
    ages = {path.stem.removeprefix("wiredesk-"): now - path.stat().st_mtime for path in folder.glob("wiredesk-*.beat")}
    if not ages:
        return [f"no role has ever reached its server (no wiredesk-*.beat in {folder})"]
    return [f"{role}: last sign of life {age:.0f} s ago" for role, age in sorted(ages.items()) if age > FRESH]


def _folder() -> Path:
    return Path(tempfile.gettempdir())


def main() -> int:
    """Exit code 0 if every role of this machine or container lives, else 1 with the reasons."""
    if sys.argv[1:] != ["check"]:
        sys.stderr.write("usage: python -m workers.cli.beat check\n")
        return 2
    wrong = stale(_folder(), time.time())
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or "alive\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
