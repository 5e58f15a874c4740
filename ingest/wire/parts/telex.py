"""Text as the formats of the telex age carry it (IPTC 7901, ANPA 1312, ZCZC): ruled lines into clean paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest import tidy
from ingest.wire.parts import marks

_RULED = 132  # characters of the longest line a printer ruled
_BULLET = re.compile(r"[ \t]{1,6}[*•·]\s")
_INDENT = re.compile(r"(?: {2,}|\t)\s*\S")
_GAP = re.compile(r"\S( {3,}|\t+ *)(?=\S)")  # between columns
_FRAME = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"[\s|:_=*+.-]*")
_PLACE = re.compile(r"([^\W\d_][^()\n]{1,69}?) \(([^()\n]{2,30})\)( ?[-–—_]{1,2}(?=\s|$))?")
_OPEN_PLACE = re.compile(
    r"([^\W\d_][^()\n]{1,49}?,? (?:[^\W\d_]{3,9}\.? \d{1,2},? )?)([A-Z][A-Za-z]{1,7}) ([-–—_])(?=\s|$)"
)
_AGENCIES = frozenset(
    "AAP AFP AGERPRES ANP ANSA AP APA ATS BELGA CP CTK DPA EFE EPD JIJI KNA KYODO LUSA MTI NTB NZPA PA PAP REUTERS "
    "RITZAU SDA SID STT TASS TT UPI XINHUA YONHAP".split()
)
_EDITORS = re.compile(
    r"[\W_]*(?:eds?|editors?|note to (?:the )?editors?|editors?['’]s? ?note|editor['’]s note|attention,? editors?|"
    r"achtung,? redaktion(?:en)?|hinweis (?:an die|für die) redaktion(?:en)?|redaktioneller hinweis|"
    r"note aux rédactions|attention rédactions|atención redacciones|nota a los redactores)\s*[:_–—-]",
    re.IGNORECASE,
)
_NONPUBLIC = re.compile(
    r"not (?:intended )?for (?:publication|broadcast)\b(?! (?:before|until|till|prior))|"
    r"nicht (?:zur|für die) veröffentlichung|nicht zur publikation|pas destin\w+ à (?:la )?publication|"
    r"ne pas publier|no (?:est[áa]n? )?destinad\w+ (?:a|para) (?:la |su )?publicaci[oó]n|"
    r"non destinat\w+ alla pubblicazione|niet voor publicatie|не для публикации|nie do publikacji",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"[\W_]*(?:for (?:more|further) information\b|(?:media|press|editorial|investor relations) (?:contact|[ei]nquir)|"
    r"contacts?\s*:|contact$|pressekontakt|medienkontakt|rückfragen?\b|kontakt\s*:|contact presse|contacto de prensa)",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:By|BY|Von|VON|Par|PAR|Por|POR|Di|Door|Av|Af|Från|Przez|От)\s+\S")
_SMALL = frozenset("and und et y e en och og de der den di da du la le van von zu zur am in at dpa for für the".split())


def paragraphs(lines: Iterable[str], *, ragged: bool = False) -> list[str]:
    """Lines as paragraphs: blank lines part them, so do indents, bullets and columns; frames of tables are left out.

    `ragged`: so does a line that ends before the next one's first word would have had to, or any where none was ruled.
    """
    found: list[list[str]] = []
    lines = list(lines)
    width = max((len(" ".join(line.split())) for line in lines), default=0) if ragged else 0
    for block in _blocks(lines):
        listed, before = False, ""
        for line in block:
            row, bullet = _row(line), bool(_BULLET.match(line))
            room = len(before) + 1 + len(line.split(maxsplit=1)[0]) <= max(width, 60)
            early = ragged and (room or width > _RULED)
            starts = bullet or row is not None or early or (not listed and bool(_INDENT.match(line)))
            if starts or not found or not before:
                found.append([])
            found[-1].append(line if row is None else row)
            listed = (listed and not starts) or bullet
            before = "" if row is not None else " ".join(line.split())
    return [text for parts in found if (text := tidy.line(" ".join(parts)))]


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """The lines between blank ones."""
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _row(line: str) -> str | None:
    """A line that stands for itself, such as a row of a table without its frame; None for a line of prose."""
    if _FRAME.fullmatch(line):
        return "" if _RULE.fullmatch(line) else " ".join(cell.strip() for cell in line.split("|") if cell.strip())
    gaps = _GAP.findall(line)
    return line if len(gaps) > 1 or (gaps and len(gaps[0]) > 6) else None


def counted(lines: Iterable[str]) -> int:
    """How many words lines have as headers count them: bullets and dashes are words, frames of tables are none."""
    return sum(word != "|" for line in lines for word in line.split())


def dateline(paragraph: str, *agencies: str) -> tuple[str, str] | None:
    """The dateline that opens a paragraph, and the place in it; `agencies` are those the message names."""
    head = paragraph[:130]
    named = {agency.lower() for agency in agencies if agency}
    if match := _PLACE.match(head):
        parts = match[2].split("/")
        own = any(part.strip().lower() in named for part in parts)
        known = all(part.strip().islower() or part.strip().upper() in _AGENCIES for part in parts)
        if own or (known and match[3]):
            return match[0].strip(), _place(match[1])
    if (match := _OPEN_PLACE.match(head)) and (match[2].upper() in _AGENCIES or match[2].lower() in named):
        return match[0].strip(), _place(match[1])
    return None


def _place(text: str) -> str:
    """The place of a dateline without the day some put behind it."""
    return re.sub(r",? [^\W\d_]{3,9}\.? \d{1,2},?\s*$", "", text).strip(" ,")


def is_byline(line: str, *, apart: bool = True) -> bool:
    """Whether a line names who wrote the text; `apart`: it cannot be the rest of a line that was too long."""
    words = line.split()
    if not _BY.match(line) or len(words) > 25:
        return False
    return apart or all(word in _SMALL or not word[0].isalpha() or word[0].isupper() for word in words[1:])


def for_editors(paragraph: str) -> bool:
    """Whether a paragraph speaks to editors and not to readers."""
    return bool(_EDITORS.match(paragraph[:80]))


def nonpublic(line: str) -> bool:
    """Whether a line says that what follows is not for publication."""
    return len(line) < 200 and bool(_NONPUBLIC.search(line))


def readable(found: list[str]) -> list[str]:
    """Paragraphs without those that speak to editors, and without the word that more is to come."""
    kept = [text for text in found if not for_editors(text)]
    return kept[:-1] if kept and marks.goes_on(kept[-1]) else kept


def uncontacted(found: list[str]) -> list[str]:
    """Paragraphs without the list of whom to call that stands at the end of a release."""
    last = next((at for at in range(len(found), 0, -1) if len(found[at - 1]) > 300), 1)  # a long one is no number
    start = next((at for at in range(max(last, len(found) - 15, 1), len(found)) if _CONTACT.match(found[at])), None)
    return found[:start]


def rows(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    for end in ("\r\r\n", "\r\n", "\r"):  # the first is what teleprinters needed to get back in time
        text = text.replace(end, "\n")
    return text.split("\n")
