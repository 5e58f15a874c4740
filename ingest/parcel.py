"""How a fetched page waits in the server for its worker: one compressed parcel of a JSON header and the body."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

import zstandard


@dataclass(frozen=True, slots=True)
class Parcel:
    """A page on its way from the poller to a worker."""

    url: str  # address of the last hop
    body: bytes
    at: float  # seconds since 1970 when the fetch ended
    headers: dict[str, str] = field(default_factory=dict)  # those the worker needs
    hops: tuple[str, ...] = ()
    inline: bool = False  # the body is the entry's own text, no page was fetched
    gone: int = 0  # the status, 404 or 410, when all it says is that a delivered page is gone for good
    last: str = ""  # the document's last event when that was seen
    killed: bool = False  # all that item says is that its document is withdrawn
    wire: str = ""  # the name of the wire whose item, as JSON, the body is (ingest/intake.py)


KEPT_HEADERS = frozenset(
    {
        "content-type",
        "content-language",
        "etag",
        "last-modified",
        "link",
        "x-robots-tag",  # rights
        "tdm-reservation",
        "tdm-policy",
        "cf-mitigated",  # bot checks
        "x-amzn-waf-action",
        "x-vercel-mitigated",
        "x-datadome",
        "x-iinfo",
        "x-kpsdk-ct",
        "x-sucuri-id",
    }
)
MAX_HEADER = 1000  # characters of one header


def pack(parcel: Parcel) -> bytes:
    """Header line, newline, body; zstd level 1: 0.5 ms for a page, a fifth of its size."""
    head = asdict(parcel)
    del head["body"]
    head["headers"] = {k: v[:MAX_HEADER] for k, v in parcel.headers.items() if k in KEPT_HEADERS}
    return zstandard.ZstdCompressor(level=1).compress(json.dumps(head).encode() + b"\n" + parcel.body)


def unpack(packed: bytes) -> Parcel:
    """The inverse of pack."""
    head, _, body = zstandard.ZstdDecompressor().decompress(packed).partition(b"\n")
    values = json.loads(head)
    values["hops"] = tuple(values["hops"])
    return Parcel(body=body, **values)
