"""A site on loopback that shows what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

_WORDS = (
    "harbour council ferry bridge budget teacher river market winter report station garden minister village engine "
    "museum railway library farmer signal letter morning captain window quarry meadow lantern orchard valley"
).split()


@dataclass(frozen=True)
class Page:
    """One answer of the site."""

    body: bytes = b""
    status: int = 200
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        names = {name.lower(): value for name, value in self.fields.items()}
        return names.get("content-type", "text/html; charset=utf-8")


Answer = Page | Callable[[dict[str, str]], Page]  # a function is given the request's fields, names lower-cased


class Site:
    """Pages by path on a loopback port of their own; `asked` is (monotonic seconds, path, fields) in order."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {"/robots.txt": Page(b"", 404)}
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                at = time.monotonic()
                fields = {name.lower(): value for name, value in self.headers.items()}
                site.asked.append((at, self.path, fields))
                answer = site.pages.get(self.path, Page(b"<h1>no such page</h1>", 404))
                page = answer(fields) if callable(answer) else answer
                self.send_response(page.status)
                for name, value in page.fields.items():
                    if name.lower() != "content-type":
                        self.send_header(name, value)
                if page.status != 304:
                    self.send_header("Content-Type", page.kind)
                    self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                if page.status != 304:
                    self.wfile.write(page.body)

            def log_message(self, *_: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 300

            def handle_error(self, *_: object) -> None:
                return  # a client that left: the service's tests look at the service

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def show(self, path: str, body: str | bytes, status: int = 200, **fields: str) -> str:
        """Show a page from now on; its address."""
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(raw, status, {k.replace("_", "-"): v for k, v in fields.items()})
        return self.url(path)

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for _, asked, _ in self.asked if asked == path)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def prose(seed: int | str, words: int = 150) -> list[str]:
    """Paragraphs that no other seed has."""
    dice = random.Random(str(seed))
    out, left = [], words
    while left > 0:
        sentence = [dice.choice(_WORDS) for _ in range(12)]
        out.append(f"{' '.join(sentence).capitalize()} {dice.randrange(10**6)} and the {dice.choice(_WORDS)}.")
        left -= 16
    return [" ".join(out[i : i + 3]) for i in range(0, len(out), 3)]


def article(seed: int | str, title: str = "", words: int = 150, head: str = "", text: int | str = "") -> str:
    """An article's page; `text` is another seed for the text alone."""
    title = title or f"The story of {seed}"
    body = "".join(f"<p>{p}</p>" for p in prose(text or seed, words))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta property="og:type" content="article">{head}</head><body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{escape(title)}</h1>{body}</article></body></html>"
    )


def rss(*items: dict[str, str]) -> str:
    """An RSS feed; each item's keys are its elements, values are escaped here."""
    rows = "".join("<item>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in item.items()) + "</item>" for item in items)
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title>{rows}</channel></rss>'


@contextmanager
def site() -> Iterator[Site]:
    found = Site()
    try:
        yield found
    finally:
        found.close()
