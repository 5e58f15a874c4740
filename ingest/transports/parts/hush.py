"""Keep secrets, and what strangers write, out of what is told: messages of foreign errors may quote both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from ingest.errors import TryLater, Verdict

SHORTEST = 4  # characters; shorter secrets would blank out half of every message


class Hush:
    """Knows some secrets, and tells of errors without them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spelt = {way for secret in secrets if len(secret) >= SHORTEST for way in (secret, quote(secret, safe=""))}
        self._secrets = sorted(spelt, key=len, reverse=True)

    def without(self, said: str) -> str:
        """The text without any secret."""
        for secret in self._secrets:
            said = said.replace(secret, "...")
        return said

    def text(self, said: str) -> str:
        """One short printable line without any secret."""
        said = self.without(said)
        return re.sub(r"[^\x21-\x7e]+", " ", said).strip()[:200]

    def error(self, error: BaseException) -> str:
        """What a foreign exception says."""
        return self.text(f"{type(error).__name__}: {error}")

    def verdict(self, error: Verdict, url: str = "") -> Verdict:
        """The same verdict, told without secrets; about `url` where the address itself is one."""
        where, detail = url or self.text(error.url), self.text(error.detail)
        if isinstance(error, TryLater):
            return TryLater(error.reason, where, detail, error.after)  # type: ignore[arg-type]
        return type(error)(error.reason, where, detail)
