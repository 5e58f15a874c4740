"""Functions that tests list as RQ taggers: they write down what they were given."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def note(event: dict[str, Any]) -> None:
    """Append the event to the file named by SPOTTED."""
    with Path(os.environ["SPOTTED"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")


def stumble(event: dict[str, Any]) -> None:
    """Note the event, and fail while the file named by SPOTTED.broken exists."""
    note(event)
    if Path(os.environ["SPOTTED"] + ".broken").exists():
        raise RuntimeError(f"no places in {event['id']}")
