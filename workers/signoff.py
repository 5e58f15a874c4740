"""Find the agencies in what closes a text: "(dpa)", "— AFP", "With files from The Canadian Press", "Editing by"."""

from __future__ import annotations

import re

from workers import agency, dateline
from workers.agency import Named

Found = tuple[Named, ...]
END = 260  # characters at a paragraph's end that are looked at
LINE = 200  # characters; a credit that is a paragraph of its own is shorter
LONG = 1500  # characters; lists of who reported and edited are shorter
_BRACKET = re.compile(r"[(（]([^()（）]{2,150})[)）]\s*[.。]?$")  # square ones are of lists of links
_SLASHES = re.compile(r"\s/{1,2}\s?([^/\s][^/]{1,30}?)\s?/{1,2}\s?\.?$")
_SENTENCE = r"[.!?…。！？\"”“»«›’')\]）]"
_DASH = re.compile(rf"{_SENTENCE}\s*(?:[-–—―]{{1,3}}|={{2}}|/{{1,2}}|\|)\s?(\S.{{1,50}})$")
# ". EFE", " dpa/AFP", " PTI GSN KVK", " EFE abc/def"
_PLAIN = re.compile(rf"{_SENTENCE}\s(\S{{2,24}})((?:\s(?:[A-Z]{{2,4}}|[a-z]{{1,4}}\d?(?:[-/][a-z]{{1,4}})*)){{0,5}})\.?$")
_PICTURE = re.compile(
    r"(?:photo|foto|bild|picture|image|imagen|pic|video|vídeo|grafik|graphic|infografik|illustration|фото|사진|写真|图片|圖|摄|攝|撮影|صورة)"
    r"(?:grafía|s|graph|graphie)?\s*(?:[:：/©=|]|by\b|courtesy|credit|$|[)）])|(?:file|archiv|AP|AFP|EPA|handout)[- ]?(?:photo|bild|foto)|"
    r"Getty|imago|picture.alliance|Shutterstock|\bEPA\b",
    re.IGNORECASE,
)
_SOURCE = (
    r"(?:sources?|quellen?|fuentes?|fonte|fonti|fontes|bron|bronnen|kilder?|källa|källor|lähde|lähteet|źródł[oa]|zdroje?|forrás|"
    r"surs[ae]|izvori?|извори?|източни(?:к|ци)|источники?|джерел[оа]|πηγ(?:ή|ές)|kaynak|sumber|ที่มา|出典|来源|來源|출처|(?:ال)?مصدر|"
    r"المصادر|स्रोत|allikas|avots|šaltinis|vir|burimi)\s?[:：=|]\s*|nguồn\s?:\s*|theo\s|source\s"
)
_WITH = (
    r"(?:(?:this|some|additional|includes?|including|incorporates)\s)?(?:with|mit|unter|avec|con|com|met|med|includes?|including|"
    r"inputs?|info|informations?|material|auch|nach|d'après|tekst|cu|uz)\s?:?\s(?:(?:[^\W\d_]+\s){0,6}?"
    r"(?:from|by|of|von|vom|der|des|dem|de|di|da|do|del|della|van|uit|från|fra|par|via)\s)?(?:the\s|l'|la\s|der\s|d')?"
)
_SIGNED = r"(?:©|\(c\)|copyright)\s*(?:by\s)?(?:©\s*)?(?:\d{4}(?:[-–/]\d{2,4})?)?[,\s]*(?:by\s)?"
_SOURCES = re.compile(rf"[^\w©(（]*(?:{_SOURCE})", re.IGNORECASE)
_FILES = re.compile(rf"[^\w©(（]*(?:{_WITH})", re.IGNORECASE)
_COPYRIGHT = re.compile(rf"\W{{0,3}}{_SIGNED}([^.(|\[]{{2,60}})", re.IGNORECASE)
_SOLE = re.compile(r"[(（\[［/©|<\"*–—-]")
_REPORT = r"(?:report|story|article|dispatch|piece|content|copy|item)"
_STATED = re.compile(
    rf"\bthis {_REPORT} (?:by|from|of) (?P<a>[^.,]{{2,50}}?) (?:was|is|has|first)\b|"
    rf"\bthis {_REPORT} (?:was|is|has been|comes|originally|first)[^.]{{0,60}}? (?:by|from|via) (?P<b>[^.,;]{{2,50}}?)(?:[.,;]|$| and | news feed| feed)|"
    rf"(?:^|[.!?] )\W?(?P<c>[^.,]{{2,40}}?) (?:created|produced|generated|wrote) this {_REPORT}\b|"
    r"\bdies(?:e|er|es) (?:text|artikel|beitrag|meldung|bericht|nachricht)\b[^.]{0,120}?"
    r"(?:agentur|material (?:von|der)|inhalte[n]? (?:von|der)|von|von der|der) (?P<d>dpa(?:-\w+)?|[A-ZÄÖÜ][\w-]{1,20})[\s.,)]",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"([^.!?]{2,400}?)\s(?:also )?(?:contributed|helped)\b[^.]{0,40}?(?:\b(?:to|with|reporting|in)\b)", re.IGNORECASE
)
_EDITED = re.compile(
    r"\W{0,3}(?:additional |original |with )?(?:reporting|reported|compiled|writing|written)\b[^()]{0,30}? by\b.{2,900}?"
    r"\bedit(?:ing|ed)\b[^()]{0,30}? by\b|"
    r"\W{0,3}(?:reportage|rédigé|écrit|version française|avec la contribution|bureau de)[^()]{2,300}?\bédité(?:e|s)?(?: en français)? par\b|"
    r"\([^()]{3,120}?,? édité(?:e)? par [^()]{3,60}\)$|"
    r"\((?:reporte|información|reportaje|traducido|editado)\b[^()]{2,300}?\b(?:editado|edición|editada)\b[^()]{2,100}\)$|"
    r"\((?:reportagem|por) [^()]{2,300}?\bedição\b[^()]{2,100}\)$|"
    r"\((?:bericht|geschrieben|zusammengestellt|unter mitarbeit)\b[^()]{2,300}?\bredigiert von\b[^()]{2,200}\)$|"
    r"\([^()]{0,120}\b(?:tradotto|redazione)\b[^()]{2,200}?\bediting\b[^()]{2,80}\)$|"
    r"[（(](?:编译|編譯)[^（）()]{2,40}审校[^（）()]{2,40}[)）]$|our standards: the thomson reuters trust principles",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\bdpa(?:-\w+)*:\d{6}-\d{1,3}-\d+")
_AGENCIES = ("dpa", "Reuters")


def closing(paragraph: str, back: int) -> Found:
    """The agencies of a credit that a paragraph is, or ends with; `back` 0 is the text's last paragraph."""
    if found := line(paragraph, bare=back < 2):
        return found
    end = paragraph[-END:]
    return _stated(paragraph) or _ending(end, back)


def edited(paragraph: str) -> Found:
    """Reuters, where a paragraph says who reported and who edited; others do so too, so a dateline counts for more."""
    lower = paragraph[:LONG].lower()
    hinted = len(paragraph) <= LONG and any(word in lower for word in _HINTS)
    return agency.group(_AGENCIES[1]) if hinted and _EDITED.search(paragraph) else ()


def line(paragraph: str, bare: bool) -> Found:
    """The agencies of a paragraph that is nothing but their credit; `bare`: also where it only names them."""
    if len(paragraph) > LINE or _PICTURE.search(paragraph):
        return ()
    claimed = _COPYRIGHT.match(paragraph)
    if claimed and (held := agency.holder(claimed[1]) or next(iter(agency.group(claimed[1])), None)):
        return (held,)
    if found := _led(paragraph):
        return found
    if len(paragraph) > 80 or not (bare or _SOLE.match(paragraph)):
        return ()
    plain = _PLAIN.match(f". {paragraph}")
    return agency.group(paragraph) or (agency.group(plain[1]) if plain else ())


def _ending(end: str, back: int) -> Found:
    """The agencies after a paragraph's last sentence; without brackets only where the text ends."""
    if back > 3 or _PICTURE.search(end[-120:]):
        return ()
    bracket = _BRACKET.search(end)
    if bracket:
        return _bracketed(end[: bracket.start()].rstrip(), bracket[1])
    slashes = _SLASHES.search(end)
    if slashes and (found := agency.group(slashes[1])):
        return found
    if back > 2:
        return ()
    dash = _DASH.search(end)
    if dash and (found := _phrased(dash[1])):
        return found
    plain = _PLAIN.search(end) if back < 2 else None
    return agency.group(plain[1]) if plain else ()


def _bracketed(before: str, content: str) -> Found:
    """The agencies of a bracket at the end: after a sentence, or of three letters and more and no explanation."""
    found = _phrased(content)
    if not found or dateline.defined(before, content):
        return ()
    done = not before or re.search(_SENTENCE + "$", before) or not content.isascii()
    return found if done or len(content) > 2 else ()


def _phrased(piece: str) -> Found:
    """The agencies of a piece, after "with files from", "source:" and the like."""
    return _led(piece) or agency.group(piece) or _claimed(piece)


def _led(piece: str) -> Found:
    """The agencies after "source:" or "with files from"; others may be named beside them."""
    if lead := _SOURCES.match(piece):
        rest = piece[lead.end() :]
        return agency.group(rest) or (agency.parts(rest) if len(rest) <= 80 else ())
    if lead := _FILES.match(piece):
        rest = piece[lead.end() :]
        return agency.group(rest) or (agency.parts(rest) if dateline.capital_names(rest) else ())
    return ()


def _claimed(piece: str) -> Found:
    claimed = _COPYRIGHT.match(piece)
    return agency.group(claimed[1]) if claimed else ()


def _stated(paragraph: str) -> Found:
    """The agencies that a sentence says the text is from, and the sign-offs that only one agency has."""
    if len(paragraph) > LONG:
        return ()
    if _NUMBERED.search(paragraph):
        return agency.group(_AGENCIES[0])
    lower = paragraph.lower()
    if "this " in lower or "dies" in lower:
        match = _STATED.search(paragraph)
        if match and (found := agency.parts(next(g for g in match.groups() if g))):
            return found
    if "contributed" in lower or "helped" in lower:
        return _contributors(paragraph)
    return ()


_HINTS = ("edit", "édit", "edição", "redigiert", "审校", "thomson reuters trust")


def _contributors(paragraph: str) -> Found:
    """The agencies whose people contributed to the report: "AP writers Ada Roe and Bo Lin contributed"."""
    match = _CONTRIBUTED.search(paragraph)
    if not match:
        return ()
    found: list[Named] = []
    for name in re.split(r",\s|\s(?:and|of|with)\s(?:the\s)?|\sfrom\s", match[1]):
        words = name.strip(agency.EDGE).split()
        found += [named for size in range(min(5, len(words)), 0, -1) if (named := agency.find(" ".join(words[:size])))][:1]
    return tuple(found)
