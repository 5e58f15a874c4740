"""Orders to die at a named point: written here, obeyed by tests/bench/launch.py."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Order:
    """What is to happen at a point: `action` is kill, stop, parent, server or all."""

    point: str  # "role:random": no point, but a random moment with work in hand
    action: str = "kill"
    nth: int = 1  # time the point is reached
    about: str = ""  # only for this record
    bait: str = ""  # a point where somebody else dies first, so that this one is reached

    @property
    def victim(self) -> str:
        """The role that dies."""
        return self.point.partition(":")[0] if self.action == "kill" else self.action


class Orders:
    """The folder through which a crash run and its processes talk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0
        self._read = 0
        for name in ("armed", "taken", "roles"):
            (folder / name).mkdir(exist_ok=True)

    def arm(self, order: Order) -> str:
        """Put an order out; its name."""
        self._count += 1
        name = f"{self._count:05d}"
        draft = self.folder / f"draft-{name}"
        draft.write_text(json.dumps(asdict(order)))
        draft.rename(self.folder / "armed" / name)
        return name

    def withdraw(self, name: str) -> bool:
        """Take an order back; False when somebody has taken it already."""
        try:
            (self.folder / "armed" / name).unlink()
        except FileNotFoundError:
            return False
        return True

    def fired(self) -> list[dict[str, Any]]:
        """The orders obeyed since the last call: their fields, `name`, `pid` and `at`."""
        path = self.folder / "fired.jsonl"
        text = path.read_text() if path.exists() else ""
        lines = text[: text.rfind("\n") + 1].splitlines()
        new, self._read = lines[self._read :], len(lines)
        return [json.loads(line) for line in new]
