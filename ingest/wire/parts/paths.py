"""Reach into XML by the local names of its elements, whatever their namespaces: for readers and for dialects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

Fields = dict[str, list[etree._Element]]

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def name(element: etree._Element) -> str:
    """The element's local name in its own case; empty for what is no element."""
    return _local(element.tag)


def fields(*elements: etree._Element) -> Fields:
    """The children of the elements by local name."""
    found: Fields = {}
    for element in elements:
        for child in element:
            found.setdefault(name(child), []).append(child)
    return found


def values(roots: Iterable[etree._Element], path: str) -> Iterator[str]:
    """What stands at a path below each root: "a/b" children, "//a/b" anywhere, "a/@x" and "@x" attributes.

    An attribute is its value, an element all text inside it, on one line. Attributes have no namespace; names are
    in their own case.
    """
    steps, _, attribute = path.partition("@")
    deep = steps.startswith("//")
    names = [step for step in steps.strip("/").split("/") if step]
    for root in roots:
        for element in _reached(root, names, deep):
            if not attribute:
                yield " ".join("".join(map(str, element.itertext())).split())
            elif (value := element.get(attribute)) is not None:
                yield value


@lru_cache(maxsize=2048)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _reached(root: etree._Element, names: list[str], deep: bool) -> Iterator[etree._Element]:
    if not names:
        return iter((root,))
    first, *rest = (f"{{*}}{name}" for name in names)
    found: Iterable[etree._Element] = root.iter(first) if deep else root.iterchildren(first)
    for step in rest:
        found = [child for element in found for child in element.iterchildren(step)]
    return iter(found)
