"""Tell whether a new version of a text says that it corrects the one before.

The form decides, not the word: a label with a colon or in brackets, an editor's note that names a fault, an earlier
version of this very text, a sentence that this text was put right. "The market correction" is none of these. The forms
are data (corrections.toml), asked in all languages at once.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from workers.changes import Change
from workers.churn import furniture

LONGEST = 1000  # characters of a sentence that are looked at
NEAR = 30  # characters after "an earlier version of this article" in which "was published" makes it an older print
_OPEN, _CLOSE = r"(\[<{（【［〔《「『＜", r")\]>}）】］〕》」』＞"
_LEAD = " \"'“”„«•*–—-※▲■◆●☞►▶·"  # what may stand before a note
# Between a label and its colon: "Correction (3 March):", "Correction, 3 March:", "Korrektur vom 3. März:".
_SCOPE = r"(?:\s?[,(\[（][^:：]{0,40}|\s(?:(?:of|on|vom|du|del|di|van|av|af|от|від)\s)?\d[^:：]{0,25})?"
_BOXED = (
    rf"(?:[^{_CLOSE}]{{0,12}}\d[^{_CLOSE}]{{0,12}})?[{_CLOSE}]"  # nothing but a date between a label and its bracket
)
_WIRE = r"(?:(?:update|rpt|refile|repeat|wrapup|urgent|eil)\s?\d{0,2}\s?[-:/]\s?)*"  # "UPDATE 2-CORRECTED-"


@cache
def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(files("workers").joinpath("corrections.toml").read_text("utf-8"))[name]
    return table


@cache
def _phrases(name: str) -> str:
    """All phrases of a table as one pattern, the longest first."""
    phrases = {phrase for row in _table(name).values() for phrase in row}
    return "(?:" + "|".join(sorted(map(re.escape, phrases), key=len, reverse=True)) + r")(?!\w)"


@cache
def _any(name: str) -> re.Pattern[str]:
    """All patterns of a table as one."""
    return re.compile("|".join(pattern for row in _table(name).values() for pattern in row))


@cache
def _title() -> re.Pattern[str]:
    """A title's mark: at its start with a colon, slash, dash or in brackets; at its end in brackets."""
    label = _phrases("labels")
    start = rf"^[{re.escape(_LEAD)}]*{_WIRE}(?:[{_OPEN}]\s*{label}{_BOXED}|{label}(?:\s?[:：/]|\s[–—-]\s))"
    wire = rf"^{_WIRE}(?-i:[A-Z]*CORR(?:ECT(?:ED|ION))?(?:[ -]\([A-Z ]+\))?-)"
    return re.compile(rf"{start}|{wire}|[{_OPEN}]\s*{label}\s*[{_CLOSE}]\W*$", re.IGNORECASE)


@cache
def _label() -> re.Pattern[str]:
    """A sentence's beginning that labels it a correction."""
    label = _phrases("labels")
    return re.compile(rf"[{_OPEN}]\s*{label}\s*(?:[:：,;–—]|{_BOXED})|{label}{_SCOPE}\s?[:：]")


@cache
def _alone() -> re.Pattern[str]:
    """A line that is nothing but a label."""
    return re.compile(rf"\W*{_phrases('labels')}\W*")


@cache
def _editor() -> re.Pattern[str]:
    """An editor's note: its label at the start, or anywhere after an opening bracket."""
    label = _phrases("editors")
    return re.compile(rf"(?:^|[{_OPEN}])\s*{label}\.?\s*(?:[:：,;–—{_CLOSE}-]|$)")


def corrects(change: Change, title_before: str, title_after: str) -> bool:
    """Whether the new version says that it corrects: by a new mark in its title, or a note among what was added."""
    mark = _title()
    if mark.search(title_after[:LONGEST]) and not mark.search(title_before[:LONGEST]):
        return True
    return bool(notes(change.added))


def notes(added: tuple[str, ...]) -> list[str]:
    """The sentences among them that say so, in order."""
    low = [sentence[:LONGEST].lower() for sentence in added]
    return [s for s, said, after in zip(added, low, [*low[1:], ""], strict=False) if _says(said, after)]


def _says(sentence: str, following: str) -> bool:
    """Whether a sentence says that its text is corrected; the one after it helps where it is only a label.

    Both in small letters.
    """
    begin = sentence.lstrip(_LEAD)
    if _label().match(begin):
        return not furniture(sentence)
    if _alone().fullmatch(begin):
        return _any("wrong").search(following) is not None
    if _editor().search(begin) or _any("hints").search(begin):
        return _any("wrong").search(sentence + " " + following) is not None
    if not any(stem in sentence for stem in _table("stems")["all"]):
        return False
    if earlier := _any("earlier").search(sentence):
        after = sentence[earlier.end() :]
        return not _any("printed").search(after[:NEAR]) or _any("wrong").search(after) is not None
    return _any("notes").search(begin) is not None
