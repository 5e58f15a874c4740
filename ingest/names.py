"""Look host names up in threads of their own, many at once and none of them waited for at exit."""

from __future__ import annotations

import _thread
import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass

AT_ONCE = 128  # so that a few dead name servers do not hold up the living


@dataclass(frozen=True, slots=True)
class Place:
    """One address a name leads to."""

    family: socket.AddressFamily
    protocol: int
    ip: str


class Names:
    """The system's resolver for one event loop.

    A look-up at a dead name server takes half a minute and cannot be interrupted. A pool of the standard library
    would make the interpreter wait for it when it ends; for these threads it does not.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._free = asyncio.Semaphore(at_once)

    async def look_up(self, host: str, port: int, family: int = socket.AF_UNSPEC) -> list[Place]:
        """Every address of this name. Raises OSError (gaierror) where there is none."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Place]] = loop.create_future()

        def settle(places: list[Place], failure: OSError | None) -> None:
            self._free.release()  # only now: a caller that gave up has not ended the thread
            if answer.done():
                return
            if failure:
                answer.set_exception(failure)
            else:
                answer.set_result(places)

        def tell(places: list[Place], failure: OSError | None) -> None:
            with suppress(RuntimeError):  # the loop is gone, and with it whoever asked
                loop.call_soon_threadsafe(settle, places, failure)

        try:  # not threading.Thread: its start() makes the loop wait until the thread runs
            _thread.start_new_thread(lambda: tell(*_ask(host, port, family)), ())
        except RuntimeError as error:  # no more threads to be had: this look-up failed, the next may not
            settle([], OSError(str(error)))
        return await answer


def _ask(host: str, port: int, family: int) -> tuple[list[Place], OSError | None]:
    try:
        infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
    except OSError as error:
        return [], error
    except Exception as error:  # names that cannot even be encoded
        return [], socket.gaierror(socket.EAI_NONAME, f"{type(error).__name__}: {error}")
    return [Place(kind, protocol, str(target[0])) for kind, _, protocol, _, target in infos], None
