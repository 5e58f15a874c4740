"""Plan a site that edits, retitles, corrects, deletes and brings back its articles, one state after another (pure)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from tests.world import rework, voices
from workers.newsroom.invent import Paragraph, Story, further, headline, story

LANGUAGES = ("en", "de", "zh", "ja", "th", "ar", "ru", "fr", "es")


class Step(StrEnum):
    """What happens to an article."""

    BORN = "born"
    CHANGED = "changed"  # one sentence is reworded
    ADDED = "added"  # a sentence is added to a paragraph
    GREW = "grew"  # a paragraph is added
    RETITLED = "retitled"
    CORRECTED = "corrected"  # a note says what was wrong
    REVERTED = "reverted"  # the text and title of the beginning are back
    GONE = "gone"  # 410
    BACK = "back"  # as it was before it went
    CHURN = "churn"  # nothing but what changes at every look


# Type of the event that each step must have, and exactly one of it; none for what is no change.
EVENTS = {
    Step.BORN: "created", Step.CHANGED: "updated", Step.ADDED: "updated", Step.GREW: "updated",
    Step.RETITLED: "updated", Step.CORRECTED: "corrected", Step.REVERTED: "updated", Step.GONE: "withdrawn",
    Step.BACK: "updated",
}  # fmt: skip
_LIVES = (
    (Step.CHANGED, Step.CHURN, Step.ADDED, Step.RETITLED),
    (Step.CORRECTED, Step.CHURN, Step.CHANGED),
    (Step.GONE, Step.BACK, Step.GREW),
    (Step.CHURN, Step.CHURN),
    (Step.RETITLED, Step.GREW, Step.CORRECTED, Step.REVERTED),
    (Step.ADDED, Step.GONE, Step.BACK, Step.CHANGED),
    (Step.CHANGED, Step.CHANGED, Step.REVERTED, Step.GONE),
)


@dataclass(frozen=True, slots=True)
class Order:
    """How large a site is asked for."""

    articles: int = 14
    seed: int = 1
    looks: int = 1  # times a state must have been looked at before the next one comes
    dwell: float = 0.5  # seconds it stays at least


@dataclass(frozen=True, slots=True)
class State:
    """What one article is from one moment on."""

    step: Step
    told: Story  # of a page that is gone: what it was

    @property
    def text(self) -> str:
        """Its paragraphs, apart by blank lines."""
        return "\n\n".join(p.text for p in self.told.paragraphs)

    def looks(self, order: Order) -> int:
        """How often it must be looked at: a page that is gone is believed at the second look, churn shows at it."""
        if self.step is Step.CHURN:  # looks at what does not change become rare, and none of them can be lost
            return 2
        return max(order.looks, 2 if self.step is Step.GONE else 1)


def lives(order: Order) -> list[list[State]]:
    """Every article's states, in order."""
    return [list(_life(order.seed, number)) for number in range(order.articles)]


def _life(seed: int, number: int) -> Iterator[State]:
    language = LANGUAGES[number % len(LANGUAGES)]
    first = story(seed, number, language)
    first = replace(first, paragraphs=tuple(p for p in first.paragraphs if not p.head))
    yield State(Step.BORN, first)
    told = first
    for place, step in enumerate(_LIVES[number % len(_LIVES)]):
        told = first if step is Step.REVERTED else _stepped(seed, told, step, place)
        yield State(step, told)


def _stepped(seed: int, told: Story, step: Step, place: int) -> Story:
    """An article after one step."""
    dice = random.Random(f"{seed}:{told.number}:{place}:{step}")
    added = further(seed, 1000 * place + told.number, told.language, 1)
    match step:
        case Step.CHANGED:
            return _changed(told, dice)
        case Step.ADDED:
            sentence = rework.sentences(added[0].text)
            end = len(sentence) if told.language == "th" else 1
            return _with_more(told, dice, "".join(sentence[:end]).strip())
        case Step.GREW:
            return replace(told, paragraphs=(*told.paragraphs, *added))
        case Step.RETITLED:
            return replace(told, title=headline(seed, told.number, told.language, 100 + place))
        case Step.CORRECTED:
            note = voices.correction(seed, told.number, told.language)
            return replace(told, paragraphs=(*told.paragraphs, note))
    return told


def _changed(told: Story, dice: random.Random) -> Story:
    """One sentence of the text reworded."""
    paragraphs = list(told.paragraphs)
    for place in dice.sample(range(len(paragraphs)), len(paragraphs)):
        parts = rework.sentences(paragraphs[place].text)
        for at in dice.sample(range(len(parts)), len(parts)):
            fresh = rework.reworded(parts[at], told.language, dice)
            if fresh != parts[at]:
                parts[at] = fresh
                paragraphs[place] = Paragraph("".join(parts))
                return replace(told, paragraphs=tuple(paragraphs))
    raise ValueError(f"no sentence of {told.title} can be reworded")


def _with_more(told: Story, dice: random.Random, sentence: str) -> Story:
    """A sentence put at the end of one paragraph."""
    paragraphs = list(told.paragraphs)
    place = dice.randrange(len(paragraphs))
    between = "" if told.language in ("zh", "ja") else " "
    paragraphs[place] = Paragraph(paragraphs[place].text + between + sentence)
    return replace(told, paragraphs=tuple(paragraphs))
