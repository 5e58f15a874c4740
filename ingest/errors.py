"""The error tree: every error says what happens next and which address it concerns.

    Verdict                  an expected ending of one attempt
    ├── TryLater             the attempt failed, another one may not: retry when due
    └── GiveUp               no further attempt: the record ends with this reason
    Trouble                  something an operator must mend
    └── ServerAway           the server cannot be reached, or refuses writes
    config.settings.SettingsError stands beside it: settings or a file of the config folder are wrong (exit code 2)

Anything else that is raised is a bug and ends in the log with its traceback.
"""

from __future__ import annotations

from ingest.model import Failed, Reason


class Verdict(Exception):
    """An expected ending of one attempt at one address."""

    def __init__(self, reason: Reason, url: str, detail: str = "") -> None:
        super().__init__(f"{url}: {reason}{': ' + detail if detail else ''}")
        self.reason = reason
        self.url = url
        self.detail = detail


class TryLater(Verdict):
    """The attempt failed for now; try again, after `after` seconds if the other side said so."""

    def __init__(self, reason: Failed, url: str, detail: str = "", after: float | None = None) -> None:
        super().__init__(reason, url, detail)
        self.after = after


class GiveUp(Verdict):
    """No further attempt will help; the record ends as rejected or failed with this reason."""


class Trouble(Exception):
    """Something an operator must mend; the message names the thing and the cure."""


class ServerAway(Trouble):
    """The server cannot be reached or refuses writes."""
