"""Decide whether a page is no article, and which kind of none: pure rules over its signs, precision first."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest import links
from ingest.errors import GiveUp
from ingest.model import Rejected
from workers import kinds, phrases, search
from workers.signs import LONG, Signs

SHORT = 120  # words; a wall, an error page or a form says less, an article nearly always more
LEAST = 15  # words that a page must have which neither says that it is an article nor stands in a feed
FEW = 40  # links; a bot check has a handful, a page with a menu more
_PASSWORD = search.holds("//input[@type='password']")
_FIELD = search.holds("//input[not(@type) or @type='text' or @type='email' or @type='tel']")
_PLAYER = search.holds(
    "//video|//iframe[contains(@src, 'player') or contains(@src, 'embed')]|//*[contains(@class, 'player')]"
)
_SCRIPTS = search.holds("//script")
_VIDEO = re.compile(r"VideoObject$|video(?:\.\w+)?$|(?:Movie|TVEpisode|Clip)$")
_GATE_HOST = re.compile(r"https?://(?:consent|cmp|privacy-?gate|myprivacy)\.")


def refuse_unread(signs: Signs) -> None:
    """Raise GiveUp for a bot check: known before, and without, extraction."""
    if any(signs.headers.get(name, "").strip().lower() in values for name, values in phrases.CHALLENGE_HEADERS):
        raise GiveUp(Rejected.CHALLENGE, signs.url, "a bot check, says the answer's header")
    if signs.article or sum(1 for _ in signs.tree.iter("a")) > FEW or not signs.holds(phrases.CHALLENGE_CODE):
        return
    if signs.seen < SHORT:
        raise GiveUp(Rejected.CHALLENGE, signs.url, "a bot check")


def refuse_read(signs: Signs, parts: list[str]) -> None:
    """Raise GiveUp with the reason if the page, now that its text is known, is no article."""
    signs.parts = tuple(parts)
    if signs.under(SHORT) or not signs.article or links.front(signs.url):
        for reason, rule in _RULES:
            if detail := rule(signs):
                raise GiveUp(reason, signs.url, detail)
    if signs.under(1 if signs.article or signs.expected else LEAST):
        raise GiveUp(Rejected.NO_TEXT, signs.url, "no article text was found")
    if (verdict := kinds.judge(signs)).doubt >= kinds.DOUBT:
        raise GiveUp(verdict.reason, signs.url, f"{verdict.detail} ({verdict.doubt:.1f} points)")


def _challenge(signs: Signs) -> str:
    if not signs.under(SHORT) or signs.article or signs.seen >= 2 * SHORT:
        return ""
    guarded = signs.seen < LONG and _SCRIPTS(signs.tree) and any(name in signs.headers for name in phrases.GUARDS)
    lines = signs.visible.split("\n") if signs.seen < SHORT else []
    told = signs.headed(phrases.CHALLENGE) or any(phrases.CHALLENGE.search(line) for line in lines)
    return "a bot check" if guarded or told else ""


def _parked(signs: Signs) -> str:
    if signs.article or signs.seen > 2 * SHORT:
        return ""
    told = phrases.PARKED.search(signs.visible[:4000]) or signs.holds(phrases.PARKED_CODE)
    return "the domain is for sale" if told else ""


def _missing(signs: Signs) -> str:
    if not signs.under(SHORT // 2 if signs.article else SHORT):  # an error page may be made from the article's template
        return ""
    below = any(phrases.NOT_FOUND.search(head) for head in signs.shown("h2"))
    return "says that there is no such page" if signs.headed(phrases.NOT_FOUND) or below else ""


def _consent(signs: Signs) -> str:
    if not signs.under(2 * SHORT) or signs.seen > 8 * SHORT:
        return ""
    asks = not signs.article and (signs.headed(phrases.CONSENT) or _GATE_HOST.match(signs.url))
    # The wall before an article may carry its metadata, but then the wall is all there is.
    asks = asks or (signs.under(SHORT) and any(phrases.STORAGE.search(part) for part in signs.parts[:3]))
    return "asks for consent first" if asks else ""


def _login(signs: Signs) -> str:
    if not signs.under(SHORT) or signs.article:
        return ""
    told = signs.headed(phrases.LOGIN)
    form = _PASSWORD(signs.tree) and (told or signs.under(LONG))
    return "asks for a login" if form or (told and signs.under(SHORT // 2) and _FIELD(signs.tree)) else ""


def _paywall(signs: Signs) -> str:
    if not signs.under(SHORT // 2):  # a longer teaser is handed on, with the confidence it deserves
        return ""
    closed = signs.found.chosen.said.free is False or phrases.PAYWALL.search(
        "\n".join((*signs.parts[-3:], signs.after))
    )
    return "only a teaser is free" if closed else ""


def _video(signs: Signs) -> str:
    shown = signs.kind(_VIDEO) and (not signs.article or signs.under(LONG))
    return "a film without a text" if signs.under(SHORT // 2) and shown and _PLAYER(signs.tree) else ""


def _script(signs: Signs) -> str:
    empty = signs.under(LONG) and signs.seen < 2 * LONG and not signs.article
    return "an empty shell for scripts" if empty and _SCRIPTS(signs.tree) and len(signs.source) > 200 else ""


def _listing(signs: Signs) -> str:
    if signs.article and not signs.under(SHORT):
        return ""
    linked = kinds.Facts(signs).linked
    if links.front(signs.url) and (signs.prose < 2 * SHORT or linked > 0.3):
        return "a front page"
    bare = linked > 0.7 and signs.prose < LONG and not signs.article and not signs.expected
    return "links and no text" if bare else ""


_RULES: tuple[tuple[Rejected, Callable[[Signs], str]], ...] = (
    (Rejected.CHALLENGE, _challenge),
    (Rejected.PARKED, _parked),
    (Rejected.SOFT_404, _missing),
    (Rejected.CONSENT, _consent),
    (Rejected.LOGIN, _login),
    (Rejected.PAYWALL, _paywall),
    (Rejected.VIDEO, _video),
    (Rejected.SCRIPT_ONLY, _script),
    (Rejected.LISTING, _listing),
)
