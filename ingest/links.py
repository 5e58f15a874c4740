"""Clean an address, and the one definition of identity (RFC 3986 section 6; contract of docs/flow.md)."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

import idna

from ingest.errors import GiveUp
from ingest.model import Failed

_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f]+")
# Parameters that say how a reader came, never what is shown. Only names no site uses to choose content.
_TRACKERS = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid|mkt_tok|"
    r"_hsenc|_hsmi|vero_id|wt_mc|at_(medium|campaign|custom\d)|ns_(campaign|mchannel|source|linkname)|xtor|"
    r"cmpid|ocid|ito|smid|sref|spm|guccounter|guce_\w+)",
    re.IGNORECASE,
)
_SECRETS = re.compile(r"(key|token|secret|sig|signature|auth|password|passwd|pwd|apikey|api_key|access_token)", re.I)
URN = "urn:wiredesk:"
MAX_LENGTH = 4096  # characters; longer addresses are refused, not cut


def clean(url: str, base: str | None = None) -> str:
    """Return the address in the one spelling we store: absolute, no fragment, no trackers, no userinfo.

    Raises GiveUp(bad-url) for what cannot be asked: another scheme, no host, a bad port, too long.
    """
    text = _UNSAFE.sub("%20", url.strip(" \t\r\n\f\v\x00").replace("\t", "").replace("\n", "").replace("\r", ""))
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        host, port = _ascii(parts.hostname or ""), parts.port
        text.encode()  # lone surrogates cannot be asked for
    except (ValueError, UnicodeError) as error:
        raise GiveUp(Failed.BAD_URL, shown(url), str(error)) from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        raise GiveUp(Failed.BAD_URL, shown(url), "only http and https addresses with a host can be fetched")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        netloc += f":{port}"
    path = quote(_dots(parts.path) or "/", safe="/%:@!$&'()*+,;=~-._|")
    done = urlunsplit((scheme, netloc, path, _query(parts.query), ""))
    if len(done) > MAX_LENGTH:
        raise GiveUp(Failed.BAD_URL, shown(url), f"longer than {MAX_LENGTH} characters")
    return done


def _ascii(host: str) -> str:
    host = host.rstrip(".")
    if not host or host.isascii():
        if re.search(r"[\s<>\"\\^`{|}%]", host):
            raise ValueError("bad character in the host name")
        return host
    return idna.encode(host, uts46=True).decode("ascii")


def _dots(path: str) -> str:
    return urlsplit(urljoin("http://x/", path)).path if "/." in path and not path.startswith("//") else path


def _query(query: str) -> str:
    if not query:
        return ""
    kept = [p for p in query.split("&") if p and not _TRACKERS.fullmatch(p.partition("=")[0])]
    return quote("&".join(kept), safe="/%:@!$&'()*+,;=~-._?[]|")


def host(url: str) -> str:
    """The politeness unit of a cleaned address: host name, with the port where it is not the scheme's own."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def front(url: str) -> bool:
    """Whether a cleaned address is a site's front page (no article lives there)."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def digest(*words: str, size: int = 12) -> str:
    """A short stable name for a tuple of strings: `size` bytes of BLAKE2b in URL-safe Base64, for keys and marks."""
    return base64.urlsafe_b64encode(_hash(words, size)).decode().rstrip("=")


def _hash(words: tuple[str, ...], size: int) -> bytes:
    return hashlib.blake2b("\x1f".join(words).encode("utf-8", "surrogatepass"), digest_size=size).digest()


def subject(identity: str) -> str:
    """The document's uri for its identity (a cleaned address, or feed and guid where there is none)."""
    return URN + _hash(("document", identity), 12).hex()


def shown(url: str) -> str:
    """An address fit for logs and events: no userinfo, no secret query values, no control characters, bounded."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "", url)[:MAX_LENGTH]
    try:
        parts = urlsplit(text)
        netloc = parts.netloc.rpartition("@")[2]
        query = parts.query
        if any(_SECRETS.fullmatch(k) for k, _ in parse_qsl(query)):
            query = "&".join(
                f"{p.partition('=')[0]}=..." if _SECRETS.fullmatch(p.partition("=")[0]) else p for p in query.split("&")
            )
        return urlunsplit((parts.scheme, netloc, parts.path, query, parts.fragment))
    except ValueError:
        return text
