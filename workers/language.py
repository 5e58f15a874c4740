"""Tell the language of a text: what the page says of itself, unless its letters or little words say another."""

from __future__ import annotations

import re
from collections import Counter

SAMPLE = 2000  # characters that are looked at
FEWEST = 40  # words a text must have before its words are believed
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# Scripts that one language, or nearly one, is written in; told from the letters alone.
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("am", re.compile("[\u1200-\u137f]")),
)
_FIRST = "\u0370"  # before it stand the Latin letters and their marks
_SHARED = {("zh", "yue"), ("zh", "ja"), ("he", "yi"), ("am", "ti"), ("zh", "wuu"), ("zh", "ko")}
# The little words of languages that share a script; those of one language among few others.
_LITTLE = {
    "en": "the of and to in is that for with was are this have from by be not it as on at or which has their they will",
    "de": "der die das und ist nicht ein eine mit für auf dem den von zu sich auch des im wird sind als bei es werden",
    "nl": "de het een van en is niet dat op voor met zijn aan te er ook bij naar om wordt maar uit heeft zij door",
    "af": "die van en het 'n is nie in wat met op vir aan sy dit om te was hy ook by as deur sal maar word hulle",
    "fr": "le la les des et est une dans pour que qui sur pas au du avec ce il sont par plus ne en se cette aux",
    "es": "el la los las de que y en un una por con para del se no es al lo como más su pero fue ha sus este",
    "pt": "o a os as de que e em um uma por com para do da não é ao no na mais dos se como foi são pelo das",
    "it": "il la le gli di che e in un una per con del della non è sono da alla nel si più anche dei delle ha",
    "ro": "și în de la cu este nu pe să care din o un pentru mai fi au a ce sunt fost după prin ale lui această",
    "ca": "el la els les de que i en un una per amb del no és als ha més seva va aquest són han aquesta pels com",
    "sv": "och att det som är för på av med den till inte en ett har om de var jag vi från men eller kan också",
    "da": "og at det som er for på af med den til ikke en et har om de var jeg vi fra men eller kan også blev",
    "no": "og at det som er for på av med den til ikke en et har om de var jeg vi fra men eller kan også ble",
    "fi": "ja on ei että se oli hän ovat mutta kun myös tai joka mukaan olla kuin jos sen hänen ole voi vain mitä",
    "et": "ja on ei et see oli ta kui aga ka mis või oma nii siis mille mida kes nad selle eest veel olid pärast",
    "is": "og að er sem það ekki við um til frá með hann var hefur því þess en af fyrir þetta verið eru hún upp",
    "pl": "i w na z się że nie do jest to o jak od po za przez dla był są oraz który tym jego ale być może tego",
    "cs": "a v na se že je to s z do o pro jako byl ale který za po od by jsou podle také jeho jsem není k má",
    "sk": "a v na sa že je to s z do o pre ako bol ale ktorý za po od by sú podľa aj jeho som nie je k má",
    "sl": "in je na v se da za ki so s z ne pa kot ni bi po od tudi ali bil iz pri še do lahko o smo",
    "hr": "i je u na se da za su od s koji ne to a kao bi iz što o će biti nije sam ali te po još kako",
    "hu": "a az és hogy nem is egy meg volt ez de ha csak már még mint el azt vagy lehet van ki be pedig után",
    "sq": "të e në dhe që për me një nga është ka si do nuk më se i u janë por edhe duke ishte kjo kanë",
    "lt": "ir kad yra su į iš tai kaip bet apie po už nuo ar per dėl jis buvo šis bus pat dar prie tik",
    "lv": "un ir ka ar no par uz kas tas lai arī bet kā pēc vai pie tiek bija šo gan tikai viņš var nav",
    "tr": "ve bir bu da de için ile olarak çok daha olan en gibi kadar ise sonra ancak her ne var değil göre oldu",
    "az": "və bu bir ilə üçün də da ki olan daha olub çox deyil isə görə edib onun sonra qədər hər biz etmək",
    "vi": "và của là có được cho không trong một những với này người các đã khi để từ cũng về ra vào nhiều sẽ",
    "id": "yang dan di ini dengan untuk tidak itu dari dalam pada akan juga ke karena oleh ada sudah kata telah",
    "ms": "yang dan di ini dengan untuk tidak itu dari dalam pada akan juga ke kerana oleh ada beliau boleh ialah",
    "tl": "ang ng sa mga na at ay ni si para hindi ito kung may nang din pa niya ako siya kanyang naman rin",
    "sw": "ya na wa kwa ni katika la za cha hiyo kuwa hii amesema hilo pia ili huo wake kama yake watu hayo wakati",
    "zu": "ukuthi futhi kodwa noma uma lapho ngoba nje khona ngesikhathi yakhe bese wathi uthe umuntu kanye lokhu",
    "xh": "ukuba kwaye kodwa okanye xa ngoku ukuze kunye lo le apho yakhe uthe ngokuba ngexesha abantu oko ukuya kwi",
    "st": "ho le ba ya ha e ka tsa mme hore ke ea o na bao hae empa joalo batho eo tse moo hona sa",
    "so": "ayaa iyo oo ka ku in waa si uu la ah ee kale waxa waxay inuu soo u kuwa wax isaga ayuu",
    "ru": "и в не на что с он как по это из но к за его от для был о так же или было они все при до",
    "uk": "і в не на що з та як до це за від його про у для був але які або після також є його вони при",
    "be": "і ў не на што з як да гэта за ад для яго але які па таксама пры было яны ці быў каб больш",
    "bg": "и в на не за да се от с че е са по като към ще това но са при до които си бе след може",
    "sr": "и је у на се да за су од са који не то а као би из што о ће бити није сам али те по",
    "mk": "и во на не за да се од со дека е се по како ќе тоа но што при до кои си беше по може",
    "ar": "في من على أن إلى التي عن مع هذا الذي هذه ما لا كان بعد كما أو قد بين ذلك لم وقد كانت",
    "fa": "و در به از که این را با است برای آن یک تا بر شد می‌شود کرد هم خود شده های نیز او ما دارد",
    "ur": "کے کی میں ہے اور سے کا نے کو پر ہیں کہ اس یہ نہیں بھی کر تھا لیے ہو ان ایک کیا گیا",
    "hi": "के की में है और से का ने को पर हैं कि इस यह नहीं भी कर था लिए हो उन एक किया गया",
    "mr": "आहे आणि या च्या ला मध्ये की हे तर होते आहेत नाही त्या ते यांनी केला करण्यात असे होता केली",
    "ne": "र को मा छ ले यो पनि गरेको छन् भएको हो लागि तथा गर्न थियो नेपाल भन्ने गर्ने एक सो",
    "bn": "ও এই এবং করে থেকে না জন্য হয় করা তার যে হয়েছে একটি তিনি কিন্তু পর সঙ্গে বলেন আর কথা এর",
}  # fmt: skip
_INDEX: dict[str, tuple[str, ...]] = {}
for _code, _words in _LITTLE.items():
    for _word in set(_words.split()):
        _INDEX[_word] = (*_INDEX.get(_word, ()), _code)
