"""Codes of concepts as full URIs."""

from __future__ import annotations

_SCHEMES = {"medtop": "http://cv.iptc.org/newscodes/mediatopic/", "subj": "http://cv.iptc.org/newscodes/subjectcode/"}


def uri(code: str) -> str | None:
    """The URI of a code such as "medtop:20000763"; None where nobody publishes its scheme."""
    if code.startswith(("http://", "https://")):
        return code
    scheme, _, rest = code.partition(":")
    return _SCHEMES[scheme] + rest if scheme in _SCHEMES and rest else None
