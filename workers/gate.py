"""Decide whether a page is no article, and which kind of none: pure rules over its signs, precision first."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest import links
from ingest.errors import GiveUp
from ingest.model import Rejected
from workers import phrases, search
from workers.signs import LONG, Signs

SHORT = 120  # words; a wall, an error page or a form says less, an article nearly always more
LEAST = 15  # words that a page must have which neither says that it is an article nor stands in a feed
DOUBT = 5.0  # points from which a page counts as no article; an article would need most signs against it
_PASSWORD = search.holds("//input[@type='password']")
_PLAYER = search.holds(
    "//video|//iframe[contains(@src, 'player') or contains(@src, 'embed')]|//*[contains(@class, 'video-player')]"
)
_SCRIPTS = search.holds("//script")
_VIDEO = re.compile(r"VideoObject$|video(?:\.\w+)?$|(?:Movie|TVEpisode|Clip)$")
_LISTING = re.compile(r"(?:CollectionPage|ItemList|SearchResultsPage|ProfilePage|OfferCatalog|CheckoutPage|Blog)$")
_PRODUCT = re.compile(
    r"(?:Product|ProductGroup|product(?:\.\w+)?|Offer|AggregateOffer|JobPosting|SoftwareApplication)$"
)
_FORUM = re.compile(r"(?:DiscussionForumPosting|QAPage|Question)$")


def refuse_unread(signs: Signs) -> None:
    """Raise GiveUp for a bot check: known before, and without, extraction."""
    asked = signs.headers.get("cf-mitigated", "").lower() == "challenge" or signs.headers.get("x-amzn-waf-action")
    if asked or (not signs.article and signs.holds(phrases.CHALLENGE_CODE) and signs.seen < SHORT):
        raise GiveUp(Rejected.CHALLENGE, signs.url, "a bot check")


def refuse_read(signs: Signs, parts: list[str]) -> None:
    """Raise GiveUp with the reason if the page, now that its text is known, is no article."""
    signs.parts = tuple(parts)
    if signs.words >= SHORT and signs.article and not links.front(signs.url):
        return  # most articles end here, at no cost
    for reason, rule in _RULES:
        if detail := rule(signs):
            raise GiveUp(reason, signs.url, detail)


def _challenge(signs: Signs) -> str:
    if signs.words >= SHORT or signs.article:
        return ""
    return "a bot check" if signs.headed(phrases.CHALLENGE) and signs.seen < 2 * SHORT else ""


def _parked(signs: Signs) -> str:
    if signs.article or signs.seen > 2 * SHORT:
        return ""
    told = phrases.PARKED.search(signs.visible[:4000]) or signs.holds(phrases.PARKED_CODE)
    return "the domain is for sale" if told else ""


def _missing(signs: Signs) -> str:
    if signs.words >= SHORT or signs.article:
        return ""
    return "says that there is no such page" if signs.headed(phrases.NOT_FOUND) else ""


def _consent(signs: Signs) -> str:
    if signs.words >= 2 * SHORT or signs.article or signs.seen > 8 * SHORT:
        return ""
    asks = signs.headed(phrases.CONSENT) or re.match(r"https?://(?:consent|cmp|privacy-?gate|myprivacy)\.", signs.url)
    return "asks for consent first" if asks else ""


def _login(signs: Signs) -> str:
    if signs.words >= SHORT or signs.article:
        return ""
    return "asks for a login" if _PASSWORD(signs.tree) and (signs.words < LONG or signs.headed(phrases.LOGIN)) else ""


def _paywall(signs: Signs) -> str:
    if signs.words >= SHORT // 2:  # a longer teaser is handed on, with the confidence it deserves
        return ""
    closed = signs.found.chosen.said.free is False or phrases.PAYWALL.search("\n".join(signs.parts[-3:]))
    return "only a teaser is free" if closed else ""


def _video(signs: Signs) -> str:
    shown = signs.kind(_VIDEO) and (not signs.article or signs.words < LONG)
    return "a film without a text" if signs.words < SHORT // 2 and shown and _PLAYER(signs.tree) else ""


def _script(signs: Signs) -> str:
    empty = signs.words < LONG and signs.seen < 2 * LONG and not signs.article
    return "an empty shell for scripts" if empty and _SCRIPTS(signs.tree) and len(signs.source) > 200 else ""


def _listing(signs: Signs) -> str:
    front = links.front(signs.url) and not (signs.article and signs.words >= SHORT)
    if front and (signs.linked > 0.3 or signs.prose < 2 * SHORT):
        return "a front page"
    return "a list of other pages, or a product" if signs.words >= LEAST and doubt(signs) >= DOUBT else ""


def doubt(signs: Signs) -> float:
    """Points against a page being an article; weights fitted coarsely, so that no single sign decides."""
    said = signs.found.chosen.said
    other = not signs.article
    points = (1.0 if other else -1.0) + (0 if said.published else 1.0) + (0 if said.authors else 0.5)
    points += 2.5 * (other and signs.kind(_PRODUCT)) + 2.0 * (other and signs.kind(_LISTING))
    points += 2.0 * (other and signs.kind(_FORUM))
    points += 1.5 if signs.linked > 0.65 else 1.0 if signs.linked > 0.5 else 0.0
    points += 1.5 if signs.prose < 0.3 * signs.words else 1.0 if signs.prose < 3 * LONG else 0.0
    points -= (
        2.0
        if signs.prose > 0.8 * signs.words and not signs.kind(_PRODUCT)
        else 1.0
        if signs.prose > 0.6 * signs.words
        else 0.0
    )
    points += 0.5 if signs.sentences < 0.25 else -1.0 if signs.sentences > 0.6 else 0.0
    points += 1.0 if signs.words < 0.2 * signs.seen else 0.0
    points += 1.0 if signs.words < 100 else 0.5 if signs.words < 250 else 0.0
    return points - (1.5 if signs.expected else 0.0)


def _textless(signs: Signs) -> str:
    least = 1 if signs.article or signs.expected else LEAST
    return "no article text was found" if signs.words < least else ""


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
    (Rejected.NO_TEXT, _textless),
)
