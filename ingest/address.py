"""Say which network addresses may be connected to: public ones, and hosts an operator has allowed by name."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

import idna

from config.settings import PREFIX, SettingsError

# The special-purpose registries of IANA (RFC 6890 and its updates). Addresses there that may be "globally
# reachable" (anycast of the protocols themselves) carry no news, so whole blocks are refused.
_REFUSED4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, among them the clouds' metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)
# Of IPv6 only 2000::/3 is handed out as global unicast. Everything else is refused by that alone: unspecified,
# loopback, mapped and compatible IPv4, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), ULA, link- and site-local, multicast.
_GLOBAL6 = ipaddress.IPv6Network("2000::/3")
_REFUSED6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo (an IPv4 inside), benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 inside
        "3fff::/20",  # documentation, RFC 9637
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # upper half of an interface id whose lower half is an IPv4 (RFC 5214)


def public(ip: str) -> bool:
    """Whether this address, as a look-up gives it, belongs to the public Internet.

    False for anything special, for an IPv6 address that embeds an IPv4 one or has a scope, and for what is no address.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in _REFUSED4)
    if address.scope_id is not None or address not in _GLOBAL6:
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return not any(address in block for block in _REFUSED6)


def literal(host: str) -> str:
    """The address that a host name spells, canonical; "" for a real name.

    Also for the forms that only old resolvers read: 127.1, 0x7f.0.0.1, 2130706433, 0.
    """
    bare = host.strip("[]").rstrip(".")
    if ":" not in bare and not bare.rpartition(".")[2][:1].isdigit():  # every part of a number begins with a digit
        return ""
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(bare)) if bare.isascii() else ""
    except (OSError, ValueError):
        return ""


class Allowed:
    """The hosts that may be reached although their addresses are not public.

    Patterns: `host`, `host:port`, `*.suffix` (names below it, not the suffix itself), `*.suffix:port`. What is allowed
    is the host as the address names it: another name that resolves to the same place stays refused.
    Raises SettingsError naming a pattern that is none of these.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._hosts: set[tuple[str, int | None]] = set()
        self._suffixes: list[tuple[str, int | None]] = []
        for pattern in patterns:
            host, port = _split(pattern)
            if host.startswith("*."):
                self._suffixes.append((_name(host[2:], pattern), port))
            else:
                self._hosts.add((_name(host, pattern), port))

    def permits(self, host: str, port: int) -> bool:
        """Whether the operator allowed this host, as it stands in the URL, at this port."""
        if not self._hosts and not self._suffixes:
            return False
        name = _spelling(host)
        if (name, None) in self._hosts or (name, port) in self._hosts:
            return True
        return any(name.endswith("." + suffix) and wanted in (None, port) for suffix, wanted in self._suffixes)


def _split(pattern: str) -> tuple[str, int | None]:
    """Part a pattern into host and port; a bare IPv6 address has colons of its own."""
    if pattern.endswith("]") or (pattern.count(":") > 1 and not pattern.startswith("[")):
        return pattern, None
    host, colon, port = pattern.rpartition(":")
    if not colon:
        return pattern, None
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise SettingsError(f"{PREFIX}ALLOW_HOSTS: {pattern!r} has no port number after its colon")
    return host, int(port)


def _name(host: str, pattern: str) -> str:
    name = _spelling(host)
    if not name or any(c in name for c in "*/@?#[]\\ %") or not name.isprintable():
        raise SettingsError(f"{PREFIX}ALLOW_HOSTS: {pattern!r} is neither host, host:port nor *.suffix")
    return name


def _spelling(host: str) -> str:
    """One spelling for a host: lower case, ASCII, no brackets, no last dot, addresses in canonical form."""
    name = host.lower().rstrip(".")
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name
