"""Labelled pages read once and kept, so that rules can be left out and trees trained without reading them again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from unittest.mock import patch

from lxml.html import HtmlElement

from tests.bench import pipelines, scoring
from tests.bench.labelled import Labelled
from tests.bench.scoring import Runs, Score
from tests.bench.training import Lesson, covered
from workers import body, extract, markup, metadata, normalise, opinion, scripted, strays, traits
from workers.forest import Forest
from workers.metadata import Metadata
from workers.outline import Outline, outline

Rows = list[tuple[int, list[int]]]


@dataclass
class Case:
    """One page with everything that the choice of its text rests on."""

    page: Labelled
    seen: Outline
    said: Metadata
    label: Runs
    rows: Rows  # the traits of its hopeful blocks
    every: Rows  # those of all blocks
    opinion: str  # what the second opinion would say

    def lesson(self, every: bool) -> Lesson:
        """What trees learn from the page: from its hopeful blocks, or from all."""
        words, right = self._covered
        rows = self.every if every else self.rows
        return Lesson(
            self.page.domain, [r for _, r in rows], [words[at] for at, _ in rows], [right[at] for at, _ in rows]
        )

    @cached_property
    def _covered(self) -> tuple[list[int], list[int]]:
        return covered([block.text for block in self.seen.blocks], self.page.text)

    @cached_property
    def hidden(self) -> Outline:
        """The text that a script would show; the page is read again for it, few need it."""
        return scripted.find(parsed(self.page), self.said.nodes)


@dataclass(frozen=True)
class Rule:
    """One way to choose: what is replaced in body, strays or extract for it."""

    name: str
    doubt: float = body.DOUBT
    changed: Mapping[str, Any] = field(default_factory=dict)  # "module.name" -> what stands in its place
    scripted: bool = True
    every: bool = False  # all blocks are weighed, hopeful or not


def parsed(page: Labelled) -> HtmlElement:
    """The tree of a page."""
    return markup.read(page.body(), "text/html", page.stored).tree


def case(page: Labelled) -> Case:
    """Read a page once."""
    tree = parsed(page)
    found = metadata.read(tree, metadata.Known(page.stored, datetime.now(UTC), {}))
    seen, known = outline(tree), body.said(found)
    rows = traits.traits(seen, known)
    with patch.object(traits._Page, "hopeful", lambda *_: True):
        every = traits.traits(seen, known)
    return Case(page, seen, found, scoring.runs(page.text), rows, every, opinion.text(tree))


def chances(found: Case, trees: Forest, every: bool) -> list[float]:
    """What body.weigh says of every block."""
    given = [0.0] * len(found.seen.blocks)
    for at, row in found.every if every else found.rows:
        given[at] = trees.chance(row)
    return given


def chosen(found: Case, given: Sequence[float], rule: Rule) -> tuple[Score, bool]:
    """The score of the text that workers.extract chooses under a rule, and whether a second opinion was asked."""
    asked = False

    def second(_: object) -> str:
        nonlocal asked
        asked = True
        return found.opinion

    modules = {"body": body, "strays": strays}
    with ExitStack() as stack:
        for name, value in rule.changed.items():
            module, _, attribute = name.partition(".")
            stack.enter_context(patch.object(modules[module], attribute, value))
        weighed = body.Weighed(found.seen.blocks, given)
        stack.enter_context(pipelines.put(extract, "body", DOUBT=rule.doubt, weigh=lambda *_: weighed))
        stack.enter_context(pipelines.put(extract, "opinion", text=second))
        stack.enter_context(pipelines.put(extract, "scripted", find=_hidden(found, rule)))
        blocks, _ = extract._body(found.seen, found.said, found.seen)
        text = normalise.join(body.paragraphs(blocks))
    return scoring.score(found.label, text), asked


def _hidden(found: Case, rule: Rule) -> Callable[..., Outline]:
    return lambda *_: found.hidden if rule.scripted else Outline()
