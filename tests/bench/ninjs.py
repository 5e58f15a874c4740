"""Check the data of events against the official ninjs 3.1 schema, format checks on: `ninjs.py SCHEMAS EVENTS.jsonl`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from workers import event


def validator(folder: Path) -> Draft202012Validator:
    """The validator of ninjs-schema_3.1.json, with GeoJSON from the same folder in place of the remote one."""
    ninjs = json.loads((folder / "ninjs-schema_3.1.json").read_text("utf-8"))
    geo = Resource.from_contents(json.loads((folder / "GeoJSON-schema.json").read_text("utf-8")), DRAFT7)
    registry: Registry[Any] = Registry().with_resources([("https://geojson.org/schema/GeoJSON.json", geo)])
    return Draft202012Validator(ninjs, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def main(folder: Path, events: Path) -> int:
    """Print every violation with its place; 1 if there is any, or if format checks are not available."""
    official = validator(folder)
    ours = Draft202012Validator(event.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    missing = {"uri", "date-time"} - set(Draft202012Validator.FORMAT_CHECKER.checkers)
    if missing:
        print(f"no checks for the formats {missing}: install jsonschema[format]")
        return 1
    wrong: Counter[str] = Counter()
    count = 0
    for count, line in enumerate(events.read_text("utf-8").rstrip("\n").split("\n"), 1):
        row = json.loads(line)
        for name, errors in (("ninjs", official.iter_errors(row["data"])), ("event", ours.iter_errors(row))):
            for error in errors:
                wrong[name] += 1
                print(f"{name} line {count} {error.json_path}: {error.message[:200]}")
    print(f"{count} events, {wrong['ninjs']} violations of ninjs 3.1, {wrong['event']} of our own schema")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
