"""Read apart from the caller's thread: libxml2 keeps every name it ever saw as long as the thread lives.

A thread per message costs more than most messages do, so one thread reads until it has read enough and is replaced.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread, local
from typing import Any

from lxml import etree

_ENOUGH = 20_000_000  # bytes of XML; whoever sends nothing but names makes us keep some three times as much


def parser(recover: bool = False) -> etree.XMLParser:
    """The one way we parse strangers' XML: no entity resolved, nothing loaded, depth and text bounded by libxml2."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


_here = local()


class _Room:
    """One thread and what is left for it to read."""

    def __init__(self) -> None:
        self.left = _ENOUGH
        self.tasks: SimpleQueue[tuple[Callable[[], Any], SimpleQueue[Any]] | None] = SimpleQueue()
        Thread(target=self._work, name="xml", daemon=True).start()

    def _work(self) -> None:
        _here.inside = True
        while task := self.tasks.get():
            parse, answer = task
            try:
                answer.put(parse())
            except BaseException as error:
                answer.put(error)
            del task, parse, answer  # a message must not live until the next one comes


class _Rooms:
    """The room in use: a process that was forked has none, whatever it inherited."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.room: _Room | None = None

    def enter(self, parse: Callable[[], Any], size: int) -> Any:
        answer: SimpleQueue[Any] = SimpleQueue()
        with self.lock:
            room = self.room = self.room or _Room()
            room.left -= size
            room.tasks.put((parse, answer))
            if room.left < 0:
                room.tasks.put(None)
                self.room = None
        return answer.get()


_rooms = _Rooms()
os.register_at_fork(after_in_child=_rooms.__init__)  # type: ignore[misc]


def apart(parse: Callable[[], Any], size: int = 0) -> Any:
    """What `parse` returns, or the exception it raises, which is returned; `size` is how many bytes it reads.

    Inside such a thread it is simply called.
    """
    if not getattr(_here, "inside", False):
        return _rooms.enter(parse, size)
    try:
        return parse()
    except Exception as error:
        return error
