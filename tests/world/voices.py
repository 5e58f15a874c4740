"""What houses put around the texts of others, what machines write, and how a correction is owned up to (pure)."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from workers.newsroom.invent import Paragraph, Story, people_of, places_of, story

OUTLETS = (
    "The Kelham Courier",
    "Nordlicht",
    "La Vigie",
    "El Faro",
    "Вестник",
    "晨报",
    "Asahina",
    "Siam Lotus",
    "Al Manar Al Bahri",
)


@cache
def _voice(language: str) -> dict[str, Any]:
    return dict(tomllib.loads(Path(__file__).with_name("voices.toml").read_text("utf-8"))[language])


def outlet(host: int) -> str:
    """The name of the house at a host."""
    return OUTLETS[host % len(OUTLETS)]


def boiler(language: str, host: int) -> Paragraph:
    """The paragraph a house puts under the texts of others, always the same in one language."""
    kinds = _voice(language)["boilers"]
    return Paragraph(kinds[host % len(kinds)].format(outlet=outlet(host)))


@cache
def boilers(language: str) -> frozenset[Paragraph]:
    """What any house puts under a text in a language."""
    return frozenset(boiler(language, host) for host in range(2 * len(OUTLETS)))


def robot(seed: int, number: int, language: str, kind: int) -> Story:
    """A text written by a machine: like all others of its language and kind but for places and numbers."""
    dice = random.Random(f"{seed}:{number}:robot")
    kinds = _voice(language)["robots"]
    place, other = places_of(language, dice)
    numbers = {name: str(dice.randint(11, 997)) for name in "abcde"}
    parts = tuple(Paragraph(part.format(place=place, other=other, **numbers)) for part in kinds[kind % len(kinds)])
    title = f"{place} – {other} {numbers['a']}/{numbers['b']}"
    return replace(story(seed, number, language), number=number, title=title, paragraphs=parts)


def digest(seed: int, number: int, host: int, stories: list[Story]) -> Story:
    """One page that holds several stories whole."""
    language = stories[0].language
    dice = random.Random(f"{seed}:{number}:digest")
    place, other = places_of(language, dice)
    title = _voice(language)["digest"].format(outlet=outlet(host), place=place, other=other)
    parts = tuple(p for told in stories for p in told.paragraphs)
    return replace(stories[0], number=number, title=title, author=dice.choice(people_of(language)), paragraphs=parts)


def correction(seed: int, number: int, language: str) -> Paragraph:
    """A note that owns up to a mistake."""
    dice = random.Random(f"{seed}:{number}:correction")
    place, _ = places_of(language, dice)
    return Paragraph(_voice(language)["correction"].format(place=place, a=dice.randint(101, 9999)))
