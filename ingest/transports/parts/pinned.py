"""HTTP for one wire: its headers, and only the hosts its operator named."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from config.settings import SettingsError, secret
from config.values import is_reference
from config.wires import Wire
from ingest import links
from ingest.address import Allowed
from ingest.errors import GiveUp, TryLater, Verdict
from ingest.fetch import Ask, fetch, verdict
from ingest.model import Failed, Fetched
from ingest.transport import Tools
from ingest.transports.parts.hush import Hush
from ingest.web import Answer, Hop

_PORTS = {"http": 80, "https": 443}
_NEVER = (Failed.FORBIDDEN, Failed.NOT_FOUND, Failed.CLIENT, Failed.REDIRECTS)


class Pinned:
    """The requests of one wire; `url` is its own address, if it has one. Raises SettingsError for a missing secret."""

    def __init__(self, wire: Wire, tools: Tools, url: str = "") -> None:
        self.url = url
        self._tools = tools
        self._headers = {name: secret(value) for name, value in wire.headers.items()}
        named = (*([_own(url)] if url else []), *wire.hosts)
        self._allowed = Allowed(named)
        self._web = tools.web.naming(named)
        hidden = [self._headers[name] for name, value in wire.headers.items() if is_reference(value)]
        self._veil = ""  # what is told instead of a secret address
        if url and is_reference(wire.url or ""):
            self._veil = wire.url or ""
            parts = urlsplit(url)
            said = (*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query)))
            hidden += [part for part in said if len(part) >= 8]
        self._hush = Hush(hidden)

    async def get(self, url: str, conditions: Mapping[str, str] | None = None, limit: int = 0) -> Fetched:
        """A complete 2xx or 304 answer. Raises TryLater or GiveUp, also for a host that nobody named."""
        known = conditions or {}
        bound = limit or self._tools.settings.max_feed_bytes
        try:
            self._check(url)
            ask = Ask(
                url,
                bound,
                self._tools.settings.fetch_deadline,
                self._secrets(url),
                known.get("etag"),
                known.get("modified"),
                "application/json, application/xml;q=0.9, */*;q=0.8",
            )
            return await fetch(self._web, ask, self._follow)
        except Verdict as error:
            raise self.told(error) from None

    async def delete(self, url: str) -> Answer:
        """Whatever a DELETE is answered with. Raises TryLater or GiveUp where there is no answer, or a wrong one."""
        try:
            self._check(url)
            hop = Hop(links.clean(url), 100_000, self._secrets(url), cut=True, method="DELETE")
            async with asyncio.timeout(self._tools.settings.fetch_deadline):
                answer = await self._web.get(hop)
            wrong = verdict(answer.status, answer.headers, url, time.time())
            if wrong and answer.status not in (404, 410):
                raise wrong
        except TimeoutError:
            raise self.told(TryLater(Failed.TIMEOUT, links.shown(url), "no answer to DELETE in time")) from None
        except Verdict as error:
            raise self.told(error) from None
        return answer

    async def more(self, url: str) -> bytes:
        """The body that a message only names. Raises GiveUp where it will never come, else TryLater.

        403 is about this one body: with a wrong key the answer that named it would not have come.
        """
        try:
            return (await self.get(url, limit=self._tools.limit)).body
        except TryLater as error:
            if error.reason in _NEVER and error.detail != "status 401":
                raise GiveUp(error.reason, error.url, error.detail) from None
            raise

    def told(self, error: Verdict) -> Verdict:
        """An error without secrets."""
        ours = self._veil and links.host(error.url) == links.host(links.clean(self.url))
        return self._hush.verdict(error, self._veil if ours else "")

    def allows(self, url: str) -> bool:
        """Whether an address may be asked."""
        try:
            self._check(url)
        except Verdict:
            return False
        return True

    def named(self, name: str) -> str:
        """The name of a message, which may be a part of the address, without secrets."""
        return self._hush.without(name)

    def _check(self, url: str) -> None:
        parts = urlsplit(links.clean(url))
        if not self._permits(parts.hostname or "", parts.port or _PORTS[parts.scheme]):
            raise GiveUp(Failed.ADDRESS, links.shown(url), "lies at a host that the wire does not name: see `hosts`")
        if self.url.startswith("https:") and parts.scheme != "https":
            raise GiveUp(Failed.ADDRESS, links.shown(url), "would leave the encryption of the wire's own address")

    async def _follow(self, host: str) -> None:
        """Admission of a redirect's next hop."""
        parts = urlsplit(f"//{host}")
        ports = [parts.port] if parts.port else _PORTS.values()
        if not any(self._permits(parts.hostname or "", port) for port in ports):
            raise GiveUp(Failed.ADDRESS, host, "a redirect to a host that the wire does not name: see `hosts`")

    def _permits(self, host: str, port: int) -> bool:
        return self._allowed.permits(host, port)

    def _secrets(self, url: str) -> Mapping[str, str]:
        """The headers, which go out encrypted, or unencrypted where the wire's own address is so."""
        return self._headers if url.startswith("https:") or self.url.startswith("http:") else {}


def address(wire: Wire) -> str:
    """The address of a wire over HTTP. Raises SettingsError, without telling it, where what it names is none."""
    url = secret(wire.url or "")
    try:
        links.clean(url)
        fine = "@" not in urlsplit(url).netloc
    except Verdict:
        fine = False
    if not fine:
        raise SettingsError(f"wire {wire.name}: {wire.url} holds no address that begins with http:// or https://")
    return url


def _own(url: str) -> str:
    """The host of an address as a pattern, with its port."""
    parts = urlsplit(links.clean(url))
    host = parts.hostname or ""
    return f"{f'[{host}]' if ':' in host else host}:{parts.port or _PORTS[parts.scheme]}"
