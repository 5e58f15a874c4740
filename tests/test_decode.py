"""Content codings: round trips, caps inside a piece, and bodies that are cut, damaged or nested."""

from __future__ import annotations

import gzip
import importlib
import subprocess
import sys
import zlib
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode import ACCEPTED, LAYERS, Broken, Decoder, TooLarge

BIG = 10**7


def raw_deflate(data: bytes) -> bytes:
    maker = zlib.compressobj(wbits=-15)
    return maker.compress(data) + maker.flush()


CODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "DEFLATE": raw_deflate,
    "zstd": zstandard.compress,
    "identity": bytes,
    "": bytes,
}
if "br" in ACCEPTED:
    CODERS["br"] = importlib.import_module("brotli").compress
CODINGS = st.lists(st.sampled_from(sorted(CODERS)), max_size=LAYERS)


def decoded(codings: str, data: bytes, cuts: list[int] | None = None, limit: int = BIG) -> bytes:
    decoder = Decoder(codings, limit)
    ends = [*sorted(c % (len(data) + 1) for c in cuts or []), len(data)]
    starts = [0, *ends[:-1]]
    out = b"".join(decoder.feed(data[start:end]) for start, end in zip(starts, ends, strict=True))
    decoder.finish()
    return out


def refused(codings: str, data: bytes, limit: int = BIG) -> str:
    with pytest.raises((Broken, TooLarge)) as caught:
        decoded(codings, data, limit=limit)
    return f"{type(caught.value).__name__}: {caught.value}"


@given(CODINGS, st.binary(max_size=3000), st.integers(1, 90), st.lists(st.integers(0, 10**6), max_size=20))
def test_every_coding_gives_the_body_back_however_it_arrives(
    codings: list[str], data: bytes, times: int, cuts: list[int]
) -> None:
    body = encoded = data * times
    for name in codings:
        encoded = CODERS[name](encoded)
    assert decoded(", ".join(codings), encoded, cuts) == body


@given(CODINGS, st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5), st.integers(0, 1000))
def test_any_bytes_end_as_a_body_or_as_one_of_our_two_errors(
    codings: list[str], data: bytes, cuts: list[int], limit: int
) -> None:
    with suppress(Broken, TooLarge):
        assert len(decoded(",".join(codings), data, cuts, limit)) <= limit


@settings(max_examples=200)
@given(st.sampled_from(["gzip", "deflate", "zstd"]), st.integers(0, 10**6), st.integers(0, 255), st.binary(min_size=20))
def test_a_damaged_body_raises_nothing_foreign(coding: str, place: int, byte: int, body: bytes) -> None:
    data = bytearray(CODERS[coding](body * 20))
    data[place % len(data)] = byte
    with suppress(Broken, TooLarge):
        decoded(coding, bytes(data))


@given(st.sampled_from(["gzip", "deflate", "DEFLATE", "zstd"]), st.binary(min_size=1), st.integers(1, 10**6))
def test_a_body_cut_anywhere_is_noticed(coding: str, body: bytes, place: int) -> None:
    data = CODERS[coding](body * 50)
    assert "Broken" in refused(coding, data[: 1 + place % (len(data) - 1)])


def test_a_body_that_ends_at_the_edge_of_a_piece_is_whole() -> None:
    for size in range(65_400, 65_900):
        assert len(decoded("deflate", raw_deflate(b"a" * size))) == size


def test_every_member_of_a_gzip_body_is_decoded() -> None:
    data = b"".join(gzip.compress(b"part %d " % n) for n in range(40))
    whole = b"".join(b"part %d " % n for n in range(40))
    assert decoded("gzip", data) == whole
    assert decoded("gzip", data, list(range(len(data)))) == whole


def test_every_frame_of_a_zstd_body_is_decoded() -> None:
    assert decoded("zstd", zstandard.compress(b"one ") + zstandard.compress(b"two")) == b"one two"


def test_padding_after_a_gzip_body_is_ignored() -> None:
    assert decoded("gzip", gzip.compress(b"text") + b"\0" * 700) == b"text"
    assert decoded("gzip", gzip.compress(b"text") + b"\x1f") == b"text"


def test_the_second_member_cut_short_is_noticed() -> None:
    assert "cut short" in refused("gzip", gzip.compress(b"one") + gzip.compress(b"two")[:-4])


def test_an_empty_body_needs_no_coding() -> None:
    assert decoded("gzip", b"") == b""


@pytest.mark.parametrize("coding", ["rot13", "gzip, aws-chunked", "compress", "utf-8"])
def test_an_unknown_coding_is_refused_by_name(coding: str) -> None:
    assert repr(coding.rpartition(" ")[2]) in refused(coding, b"")


def test_more_than_two_codings_are_refused() -> None:
    assert "3 content codings" in refused("gzip, deflate, gzip", b"")
    assert decoded("identity, gzip, identity,", gzip.compress(b"x")) == b"x"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", ""])
def test_exactly_the_limit_passes_and_one_byte_more_does_not(coding: str) -> None:
    data = CODERS[coding](b"a" * 100_000)
    assert len(decoded(coding, data, limit=100_000)) == 100_000
    assert "more than 99999 decoded bytes" in refused(coding, data, limit=99_999)


def test_what_fits_is_kept_when_the_limit_is_passed() -> None:
    with pytest.raises(TooLarge) as caught:
        Decoder("gzip", 150_000).feed(gzip.compress(b"ab" * 100_000))
    assert caught.value.kept == b"ab" * 75_000


def test_bytes_that_decode_to_nothing_end_as_well() -> None:
    assert "TooLarge" in refused("gzip", gzip.compress(b"x") + b"\0" * 200_000, limit=1000)
    assert "TooLarge" in refused("gzip, gzip", gzip.compress(gzip.compress(b"x") + b"\0" * 10**6), limit=1000)
    assert "members" in refused("gzip", gzip.compress(b"") * 10_001)
    assert "frames" in refused("zstd", zstandard.compress(b"") * 10_001)


BOMBS = """
import gzip, resource, zlib, zstandard
from ingest.decode import Decoder, TooLarge
def squeeze(maker, size=400_000_000, flush=lambda m: m.flush()):
    block = bytes(1_000_000)
    return b"".join(maker.compress(block) for _ in range(size // 1_000_000)) + flush(maker)
flat = squeeze(zlib.compressobj(9, wbits=31))
packed = squeeze(zstandard.ZstdCompressor(19).compressobj())
bombs = [("gzip", flat), ("deflate", squeeze(zlib.compressobj(9))), ("zstd", packed),
         ("gzip, gzip", gzip.compress(flat)), ("gzip, zstd", zstandard.compress(flat)),
         ("zstd, zstd", zstandard.compress(packed))]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for coding, data in bombs:
    try:
        Decoder(coding, 1_000_000).feed(data)
        raise SystemExit(coding + " went off")
    except TooLarge as error:
        assert len(error.kept) <= 1_000_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_bombs_in_one_piece_stay_small() -> None:
    done = subprocess.run([sys.executable, "-c", BOMBS], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 16_000, "kilobytes grown while refusing bombs of 400 MB"


def test_only_what_can_be_decoded_with_a_bound_is_advertised() -> None:
    for name in ACCEPTED.split(", "):
        Decoder(name, 1)
