"""The functions named on the wire, and the RQ worker that runs them: cheap, without forks, hostile work elsewhere."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import time
from types import FrameType

import structlog
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from config.settings import Settings
from ingest import keys, queue
from ingest.errors import ServerAway
from ingest.ledger import Ledger
from ingest.revisit import terms
from ingest.store import Store
from workers import article as path
from workers.handoff import Handoff
from workers.page import Child

MOST = 50  # tries of one page, or versions of one document, in a row
TTL = 23  # seconds; RQ waits for a job 15 less, which has to be well within a call's bound (ingest/store.py)
log = structlog.get_logger()
_stopping: list[int] = []  # signals seen
_desk: list[path.Desk] = []  # RQ calls plain functions: this process's desk, set once by serve


def article(*rids: str) -> None:
    """Take these records' waiting pages to their end. A name on the wire: it may gain arguments, never change."""
    desk = _desk[0]
    for rid in rids:
        following, tries = rid, 0
        while following and tries < MOST:
            if _stopping:
                return  # the rest is ready, and is told again
            following, tries = path.work(desk, following), tries + 1


class Worker(SimpleWorker):
    """RQ's loop without its command channel: one thread, so that forking the page process is safe."""

    job_class = queue.Listed
    log_result_lifespan = False
    max_connection_wait_time = 2.0  # seconds between looks for a lost server; RQ's own grow to a minute

    def subscribe(self) -> None:
        """No thread; commands over the server are nothing we offer."""

    def unsubscribe(self) -> None:
        """Nothing to leave."""

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Finish the page in hand, take no new one."""
        self._stop_requested = True
        _stopping.append(signum)
        if self.get_state() != "busy":
            raise StopRequested

    def teardown(self) -> None:
        """Take leave; another signal changes nothing any more."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        super().teardown()  # type: ignore[no-untyped-call]  # RQ gives it no types

    def _install_signal_handlers(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.request_stop)


def reach(store: Store) -> None:
    """Wait for the server: to die and be started again as long as it is away would only make the pauses grow."""
    while True:
        try:
            store.now()
            return
        except ServerAway as error:
            log.error("server_away", detail=str(error)[:300])
            time.sleep(0.5)


def serve(settings: Settings, url: str) -> None:
    """Be one worker until SIGTERM. When RQ's loop ends for another reason, the parent starts a new one."""
    store = Store(url, settings.retention)
    reach(store)
    child = Child()
    ledger = Ledger(store)
    _desk[:] = [path.Desk(settings, ledger, child, Handoff(ledger, terms=terms(settings)))]
    worker = Worker(
        [queue.jobs(store.client)],
        connection=store.client,
        serializer=JSONSerializer,
        job_class=queue.Listed,
        name=f"{keys.JOBS}-{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(3)}",  # in a container pids return
        worker_ttl=TTL,
        maintenance_interval=30,
        log_job_description=False,
    )
    try:
        worker.work(logging_level="WARNING")
        stopped = worker._stop_requested
    except StopRequested:  # a signal before RQ's loop had begun, or one more on its way out
        stopped = True
    finally:
        child.stop()
        store.close()
    sys.exit(0 if stopped else 1)
