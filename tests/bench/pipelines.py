"""Ways to put our own extractor together, for measuring: which trees, when a second opinion is asked, gate or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from ingest.errors import GiveUp
from tests.bench.labelled import Labelled
from workers import body, classwords, extract
from workers.cli.extract import line
from workers.forest import Forest

SHIPPED = "trees, second opinion in doubt (shipped)"
DOUBTS = {"trees alone": 0.0, SHIPPED: body.DOUBT, "trees, second opinion always": 2.0}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a page: a line of `extract --json`."""

    line: dict[str, Any]

    @property
    def text(self) -> str:
        """The text, empty if the page was refused."""
        return self.line.get("text") or ""

    @property
    def refused(self) -> str:
        """Why it was, empty if it was not."""
        return str(self.line.get("reason", ""))


@contextmanager
def put(module: Any, name: str, **changed: Any) -> Iterator[None]:
    """For a while, let a module see another one (its attribute `name`) with some attributes changed."""
    real = getattr(module, name)
    with patch.object(module, name, SimpleNamespace(**{**vars(real), **changed})):
        yield


@contextmanager
def built(trees: Forest, doubt: float, gated: bool = True) -> Iterator[None]:
    """For a while, let workers.extract ask these trees, and a second opinion below this expected F1."""
    with ExitStack() as stack:
        stack.enter_context(put(extract, "forest", trained=lambda: trees))
        stack.enter_context(put(extract, "body", DOUBT=doubt))
        if not gated:
            nothing = dict.fromkeys(("refuse_unread", "refuse_read"), _pass)
            stack.enter_context(put(extract, "gate", **nothing))
        classwords._known.cache_clear()  # the page's class names are new to every pipeline, whoever read it before
        yield


def _pass(*_: object) -> None:
    """Refuse nothing."""


def read(page: extract.Page) -> Answer:
    """Everything `wiredesk extract` does in its child: parse, metadata, body, gate."""
    try:
        return Answer(line(extract.extract(page)))
    except GiveUp as refusal:
        return Answer({"text": None, "reason": str(refusal.reason), "detail": refusal.detail})


def given(page: Labelled) -> extract.Page:
    """A labelled page as `wiredesk extract FILE` reads it."""
    return extract.Page(page.body(), page.stored, datetime.now(UTC), "text/html", {"content-type": "text/html"})


def ungated(page: Labelled, trees: Forest, doubt: float) -> str:
    """The text of a page that the gate refuses."""
    with built(trees, doubt, gated=False):
        return read(given(page)).text
