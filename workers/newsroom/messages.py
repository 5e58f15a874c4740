"""Write messages of an invented agency in the formats that real ones use (pure)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape

KINDS = ("ninjs", "newsmlg2", "nitf")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one item."""

    guid: str
    number: int
    made: datetime  # aware
    headline: str
    paragraphs: tuple[str, ...]
    language: str = "en"
    until: datetime | None = None  # end of its embargo
    signal: str = ""  # correction, update
    killed: bool = False

    @property
    def status(self) -> str:
        """IPTC publishing status."""
        return "canceled" if self.killed else "usable"


def written(kind: str, version: Version) -> bytes:
    """The message's bytes."""
    return {"ninjs": _ninjs, "newsmlg2": _newsmlg2, "nitf": _nitf}[kind](version).encode()


def _ninjs(v: Version) -> str:
    found = {
        "uri": v.guid,
        "type": "text",
        "version": str(v.number),
        "versionCreated": v.made.isoformat(),
        "pubStatus": v.status,
        "language": v.language,
        "headlines": [{"role": "main", "value": v.headline}],
        "bodies": [{"role": "main", "contentType": "text/plain", "value": "\n\n".join(v.paragraphs)}],
    }
    return json.dumps(found | ({"embargoedUntil": v.until.isoformat()} if v.until else {}), ensure_ascii=False)


def _newsmlg2(v: Version) -> str:
    embargo = f"<embargoed>{v.until.isoformat()}</embargoed>" if v.until else ""
    signal = f'<signal qcode="sig:{v.signal}"/>' if v.signal else ""
    body = "".join(f"<p>{escape(p, quote=False)}</p>" for p in v.paragraphs)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>{v.made.isoformat()}</sent></header><itemSet>
<newsItem guid="{v.guid}" version="{v.number}" standard="NewsML-G2" standardversion="2.32" xml:lang="{v.language}">
<itemMeta><itemClass qcode="ninat:text"/><provider literal="HNA"/>
<versionCreated>{v.made.isoformat()}</versionCreated>{embargo}<pubStatus qcode="stat:{v.status}"/>{signal}</itemMeta>
<contentMeta><urgency>4</urgency><headline>{escape(v.headline, quote=False)}</headline></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
<head><title/></head><body>{body}</body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>
"""


def _nitf(v: Version) -> str:
    body = "".join(f"<p>{escape(p, quote=False)}</p>" for p in v.paragraphs)
    status = "embargoed" if v.until else v.status
    release = f'<date.release norm="{v.until.isoformat()}"/>' if v.until else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<nitf version="-//IPTC//DTD NITF 3.6//EN"><head><docdata management-status="{status}">
<doc-id id-string="{v.guid}"/><urgency ed-urg="4"/><date.issue norm="{v.made.isoformat()}"/>{release}
<du-key version="{v.number}"/></docdata></head>
<body><body.head><hedline><hl1>{escape(v.headline, quote=False)}</hl1></hedline></body.head>
<body.content>{body}</body.content></body></nitf>
"""
