"""Turn HTML into paragraphs as a reader sees them: one per block element, line breaks and table cells apart."""

from __future__ import annotations

from lxml.html import HtmlElement

from workers import normalise

_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "head",
        "title",
        "select",
        "textarea",
        "button",
        "figure",
        "audio",
        "video",
        "canvas",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


def paragraphs(root: HtmlElement) -> list[str]:
    """The visible text below an element; walks without recursion, so depth costs nothing."""
    parts: list[str] = []
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack:
        element, closing = stack.pop()
        block = element.tag in _BLOCKS
        if block:
            parts.append("\n\n")
        if closing:
            if element is not root:
                parts.append((element.tail or "").replace("\n", " "))
            continue
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            parts.append("" if element is root else (element.tail or "").replace("\n", " "))
            continue
        # A line end inside the source is a space; two <br> in a row part paragraphs.
        parts.append("\n" if element.tag == "br" else (element.text or "").replace("\n", " "))
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    return normalise.paragraphs("".join(parts))
