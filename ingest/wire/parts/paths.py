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
            key = _local(child.tag)
            if key in found:
                found[key].append(child)
            else:
                found[key] = [child]
    return found


def values(roots: Iterable[etree._Element], path: str) -> Iterator[str]:
    """What stands at a path below each root: "a/b" children, "//a/b" anywhere, "a/@x" and "@x" attributes.

    An attribute is its value, an element all text inside it, on one line. Attributes have no namespace; names are
    in their own case.
    """
    steps, deep, attribute = _taken_apart(path)
    for root in roots:
        for element in _reached(root, steps, deep):
            if not attribute:
                yield " ".join("".join(map(str, element.itertext())).split())
            elif (value := element.get(attribute)) is not None:
                yield value


@lru_cache(maxsize=2048)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


@lru_cache(maxsize=512)
def _taken_apart(path: str) -> tuple[tuple[str, ...], bool, str]:
    """The steps of a path, as lxml writes names in any namespace, whether they begin anywhere, and the attribute."""
    steps, _, attribute = path.partition("@")
    return tuple(f"{{*}}{step}" for step in steps.split("/") if step), steps.startswith("//"), attribute


def _reached(root: etree._Element, steps: tuple[str, ...], deep: bool) -> Iterable[etree._Element]:
    if not steps:
        return (root,)
    found: Iterable[etree._Element] = root.iter(steps[0]) if deep else root.iterchildren(steps[0])
    for step in steps[1:]:
        found = [child for element in found for child in element.iterchildren(step)]
    return found
