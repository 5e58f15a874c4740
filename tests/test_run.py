"""The service as a daemon: it stops in time and leaves nothing behind, goes on where it was, and shares its server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from ingest import queue
from ingest import server as place
from ingest.server import Embedded
from ingest.store import Store
from tests.service import Service, service, until
from tests.site import Page, Site, article, rss, site
from workers import jobs
from workers.cli import forks

PAGES = 40


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    with site() as found:
        found.show("/empty", rss(), content_type="application/rss+xml")
        yield found


@pytest.fixture
def house(tmp_path: Path, web: Site) -> Iterator[Service]:
    with service(tmp_path) as found:
        found.feeds(web.url("/empty"))
        yield found


def processes(folder: Path) -> list[str]:
    """The command lines of all processes that work in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                about = (entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(folder) in about:
                found.append(about.partition(b"\0\0")[0].decode("utf-8", "replace"))
    return found


def test_an_idle_service_ends_within_seconds_and_leaves_no_process(house: Service) -> None:
    house.up()
    assert len(processes(house.folder)) >= 4
    began = time.monotonic()
    assert house.stop(house.running[0]) == 0
    assert time.monotonic() - began < 10, "docker stop waits no longer"
    until(lambda: not processes(house.folder), 10, lambda: str(processes(house.folder)))


def test_an_idle_worker_waits_for_jobs_for_less_than_a_call_may_take(store: Store) -> None:
    bound = store.client.connection_pool.connection_kwargs["socket_timeout"]
    worker = jobs.Worker([queue.jobs(store.client)], connection=store.client, worker_ttl=jobs.TTL)
    assert worker.dequeue_timeout < 0.9 * bound, "else every wait ends as a lost connection, four calls later"


def test_ctrl_c_reaching_every_process_at_once_ends_it_as_well(house: Service) -> None:
    house.up()
    os.killpg(house.running[0].pid, signal.SIGINT)
    assert house.running[0].wait(10) == 0
    until(lambda: not processes(house.folder), 10, lambda: str(processes(house.folder)))
    assert "Traceback" not in house.said()


@pytest.mark.parametrize("moment", ["_install_signal_handlers", "register_death"])
def test_a_worker_told_to_stop_at_any_moment_and_again_just_stops(moment: str, server: str, tmp_path: Path) -> None:
    class Interrupted(jobs.Worker):
        """Is told to stop in its wait for jobs, and right after it did what `moment` says."""

        def dequeue_job_and_maintain_ttl(self, *_: object) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)

    step = getattr(jobs.Worker, moment)

    def stepped(worker: jobs.Worker) -> None:
        step(worker)
        os.kill(os.getpid(), signal.SIGTERM)

    def task() -> None:
        os.dup2(os.open(tmp_path / "said", os.O_CREAT | os.O_WRONLY), 2)
        setattr(Interrupted, moment, stepped)
        vars(jobs)["Worker"] = Interrupted
        jobs.serve(Settings(data=tmp_path), server)

    _, status = os.waitpid(forks.fork("worker", task), 0)
    assert (os.waitstatus_to_exitcode(status), (tmp_path / "said").read_text()) == (0, "")


def test_a_service_stopped_in_the_middle_loses_and_doubles_nothing(house: Service, web: Site) -> None:
    def slow(_: dict[str, str], number: int = 0) -> Page:
        time.sleep(0.15)
        return Page(article(f"middle-{number}").encode())

    for i in range(PAGES):
        web.pages[f"/middle/{i}"] = lambda fields, i=i: slow(fields, i)
    items = [{"title": f"M{i}", "link": web.url(f"/middle/{i}"), "guid": f"m{i}"} for i in range(PAGES)]
    web.show("/middle", rss(*items), content_type="application/rss+xml")
    house.feeds(web.url("/middle"))
    house.up()
    until(lambda: web.times("/middle/3"), 30, house.said)
    began = time.monotonic()
    assert house.stop(house.running[0]) == 0
    assert time.monotonic() - began < 10, "docker stop waits no longer"
    until(lambda: not processes(house.folder), 10, lambda: str(processes(house.folder)))
    house.up()
    until(lambda: house.account.law().states["delivered"] == PAGES, 60, house.said)
    assert Counter(e["url"] for e in house.events()) == {i["link"]: 1 for i in items}
    assert house.call("check").code == 0
    assert web.times("/middle") <= 3, "an unchanged feed is not due again at once"


