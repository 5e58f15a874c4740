"""The marks wires set above a headline, as tables: what a version is to the one before, which part of a text it is.

A mark is a line, or a group in parentheses, of its own: `2ND LEAD`, `(Berichtigung: ...)`, `KILL KILL KILL`. A kill
cannot be taken back, so nothing counts as one but a mark that means nothing else; headlines are read by no other table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ingest.item import Item, Signal, Status

_ORDINAL = r"\d{1,2}(?:ST|ND|RD|TH)?"
_KILL = (
    "KILL|WITHDRAWAL|WITHDRAWN|RETRACTION|RETRACTED|STORY REMOVED|"  # English
    "ZURÜCKGEZOGEN|ZURÜCKZIEHUNG|ANNULLIERUNG|ANNULLIERT|ELIMINIERUNG|STORNO|STORNIERUNG|STORNIERT|"  # German
    "ANNULATION|ANNULÉ|ANNULÉE|ELIMINAR|ANULACIÓN|ANULACION|ANULADA|ANULADO|"  # French, Spanish
    "ANNULLAMENTO|ANNULLATA|INGETROKKEN|INTREKKING|"  # Italian, Dutch
    "ANNULLERES|ANNULLERET|ANNULLERT|ANNULLERAS|DRAS TILLBAKA|TREKKES TILBAKE|TRÆKKES TILBAGE|"  # Nordic
    "ANULOWANIE|ANULOWANO|WYCOFANIE|АННУЛИРОВАНИЕ|АННУЛИРУЕТСЯ"  # Polish, Russian
)
_TEXT = "MELDUNG|BERICHT|BEITRAG|ARTIKEL|TEXT|STORY|ARTICLE|DÉPÊCHE|NOTICIA|NOTIZIA"
_KILLED = re.compile(
    rf"(?:(?:ATTENTION|ACHTUNG|ATENCIÓN|ATENCION|BULLETIN|MANDATORY|URGENT|ADVISORY|{_TEXT})\W+){{0,3}}"
    rf"({_KILL})(?:\W+(?:{_KILL}|NOTICE|ADVISORY|MANDATORY|{_TEXT})){{0,4}}"
)
_REPEATED = re.compile(rf"({_KILL}|حظر)(?:\W+\1){{1,4}}(?:\W+ATENCI[OÓ]N REDACCIONES)?|АННУЛИРОВАНИЕ")
_RECALLED = re.compile(
    rf"\(?ACHTUNG\b.{{0,40}}?\b(?:{_TEXT})\b.{{0,120}}?\b(?:ZURÜCKGEZOGEN|ZURÜCKGENOMMEN|ANNULLIERT|STORNIERT)\b"
)
_CORRECTED = re.compile(
    r"(?:\d{1,2}\. |ACHTUNG\W+|ATTENTION\W+)?"
    r"(?:BERICHTIGUNG|BERICHTIGT|KORREKTUR|KORRIGIERT|RICHTIGSTELLUNG|CORRECTION|CORRECTED|CORRECTS|CORRECTIVE|"
    r"CORRECT[ -]+WRITETHRU|ERRATUM|RECTIFICATIF|RECTIFICATION|CORRIGÉ|CORRECTIF|CORRECCIÓN|CORRECCION|"
    r"VERSIÓN CORREGIDA|CORREZIONE|RETTIFICA|CORREÇÃO|CORRECTIE|RECTIFICATIE|RETTELSE|KORRIGERT|KORREKTION|RÄTTELSE|"
    r"KORJAUS|KOREKTA|КОРРЕКЦИЯ|ИСПРАВЛЕНИЕ|تصحيح)(?!\w)"
)
_UPDATE = (
    rf"(?:{_ORDINAL} ?(?:LEAD|LD|NET|UPDATE|WRITETHRU|ADD|SUB)|LEAD(?: \d{{1,2}})?|"
    r"UPDATE(?: \d{1,2})?|UPDATED|UPDATES|WRITETHRU|REFILE|REFILED|"
    r"AKTUALISIERUNG|AKTUALISIERT|NEUFASSUNG|ERGÄNZUNG|ERGÄNZT|ACTUALISATION|MISE À JOUR|METTRE À JOUR|"
    r"ACTUALIZACIÓN|ACTUALIZACION|AGGIORNAMENTO|ATUALIZAÇÃO|NY VERSION|NYVERSION|UPPDATERING|OPPDATERING|"
    r"AKTUALIZACJA|ОБНОВИТЬ|ОБНОВЛЕНИЕ|تحديث)(?!\w)"
)
_UPDATED = re.compile(rf"{_UPDATE}(?: {_UPDATE}){{0,4}}")
_HASTE = "FLASH|URGENTE|URGENT|BULLETIN|D'URGENCE|PILNE|BLITZ|EIL|МОЛНИЯ|СРОЧНО|عاجل جدا|عاجل"
_URGENT = re.compile(rf"(?:{_HASTE}) ?:?")
_HURRIED = re.compile(rf"(?:{_HASTE})\s*[:\x07][\s\x07]*")  # capitals are no word of urgency by themselves
_GENRE = re.compile(
    r"(?:NEWS )?(?:FEATURE|ANALYSIS|BACKGROUND|BACKGROUNDER|FACTBOX|PROFILE|ROUNDUP|SUMMARY|INTERVIEW|CHRONOLOGY|"
    r"TIMELINE|PREVIEW|OBITUARY|COMMENTARY|REVIEW|ADVISORY|EXTRA|EXPLAINER|DIARY|REPEAT|RPT|RPT RPT)(?: - .*)?"
)
_PARTS = (  # of a text in several messages; the added value is what an "add" comes after
    (re.compile(rf"({_ORDINAL}) TAKE|TAKE (\d{{1,2}})(?: OF \d{{1,2}})?"), 0),
    (re.compile(rf"({_ORDINAL}) ADD|ADD (\d{{1,2}})"), 1),
    (
        re.compile(
            r"(\d{1,2})\. ?(?:TEIL|FOLGE)|(?:TEIL|FOLGE|PART|PARTIE|PARTE) (\d{1,2})(?: (?:VON|OF|DE|UND|ET|Y) .*)?"
        ),
        0,
    ),
)
_MORE = re.compile(r"\W*(?:MORE|MEHR|MORE FOLLOWS|MEHR FOLGT|FORTSETZUNG FOLGT|À SUIVRE|SUITE SUIT|SIGUE|SEGUE|MF)\W*")
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_LONG = 300  # characters of a mark; what is longer is a note, read up to here


def plain(mark: str) -> str:
    """A mark without its brackets and bells, in capitals."""
    return " ".join(_EDGE.sub("", mark[:_LONG]).upper().replace("_", " ").replace("-", " ").split())


def signal(marks: Iterable[str]) -> Signal | None:
    """What the marks of a version say it is: a kill before a correction before an update."""
    words = [plain(mark) for mark in marks]
    if any(_KILLED.fullmatch(word) or _REPEATED.fullmatch(word) or _RECALLED.match(word) for word in words):
        return Signal.KILL
    if any(_CORRECTED.match(word) for word in words):
        return Signal.CORRECTION
    return Signal.UPDATE if any(_UPDATED.match(word) for word in words) else None


def applied(item: Item, more: Iterable[str] = ()) -> Item:
    """The item with what its marks say of it; `more` are words of its notes, which may tell anything but a kill."""
    if item.headline and kills(item.headline):
        item = replace(item, headline=None, signals=(*item.signals, item.headline))
    if signal(item.signals) is Signal.KILL:
        return replace(item, signal=Signal.KILL, status=Status.CANCELED)
    said = signal((*item.signals, *more))
    return replace(item, signal=signal(item.signals) if said is Signal.KILL else said)


def kills(headline: str) -> bool:
    """Whether a whole headline is nothing but a kill: where the word is repeated, or is the one dpa uses in Russian."""
    return bool(_REPEATED.fullmatch(plain(headline)))


def is_mark(line: str) -> bool:
    """Whether a line is a mark: of a version, of a part, of urgency or genre, and nothing else."""
    word = plain(line)
    known = (_UPDATED, _GENRE, _KILLED, _REPEATED, _CORRECTED)
    return any(form.fullmatch(word) for form in known) or bool(_URGENT.fullmatch(word)) or part((line,)) is not None


def unhurried(headline: str) -> str:
    """A headline without the word of urgency some agencies set before it."""
    return _HURRIED.sub("", headline, count=1) if _HURRIED.match(headline) else headline


def part(marks: Iterable[str]) -> int | None:
    """Which part of a text in several messages this one is, the last if it is several; None where no mark says."""
    found = []
    for word in map(plain, marks):
        for form, after in _PARTS:
            if match := form.fullmatch(word):
                found.append(int(re.sub(r"\D", "", match[1] or match[2])) + after)
    return max(found, default=None)


def goes_on(paragraph: str) -> bool:
    """Whether a paragraph only says that the text goes on in another message."""
    return len(paragraph) < 30 and bool(_MORE.fullmatch(paragraph.upper()))
