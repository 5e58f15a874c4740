"""Read what a page reserves or grants: AI and mining reservations, licence, copyright notice and holder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workers import values
from workers.claims import Said
from workers.meta import Metas, first

# Robots directives about use by machines that learn; those about search engines are no reservation of rights.
_AI = frozenset({"noai", "noimageai", "noml"})
_ROBOTS = re.compile(r"robots|.*bot(?:-\w+)?")
_NOTICE = ("dcterms.rights", "dc.rights", "copyright", "rights", "dc.rights.copyright", "citation_copyright")
_HOLDER = ("dcterms.rightsholder", "dc.rightsholder", "rightsholder", "copyright-holder", "copyrightholder")
_LICENCE = ("dcterms.license", "dc.rights.license", "license", "og:license", "cc:license")
_SAYS = re.compile(r"©|\(c\)|copyright|right|recht|droit|derech|diritt|direit|licen|\d{4}|著作|版权|저작", re.I)
_TERMS = ("usageInfo", "license", "acquireLicensePage")  # of schema.org; the first two say how a text may be used
MAX_POLICY = 500  # characters of an address


def html(metas: Metas, links: Mapping[str, str], url: str) -> Said:
    """What meta elements and link relations state (TDMRep section 6, robots noai, Dublin Core, rel=license)."""
    found: set[str] = set()
    for name in metas:
        if _ROBOTS.fullmatch(name):
            found |= directives(",".join(metas[name][:5]))
    found |= _mining(first(metas, ("tdm-reservation",)), first(metas, ("tdm-policy",)), url)
    licence = links.get("license") or first(metas, _LICENCE)
    notice, holder = values.plain(first(metas, _NOTICE)), values.plain(first(metas, _HOLDER))
    if notice and not _SAYS.search(notice):
        notice, holder = None, holder or notice  # a name alone is that of the holder
    return Said(rights=tuple(sorted(found)), usage=_terms(licence, url), notice=notice, holder=holder)


def answer(headers: Mapping[str, str], url: str) -> Said:
    """What the header fields of the answer state (X-Robots-Tag, TDMRep section 5); their Content-Language too."""
    found = directives(headers.get("x-robots-tag", ""))
    found |= _mining(headers.get("tdm-reservation"), headers.get("tdm-policy"), url)
    return Said(rights=tuple(sorted(found)), language=values.language(headers.get("content-language")))


def jsonld(node: Mapping[str, Any], known: dict[str, Any], url: str) -> Said:
    """What the page's schema.org object states: licence or usage terms, copyright notice, holder and year."""
    holder = values.first_name(values.resolve(node.get("copyrightHolder"), known))
    terms = (_terms(_address(values.resolve(node.get(key), known)), url) for key in _TERMS)
    return Said(
        usage=next((found for found in terms if found), None) or values.plain(node.get("conditionsOfAccess")),
        notice=values.plain(node.get("copyrightNotice")),
        holder=None if holder and holder.startswith("http") else holder,
    )


def directives(text: str) -> set[str]:
    """The AI reservations in a list of robots directives, of a meta element or an X-Robots-Tag header."""
    words = {word.strip().rpartition(":")[2].strip() for word in text.lower().split(",")}
    return words & _AI


def _mining(reservation: str | None, policy: str | None, url: str) -> set[str]:
    """The reservation against text and data mining, with its policy; a policy alone reserves nothing."""
    if (reservation or "").strip().strip('"') != "1":
        return set()
    address = values.address((policy or "").strip().strip('"<>'), url)
    found = {"tdm-reservation"}
    if address and len(address) <= MAX_POLICY:
        found.add("tdm-policy=" + re.sub(r"[,\s]", lambda m: f"%{ord(m[0]):02X}", address))
    return found


def _address(value: Any) -> Any:
    """The address of a CreativeWork, or the string that stands for one."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = next(iter(value), None)
    return (value.get("url") or value.get("@id") or value.get("name")) if isinstance(value, dict) else value


def _terms(value: Any, url: str) -> str | None:
    """A licence as an address where it is one, else its words."""
    text = values.plain(value)
    if not text:
        return None
    looks = " " not in text and ("/" in text)
    return (values.address(text, url) or text) if looks else text
