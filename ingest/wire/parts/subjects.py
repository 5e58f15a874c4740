"""Codes of controlled vocabularies as full addresses, by the aliases that IPTC's catalog gives their schemes."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def schemes() -> dict[str, str]:
    """Alias -> address of a scheme (IPTC catalog for the G2 standards, version 41), in subjects.toml."""
    return dict(
        tomllib.loads(resources.files("ingest.wire.parts").joinpath("subjects.toml").read_text("utf-8"))["schemes"]
    )


def address(code: str) -> str:
    """The address a qcode stands for: "medtop:20000763" -> "http://cv.iptc.org/newscodes/mediatopic/20000763".

    A code of a scheme we do not know, an address and a word stay as they are.
    """
    alias, colon, value = code.partition(":")
    scheme = schemes().get(alias)
    return f"{scheme}{value}" if scheme and colon and value and not value.startswith("//") else code
