"""Whether the network is there at all: one dead site is its own trouble, all of them dead at once is ours."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from ingest.model import Failed, Reason

NETWORK = frozenset({Failed.DNS, Failed.CONNECT, Failed.TIMEOUT, Failed.TLS})
HOSTS = 3  # different hosts that failed since anything last succeeded, from which on we call ourselves offline
PAUSE = 30.0  # seconds until anything is tried again while offline
NAMED = 100  # hosts named in a report


@dataclass
class Reach:
    """Remembers what could not be reached since anything last could. `now` is passed in, in seconds."""

    failing: OrderedDict[str, str] = field(default_factory=OrderedDict)  # host -> reason, since the last success
    unreported: OrderedDict[str, str] = field(default_factory=OrderedDict)  # feed -> reason

    def succeeded(self) -> None:
        """Some host answered, whatever it said: the network is there."""
        self.failing.clear()

    def failed(self, host: str, reason: Reason, feed: str = "") -> None:
        """A host could not be reached for this reason; any other failure is an answer."""
        if reason not in NETWORK:
            self.succeeded()
            return
        self.failing[host] = str(reason)
        if len(self.failing) > 1000:
            self.failing.popitem(last=False)
        if feed:
            self.unreported[feed] = str(reason)

    @property
    def offline(self) -> bool:
        """Whether nothing can be reached: failures then count against nobody."""
        return len(self.failing) >= HOSTS

    def report(self) -> dict[str, object]:
        """What to say in one line since the last report; empty when there is nothing."""
        if not self.unreported:
            return {}
        names = [f"{feed} ({reason})" for feed, reason in self.unreported.items()]
        said: dict[str, object] = {"count": len(names), "feeds": ", ".join(names[:NAMED])}
        self.unreported.clear()
        if self.offline:
            said["works"] = "nothing can be reached; `wiredesk demo` and enqueue of allowed local addresses work"
        return said
