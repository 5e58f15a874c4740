"""`wiredesk stories`: group texts into stories by the service's own relations, on a server of their own."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import click

from config.settings import Settings
from ingest.links import URN, subject
from ingest.relations import ORIGINAL, Relations
from workers.cli import place


@click.command("stories")
@click.argument("file", type=click.File("rb"), metavar="FILE.jsonl|-")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def command(file: BinaryIO, as_json: bool) -> None:
    """Relate lines of {id, text} in the order given: which are copies, excerpts, extensions, versions of which."""
    bad = 0
    with own_server(place.settings("stories")) as relations:
        for row in Stories(relations).rows(file):
            bad += "error" in row
            place.emit(row) if as_json else place.say(line(row))
    sys.exit(1 if bad else 0)


@contextmanager
def own_server(settings: Settings) -> Iterator[Relations]:
    """An empty index on an embedded server in a temporary folder, gone at the end."""
    from ingest.server import Embedded
    from ingest.store import Store

    with tempfile.TemporaryDirectory(prefix="wiredesk-stories-") as folder:
        server = Embedded(Path(folder), fsync="no")
        store = Store(server.start(), settings.retention)
        try:
            yield Relations(store)
        finally:
            store.close()
            server.stop()


@dataclass(slots=True)
class Stories:
    """Texts on their way through the index; a line's id stands for its document."""

    relations: Relations
    names: dict[str, Any] = field(default_factory=dict)  # document -> id

    def rows(self, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        """An answer for each line, or `line` and `error` for one that cannot be read; blank lines are skipped."""
        for number, raw in enumerate(lines, 1):
            if not raw.strip():
                continue
            try:
                name, text = given(raw)
                yield self.row(name, text)
            except ValueError as error:
                yield {"line": number, "error": str(error)}

    def row(self, name: Any, text: str) -> dict[str, Any]:
        """Relate one text. Raises ValueError for an id that came before, ServerAway."""
        from workers import normalise
        from workers.sketch import sketch

        document = subject(json.dumps(name)).removeprefix(URN)
        if document in self.names:
            raise ValueError(f"the id {json.dumps(name, ensure_ascii=False)} came before")
        self.names[document] = name
        found = self.relations.relate(document, sketch(normalise.text(text)).pack())
        row = {"id": name, "story": self.names[found.story], "relation": found.word}
        return row if found.word == ORIGINAL else {**row, "of": self.names[found.of], "containment": found.here}


def given(raw: bytes) -> tuple[Any, str]:
    """The id and text of a line. Raises ValueError saying what is wrong with it."""
    try:
        row = json.loads(raw)
    except ValueError as error:
        raise ValueError(f"no JSON: {error}") from None
    except RecursionError:
        raise ValueError("no JSON: nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError("no JSON object")
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise ValueError("`id` has to be a text or a whole number")
    if not isinstance(row.get("text"), str):
        raise ValueError("`text` has to be a text")
    return row["id"], row["text"]


def line(row: dict[str, Any]) -> str:
    """A line for people."""
    if "error" in row:
        return f"line {row['line']}: {row['error']}"
    if "of" not in row:
        return f"{row['id']}: original"
    return f"{row['id']}: {row['relation']} of {row['of']} ({row['containment']} % stands there), story {row['story']}"
