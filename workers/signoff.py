"""Find the agencies in what closes a text: "(dpa)", "— AFP", "With files from The Canadian Press", "Editing by"."""

from __future__ import annotations

import re

from workers import agency, dateline
from workers.agency import Named

Found = tuple[Named, ...]
END = 260  # characters at a paragraph's end that are looked at
LINE = 200  # characters; a credit that is a paragraph of its own is shorter
LONG = 1500  # characters; lists of who reported and edited are shorter
NAMES = 80  # characters of a line that only names agencies
_BRACKET = re.compile(r"[(（]([^()（）]{2,150})[)）]\s*[.。]?$")  # square ones stand in lists of links
_SLASHES = re.compile(r"\s/{1,2}\s?([^/\s][^/]{1,30}?)\s?/{1,2}\s?\.?$")
_SENTENCE = r"[.!?…。！？\"”“»«›’')\]）]"
_DONE = re.compile(_SENTENCE + "$")
_DASH = re.compile(rf"{_SENTENCE}\s*(?:[-–—―]{{1,3}}|={{2}}|/{{1,2}}|\|)\s?(\S.{{1,50}})$")
# ". EFE", " dpa/AFP", " PTI GSN KVK", " EFE abc/def"
_DESKS = r"(?:\s(?:[A-Z]{2,4}|[a-z]{1,4}\d?(?:[-/][a-z]{1,4})*)){0,5}"
_PLAIN = re.compile(rf"{_SENTENCE}\s(\S{{2,24}}){_DESKS}\.?$")
_SOLE = re.compile(r"[(（\[［/©|<\"*–—-]")
# The credit of a picture.
_KINDS = (
    r"(?:photo|foto|bild|picture|image|imagen|pic|video|vídeo|grafik|graphic|illustration|фото|사진|写真|图片|圖|摄|攝|"
    r"撮影|صورة)(?:grafía|s|graph|graphie)?"
)
_PICTURE = re.compile(
    rf"{_KINDS}\s*(?:[:：/©=|]|by\b|courtesy|credit|$|[)）])|"
    r"(?:file|archiv|AP|AFP|EPA|handout)[- ]?(?:photo|bild|foto)|Getty|imago|picture.alliance|Shutterstock|\bEPA\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"[^\w©(（]*(?:(?:sources?|quellen?|fuentes?|fonte|fonti|fontes|bron|bronnen|kilder?|källa|källor|lähde|lähteet|źródł[oa]|"
    r"zdroje?|forrás|surs[ae]|izvori?|извори?|източни(?:к|ци)|источники?|джерел[оа]|πηγ(?:ή|ές)|kaynak|sumber|ที่มา|出典|来源|來源|"
    r"출처|(?:ال)?مصدر|المصادر|स्रोत|allikas|avots|šaltinis|vir|burimi|nguồn)\s?[:：=|]\s*|(?:theo|source)\s)",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"[^\w©(（]*(?:(?:this|some|additional|includes?|including|incorporates)\s)?(?:with|mit|unter|avec|con|com|met|med|"
    r"includes?|including|inputs?|info|informations?|material|auch|nach|d'après|cu|uz)\s?:?\s(?:(?:[^\W\d_]+\s){0,6}?"
    r"(?:from|by|of|von|vom|der|des|dem|de|di|da|do|del|della|van|uit|från|fra|par|via)\s)?(?:the\s|l'|la\s|der\s|d')?",
    re.IGNORECASE,
)
_AGENCIES = re.compile(
    r"(?:agentur(?:en)?|agenc(?:y|ies)|agences?(?: de presse)?|agencias?|agenzie|agências) ([^.]{2,80})\.",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"\W{0,3}(?:©|\(c\)|copyright)\s*(?:by\s)?(?:©\s*)?(?:\d{4}(?:[-–/]\d{2,4})?)?[,\s]*(?:by\s)?([^.(|\[]{2,60})",
    re.IGNORECASE,
)
_REPORT = r"(?:report|story|article|dispatch|piece|content|copy|item)"
_THIS = re.compile(rf"this {_REPORT}")
_STATED = re.compile(
    rf"\bthis {_REPORT} (?:by|from|of) ([^.,]{{2,50}}?) (?:was|is|has|first)\b|"
    rf"\bthis {_REPORT} (?:was|is|has been|comes|originally|first)[^.]{{0,60}}? (?:by|from|via) ([^.,;]{{2,50}}?)"
    r"(?:[.,;]|$| and | news feed| feed)|"
    rf"(?:^|[.!?] )\W?([^.,]{{2,40}}?) (?:created|produced|generated|wrote) this {_REPORT}\b|"
    r"\bdies(?:e|er|es) (?:text|artikel|beitrag|meldung|bericht|nachricht)\b[^.]{0,120}?"
    r"(?:agentur|material (?:von|der)|inhalten? (?:von|der)|von|der) (dpa(?:-\w+)?|[A-ZÄÖÜ][\w-]{1,20})[\s.,)]",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"([^.!?]{2,400}?)\s(?:also )?(?:contributed (?:reporting|to this|to the report|from|in)|helped with this)\b",
    re.IGNORECASE,
)
# Who reported and who edited, as Reuters signs in each of its languages.
_SIGNED = (
    r"\W{0,3}(?:additional |original |with )?(?:reporting|reported|compiled|writing|written)\b[^()]{0,30}? by\b"
    r".{2,900}?\bedit(?:ing|ed)\b[^()]{0,30}? by\b",
    r"\W{0,3}(?:reportage|rédigé|écrit|version française|avec la contribution|bureau de)[^()]{2,300}?"
    r"\bédité(?:e|s|es)?(?: en français)? par\b",
    r"\([^()]{3,120}?,? éditée? par [^()]{3,60}\)$",
    r"\((?:reporte|información|reportaje|traducido|editado)\b[^()]{2,300}?\b(?:editad[oa]|edición)\b[^()]{2,100}\)$",
    r"\((?:reportagem|por) [^()]{2,300}?\bedição\b[^()]{2,100}\)$",
    r"\((?:bericht|geschrieben|zusammengestellt|unter mitarbeit)\b[^()]{2,300}?\bredigiert von\b[^()]{2,200}\)$",
    r"\([^()]{0,120}\b(?:tradotto|redazione)\b[^()]{2,200}?\bediting\b[^()]{2,80}\)$",
    r"[（(](?:编译|編譯)[^（）()]{2,40}审校[^（）()]{2,40}[)）]$",
    r"our standards: the thomson reuters trust principles",
)
_EDITED = re.compile("|".join(_SIGNED), re.IGNORECASE)
# Cheaper than the patterns, which are asked only where one of these stands.
_EDIT_HINTS = ("diting", "dited", "dité", "ditad", "dición", "dição", "redigiert", "审校", "Trust Principles")
_STATE_HINTS = ("his ", "ies", "contributed ")
_NUMBERED = re.compile(r"\bdpa(?:-\w+)*:\d{6}-\d{1,3}-\d+")


def closing(paragraph: str, back: int) -> Found:
    """The agencies of a credit that a paragraph is, or ends with; `back` 0 is the text's last paragraph."""
    if found := line(paragraph, bare=back < 2) or _stated(paragraph):
        return found
    end = paragraph[-END:]
    found = _ending(end, back) if back <= 3 else ()
    return found if found and not _PICTURE.search(end[-120:]) else ()


def line(paragraph: str, bare: bool) -> Found:
    """The agencies of a paragraph that is nothing but their credit; `bare`: also where it only names them."""
    found = _line(paragraph, bare) if len(paragraph) <= LINE else ()
    return found if found and not _PICTURE.search(paragraph) else ()


def edited(paragraph: str) -> Found:
    """Reuters, where a paragraph says who reported and who edited; others do so too, so a dateline counts for more."""
    hinted = len(paragraph) <= LONG and any(word in paragraph for word in _EDIT_HINTS)
    return agency.group("Reuters") if hinted and _EDITED.search(paragraph) else ()


def _line(paragraph: str, bare: bool) -> Found:
    if found := _claimed(paragraph) or _led(paragraph):
        return found
    if len(paragraph) > NAMES or not (bare or _SOLE.match(paragraph)):
        return ()
    plain = _PLAIN.match(f". {paragraph}")
    return agency.group(paragraph) or (agency.group(plain[1]) if plain else ())


def _claimed(piece: str) -> Found:
    """The agency that claims a copyright."""
    claimed = _COPYRIGHT.match(piece)
    if not claimed:
        return ()
    held = agency.holder(claimed[1])
    return (held,) if held else agency.group(claimed[1])


def _led(piece: str) -> Found:
    """The agencies after "source:" or "with files from"; others may be named beside them."""
    if lead := _SOURCE.match(piece):
        rest = piece[lead.end() :]
        return agency.group(rest) or (agency.parts(rest) if len(rest) <= NAMES else ())
    return files(piece)


def files(piece: str) -> Found:
    """The agencies after "with files from", or listed behind "with information of ... the news agencies"."""
    lead = _FILES.match(piece)
    if not lead:
        return ()
    rest = piece[lead.end() :]
    if found := agency.group(rest) or (agency.parts(rest) if dateline.names(rest) else ()):
        return found
    listed = _AGENCIES.search(piece[:LINE])
    return agency.group(listed[1]) if listed else ()


def _ending(end: str, back: int) -> Found:
    """The agencies after a paragraph's last sentence; without brackets only where the text ends."""
    if end.endswith((")", "）", ").", "）。")):
        bracket = _BRACKET.search(end)
        return _bracketed(end[: bracket.start()].rstrip(), bracket[1]) if bracket else ()
    slashes = _SLASHES.search(end[-50:]) if "/" in end[-40:] else None
    if slashes and (found := agency.group(slashes[1])):
        return found
    dash = _DASH.search(end[-70:]) if back < 3 else None
    if dash and (found := _led(dash[1]) or agency.group(dash[1])):
        return found
    plain = _PLAIN.search(end[-70:]) if back < 2 else None
    return agency.group(plain[1]) if plain else ()


def _bracketed(before: str, content: str) -> Found:
    """The agencies of a bracket at the end: after a sentence, or of three letters and more and no explanation."""
    found = _led(content) or agency.group(content) or _claimed(content)
    if not found or dateline.defined(before, content):
        return ()
    done = not before or _DONE.search(before) or not content.isascii()
    return found if done or len(content) > 2 else ()


def _stated(paragraph: str) -> Found:
    """The agencies that a sentence says the text is from, or whose people it thanks."""
    if len(paragraph) > LONG:
        return ()
    if "dpa" in paragraph and _NUMBERED.search(paragraph):
        return agency.group("dpa")
    if not any(word in paragraph for word in _STATE_HINTS):
        return ()
    lower = paragraph.lower()
    if ("this " in lower and _THIS.search(lower)) or "dies" in lower:
        match = _STATED.search(paragraph)
        if match and (found := agency.parts(next(group for group in match.groups() if group))):
            return found
    if "contributed " in lower or "helped with this" in lower:
        return _contributors(paragraph)
    return ()


def _contributors(paragraph: str) -> Found:
    """The agencies whose people contributed to the report: "AP writers Ada Roe and Bo Lin contributed"."""
    match = _CONTRIBUTED.search(paragraph)
    people = re.split(r",\s|\s(?:and|of|with)\s(?:the\s)?|\sfrom\s", match[1]) if match else []
    return tuple(named for one in people if (named := _employer(one)))


def _employer(person: str) -> Named | None:
    """The agency in the first words of a contributor: "Associated Press writer Ada Roe in Oslo"."""
    words = person.strip(agency.EDGE).split()
    tries = (agency.find(" ".join(words[:size])) for size in range(min(5, len(words)), 0, -1))
    return next((named for named in tries if named), None)
