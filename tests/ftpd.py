"""A real FTP server (pyftpdlib) in a thread of its own."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # asyncore, which it stands on
    from pyftpdlib.authorizers import AuthenticationFailed, DummyAuthorizer
    from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

COMMANDS = FTPHandler.proto_cmds


class _Echoing(DummyAuthorizer):  # type: ignore[misc]
    """Says what it was told, as careless servers do."""

    def validate_authentication(self, username: str, password: str, handler: Any) -> None:
        try:
            super().validate_authentication(username, password, handler)
        except AuthenticationFailed:
            raise AuthenticationFailed(f"{password!r} is not the password of {username}") from None


@contextmanager
def running(
    root: Path, user: str, word: str, broken: Callable[[], bool], certificate: Path | None = None, **more: Any
) -> Iterator[int]:
    """Serve a folder; the port. `more` are attributes of the handler of connections."""
    kind, data = (TLS_FTPHandler, TLS_DTPHandler) if certificate else (FTPHandler, DTPHandler)

    class Data(data):  # type: ignore[misc,valid-type]
        def send(self, piece: bytes) -> int:
            if broken():
                sent: int = super().send(piece[: len(piece) // 2])
                self.cmd_channel.close()
                self.close()
                return sent
            return int(super().send(piece))

    class Handler(kind):  # type: ignore[misc,valid-type]
        dtp_handler = Data
        auth_failed_timeout = 0
        authorizer = _Echoing()
        use_sendfile = False

    Handler.authorizer.add_user(user, word, str(root), perm="elradfmwMT")
    Handler.authorizer.add_anonymous(str(root))
    for name, value in {**({"certfile": str(certificate)} if certificate else {}), **more}.items():
        setattr(Handler, name, value)
    loop = IOLoop()
    server = FTPServer(("127.0.0.1", 0), Handler, ioloop=loop)
    port = server.socket.getsockname()[1]
    stop = threading.Event()

    def serve() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            while not stop.is_set():
                loop.loop(timeout=0.02, blocking=False)
            server.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        stop.set()
        thread.join(10)
