"""One FTP connection, blocking, with what ftplib leaves to its callers: bounds, names in bytes, TLS on both lines.

Passive mode only. The data connection goes where the control connection goes, whatever the server says.
"""

from __future__ import annotations

import ftplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

REPLY = 1000  # lines of one reply
LISTING = 64_000_000  # bytes of one listing


class Endless(ftplib.Error):
    """The server says more than anybody would."""


class Talk(ftplib.FTP):
    """A connection without TLS."""

    sock: socket.socket

    data: socket.socket | None = None
    _said = 0  # lines since the last command

    def begin(self, link: socket.socket, host: str, seconds: float) -> None:
        """Take over a connection and hear the welcome. Raises OSError, EOFError or ftplib.Error."""
        link.setblocking(True)
        link.settimeout(seconds)
        self.host, self.timeout = host, seconds
        self.sock, self.af = link, link.family
        self.hear()
        self.welcome = self.getresp()

    def hear(self) -> None:
        """Read replies from the connection as it is now."""
        self.file = self.sock.makefile("r", encoding="utf-8", errors="surrogateescape")

    def putline(self, line: str) -> None:
        """Send a command; names go out in the bytes they came in."""
        if "\r" in line or "\n" in line:
            raise ValueError("a command of more than one line")
        self._said = 0
        self.sock.sendall((line + "\r\n").encode("utf-8", "surrogateescape"))

    def getline(self) -> str:
        """One line of a reply that ends some time."""
        self._said += 1
        if self._said > REPLY:
            raise Endless(f"a reply of more than {REPLY} lines")
        return super().getline()

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """Open a data connection, known to whoever may have to cut it."""
        found = super().ntransfercmd(cmd, rest)
        self.data = found[0]
        return found

    def fetch(self, command: str, limit: int) -> bytes:
        """What a command sends over the data connection, at most `limit` bytes of it. Raises as begin does."""
        body = bytearray()
        with self.transfercmd(command) as line:
            while len(body) < limit and (piece := line.recv(min(65_536, limit - len(body)))):
                body += piece
        if len(body) < limit:
            self.voidresp()  # without it the transfer broke off
            return bytes(body)
        with suppress(ftplib.Error):
            self.voidresp()
        return bytes(body)

    def lines(self, command: str) -> Iterator[str]:
        """The lines of a listing."""
        body = self.fetch(command, LISTING)
        if len(body) >= LISTING:
            raise Endless(f"a listing of more than {LISTING} bytes")
        return (line.decode("utf-8", "surrogateescape") for line in BytesIO(body))

    def cut(self) -> None:
        """End every exchange at once, from another thread."""
        for line in (self.data, self.sock):
            if line is not None:
                with suppress(OSError, ValueError):
                    socket.socket.shutdown(line, socket.SHUT_RDWR)


class Sealed(Talk, ftplib.FTP_TLS):
    """A connection that is encrypted after the welcome (RFC 4217), the data connections too."""

    def seal(self) -> None:
        """Ask for TLS. Raises ssl.SSLError for a certificate that is not trustworthy."""
        self.voidcmd("AUTH TLS")
        self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)
        self.hear()
        self.prot_p()

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """A data connection in the TLS session of the control connection: many servers insist on that."""
        line, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321
        self.data = line
        assert isinstance(self.sock, ssl.SSLSocket)
        self.data = self.context.wrap_socket(line, server_hostname=self.host, session=self.sock.session)
        return self.data, size
