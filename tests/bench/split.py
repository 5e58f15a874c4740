"""The division of labelled pages by site: one third of the domains is kept back, nothing is tuned on it."""

from __future__ import annotations

import hashlib

FOLDS = 5


def held(domain: str) -> bool:
    """Whether a domain's pages are kept back: looked at only to report the unseen figure."""
    return _number(domain) % 3 == 0


def fold(domain: str) -> int:
    """Which of FOLDS parts a domain belongs to, for cross-validation by site."""
    return (_number(domain) // 3) % FOLDS


def _number(domain: str) -> int:
    return hashlib.sha256(domain.encode()).digest()[0]
