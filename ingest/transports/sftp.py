"""A folder of an SSH server. Its host key is checked, always; files over SFTP version 3."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from config.settings import SettingsError
from config.wires import Wire
from ingest.errors import TryLater, Verdict
from ingest.model import Failed
from ingest.transport import Session, Tools, misfits
from ingest.transports.parts import remote
from ingest.transports.parts.dial import dial
from ingest.transports.parts.folder import shown
from ingest.transports.parts.hush import Hush
from ingest.transports.parts.pinned import Pinned
from ingest.transports.parts.remote import Forbidden, Missing, Remote, Site

if TYPE_CHECKING:
    import asyncssh

CLOSING = 2.0  # seconds for a farewell
BLOCK = 32_768  # bytes asked for at once; what every server gives
LISTING = 10  # times FETCH_DEADLINE, for a folder of many files


def wrong(wire: Wire) -> list[str]:
    """The mistakes in a wire."""
    found = misfits(wire, ["url", "user"], ["password", "key", "host_key", "done"]) + remote.ill(wire, ("sftp",))
    if not wire.password and not wire.key:
        found.append('transport \'sftp\' needs password = "env:NAME" or key = "file:PATH"')
    return found


@asynccontextmanager
async def open(wire: Wire, tools: Tools, state: Mapping[str, str], seen: frozenset[str]) -> AsyncIterator[Session]:
    """Log in. Raises SettingsError for a private key that is none."""
    site = remote.site(wire, {"sftp": 22})
    hush = Hush([site.password, site.key])
    pinned = Pinned(wire, tools)
    seconds = tools.settings.fetch_deadline
    link = await _login(site, wire, seconds, hush)
    try:
        shelf = Shelf(site, await _files(link, site, seconds, hush), seconds, hush)
        yield remote.Visit(wire, tools, shelf, seen, pinned)
    finally:
        await _close(link)


async def _login(site: Site, wire: Wire, seconds: float, hush: Hush) -> asyncssh.SSHClientConnection:
    import asyncssh

    asyncssh.set_log_level("WARNING")
    keys = [_key(site, wire)] if site.key else None
    link = await dial(site.host, site.port, seconds)
    guest = _guest(wire.host_key or "")
    try:
        async with asyncio.timeout(seconds):
            return await asyncssh.connect(
                site.host,
                site.port,
                sock=link,
                client_factory=lambda: guest,
                known_hosts=([], [], [])
                if wire.host_key
                else (),  # (): ~/.ssh/known_hosts, and nothing if there is none
                server_host_key_algs="-*cert*" if wire.host_key else (),
                x509_trusted_certs=None,
                config=None,
                username=site.user,
                password=site.password or None,
                client_keys=keys,
                agent_path=None,
                gss_host=None,
                compression_algs=None,
                login_timeout=seconds,
            )
    except asyncssh.HostKeyNotVerifiable:
        said = f"the server shows {guest.shown or 'a key that is not known'}; if that is its key, write it as host_key"
        raise TryLater(Failed.TLS, site.where, said) from None
    except (Exception, asyncio.CancelledError) as error:
        link.close()
        if isinstance(error, asyncio.CancelledError):
            raise
        raise _judge(error, site, hush) from None


def _guest(host_key: str) -> Any:
    """Our side of a login: believes a host key only by its fingerprint."""
    import asyncssh

    class Guest(asyncssh.SSHClient):
        shown = ""

        def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
            self.shown = f"{key.get_algorithm()} {key.get_fingerprint()}"
            return bool(host_key) and key.get_fingerprint() == host_key

    return Guest()


def _key(site: Site, wire: Wire) -> asyncssh.SSHKey:
    import asyncssh

    try:
        return asyncssh.import_private_key(site.key + "\n", site.password or None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError) as error:
        raise SettingsError(f"wire {wire.name}: {wire.key} {_unusable(str(error).lower())}") from None


def _unusable(said: str) -> str:
    """What is wrong with a private key, told without anything that may be part of it."""
    if "bcrypt" in said:
        return "is locked in a way that cannot be opened here; `ssh-keygen -p` takes the lock off"
    locked = "passphrase" in said or "decrypt" in said
    return "is locked, and password does not open it" if locked else "holds no private key"


async def _files(link: asyncssh.SSHClientConnection, site: Site, seconds: float, hush: Hush) -> asyncssh.SFTPClient:
    try:
        async with asyncio.timeout(seconds):
            return await link.start_sftp_client(path_errors="surrogateescape")
    except Exception as error:
        raise _judge(error, site, hush) from None


async def _close(link: asyncssh.SSHClientConnection) -> None:
    link.close()
    with suppress(Exception):
        async with asyncio.timeout(CLOSING):
            await link.wait_closed()
    link.abort()


class Shelf:
    """The folder of one server."""

    def __init__(self, site: Site, files: asyncssh.SFTPClient, seconds: float, hush: Hush) -> None:
        self._site, self._files, self._seconds, self._hush = site, files, seconds, hush
        self._folder = (site.folder or ".").rstrip("/") or "/"

    async def files(self) -> list[Remote]:
        """One listing, bounded."""
        found: list[Remote] = []
        async with self._asking(self._seconds * LISTING, one=False):
            async for entry in self._files.scandir(self._folder):
                if (file := _remote(str(entry.filename), entry.attrs)) is not None:
                    found.append(file)
                if len(found) > remote.MOST:
                    break
        return found

    async def read(self, name: str, limit: int) -> bytes:
        """The beginning of a file."""
        body = bytearray()
        async with self._asking(self._seconds), self._files.open(self._path(name), "rb", block_size=0) as file:
            # One request at a time: those that run at once leave their errors to the log when the connection breaks.
            while len(body) < limit and (piece := cast(bytes, await file.read(min(BLOCK, limit - len(body))))):
                body += piece
        return bytes(body)

    async def look(self, name: str) -> Remote | None:
        """A file as it is now."""
        async with self._asking(self._seconds):
            return _remote(name, await self._files.lstat(self._path(name)))

    async def delete(self, name: str) -> None:
        """Delete it."""
        async with self._asking(self._seconds):
            await self._files.remove(self._path(name))

    async def move(self, name: str, folder: str, spare: str) -> None:
        """Rename it: version 3 of the protocol does not overwrite."""
        to = folder if folder.startswith("/") else f"{self._folder}/{folder}"
        async with self._asking(self._seconds):
            await self._make(to)
            taken = await self._files.lexists(f"{to}/{name}")
            await self._files.rename(self._path(name), f"{to}/{spare if taken else name}")

    async def _make(self, folder: str) -> None:
        """Make a folder and those above it. Raises SFTPFailure: without it a rename says that the file is missing."""
        import asyncssh

        for each in () if await self._files.isdir(folder) else remote.upwards(folder):
            with suppress(asyncssh.SFTPError):
                await self._files.mkdir(each)
        if not await self._files.isdir(folder):
            raise asyncssh.SFTPFailure(f"{shown(folder)} cannot be made")

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    @asynccontextmanager
    async def _asking(self, seconds: float, one: bool = True) -> AsyncIterator[None]:
        """One exchange, bounded; `one`: about one file, whose troubles are its own."""
        import asyncssh

        try:
            async with asyncio.timeout(seconds):
                yield
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as error:
            raise _judge(error, self._site, self._hush) from None
        except asyncssh.SFTPError as error:
            if not one:
                raise _judge(error, self._site, self._hush) from None
            if isinstance(error, asyncssh.SFTPNoSuchFile):
                raise Missing from None
            raise Forbidden(self._hush.error(error)) from None
        except Verdict:
            raise
        except Exception as error:
            raise _judge(error, self._site, self._hush) from None


def _remote(name: str, attrs: asyncssh.SFTPAttrs) -> Remote | None:
    """A file as the server describes it; None for folders, links and the rest."""
    mode = attrs.permissions
    if attrs.size is None or (mode is not None and stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
        return None
    return Remote(name, attrs.size, str(attrs.mtime), float(attrs.mtime or 0))


def _judge(error: BaseException, site: Site, hush: Hush) -> Verdict:
    """What a failure means for the visit."""
    import asyncssh

    reasons: tuple[tuple[tuple[type[BaseException], ...], Failed], ...] = (
        ((TimeoutError,), Failed.TIMEOUT),
        ((asyncssh.HostKeyNotVerifiable,), Failed.TLS),
        ((asyncssh.PermissionDenied, asyncssh.SFTPPermissionDenied, asyncssh.IllegalUserName), Failed.FORBIDDEN),
        ((asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPNotADirectory), Failed.NOT_FOUND),
        ((asyncssh.ConnectionLost, asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, OSError), Failed.CONNECT),
    )
    reason = next((reason for kinds, reason in reasons if isinstance(error, kinds)), Failed.PROTOCOL)
    detail = "no answer within FETCH_DEADLINE" if reason is Failed.TIMEOUT else hush.error(error)
    return TryLater(reason, site.where, detail)
