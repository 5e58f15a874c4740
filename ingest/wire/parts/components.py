"""The components of a NewsML 1 item: what lies in them, which of them is the text, what it inherits from around.

Read by NewsML 1.2 (IPTC, 2003): components nest, each has a role and its own lines and metadata, and what an outer
one says holds for those inside. Names of elements, roles and types count without case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from ingest.body import Unreadable
from ingest.wire.parts import leaves, paths, prose

_KIND = re.compile(  # by the IPTC's media types, MIME types, formats and the endings of files
    r"(?P<other>[a-z/.+-]{0,40}(?:css|javascript|pdf|msword|excel|officedocument|zip|octet-stream))"
    r"|(?P<text>text|n?itf|html|ascii|complexdata)|(?P<graphic>graphic|svg|animation)"
    r"|(?P<picture>photo|picture|image|jpe?g|png|gif|tiff)|(?P<audio>audio|sound|mp3|mpeg-?3|wav)"
    r"|(?P<video>video|clip|mp4|mpeg|quicktime|wmv)"
)
_MEDIA = frozenset("picture graphic audio video".split())
_TEXTS = frozenset(("", "main", "body", "text", "story", "article"))
_LEADS = frozenset(("lead", "lede"))
_TITLES = frozenset(("title", "headline"))
_SUMMARIES = frozenset(("abstract", "summary"))
_CAPTIONS = frozenset(("caption",))
_ASIDE = (  # roles of texts that are none of the story
    _LEADS
    | _TITLES
    | _SUMMARIES
    | _CAPTIONS
    | frozenset(
        "subheadline subtitle byline dateline slugline keywords contact contacts stylesheet tweet tweettext logo "
        "thumbnail preview quicklook icon note ednote editornote editorialnote instruction instructions advisory "
        "copyright".split()
    )
)
LANGUAGES = 50  # of one item: each is a story that everything around it holds for
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|&(?:#\d|#x|[A-Za-z])[0-9A-Za-z]{0,30};")


class Part:
    """One NewsComponent, or the NewsItem around them all."""

    def __init__(self, element: etree._Element, around: Part | None = None) -> None:
        self.element = element
        self.around = around
        self.fields = paths.fields(element)
        self.parts = [Part(inner, self) for inner in self.fields.get("NewsComponent", ())]
        self.contents = [Content(inner, self) for inner in self.fields.get("ContentItem", ())]

    @cached_property
    def role(self) -> str:
        """Its own role, else that of the nearest around; lower-cased."""
        own = formal(self.fields, "Role").lower()
        return own or (self.around.role if self.around else "")

    @cached_property
    def lines(self) -> paths.Fields:
        """The children of its NewsLines."""
        found = self.inside("NewsLines")
        return {"HeadLine": found["Headline"], **found} if "Headline" in found else found  # as some of Belga's have it

    @cached_property
    def described(self) -> paths.Fields:
        """The children of its DescriptiveMetadata, which TASS misspells."""
        return self.inside("DescriptiveMetadata") or self.inside("DescriptiveMetada")

    @cached_property
    def properties(self) -> list[etree._Element]:
        """Its properties, descriptive and other ones."""
        return [*self.described.get("Property", ()), *self.inside("Metadata").get("Property", ())]

    @cached_property
    def administered(self) -> paths.Fields:
        """The children of its AdministrativeMetadata."""
        return self.inside("AdministrativeMetadata")

    @cached_property
    def language(self) -> str:
        """The language it names itself: as metadata, else as an attribute."""
        return formal(self.described, "Language") or next(
            (str(value) for name, value in self.element.items() if str(name).endswith(("}lang", "lang")) and value), ""
        )

    @property
    def outer(self) -> Iterator[Part]:
        """It and the parts inside as long as there is one, not several side by side."""
        part = self
        yield part
        while len(part.parts) == 1 and not part.contents:
            part = part.parts[0]
            yield part

    def inside(self, name: str) -> paths.Fields:
        """The children of its children of this name."""
        found: paths.Fields = {}
        for element in self.fields.get(name, ()):
            for key, elements in paths.fields(element).items():
                found.setdefault(key, []).extend(elements)
        return found

    def upwards(self) -> Iterator[Part]:
        """It, and what is around it up to the item."""
        part: Part | None = self
        while part:
            yield part
            part = part.around

    def every(self) -> Iterator[Part]:
        """It and all parts inside."""
        yield self
        for part in self.parts:
            yield from part.every()

    def everything(self) -> Iterator[Content]:
        """The contents in it and in the parts inside, outer ones first."""
        return (content for part in self.every() for content in part.contents)


class Content:
    """One ContentItem."""

    def __init__(self, element: etree._Element, part: Part) -> None:
        self.part = part
        self.fields = paths.fields(element)
        self.address = leaves.attribute(element, "Href")

    @cached_property
    def kind(self) -> str:
        """text, picture, graphic, audio, video, other; empty where nothing tells."""
        named = (formal(self.fields, name) for name in ("MediaType", "MimeType", "Format"))
        for words in (*named, self.address.rpartition(".")[2], self.part.role):
            if match := _KIND.match(words[:100].lower()) or _KIND.search(words[:100].lower()):
                return str(match.lastgroup)
        return ""

    @cached_property
    def data(self) -> etree._Element | None:
        """The element that holds its text, where it holds any."""
        for element in self.fields.get("DataContent", ()):
            if len(element) or (element.text and not element.text.isspace()):
                return element
        return None

    @cached_property
    def size(self) -> int:
        """How many characters its text takes about."""
        return 0 if self.data is None else sum(len(text) for text in self.data.itertext())

    @cached_property
    def paragraphs(self) -> list[str]:
        """The paragraphs of its text: NITF's or XHTML's, of escaped HTML, or plain lines."""
        if self.data is None:
            return []
        if len(self.data):
            return prose.article(self.data, ())
        words = self.data.text or ""
        if _TAG.search(words):
            inner = words.partition("<body.content>")[2].partition("</body.content>")[0]  # of NITF as a string
            return prose.fragment(inner or words)
        blocks = prose.plain(words)
        return blocks if len(blocks) != 1 else [line for text in words.splitlines() for line in prose.plain(text)]

    def characteristic(self, name: str) -> str:
        """The value of one of its properties."""
        inner = (paths.fields(element).get("Property", ()) for element in self.fields.get("Characteristics", ()))
        return next((p.get("Value") or "" for found in inner for p in found if p.get("FormalName") == name), "")


class Story:
    """One text (or picture, sound, list) of an item with all that holds for it: an item has one in each language."""

    def __init__(self, parts: list[Part], whole: bool = True) -> None:
        self.whole = whole  # whether it is all that the item tells
        self.contents = [content for part in parts for content in part.everything()]
        self.texts = [c for c in self.contents if c.data is not None and c.kind in ("text", "") and _tells(c)]
        self.main = self._main() or self._media()
        self.part = self.main.part if self.main else _top(parts[0])
        self.path = tuple(self.part.upwards())

    @cached_property
    def kind(self) -> str:
        """What the item is: as its main content, or the part around that, says; text where it is nothing (yet)."""
        if self.main is None:
            return "composite" if self.contents or self._lists() else "text"
        around = next((kind for part in self.path if (kind := _medium(part.role))), None)
        if self.main.kind in _MEDIA:
            return self.main.kind if len({c.kind for c in self.contents} & _MEDIA) == 1 else around or "composite"
        return around or "text"

    @property
    def language(self) -> str | None:
        """The nearest language."""
        return next((part.language for part in self.path if part.language), None)

    @property
    def paragraphs(self) -> list[str]:
        """The text: the lead, where it is a content of its own, and the fullest of the bodies; else a mere title."""
        if self.main is None or self.main.kind in _MEDIA:
            return []
        lead, body = self.of(_LEADS), self.main.paragraphs
        starts = prose.joined(body).startswith(prose.joined(lead)[:60])
        return body if starts or self.main.part.role in _TITLES else lead + body

    @property
    def summary(self) -> list[str]:
        """The abstract or the lead; the caption of what is no text (that of a text's picture tells nothing of it)."""
        caption = [] if self.kind == "text" else self.of(_CAPTIONS)
        return self.of(_SUMMARIES) or caption or self.of(_LEADS)

    @property
    def title(self) -> list[str]:
        """The headline, where it is a content of its own."""
        return self.of(_TITLES)

    def of(self, roles: frozenset[str]) -> list[str]:
        """The paragraphs of the first content in one of these roles."""
        return next((c.paragraphs for c in self.contents if c.part.role in roles and c.data is not None), [])

    def _main(self) -> Content | None:
        """The fullest text: of those that are the body, else of those in unknown roles, else a mere title."""
        if any(c.kind in _MEDIA and c.part.role == "main" for c in self.contents):
            return None
        body = [content for content in self.texts if content.part.role in _TEXTS]
        aside = [c for c in self.contents if c.data is not None and c.part.role in _LEADS | _TITLES]
        found = body or self.texts or (aside if not self._media() else [])
        return max(found, key=_size) if len(found) > 1 else next(iter(found), None)

    def _lists(self) -> bool:
        """Whether it names other items as its own."""
        return any({"NewsItemRef", "NewsItem"} & part.fields.keys() for part in self.part.every())

    def _media(self) -> Content | None:
        """The picture, sound or film that the item is about."""
        found = [content for content in self.contents if content.kind in _MEDIA]
        return next((content for content in found if content.part.role == "main"), found[0] if found else None)


def stories(item: Part) -> list[Story]:
    """The stories of an item, at least one: parts side by side with texts and headlines in two languages are two.

    Raises Unreadable where they are in more languages than there are translators.
    """
    *_, part = item.outer
    spoken: dict[str, list[Part]] = {}
    for inner in part.parts:
        if inner.language and "HeadLine" in inner.lines and any(map(_tells, inner.everything())):
            spoken.setdefault(inner.language.lower()[:2], []).append(inner)
    if len(spoken) > LANGUAGES:
        raise Unreadable(f"an item in more than {LANGUAGES} languages")
    return [Story(parts, whole=False) for parts in spoken.values()] if len(spoken) > 1 else [Story([item])]


def formal(found: paths.Fields, name: str) -> str:
    """The first name or text that is not empty among the elements: most are written <X FormalName="..."/>."""
    for element in found.get(name, ()):
        if words := leaves.attribute(element, "FormalName") or leaves.text(element):
            return words
    return ""


def _tells(content: Content) -> bool:
    """Whether the content is, or may be, a text of the story itself."""
    return content.data is not None and content.part.role not in _ASIDE and not _still(content.part.role)


def _still(role: str) -> bool:
    """Whether texts in this role are captions."""
    return role in ("photo", "picture", "image", "graphic")


def _medium(role: str) -> str | None:
    match = _KIND.fullmatch(role)
    return match.lastgroup if match and match.lastgroup in _MEDIA else None


def _top(part: Part) -> Part:
    """The outermost component of an item that holds one; else the part itself."""
    return part.parts[0] if part.around is None and len(part.parts) == 1 else part


def _size(content: Content) -> int:
    return content.size
