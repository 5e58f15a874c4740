"""Undo content codings (RFC 9110 section 8.4) piece by piece, with the cap on decoded bytes kept inside each piece."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import zstandard

LAYERS = 2  # codings on top of one another; real servers use one, a few use two by mistake
MEMBERS = 10_000  # gzip members or zstd frames in one body; each costs a new decoder
_PIECE = 65_536  # decoded bytes taken out of a decoder at a time
_SLICE = 16_384  # encoded bytes put into one at a time
_ZSTD_SLICE = 128  # this decoder cannot be told to stop; a block of 4 bytes may give 128 KiB, so 128 bytes give 4 MiB
_ZSTD_WINDOW = 2**23  # 8 MiB, the most a content coding may ask for (RFC 9659)
_SLACK = 65_536  # what wrapping may add to a body that does not get smaller


def _brotli() -> Any:
    """The brotli module, if it is there and can bound its output (1.2 and newer); else None."""
    try:
        module: Any = importlib.import_module("brotli")
    except ImportError:
        return None
    return module if hasattr(module.Decompressor, "can_accept_more_data") else None


_BROTLI = _brotli()
ACCEPTED = "gzip, deflate, zstd" + (", br" if _BROTLI else "")  # for Accept-Encoding: what we can decode with a bound
_ERRORS: tuple[type[Exception], ...] = (zlib.error, zstandard.ZstdError, *((_BROTLI.error,) if _BROTLI else ()))


class TooLarge(Exception):
    """More decoded bytes than the limit. `kept` is what still fits of the piece that was being decoded."""

    def __init__(self, limit: int, kept: bytes = b"") -> None:
        super().__init__(f"more than {limit} decoded bytes")
        self.kept = kept


class Broken(Exception):
    """A coding that is unknown, damaged or cut short."""


class Decoder:
    """Decodes one body. `codings` is the value of Content-Encoding, `limit` the most bytes that may come out.

    Raises Broken for a coding we do not know, naming it, and for more than two layers.
    """

    def __init__(self, codings: str, limit: int) -> None:
        names = [name for name in (word.strip().lower() for word in codings.split(",")) if name not in ("", "identity")]
        if len(names) > LAYERS:
            raise Broken(f"{len(names)} content codings on top of one another")
        self._limit = limit
        self._fed = 0
        self._out = 0
        self._stages = [_Stage(_layer(name), limit) for name in reversed(names)]  # the last one named was applied last

    def feed(self, data: bytes) -> bytes:
        """Decode the next bytes of the body. Raises TooLarge as soon as the limit is passed, Broken for bad data."""
        self._fed += len(data)
        pieces: Iterable[bytes] = (data,)
        for stage in self._stages:
            pieces = stage.run(pieces)
        done: list[bytes] = []
        try:
            for piece in pieces:
                done.append(self._fit(piece, done))
        except _ERRORS as error:
            raise Broken(f"damaged content coding: {error}") from error
        if self._fed > self._limit + _SLACK:  # bytes that decode to nothing must end as well
            raise TooLarge(self._limit, b"".join(done))
        return b"".join(done)

    def finish(self) -> None:
        """Say that the body is over. Raises Broken if a coding was not at its end: the body was cut short."""
        if self._fed and not all(stage.layer.ended() for stage in self._stages):
            raise Broken("the encoded body was cut short")

    def _fit(self, piece: bytes, done: list[bytes]) -> bytes:
        room = self._limit - self._out
        if len(piece) > room:
            self._out = self._limit
            raise TooLarge(self._limit, b"".join(done) + piece[:room])
        self._out += len(piece)
        return piece


class _Layer(Protocol):
    """One coding: bytes in, pieces of bounded size out."""

    def pump(self, data: bytes) -> Iterator[bytes]: ...

    def ended(self) -> bool: ...


class _Stage:
    """A layer with its share of the cap, so that a bomb inside another coding is counted too."""

    def __init__(self, layer: _Layer, limit: int) -> None:
        self.layer = layer
        self._limit = limit
        self._out = 0

    def run(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for data in pieces:
            for start in range(0, len(data), _SLICE):
                for piece in self.layer.pump(data[start : start + _SLICE]):
                    self._out += len(piece)
                    yield piece
                    if self._out > self._limit + _SLACK:
                        raise TooLarge(self._limit)


def _layer(name: str) -> _Layer:
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    if name == "zstd":
        return _Zstd()
    if name == "br" and _BROTLI:
        return _Brotli()
    raise Broken(f"unknown content coding {name[:40]!r}")


def _inflate(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Pieces of at most _PIECE bytes until the input is used up or the stream ends."""
    while True:
        piece = stream.decompress(data, _PIECE)
        if piece:
            yield piece
        data = stream.unconsumed_tail
        # A full piece may leave output inside the decoder even when all input is used.
        if stream.eof or (not data and len(piece) < _PIECE):
            return


class _Gzip:
    """RFC 1952: members follow one another; what is no member after the first is padding and ignored, as gzip does."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(31)
        self._members = 1
        self._held = b""  # a first byte that may begin another member
        self._over = False

    def pump(self, data: bytes) -> Iterator[bytes]:
        data, self._held = self._held + data, b""
        while data and not self._over:
            if self._stream.eof:
                if data == b"\x1f":
                    self._held = data
                    return
                self._next(data)
                continue
            yield from _inflate(self._stream, data)
            data = self._stream.unused_data

    def _next(self, data: bytes) -> None:
        if data[:2] != b"\x1f\x8b":
            self._over = True
            return
        self._members += 1
        if self._members > MEMBERS:
            raise Broken(f"more than {MEMBERS} gzip members")
        self._stream = zlib.decompressobj(31)

    def ended(self) -> bool:
        return self._stream.eof


class _Deflate:
    """The coding "deflate": zlib (RFC 1950) by the book, raw deflate (RFC 1951) from servers that misread it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._held = b""

    def pump(self, data: bytes) -> Iterator[bytes]:
        data, self._held = self._held + data, b""
        if self._stream is None:
            if len(data) < 2:
                self._held = data
                return
            wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(15 if wrapped else -15)
        if not self._stream.eof:
            yield from _inflate(self._stream, data)

    def ended(self) -> bool:
        return self._stream is not None and self._stream.eof


class _Zstd:
    """RFC 8878: frames follow one another."""

    def __init__(self) -> None:
        self._maker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frame = self._maker.decompressobj()
        self._frames = 1

    def pump(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE):
            rest = data[start : start + _ZSTD_SLICE]
            while rest:
                if self._frame.eof:
                    self._next()
                piece = self._frame.decompress(rest)
                if piece:
                    yield piece
                rest = self._frame.unused_data if self._frame.eof else b""

    def _next(self) -> None:
        self._frames += 1
        if self._frames > MEMBERS:
            raise Broken(f"more than {MEMBERS} zstd frames")
        self._frame = self._maker.decompressobj()

    def ended(self) -> bool:
        return bool(self._frame.eof)


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._stream = _BROTLI.Decompressor()

    def pump(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.is_finished():
            piece: bytes = self._stream.process(data, output_buffer_limit=_PIECE)
            data = b""
            if piece:
                yield piece
            elif self._stream.can_accept_more_data():  # also says so while output is still waiting inside
                return

    def ended(self) -> bool:
        return bool(self._stream.is_finished())
