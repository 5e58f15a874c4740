"""What desks do to a text: cut it, reword sentences, add their own paragraphs, put their headline over it (pure)."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from tests.world import voices
from workers.newsroom.invent import Paragraph, Story, further, headline, people_of, words_of

_SENTENCE = re.compile(r"[^.。]+(?:[.。]+[”»]?\s*|$)")
_PHRASE = re.compile(r"\S+\s*")  # where no sentence ends with a point
SHORTEST = 80  # characters that are left of a paragraph; fewer go to the one before
MOST = 3  # words replaced in a sentence that is reworded


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, each with the space after it; the phrases where none ends with a point."""
    found = _SENTENCE.findall(text)
    return found if len(found) > 1 else _PHRASE.findall(text)


def cut(told: Story, share: float) -> Story:
    """The beginning of a text, about that share of its characters, to the end of a sentence."""
    left = share * sum(len(p.text) for p in told.paragraphs)
    kept: list[Paragraph] = []
    for paragraph in told.paragraphs:
        if left <= 0:
            break
        parts: list[str] = []
        for sentence in sentences(paragraph.text):
            if left > 0:
                parts.append(sentence)
                left -= len(sentence)
        text = "".join(parts).rstrip()
        if kept and len(text) < SHORTEST:  # a line by itself looks like no part of an article
            between = "" if told.language in ("zh", "ja") else " "
            text = kept.pop().text + between + text
        kept.append(replace(paragraph, text=text))
    return replace(told, paragraphs=tuple(kept))


def edited(told: Story, dice: random.Random, share: float) -> Story:
    """The same text with that share of its sentences reworded."""
    paragraphs = []
    for paragraph in told.paragraphs:
        parts = [reworded(s, told.language, dice) if dice.random() < share else s for s in sentences(paragraph.text)]
        paragraphs.append(replace(paragraph, text="".join(parts).rstrip()))
    return replace(told, paragraphs=tuple(paragraphs))


def reworded(sentence: str, language: str, dice: random.Random) -> str:
    """A sentence in which up to three of its words are others of the same kind."""
    there = [(word, kind) for kind in words_of(language).values() for word in kind if word in sentence]
    for word, kind in dice.sample(there, min(MOST, len(there))):
        sentence = sentence.replace(word, dice.choice([other for other in kind if other != word]), 1)
    return sentence


def extended(told: Story, seed: int, number: int, count: int) -> Story:
    """The same text with paragraphs of the house's own under it."""
    return replace(told, paragraphs=(*told.paragraphs, *further(seed, number, told.language, count)))


def dressed(told: Story, seed: int, host: int, framed: bool) -> Story:
    """The text under the house's own headline and byline, with its boilerplate if it is to be framed."""
    dice = random.Random(f"{seed}:{told.number}:{host}:desk")
    paragraphs = (*told.paragraphs, voices.boiler(told.language, host)) if framed else told.paragraphs
    title = headline(seed, told.number, told.language, host)
    return replace(told, title=title, author=dice.choice(people_of(told.language)), paragraphs=paragraphs)
