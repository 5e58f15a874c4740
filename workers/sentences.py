"""Split a document's text into sentences, whatever its script; the same words always come apart at the same places."""

from __future__ import annotations

import re

_BLANK = re.compile(r"\n\s*\n")
_CLOSED = "\"'”’»›)\\]」』》〉）】］〗〕"
_STRONG = "。！？｡۔؟।॥։።။"  # no script uses these inside a sentence
# Where a sentence may end: at a strong mark; at another before white space; at the Greek question mark, a semicolon.
_FORM = (
    rf"[.!?…‥;{_STRONG}](?:"
    rf"(?<=[{_STRONG}])(?<![{_STRONG}].)[{_STRONG}!?…]*+(?:[{_CLOSED}]|[“«‹](?!\S))*+(?![とっ、，])"
    rf"|(?P<weak>(?<=[.!?…‥])(?<![.!?…‥].)[.!?…‥]*+[{_CLOSED}“«‹]*+(?=\s))"
    r"|(?<=[\u0370-\u03ff\u1f00-\u1fff];)(?=\s)"
    r")\s*"
)
_END = re.compile(_FORM)
# Thai and Lao have no marks: there a space ends a clause of some length, if letters stand on both its sides.
_UNMARKED = re.compile("[\u0e01-\u0ecd]")
_CLAUSE = re.compile(_FORM + r"|(?<=[\u0e01-\u0e4e\u0e81-\u0ecd]{15})\s(?=[\u0e01-\u0e4e\u0e81-\u0ecd])")
_OPENING = " \"'“”„«»‹›‘’‚([¿¡-–—•*"
# Before a capital or a digit these end no sentence. What is followed by a small letter needs no entry here.
_SHORT = frozenset(
    "dr mr mrs ms mx prof st ste sen rep gov gen col lt sgt capt cmdr rev hon jr sr messrs mt ft vs inc ltd co corp "
    "dept approx etc ph.d nr bzw ca usw evtl ggf inkl zzgl str hl ing dipl vgl geb gest mio mrd hrsg mme mlle mgr cie "
    "bd sra srta sto sta dña ud avda dott sig sigg avv dra exmo mej dhr mevr drs prof.dr fru hr frk im św ks płk inż "
    "ул им гг проф акад св doc mudr judr phdr tzn tzv pozn doç yrd bkz डॉ प्रो पं श्री κ κα δρ د.م أ.د ד״ר".split()
)
_NUMBERED = frozenset(  # only before a digit: most are words as well
    "no nos nr n.º núm num p pp art fig vol ch sec sect ed est abs tel kl bl pág str ст стр см тел č št №"
    " jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun".split()
)
# After a short word these begin a sentence all the same: "in the U.S. The vote".
_BEGINNERS = frozenset(
    "The He She It They We In But And This That There His Her Their On At For Die Der Das Er Sie Es".split()
)
_COUNTED = frozenset("am der dem den des vom zum im bis und seit ab die das beim".split())  # a German ordinal follows
_MONTH = re.compile(r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert)")
_HANGUL_OR_WIDE = "\u1100"  # from here on a single letter is a word of its own


def sentences(text: str) -> list[str]:
    """The sentences in order, white space inside them one space; a paragraph's end always ends one.

    Paragraphs stand apart by a blank line. No character but white space is lost. What comes out, joined again by blank
    lines, comes out as it is.
    """
    found: list[str] = []
    for part in _BLANK.split(text):
        found += _split(" ".join(part.split()))
    return found


def _split(part: str) -> list[str]:
    """The sentences of one paragraph on one line."""
    found: list[str] = []
    start = 0
    marks = _CLAUSE if not part.isascii() and _UNMARKED.search(part) else _END
    for match in marks.finditer(part):
        end = match.end()
        if match["weak"] is not None and not _ends(part, start, match.start(), end):
            continue
        found.append(part[start:end].rstrip())
        start = end
    if start < len(part):
        found.append(part[start:])
    return found


def _ends(part: str, start: int, at: int, after: int) -> bool:
    """Whether the mark at `at` ends the sentence that began at `start`; `after` is where the next would begin."""
    rest = part[after : after + 40].lstrip(_OPENING)
    if rest[:1].islower() and not "ა" <= rest[0] <= "ჿ":  # Georgian letters count as small
        return False
    if part[at] != "." or part.startswith("..", at):
        return True
    word = part[max(part.rfind(" ", start, at) + 1, start) : at].lstrip(_OPENING)
    if word.isdigit():
        return len(word) > 2 or not _ordinal(part[max(start, at - 40) : at].split(" ")[-2:], rest)
    return not _shortened(word, rest) or rest.split(" ", 1)[0] in _BEGINNERS


def _ordinal(last: list[str], rest: str) -> bool:
    """Whether a number with a full stop counts: "1. FC", "am 3. Oktober"; `last` is the word before and the number."""
    return len(last) < 2 or last[0].lower() in _COUNTED or _MONTH.match(rest) is not None


def _shortened(word: str, rest: str) -> bool:
    """Whether a word before a full stop is an initial, letters with full stops between, or a known short form."""
    if len(word) == 1:
        return word.isalpha() and word < _HANGUL_OR_WIDE
    low = word.casefold()
    if low in _SHORT or (low in _NUMBERED and rest[:1].isdigit()):
        return True
    return "." in word and all(piece.isalpha() and len(piece) <= 2 for piece in word.split("."))
