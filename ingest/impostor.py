"""Name what stands where a feed was expected: a web page, a bot check, a file of another kind, nothing."""

from __future__ import annotations

import re

from ingest import tidy

_LEAD = re.compile(rb"(?:\xef\xbb\xbf|\s+|<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->)+", re.DOTALL)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf|channel|urlset|sitemapindex)\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
# Marks left by the vendors of bot checks in the pages they put before a site.
_CHECKS = re.compile(
    rb"challenge-platform|cf-chl-|cf_chl_|cf-browser-verification|_Incapsula_Resource|captcha-delivery\.com|"
    rb"px-captcha|perimeterx|ddos-guard|sucuri_cloudproxy|awswafintegration|awswafcookiedomainlist|sgcaptcha|"
    rb"g-recaptcha|h-captcha|hcaptcha\.com|challenges\.cloudflare\.com|anubis_challenge|bm-verify|bunny-shield",
    re.IGNORECASE,
)
_MAGIC = (
    (b"%PDF-", "a PDF file"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a ZIP archive"), (b"\x28\xb5\x2f\xfd", "a zstd archive"), (b"\x7fELF", "a program"),
)  # fmt: skip


def describe(raw: bytes) -> str:
    """One line on what this body plainly is instead of a feed; empty if it may be a feed after all."""
    if not raw.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        return "an empty body"
    lead = _LEAD.match(raw)
    start = lead.end() if lead else 0
    if _PAGE.match(raw, start) and not _FEED.search(raw):
        return page(raw)
    return next((f"{what}, no feed" for magic, what in _MAGIC if raw.startswith(magic)), "")


def page(raw: bytes) -> str:
    """The line on an HTML page: its title, and whether a bot check stands there."""
    found = _TITLE.search(raw[:200_000])
    title = tidy.plain(found[1].decode("utf-8", "replace"))[:120] if found else ""
    titled = f' titled "{title}"' if title else ""
    if _CHECKS.search(raw[:500_000]):
        return f"a bot check, no feed: an HTML page{titled}"
    return f"an HTML page, no feed{titled and ':' + titled}"
