"""Invent articles: several paragraphs in one of nine languages, the same for the same seed and number, all distinct."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from workers.normalise import words

TONGUES = ("en", "de", "fr", "es", "ru")  # what the newsroom writes in, in turn
MORE_TONGUES = ("zh", "ja", "th", "ar")  # what may be asked for by name
_FOLDER = Path(__file__).with_name("tongues")
_BEFORE_CAPITAL = "“„«‘ "  # opening marks that may stand before a sentence's first letter


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of an article's text."""

    text: str
    head: bool = False  # a subheading


@dataclass(frozen=True, slots=True)
class Story:
    """What an invented author wrote; pages and feeds dress it up."""

    number: int
    language: str  # BCP 47
    title: str
    author: str
    paragraphs: tuple[Paragraph, ...]
    menu: tuple[str, ...]  # words of the site around it, in its language
    furniture: tuple[str, ...]

    @property
    def teaser(self) -> str:
        """The first sentence or so, as a feed would show it."""
        return self.paragraphs[0].text[:160].rsplit(" ", 1)[0] + "…"


@cache
def _tongue(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=1024)
def story(seed: int, number: int, language: str = "") -> Story:
    """The first version of article `number`: 150 to 600 words, in the newsroom's next language or the one given."""
    dice = random.Random(f"{seed}:{number}")
    tongue = _tongue(language or TONGUES[number % len(TONGUES)])
    scene = _scene(dice, tongue)
    title = _first_capital(dice.choice(tongue["headlines"]).format_map(_slots(dice, tongue, scene)))
    paragraphs = _paragraphs(dice, tongue, scene)
    if number % 3 == 0:
        text = dice.choice(tongue["subheads"]).format_map(_slots(dice, tongue, scene))
        paragraphs.insert(len(paragraphs) // 2, Paragraph(_first_capital(text), head=True))
    menu, furniture = tuple(tongue["menu"]), tuple(tongue["furniture"])
    return Story(number, tongue["language"], title, dice.choice(tongue["people"]), tuple(paragraphs), menu, furniture)


def _paragraphs(dice: random.Random, tongue: dict[str, Any], scene: dict[str, list[str]]) -> list[Paragraph]:
    wanted = dice.randint(160, 500)  # words; the last paragraph may add some seventy
    paragraphs: list[Paragraph] = []
    while sum(_size(p.text, tongue) for p in paragraphs) < wanted:
        paragraphs.append(Paragraph(_paragraph(dice, tongue, scene)))
    return paragraphs


def _size(text: str, tongue: dict[str, Any]) -> int:
    """Words; those of a script without spaces are guessed from its characters."""
    return words(text) if "between" in tongue else len(text.split())


def further(seed: int, number: int, language: str, count: int) -> tuple[Paragraph, ...]:
    """So many paragraphs of another hand, on a scene of their own."""
    dice = random.Random(f"{seed}:{number}:further")
    tongue = _tongue(language)
    scene = _scene(dice, tongue)
    return tuple(Paragraph(_paragraph(dice, tongue, scene)) for _ in range(count))


def headline(seed: int, number: int, language: str, house: int) -> str:
    """What another house puts over article `number`: a headline about the same people and places."""
    tongue = _tongue(language)
    scene = _scene(random.Random(f"{seed}:{number}"), tongue)
    dice = random.Random(f"{seed}:{number}:headline:{house}")
    return _first_capital(dice.choice(tongue["headlines"]).format_map(_slots(dice, tongue, scene)))


@cache
def people_of(language: str) -> tuple[str, ...]:
    """The people who write in a language."""
    return tuple(_tongue(language)["people"])


def places_of(language: str, dice: random.Random) -> tuple[str, str]:
    """Two places where a language is spoken."""
    one, other = _scene(dice, _tongue(language))["places"]
    return one, other


@cache
def words_of(language: str) -> dict[str, tuple[str, ...]]:
    """The words that fill a language's sentences, by what they stand for; any of a kind may replace another."""
    tongue = _tongue(language)
    return {name: tuple(tongue[name]) for name in ("things", "about", "groups", "issues", "times", "verbs")}


@lru_cache(maxsize=256)
def revised(seed: int, number: int, version: int) -> Story:
    """The article as of `version` (1 is the first): each revision rewrites one paragraph and adds one."""
    done = story(seed, number)
    tongue = _tongue(TONGUES[number % len(TONGUES)])
    for step in range(2, version + 1):
        dice = random.Random(f"{seed}:{number}:{step}")
        scene = _scene(dice, tongue)
        kept = list(done.paragraphs)
        kept[-1] = Paragraph(_paragraph(dice, tongue, scene))
        kept.append(Paragraph(_paragraph(dice, tongue, scene)))
        done = replace(done, paragraphs=tuple(kept))
    return done


def _scene(dice: random.Random, tongue: dict[str, Any]) -> dict[str, list[str]]:
    """What one article keeps coming back to: two places, a few people and bodies."""
    return {
        "places": [dice.choice(tongue["first"]) + dice.choice(tongue["last"]) for _ in range(2)],
        "people": dice.sample(tongue["people"], 3),
        "bodies": dice.sample(tongue["bodies"], 4),
    }


def _slots(dice: random.Random, tongue: dict[str, Any], scene: dict[str, list[str]]) -> dict[str, str]:
    slots = {
        "place": scene["places"][0],
        "other": scene["places"][1],
        "person": dice.choice(scene["people"]),
        "role": dice.choice(tongue["roles"]),
        "body": dice.choice(scene["bodies"]),
        "verb": dice.choice(tongue["verbs"]),
        "thing": dice.choice(tongue["things"]),
        "about": dice.choice(tongue["about"]),
        "group": dice.choice(tongue["groups"]),
        "issue": dice.choice(tongue["issues"]),
        "time": dice.choice(tongue["times"]),
        "claim": dice.choice(tongue["claims"]),
        "number": str(dice.randint(101, 9999)),
        "small": str(dice.randint(11, 99)),
        "share": str(dice.randint(3, 88)),
    }
    return slots | {name.capitalize(): _first_capital(word) for name, word in slots.items()}


def _paragraph(dice: random.Random, tongue: dict[str, Any], scene: dict[str, list[str]]) -> str:
    patterns = dice.sample(tongue["sentences"], dice.randint(2, 4))
    sentences = [_first_capital(p.format_map(_slots(dice, tongue, scene))) for p in patterns]
    return unicodedata.normalize("NFC", tongue.get("between", " ").join(sentences))


def _first_capital(text: str) -> str:
    for place, letter in enumerate(text):
        if letter not in _BEFORE_CAPITAL:
            return text[:place] + letter.upper() + text[place + 1 :]
    return text
