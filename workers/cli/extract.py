"""`wiredesk extract`: stored or live pages to articles, one line each, without a server."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from config.settings import Settings
from ingest.model import Article, When
from workers.cli import place
from workers.cli.parse import live


@click.command("extract")
@click.argument("names", nargs=-1, required=True, metavar="FILE|URL...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per page.")
@click.option(
    "--compare",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="VERSION-OUTPUT.jsonl",
    help="Show what has changed since an earlier `extract --json` of these pages, worst first.",
)
def command(names: tuple[str, ...], as_json: bool, earlier: Path | None) -> None:
    """Read pages (.html, .html.gz or addresses) into articles; a page that is none says why."""
    settings = place.settings("extract")
    if earlier:
        against(earlier, names, as_json, settings)
        return
    bad = False
    for row in rows(names, settings):
        bad |= "error" in row
        place.emit(row) if as_json else place.say(
            f"{row.get('title') or row['file']}\n\n{row.get('text') or why(row)}\n"
        )
    sys.exit(1 if bad else 0)


def against(earlier: Path, names: tuple[str, ...], as_json: bool, settings: Settings) -> None:
    """Print how the pages differ from an earlier output."""
    from workers.cli import compare

    try:
        before = compare.read(earlier)
    except (compare.Unreadable, UnicodeDecodeError) as error:
        raise click.BadParameter(str(error), param_hint="--compare") from error
    compare.show(*compare.compare(before, rows(names, settings)), as_json)


def rows(names: tuple[str, ...], settings: Settings) -> Iterator[dict[str, Any]]:
    """The line of each page, in order, read in a process that is killed at the page deadline."""
    from workers import extract
    from workers.page import Child

    extract.warm()
    child = Child()
    try:
        for name in names:
            yield read(name, child, settings)
    finally:
        child.stop()


def why(row: dict[str, Any]) -> str:
    """Why a page has no text."""
    return f"{row.get('reason', 'error')}: {row.get('detail') or row.get('error', '')}"


def read(name: str, child: Any, settings: Settings) -> dict[str, Any]:
    """The line of one page."""
    from ingest.errors import Verdict
    from workers.extract import Page
    from workers.page import Bug, Died, Overdue

    try:
        body, url, headers = content(name, settings)
        page = Page(body, url, datetime.now(UTC), headers.get("content-type"), headers)
        answer = child.run(page, settings.page_deadline, lambda: None, settings.page_deadline)
    except Verdict as error:
        return {"file": name, "url": error.url, "text": None, "reason": str(error.reason), "detail": error.detail}
    except Overdue:
        return {"file": name, "text": None, "reason": "page-deadline"}
    except Died as error:
        return {"file": name, "text": None, "reason": "page-crashed", "detail": str(error)}
    except (OSError, EOFError, zlib.error, Bug) as error:
        return {"file": name, "text": None, "error": str(error)}
    if isinstance(answer, Article):
        return {"file": name, "url": url, **line(answer)}
    return {"file": name, "url": url, "text": None, "reason": str(answer.reason), "detail": answer.detail}


def content(name: str, settings: Settings) -> tuple[bytes, str, dict[str, str]]:
    """The bytes behind a name, the address they count as, and the headers they came with."""
    if name.startswith(("http://", "https://")):
        got = live(name, settings, settings.max_page_bytes)
        return got.body, got.url, got.headers
    path = Path(name)
    if path.suffix == ".gz":
        with gzip.open(path) as file:
            raw = file.read(settings.max_page_bytes + 1)
    else:
        raw = path.read_bytes()
    return (
        raw,
        path.resolve().as_uri(),
        {"content-type": "text/html"} if path.suffix in (".gz", ".html", ".htm") else {},
    )


def line(article: Article) -> dict[str, Any]:
    """An article as a line of JSON: what it does not say is absent, `authors` and `fields` always stand."""
    raw: dict[str, Any] = {
        "text": article.text,
        "title": article.title,
        "authors": list(article.authors),
        "agencies": list(article.agencies),
        **moment("published", "precision", article.published),
        **moment("modified", "modifiedprecision", article.modified),
        "language": article.language,
        "canonical": article.canonical,
        "publisher": article.publisher,
        "section": article.section,
        "keywords": list(article.keywords),
        "description": article.description,
        "picture": article.picture.url if article.picture else None,
        "caption": article.picture.caption if article.picture else None,
        "credit": article.picture.credit if article.picture else None,
        "free": article.free,
        "rights": list(article.rights),
        "usage": article.usage,
        "notice": article.notice,
        "holder": article.holder,
        "confidence": article.confidence,
        "fields": article.fields,
    }
    return {k: v for k, v in raw.items() if v or v is False or k in ("text", "authors", "fields")}


def moment(name: str, precision: str, when: When | None) -> dict[str, Any]:
    """A moment on its source's own clock, how exactly it is known, and the wall clock of one without a zone."""
    if when is None:
        return {}
    return {name: when.local(), precision: str(when.precision), f"{name}local": when.wall}
