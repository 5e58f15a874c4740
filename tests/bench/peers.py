"""Other extractors, for measuring only: trafilatura in four ways, readability-lxml, resiliparse.

Those that are not installed are named as missing; nothing of the service depends on them:
`uv pip install --target DIR --no-deps readability-lxml html_text resiliparse cssselect chardet`, then PYTHONPATH=DIR.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module

REFERENCE = "trafilatura default, with metadata"  # CPU is measured against it
DEFAULT = "trafilatura default"  # errors are counted against it

Peer = Callable[[str], str]  # a page's source to its text


def _reference() -> Peer:
    bare = import_module("trafilatura").bare_extraction

    def read(source: str) -> str:
        document = bare(source, with_metadata=True)
        return (document.text or "") if document else ""

    return read


def _trafilatura(**options: bool) -> Peer:
    extract = import_module("trafilatura").extract
    return lambda source: extract(source, include_comments=False, **options) or ""


def _readability() -> Peer:
    document, text = import_module("readability").Document, import_module("html_text").extract_text
    logging.getLogger("readability").setLevel(logging.CRITICAL + 1)
    return lambda source: str(text(document(source).summary(html_partial=True)))


def _resiliparse() -> Peer:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    off = dict.fromkeys(("alt_texts", "links", "form_fields", "noscript", "comments"), False)
    return lambda source: str(extract(source, main_content=True, **off))


_MADE: dict[str, Callable[[], Peer]] = {
    REFERENCE: _reference,
    DEFAULT: _trafilatura,
    "trafilatura fast": lambda: _trafilatura(fast=True),
    "trafilatura precision": lambda: _trafilatura(favor_precision=True),
    "readability-lxml + html_text": _readability,
    "resiliparse main_content": _resiliparse,
}


def peers(every: bool) -> tuple[dict[str, Peer], list[str]]:
    """The extractors by name (the two that ours is held against, or every one), and those that are not installed."""
    found: dict[str, Peer] = {}
    missing = []
    for name, made in _MADE.items():
        if every or name in (REFERENCE, DEFAULT):
            try:
                found[name] = made()
            except ImportError as error:
                missing.append(f"{name} ({error.name} is not installed)")
    return found, missing


def safely(peer: Peer, source: str) -> str:
    """The peer's text; a page on which it fails counts as one without."""
    try:
        return peer(source)
    except Exception:  # whatever a stranger's code raises on a stranger's page
        return ""