# Tags by which one of the above may rightly be called.
_NAMES = {"nb": "no", "nn": "no", "bs": "hr", "sh": "hr", "cnr": "hr", "fil": "tl", "gl": "pt"}
ENOUGH = 0.12  # of a text's words; prose in a language has 20 to 50 % of its little words
DISTINCT = 4  # little words that a text must have; one word often is a name or a refrain
FEW = 0.04  # of a text's words, where other languages have next to none
CLEARLY = 2.5  # times as many as the language that the page names


def language(text: str, said: str | None, source: str | None) -> tuple[str | None, str | None]:
    """The language and its source: what was said, unless the text is clearly in another; else what the text is in."""
    sample = text[:SAMPLE]
    if code := _script(sample):
        return (said, source) if said and _fits(said, code) else (code, "text")
    found = _spoken(sample)
    if not found:
        return said, source if said else None
    best, count = found.most_common(1)[0]
    if said is None:
        return best, "text"
    named = _tag(said)
    # sr in Latin letters is hr to us, ms and id differ in a handful of words: neighbours do not overrule.
    rival = max((found[n] for n in (named, *_NEAR.get(named, ()))), default=0)
    return (said, source) if count < CLEARLY * rival else (best, "text")


_NEAR = {
    "sr": ("hr",), "hr": ("sr", "sl"), "id": ("ms",), "ms": ("id",), "da": ("no", "sv"), "no": ("da", "sv"),
    "sv": ("no", "da"), "zu": ("xh",), "xh": ("zu",), "cs": ("sk",), "sk": ("cs",), "nl": ("af",), "af": ("nl",),
    "pt": ("es",), "es": ("pt", "ca"), "ca": ("es",), "bg": ("mk",), "mk": ("bg",), "eu": ("es",), "fo": ("is", "da"),
}  # fmt: skip


def _script(sample: str) -> str | None:
    if not sample or max(sample) < _FIRST:
        return None
    for code, letters in _SCRIPTS:
        share = len(letters.findall(sample)) / max(1, len(sample))
        if share > (0.1 if code == "ja" else 0.4):
            return code
    return None


def _fits(said: str, code: str) -> bool:
    tag = said.partition("-")[0]
    return tag == code or (code, tag) in _SHARED


def _tag(said: str) -> str:
    tag = said.partition("-")[0]
    return _NAMES.get(tag, tag)


def _spoken(sample: str) -> Counter[str] | None:
    """How many little words of each language a text has; None if it is too short, or no language stands out."""
    words = _WORD.findall(sample.lower())
    if len(words) < FEWEST:
        return None
    little = Counter(word for word in words if word in _INDEX)
    found = Counter[str]()
    for word, times in little.items():
        for code in _INDEX[word]:
            found[code] += times
    if len(little) < DISTINCT:
        return None
    (best, count), *others = found.most_common(8)
    if count >= ENOUGH * len(words):
        return found
    # Languages that say with endings what others say with little words: few, but hardly any of other languages.
    second = next((n for code, n in others if code not in _NEAR.get(best, ())), 0)
    return found if count >= max(8, FEW * len(words)) and count >= CLEARLY * second else None
