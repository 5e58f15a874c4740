"""The seam between the rooms: which jobs exist, and how a poller tells the workers that pages wait."""

from __future__ import annotations

import logging
from typing import Any

import redis
from rq import Queue, Retry
from rq.job import Job
from rq.serializers import JSONSerializer

from ingest import keys

ARTICLE = "workers.jobs.article"  # article(*record ids): a wire format, never renamed
ALLOWED = frozenset({ARTICLE})
TOGETHER = 4  # records named by one job: RQ's own cost (2-3 ms of CPU a job) is shared between them
TIMEOUT = 600  # seconds; RQ's own clock, far beyond the page deadline, which is the one that counts

logging.getLogger("rq").setLevel(logging.WARNING)


class Listed(Job):
    """A job that runs only what we put on the list: whoever writes to the server must not choose our code."""

    @property
    def func(self) -> Any:
        """The callable, if it is one of ours."""
        if self.func_name not in ALLOWED:
            raise ValueError(f"job {self.id} names {self.func_name!r}, which is not on the list of jobs")
        return super().func


def jobs(client: redis.Redis) -> Queue:
    """The one queue of our workers."""
    return Queue(keys.JOBS, connection=client, serializer=JSONSerializer, job_class=Listed)


def submit(queue: Queue, rids: list[str], front: bool = False) -> None:
    """Tell the workers that these records' pages wait. A hint only: a lost or repeated one does no harm."""
    groups = [rids[i : i + TOGETHER] for i in range(0, len(rids), TOGETHER)]
    rows = [
        Queue.prepare_data(
            ARTICLE, args=group, timeout=TIMEOUT, result_ttl=0, failure_ttl=3600, retry=Retry(max=3), at_front=front
        )
        for group in groups
    ]
    if rows:
        queue.enqueue_many(rows)


def named(queue: Queue, most: int) -> set[str]:
    """The records that the first `most` waiting jobs name."""
    ids = queue.get_job_ids(0, most)
    try:
        found = Listed.fetch_many(ids, connection=queue.connection, serializer=JSONSerializer) if ids else []
        return {str(rid) for job in found if job is not None for rid in job.args}
    except redis.RedisError:
        raise
    except Exception:  # a stranger's job that cannot be read; records told twice do no harm
        return set()
