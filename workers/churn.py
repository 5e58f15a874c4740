"""Tell what a page changes while its story stays the same: stamps, counters, links, invitations, credits, spelling.

Structure decides where it can, words where it must. The words are data (churn.toml) and are asked in all languages at
once: a page's furniture need not be in the language of its text.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from workers import normalise
from workers.changes import Change, cancel, fold

LONGEST = 240  # characters; longer lines are prose
COUNTER = 4  # words a line has at most whose number may count anything
COUNTERS = 3  # lines that may change so; more of them are a table
HEADLINE = (4, 20)  # words of a headline in a list of others
LISTED = 100  # headlines in such a list at most: each is compared with each
ALIKE = 0.4  # share of letter runs that two headlines have in common if one is the other reworded
NAMES = 20  # words that names and what joins them take at most
_MARKED = re.compile(r"[.!?…。！？｡؟۔।॥։።။][\"'”’“»›)\]」』》〉）】]*$")
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_NO_MARKS = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")  # scripts whose sentences end with nothing
_WIDE = re.compile(f"[{_UNSPACED}]")
_GAP = re.compile(r"[\s\d.,;:!?()\[\]{}/\\|·•*–—―‐_<>«»„“”\"'’‘،؛؟。、，：（）【】「」~〜+#©%@&→►▶…-]+")
_VOWELS = re.compile("[\u064b-\u065f]")  # Arabic, written or not
_DATE = re.compile(r"\d{1,2}\.?\s(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?(?:19|20|25)\d\d(?!\d)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+|[@#]\w+")
_MOMENT = re.compile(r"(?<![\d.,])(?:\d{1,4}([./-])\d{1,2}\1\d{2,4}|\d{1,2}[:h]\d\d)(?!\d)")  # 12.03.2026, 14:05
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SCORE = re.compile(r"(?<![\d.:/-])\d{1,3}\s?(?:[-–:]\s?(?:\d|\d{3})|[-–]\s?\d\d)(?![\d.:/])")  # 2:1, 98-102, not 14:05
_MONEY = re.compile(r"[%‰$€£¥₹₽₺₩₪฿]")
_NAMED = re.compile(r"[:：]\s*\W?\d")
_PARTICLES = frozenset(
    "von van vom zu zur der den de du da di do dos das del della la le el al bin ibn y e i и و ve och og ja and und et "
    "en a in".split()
)


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("workers").joinpath("churn.toml").read_text("utf-8"))


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """All words of the furniture, and those among them that tell that it is furniture."""
    told = [row.partition("|")[::2] for row in _data()["words"].values()]
    telling = " ".join([tell for tell, _ in told] + list(_data()["calendar"].values()))
    every = f"{telling} {' '.join(glue for _, glue in told)}"
    return frozenset(_tokens(every)), frozenset(_tokens(telling))


@cache
def _wide_words() -> re.Pattern[str]:
    """The words of scripts that do not part them, the longest first."""
    wide = {word for word in _words()[0] if _WIDE.search(word)}
    return re.compile("|".join(sorted(map(re.escape, wide), key=len, reverse=True)))


@cache
def _starts(table: str, after: str) -> re.Pattern[str]:
    """A line's beginning in one table of phrases, with what must stand after it."""
    phrases = sorted({phrase for row in _data()[table].values() for phrase in row}, key=len, reverse=True)
    return re.compile("|".join(re.escape(p) if p.endswith(":") else re.escape(p) + after for p in phrases))


@cache
def _agencies() -> tuple[frozenset[str], re.Pattern[str]]:
    """Their names as words, and as a credit in brackets with the date before and the dash after it."""
    names = _data()["agencies"]["all"].split()
    any_of = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    credit = rf"(?:,[^,()（）]{{1,25}})?\s*[(（](?:{any_of})(?!\w)[^()（）]{{0,30}}[)）]\s*[-–—:：]*\s*"
    return frozenset(piece for name in names for piece in _tokens(name)), re.compile(credit, re.IGNORECASE)


def cosmetic(change: Change) -> bool:
    """Whether nothing of the story changed; also true where nothing changed at all.

    What may have changed: case, white space and punctuation, where sentences are parted, furniture (see `furniture`),
    credits of agencies, a number in a short line that is no sentence, and headlines in a list of others.
    """
    removed = [s for s in change.removed if not furniture(s)]
    added = [s for s in change.added if not furniture(s)]
    removed, added = cancel(removed, added, _uncredited)
    if "".join(map(fold, removed)) == "".join(map(fold, added)):
        return True
    if len(removed) <= COUNTERS:
        removed, added = cancel(removed, added, _uncounted)
    return (not removed and not added) or _rotated(removed, added)