def test_a_killed_supervisor_takes_its_children_with_it_and_the_next_one_takes_over(house: Service, web: Site) -> None:
    house.up()
    url = web.show("/killed", article("killed"))
    house.call("enqueue", url, "--wait")
    house.running[0].kill()
    house.running[0].wait()
    until(lambda: len(processes(house.folder)) <= 1, 20, lambda: str(processes(house.folder)))  # the server may stay
    house.up()
    assert len(house.events()) == 1
    assert house.stop(house.running[-1]) == 0
    until(lambda: not processes(house.folder), 10, lambda: str(processes(house.folder)))


def test_dead_children_are_started_again(house: Service, web: Site) -> None:
    house.up()
    for word in ("poll", "work"):
        pids = subprocess.run(["pgrep", "-f", f"workers.cli {word}"], capture_output=True, text=True).stdout.split()
        mine = [int(p) for p in pids if os.fsencode(house.folder) in Path(f"/proc/{p}/environ").read_bytes()]
        os.kill(min(mine), signal.SIGKILL)
    done = house.call("enqueue", web.show("/revived", article("revived")), "--wait", "--json")
    assert done.code == 0
    assert [json.loads(x)["event"] for x in house.log.read_text("utf-8").splitlines()].count("process_died") >= 2


def test_a_second_service_on_the_folder_shares_the_server_and_survives_the_first(house: Service, web: Site) -> None:
    house.up()
    first = house.store.client.info("server")["run_id"]  # type: ignore[index]
    second = house.start()
    until(lambda: house.account.beats("poller") == 2 and house.account.beats("worker") == 2, 30, house.said)
    assert house.store.client.info("server")["run_id"] == first  # type: ignore[index]
    assert house.stop(house.running[0]) == 0
    until(lambda: place.answers(house.data), 10, house.said)
    done = house.call("enqueue", web.show("/second", article("second")), "--wait", "--json")
    assert done.code == 0
    assert house.stop(second) == 0
    until(lambda: not processes(house.folder), 10, lambda: str(processes(house.folder)))


def test_an_address_enqueued_while_nobody_works_waits_and_says_so(house: Service, web: Site) -> None:
    embedded = Embedded(house.data, fsync="no")
    embedded.start()
    try:
        url = web.show("/patient", article("patient"))
        assert house.call("enqueue", url, "--json").row == {"url": url, "enqueued": "new"}
        waiting = subprocess.Popen(
            [sys.executable, "-m", "workers.cli", "enqueue", url, "--wait", "--json"],
            env=house.environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr is not None
        assert waiting.stdout is not None
        assert waiting.stderr.readline() == "waiting: no poller and no worker is running\n"
        assert house.call("status", "--json").row["pending"] == 1
        house.start("poll")
        house.start("work", "-n", "1")
        assert json.loads(waiting.stdout.readline())["url"] == url
        assert waiting.wait(10) == 0
        waiting.stdout.close()
        waiting.stderr.close()
        for process in house.running:
            assert house.stop(process) == 0
    finally:
        house.close()
        embedded.stop()


def test_a_configured_server_is_used_and_left_running(house: Service, web: Site, tmp_path: Path) -> None:
    embedded = Embedded(tmp_path / "elsewhere", fsync="no")
    house.settings["REDIS_URL"] = embedded.start()
    try:
        house.start()
        until(lambda: house.account.beats("worker"), 30, house.said)
        assert house.call("enqueue", web.show("/outside", article("outside")), "--wait").code == 0
        assert house.stop(house.running[0]) == 0
        assert not house.data.exists()
        assert place.answers(embedded.data)
    finally:
        house.close()
        embedded.stop()
