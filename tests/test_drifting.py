"""A site whose template changes, and an extractor that changes, seen by the whole running service."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.server import Embedded
from tests.service import Service, service, until
from tests.site import Site, article, prose, site

SHELL = '<!DOCTYPE html><html lang="en"><head><title>News</title></head><body><div id="root"></div>%s</body></html>'
# A worker whose extractor is another version, and one that reads all but the last paragraph.
PATCH = """
import sys
from dataclasses import replace
import workers.extract as extract
extract.EXTRACTOR, short = sys.argv.pop(1), sys.argv.pop(1)
read = extract.extract
def shorter(page):
    found = read(page)
    return replace(found, text=found.text.rpartition("\\n\\n")[0] or found.text)
if short == "short":
    extract.extract = shorter
from workers.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def other() -> Iterator[Site]:
    """Another host: another port is one."""
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("drifting")) as found:
        found.write("feeds.toml", "")
        found.up()
        yield found


def shown(house: Service, web: Site, pages: dict[str, str]) -> None:
    """Show pages, and have each taken to its end."""
    urls = [web.show(path, body) for path, body in pages.items()]
    house.call("enqueue", *urls, "--wait", "--json")


def told(house: Service, web: Site) -> dict[str, object]:
    """What status says of the site's drift, once it does."""
    name = web.url().split("/")[2]

    def row() -> dict[str, object] | None:
        return next((r for r in house.call("status", "--json").row["drift"] if r["site"] == name), None)

    found = until(row, 10, house.said)
    assert isinstance(found, dict)
    return found


def test_a_text_that_collapses_is_told_by_status_log_and_check_within_twenty_articles(
    house: Service, web: Site
) -> None:
    shown(house, web, {f"/old/{i}": article(f"old-{i}", words=200 + 37 * (i % 9)) for i in range(26)})
    rows = house.call("status", "--json").row["drift"]
    assert [row for row in rows if row["site"] == web.url().split("/")[2]] == []
    # the new template keeps the lead in the article and loads the rest by script
    shown(house, web, {f"/new/{i}": article(f"new-{i}", words=32) for i in range(18)})
    row = told(house, web)
    assert str(row["example"]).startswith(web.url("/new/"))
    (change, *_) = [c for c in row["changes"] if c["name"] == "characters"]  # type: ignore[attr-defined]
    assert change["before"] > 3 * change["after"]
    assert '"event": "site_drift"' in house.log.read_text("utf-8")
    assert str(row["example"]) in house.log.read_text("utf-8")
    people = house.call("status").out
    assert f"drift {row['site']}" in people
    assert str(row["example"]) in people
    check = house.call("check")
    assert check.code == 1
    assert str(row["example"]) in check.out


def test_pages_that_become_empty_shells_are_told_within_twenty(house: Service, other: Site) -> None:
    shown(house, other, {f"/old/{i}": article(f"whole-{i}", words=200 + 37 * (i % 9)) for i in range(26)})
    script = "<script>" + "load();" * 300 + "</script>"
    shown(house, other, {f"/new/{i}": SHELL % script for i in range(12)})
    row = told(house, other)
    (change,) = row["changes"]  # type: ignore[misc]
    assert (change["name"], change["before"]) == ("refused", 0)
    assert change["after"] >= 90
    assert change["reason"] in ("script-only", "no-text")
    assert str(row["example"]).startswith(other.url("/new/"))


# --- another extractor ---


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Service]:
    """A server and a poller; workers come and go."""
    with service(tmp_path) as found:
        found.write("feeds.toml", "")
        server = Embedded(found.data, "no")
        server.start()
        found.start("poll")
        yield found
        for process in reversed(found.running):
            if process.poll() is None:
                found.stop(process)
        found.running.clear()
        server.stop()


def looked_at(house: Service, extractor: str, *urls: str, short: bool = False) -> None:
    """Have a worker with this extractor look at the addresses."""
    with house.log.open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-c", PATCH, extractor, "short" if short else "whole", "work", "-n", "1"],
            env=house.environ(),
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    house.running.append(worker)
    done = house.call("enqueue", *urls, "--wait", "--json")
    assert done.code == 0, (done, house.said())
    house.stop(worker)


def test_a_new_extractor_is_no_news_and_the_next_change_of_the_page_is(apart: Service, web: Site) -> None:
    url = web.show("/re-read", article("re-read", words=200))
    looked_at(apart, "one/1", url)
    looked_at(apart, "two/1", url, short=True)
    (event,) = apart.events()
    assert event["extractor"] == "one/1"
    web.show("/re-read", article("re-read", words=200, text="revised"))
    looked_at(apart, "two/1", url, short=True)
    created, updated = apart.events()
    assert updated["type"] == "wiredesk.document.updated.v1"
    assert updated["previous"] == created["id"]
    assert updated["extractor"] == "two/1"
    assert updated["text"] == "\n\n".join(prose("revised", 200)[:-1])
    assert apart.call("check").code in (0, 1)
    assert apart.account.wrong() == []


def test_a_page_that_changes_after_a_new_extractor_read_it_alike_is_news(apart: Service, web: Site) -> None:
    url = web.show("/alike", article("alike", words=200))
    looked_at(apart, "one/1", url)
    looked_at(apart, "two/1", url)
    assert len(apart.events()) == 1
    web.show("/alike", article("alike", words=200, text="alike, revised"))
    looked_at(apart, "two/1", url)
    assert [e["type"].split(".")[2] for e in apart.events()] == ["created", "updated"]
