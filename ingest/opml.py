"""Read and write feed lists as OPML 2.0, the format feed readers exchange (opml.org/spec2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from ingest.body import Body, Odd

_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")  # the commonest fault of hand-made lists
_DEEPEST = 20  # folders within folders


class OpmlError(Exception):
    """The file is no OPML that can be read; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list."""

    url: str  # as written
    name: str | None = None
    tags: tuple[str, ...] = ()  # folders it lies in and its categories, outermost first
    language: str | None = None


def read(raw: bytes) -> list[Outline]:
    """The feeds of a list in its order, each address once. Entities are refused and nothing is loaded.

    Raises OpmlError for what is no OPML.
    """
    try:
        root = Body(_BARE_AMPERSAND.sub(b"&amp;", raw)).root
    except Odd as error:
        raise OpmlError(str(error)) from error
    if etree.QName(root).localname.lower() != "opml":
        raise OpmlError(f"the root element is <{etree.QName(root).localname[:40]}>, not <opml>")
    found: dict[str, Outline] = {}
    for body in root.iterchildren("{*}body"):
        _gather(body, (), found)
    return list(found.values())


def _gather(parent: etree._Element, folders: tuple[str, ...], found: dict[str, Outline]) -> None:
    for element in parent.iterchildren("{*}outline"):
        values = {str(name).lower(): " ".join(str(value).split()) for name, value in element.attrib.items()}
        name = values.get("title") or values.get("text")
        if url := values.get("xmlurl"):
            categories = [part.strip() for part in re.split("[,/]", values.get("category", "")) if part.strip()]
            tags = tuple(dict.fromkeys(tag.replace(",", " ") for tag in (*folders, *categories)))
            found.setdefault(url, Outline(url, name, tags, values.get("language")))
        if len(element) and len(folders) < _DEEPEST:
            _gather(element, (*folders, name) if name and not url else folders, found)


def write(outlines: Iterable[Outline], title: str = "wiredesk") -> bytes:
    """The list as an OPML file in UTF-8; tags become categories."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for outline in outlines:
        name = outline.name or outline.url
        values = {"type": "rss", "text": name, "title": name, "xmlUrl": outline.url}
        if outline.language:
            values["language"] = outline.language
        if outline.tags:
            values["category"] = ",".join(outline.tags)
        etree.SubElement(body, "outline", values)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
