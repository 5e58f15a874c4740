"""Send one HTTP request: the only file that opens connections to the outside, and the only one that imports httpx."""

from __future__ import annotations

import re
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp
import httpx
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.http_exceptions import LineTooLong

from config.settings import Settings
from ingest.address import Allowed, literal, public
from ingest.decode import ACCEPTED, Broken, Decoder, TooLarge
from ingest.errors import GiveUp, TryLater, Verdict
from ingest.links import shown
from ingest.model import Failed
from ingest.names import Names

HEADERS = 200  # fields in one answer; real sites stay under 80
FIELD = 16_384  # bytes of one field; policies of 8 KiB occur
_KEEP = 4.0  # seconds an idle connection is kept: one host's pages come about a second apart
_NAMES = 20_000  # answers kept
_NAME_AGE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Hop:
    """One request to one cleaned address."""

    url: str
    limit: int  # decoded bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False  # over the limit: keep the beginning instead of refusing
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; only a 2xx answer has a body."""

    url: str
    status: int
    headers: dict[str, str]  # names lower-cased, repeated fields joined by ", "; no Set-Cookie
    body: bytes = b""


class Refused(OSError):
    """An address that must not be connected to."""


class Web:
    """Every outbound request of one process; no redirects and no deadline here. `async with`, or call `close`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._allowed = Allowed(settings.allow_hosts)
        self._proxy = _proxy(settings.proxy) if settings.proxy else {}
        self.trust = httpx.create_ssl_context(trust_env=False)  # costs 20 ms: made once
        self._own = {"user-agent": settings.user_agent, "accept-encoding": ACCEPTED, "accept": "*/*"}
        self._links: dict[bool, _Transport] = {}

    async def get(self, hop: Hop) -> Answer:
        """Ask once. Raises TryLater or GiveUp for everything that is no complete answer."""
        try:
            return await self._ask(hop)
        except Verdict:
            raise
        except Exception as error:
            raise _judge(error, shown(hop.url)) from error

    def naming(self, hosts: Iterable[str]) -> Web:
        """The same connections for somebody who may reach these hosts as well; not to be closed."""
        other = copy(self)
        other._allowed = Allowed((*self._settings.allow_hosts, *hosts))
        return other

    async def close(self) -> None:
        """Close every connection."""
        links = list(self._links.values())
        self._links.clear()
        for link in links:
            await link.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _ask(self, hop: Hop) -> Answer:
        link = self._link(guarded=self._guarded(hop.url))
        fields = self._own | {name.lower(): value for name, value in hop.headers.items()}
        response = await link.handle_async_request(httpx.Request(hop.method, hop.url, headers=fields))
        try:
            status, headers = response.status_code, _headers(response.headers)
            read = 200 <= status < 300 and status not in (204, 205)
            return Answer(hop.url, status, headers, await _body(response, headers, hop) if read else b"")
        finally:
            await response.aclose()

    def _guarded(self, url: str) -> bool:
        """Whether the address must be public; refuses at once what is written as a number and is not."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._allowed.permits(host, parts.port or (443 if parts.scheme == "https" else 80)):
            return False
        number = literal(host)
        if number and (not public(number) or (":" not in host and number != host)):  # nobody honest writes 127.1
            raise GiveUp(Failed.ADDRESS, shown(url), f"{host} ({number}) is no public address in its usual spelling")
        return not self._proxy  # a proxy does the look-up, and then has to refuse by itself

    def _link(self, *, guarded: bool) -> _Transport:
        if guarded not in self._links:  # made here, because it belongs to the running loop
            self._links[guarded] = _Transport(_session(self.trust, guarded), self._proxy)
        return self._links[guarded]


async def _body(response: httpx.Response, headers: Mapping[str, str], hop: Hop) -> bytes:
    """The decoded body, complete, or its beginning if the hop says so."""
    transfer = headers.get("transfer-encoding", "chunked").lower()
    if transfer not in ("chunked", "identity"):
        raise Broken(f"unknown transfer coding {transfer[:40]!r}")
    decoder = Decoder(headers.get("content-encoding", ""), hop.limit)
    pieces: list[bytes] = []
    try:
        async for chunk in response.aiter_raw():
            pieces.append(decoder.feed(chunk))
        decoder.finish()
    except TooLarge as error:
        if not hop.cut:
            raise
        pieces.append(error.kept)
    return b"".join(pieces)


def _headers(given: httpx.Headers) -> dict[str, str]:
    fields: dict[str, list[str]] = {}
    for name, value in given.multi_items():
        if name != "set-cookie":
            fields.setdefault(name, []).append(value)
    return {name: ", ".join(values) for name, values in fields.items()}


class _Transport(httpx.AsyncBaseTransport):
    """httpx over aiohttp's pool, which stays cheap with hundreds of connections.

    It is used without httpx's client, whose cookies, redirects and logins must not happen here and cost as much again.
    The address goes out exactly as it was cleaned: it is what identity rests on.
    """

    def __init__(self, session: aiohttp.ClientSession, proxy: dict[str, Any]) -> None:
        self._session = session
        self._proxy = proxy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = yarl.URL(str(request.url), encoded=True)
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        if url.scheme == "http":  # for https they go with CONNECT
            headers += self._proxy.get("proxy_headers", {}).items()
        answer = await self._session.request(request.method, url, headers=headers, allow_redirects=False, **self._proxy)
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Stream(answer), request=request)

    async def aclose(self) -> None:
        await self._session.close()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.content.iter_any():
            yield chunk

    async def aclose(self) -> None:
        self._answer.release()  # closes the connection if the body was not read to its end


def _session(trust: ssl.SSLContext, guarded: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        ssl=trust,
        resolver=_Resolver(guarded),
        socket_factory=_socket if guarded else None,
        limit=0,  # how much runs at once is decided where hosts are admitted
        keepalive_timeout=_KEEP,
        ttl_dns_cache=_NAME_AGE,
        dns_cache_max_size=_NAMES,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        max_headers=HEADERS,
        max_field_size=FIELD,
        max_line_size=FIELD,
        trust_env=False,
    )


def _socket(info: tuple[Any, ...]) -> socket.socket:
    """The choke point: called with the very address that is about to be connected to."""
    kind, type_, protocol, _, target = info
    scoped = len(target) > 3 and target[3]
    if scoped or not public(target[0]):
        raise Refused(f"{target[0]} is not a public address")
    return socket.socket(kind, type_, protocol)


class _Resolver(AbstractResolver):
    """The look-up of one session; where it is guarded, a mixed answer goes on with its public part."""

    def __init__(self, guarded: bool) -> None:
        self._guarded = guarded
        self._names = Names()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        places = await self._names.look_up(host, port, family)
        kept = [place for place in places if not self._guarded or public(place.ip)]
        if not kept:
            found = ", ".join(sorted({place.ip for place in places})[:4])
            raise Refused(f"{host} resolves to {found or 'nothing'}, which is not public")
        return [
            ResolveResult(hostname=host, host=p.ip, port=port, family=p.family, proto=p.protocol, flags=_NUMERIC)
            for p in kept
        ]

    async def close(self) -> None:
        """Nothing is held."""


_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


def basic(url: str) -> str:
    """The Basic credentials (RFC 7617) for the userinfo of an address, "" where it has none."""
    parts = urlsplit(url)
    if parts.username is None:
        return ""
    words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return "Basic " + b64encode(words.encode("utf-8", "replace")).decode("ascii")


def _proxy(url: str) -> dict[str, Any]:
    """What aiohttp is told of the proxy: its address without the password, and the header that carries it."""
    parts = urlsplit(url)
    address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))
    word = basic(url)
    return {"proxy": address, "proxy_headers": {"Proxy-Authorization": word} if word else {}}


def _judge(error: Exception, url: str) -> Verdict:
    """What a foreign exception means for the attempt."""
    chain = list(_causes(error))
    text = next((str(e) for e in chain if isinstance(e, Refused)), _plain(error))
    for kinds, reason in _REASONS:
        if any(isinstance(e, kinds) for e in chain):
            return TryLater(reason, url, text)
    if any(isinstance(e, TooLarge | LineTooLong) or "Too many headers" in str(e) for e in chain):
        return GiveUp(Failed.TOO_LARGE, url, text)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | aiohttp.InvalidURL):
        return GiveUp(Failed.BAD_URL, url, text)
    return TryLater(Failed.PROTOCOL, url, text)


# A name that leads to a private address is not given up: look-ups go wrong for a whole network at a time.
_REASONS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Failed], ...] = (
    (Refused, Failed.ADDRESS),
    (Broken, Failed.ENCODING),
    ((aiohttp.ClientSSLError, ssl.SSLError, ssl.CertificateError), Failed.TLS),
    ((aiohttp.ClientConnectorDNSError, socket.gaierror), Failed.DNS),
    ((aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError), Failed.CONNECT),
    (TimeoutError, Failed.TIMEOUT),
)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        inner = getattr(error, "os_error", None)
        error = error.__cause__ or (inner if isinstance(inner, BaseException) else None)


def _plain(error: Exception) -> str:
    """One short printable line: messages of parsers quote the other side's bytes."""
    message = getattr(error, "message", "") or str(error)
    return re.sub(r"[^\x21-\x7e]+", " ", f"{type(error).__name__}: {message}")[:200]