def furniture(line: str) -> bool:
    """Whether a line tells nothing of a story: a stamp, counter, button, link, invitation, credit, or marks alone."""
    if len(line) > LONGEST:
        return False
    low = line.lower().strip()
    begin = low.lstrip(" •*-–—>►▶|([（【\"'")
    if _starts("invites", r"(?!\w)").match(begin) or _starts("labels", r"\s*(?:[:：|»>►▶→]|\W*$)").match(begin):
        return True
    return _stamp(line, low) or _signed(line, _tokens(low))


def _stamp(line: str, low: str) -> bool:
    """Whether nothing stands in a line but the furniture's words, dates, addresses, numbers and marks."""
    rest = _ADDRESS.sub(" ", low)
    undated = _DATE.sub(" ", rest)
    tokens, dated = _tokens(undated), undated != rest
    strange = [token for token in tokens if not _known(token)]
    if strange:  # one word beside a date says "updated" in a language that is not listed
        return dated and len(strange) == 1 and not _WIDE.search(strange[0]) and not _MARKED.search(line)
    if not tokens:
        return dated or not _NUMBER.search(rest) or _MOMENT.search(rest) is not None
    if _NUMBER.search(rest) and not _MARKED.search(line):
        return True
    return dated or _MOMENT.search(rest) is not None or any(map(_tells, tokens))


def _tokens(text: str) -> list[str]:
    return [token for token in _GAP.split(_VOWELS.sub("", text)) if token]


def _known(token: str) -> bool:
    """Whether a word is one of the furniture's."""
    if token in _words()[0]:
        return True
    return _WIDE.search(token) is not None and not _wide_words().sub("", token)


def _tells(token: str) -> bool:
    """Whether a known word, or one of those a token is made of, is found in furniture more than anywhere else."""
    telling = _words()[1]
    return token in telling or any(word in telling for word in _wide_words().findall(token))


def _signed(line: str, tokens: list[str]) -> bool:
    """Whether a line only credits: an agency with a sign of its editor, or words such as "Reporting by" and names."""
    agencies = _agencies()[0]
    if tokens and len(line) <= 24 and tokens[0] in agencies and all(len(t) <= 4 or t in agencies for t in tokens):
        return not _MARKED.search(line) and len(tokens) <= 4
    bare = line.lstrip(" •*-–—([（")
    found = _starts("credits", r"[\s:：]").match(bare.lower())
    if found is None or len(tokens) > NAMES or len(found[0]) >= len(bare):
        return False
    credits = {word for row in _data()["credits"].values() for phrase in row for word in phrase.split()}
    return all(_name(word, credits) for word in re.findall(r"[^\s;,()]+", bare[len(found[0]) :]))


def _name(word: str, credits: set[str]) -> bool:
    """Whether a word may stand between names."""
    low = word.lower().strip(".:&/–—-")
    return not (word[0].islower() or word[0].isdigit()) or not low or low in _PARTICLES or low in credits


def _uncredited(sentence: str) -> str:
    """A sentence as it is compared without agencies in brackets."""
    return fold(_agencies()[1].sub(" ", sentence) if "(" in sentence or "（" in sentence else sentence)


def _uncounted(line: str) -> str:
    """A short line without its numbers, if they may count readers as well as anything; else the line."""
    counts = (
        not _MARKED.search(line)
        and not _NO_MARKS.search(line)
        and normalise.words(_NUMBER.sub(" ", line)) <= COUNTER
        and not (_SCORE.search(line) or _MONEY.search(line) or _NAMED.search(line))
    )
    return fold(_NUMBER.sub("0", line)) if counts else line


def _rotated(removed: list[str], added: list[str]) -> bool:
    """Whether a list of headlines shows others: as many as before, 2 to LISTED, and none of them one reworded."""
    if len(removed) != len(added) or not 2 <= len(added) <= LISTED or not all(map(_headline, [*removed, *added])):
        return False
    old, new = [list(map(_runs, side)) for side in (removed, added)]
    return all(len(a & b) < ALIKE * min(len(a), len(b)) for a in old for b in new)


def _headline(line: str) -> bool:
    """Whether a line may be the headline of another story."""
    least, most = HEADLINE
    words = 0 if _MARKED.search(line) or _NO_MARKS.search(line) else normalise.words(line)
    return least <= words <= most and not line[0].isdigit()


def _runs(line: str) -> frozenset[str]:
    text = fold(line)
    return frozenset(text[at : at + 3] for at in range(max(1, len(text) - 2)))
