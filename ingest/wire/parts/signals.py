"""What a version is to the one before: decided from the signals its agency gives, in all formats alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ingest.item import Signal

# The last part of a code, lower-cased. IPTC's own are correction and update (http://cv.iptc.org/newscodes/signal/);
# the others are words that agencies use in the same place.
_WORDS = {
    "correction": Signal.CORRECTION,
    "corrected": Signal.CORRECTION,
    "update": Signal.UPDATE,
    "updated": Signal.UPDATE,
    "kill": Signal.KILL,
    "killed": Signal.KILL,
    "withdrawal": Signal.KILL,
    "withdrawn": Signal.KILL,
    "retraction": Signal.KILL,
    "remove": Signal.KILL,
    "delete": Signal.KILL,
}
# How English notes to editors begin ("Eds: Adds details."); longer notes may say anything. A kill names the story or is
# all of its sentence ("Mandatory kill: wrong picture"); who kills a paragraph ("Kills 3rd graf") only edits.
_NOTED = re.compile(
    r"\W*(?:eds?\b\W*|editors?\b\W*)?(?:"
    r"(?P<kill>(?:mandatory |bulletin )?(?:kills?|killed|withdraws?|withdrawn|withdrawal)"
    r"(?:(?: of)?(?: this| the)? (?:story|item|article)(?! (?:lines?|links?|count|numbers?)\b)(?!['’])|"
    r"(?: (?:this |the )?(?:text|notice|advisory|mandatory|kill))*"
    r"(?=\s*[.:;!]|\s*,\s*(?:repeat\s+)?kill|\s+[(–—-]|\s*$)))|"
    r"(?P<correction>correct(?:s|ion|ed|ing)?|refiles?)|"
    r"(?P<update>updates?|updating|adds?|adding|recasts?|subs|kills|withdraws|deletes|new lead))\b",
    re.IGNORECASE,
)
_ORDER = (Signal.KILL, Signal.CORRECTION, Signal.UPDATE)  # a corrected update is a correction


def decided(codes: Iterable[str], known: Mapping[str, str] | None = None, also: Iterable[str] = ()) -> Signal | None:
    """The gravest meaning among some codes; `known` are a dialect's codes, each with "correction", "update" or "kill".

    A code that the dialect gives another word, such as "none", means nothing. `also` are such words found elsewhere.
    """
    found = {_meant(code, known or {}) for code in codes} | {Signal(word) for word in also}
    return next((signal for signal in _ORDER if signal in found), None)


def noted(text: str) -> str | None:
    """The word for decided() that the beginning of a note to editors stands for."""
    match = _NOTED.match(text[:100])
    return match.lastgroup if match else None


def _meant(code: str, known: Mapping[str, str]) -> Signal | None:
    if code in known:
        word = known[code]
        return Signal(word) if word in list(Signal) else None
    return _WORDS.get(code.replace("/", ":").rpartition(":")[2].lower())
