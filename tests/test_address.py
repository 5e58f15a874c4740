"""Which addresses count as public, and which hosts an operator's patterns let through."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SettingsError
from ingest.address import Allowed, literal, public


def words(text: str) -> list[str]:
    return text.split()


INSIDE = words("""
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1 100::1 100:0:0:1::1
2001::1 2001:0:53aa:64c:0:7a85:80fe:fefe 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
2002:7f00:1:: 2002:808:808::1 3fff::1 3fff:fff:ffff::1 4000::1 5f00::1
2607:f8b0::5efe:7f00:1 2607:f8b0::200:5efe:808:808 fe80::1 fe80::5efe:a00:1 febf::1
fec0::1 fc00::1 fd12:3456::1 ff02::1 ff0e::1 2607:f8b0::1%eth0
""")
OUTSIDE = words("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0
172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2607:f8b0::1 2a00:1450::5 2001:200::1 2001:4860:4860::8888 2400:cb00::1 2606:4700::1111 3ffe::1
""")


@pytest.mark.parametrize("ip", INSIDE)
def test_special_addresses_are_not_public(ip: str) -> None:
    assert not public(ip)


@pytest.mark.parametrize("ip", OUTSIDE)
def test_neighbours_of_special_blocks_are_public(ip: str) -> None:
    assert public(ip)


@pytest.mark.parametrize(
    "word", ["", "localhost", "127.1", "1.2.3.4 ", "1.2.3.256", "08.8.8.8", "8.8.8.8/32", "0x8.8.8.8"]
)
def test_what_is_no_address_is_not_public(word: str) -> None:
    assert not public(word)


@given(st.ip_addresses(v=4))
def test_every_ipv4_address_that_the_standard_library_calls_private_is_refused(ip: ipaddress.IPv4Address) -> None:
    if ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        assert not public(str(ip))


@given(st.ip_addresses(v=4))
def test_an_ipv6_address_that_embeds_an_ipv4_one_is_refused(ip: ipaddress.IPv4Address) -> None:
    n = int(ip)
    forms = [n, n | 0xFFFF << 32, n | 0x64FF9B << 96, n | 0x64FF9B0001 << 80, n << 80 | 0x2002 << 112]
    forms += [
        0x2001 << 112 | (n ^ 0xFFFFFFFF),
        0x2607F8B0 << 96 | 0x5EFE << 32 | n,
        0x2607F8B0 << 96 | 0x2005EFE << 32 | n,
    ]
    assert not any(public(str(ipaddress.IPv6Address(form))) for form in forms)


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert public(text) in (True, False)
    assert isinstance(literal(text), str)
    assert Allowed(["10.0.0.1"]).permits(text, 80) is (text.rstrip(".") in ("10.0.0.1", "[10.0.0.1]"))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1"]
)
def test_every_spelling_of_an_ipv4_address_is_read(host: str) -> None:
    assert literal(host) == "127.0.0.1"


def test_names_are_no_literals() -> None:
    assert [literal(host) for host in ("news.example", "1e100.net", "127.0.0.1.nip.example", "")] == [""] * 4
    assert literal("0") == "0.0.0.0"
    assert literal("[::ffff:127.0.0.1]") == "::ffff:7f00:1"


def test_a_host_pattern_lets_one_host_through_at_every_port() -> None:
    allowed = Allowed(["intranet.example"])
    assert allowed.permits("intranet.example", 80)
    assert allowed.permits("INTRANET.example.", 8443)
    assert not allowed.permits("www.intranet.example", 80)
    assert not allowed.permits("intranet.example.evil.example", 80)


def test_a_host_and_port_pattern_lets_only_that_port_through() -> None:
    allowed = Allowed(["127.0.0.1:8080", "[::1]:8080"])
    assert allowed.permits("127.0.0.1", 8080)
    assert allowed.permits("::1", 8080)
    assert allowed.permits("[0:0::1]", 8080)
    assert not allowed.permits("127.0.0.1", 6379)
    assert not allowed.permits("localhost", 8080)


def test_a_suffix_pattern_lets_names_below_it_through_and_nothing_beside_it() -> None:
    allowed = Allowed(["*.corp.example", "*.lab.example:81"])
    assert allowed.permits("wire.corp.example", 80)
    assert allowed.permits("a.b.corp.example", 80)
    assert allowed.permits("x.lab.example", 81)
    assert not allowed.permits("x.lab.example", 80)
    assert not allowed.permits("corp.example", 80)
    assert not allowed.permits("evilcorp.example", 80)


def test_patterns_and_hosts_meet_in_one_spelling() -> None:
    allowed = Allowed(["bücher.example", "::1"])
    assert allowed.permits("xn--bcher-kva.example", 80)
    assert allowed.permits("::1", 80)


@pytest.mark.parametrize(
    "pattern", ["*", "*.", "*.*.example", "a*b.example", "http://x", "x/8", "u@x", "x:0", "x:65536", "x:y", ""]
)
def test_a_pattern_of_another_kind_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Allowed([pattern])
    assert repr(pattern) in str(caught.value)
    assert "WIREDESK_ALLOW_HOSTS" in str(caught.value)


def test_nothing_is_allowed_without_patterns() -> None:
    assert not Allowed([]).permits("127.0.0.1", 80)
