"""Connect to a host that an operator named for a wire: it is allowed by that, wherever its name leads."""

from __future__ import annotations

import asyncio
import socket

from ingest.errors import TryLater
from ingest.model import Failed
from ingest.names import Names, Place


async def dial(host: str, port: int, seconds: float) -> socket.socket:
    """A connection that does not block, to the first of the host's addresses that takes it. Raises TryLater."""
    where = f"{host}:{port}"
    try:
        async with asyncio.timeout(seconds):
            places = await Names().look_up(host, port)
            return await _first(places, port, seconds / max(len(places), 1))
    except TimeoutError:
        raise TryLater(Failed.TIMEOUT, where, f"no connection within {seconds:g} s") from None
    except socket.gaierror as error:
        raise TryLater(Failed.DNS, where, str(error.strerror)) from None
    except OSError as error:
        raise TryLater(Failed.CONNECT, where, error.strerror or str(error)) from None


async def _first(places: list[Place], port: int, seconds: float) -> socket.socket:
    """Each address has its share of the time. Raises OSError, of the last one."""
    failure: OSError = OSError("the name has no address")
    for place in places:
        link = socket.socket(place.family, socket.SOCK_STREAM, place.protocol)
        link.setblocking(False)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_connect(link, (place.ip, port))
            return link
        except OSError as error:  # TimeoutError is one
            failure = error
            link.close()
        except BaseException:
            link.close()
            raise
    raise failure
