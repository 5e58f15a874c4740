"""Hands events from the stream to the RQ queues of taggers.toml: job and cursor move in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import redis
from rq import Queue, Retry
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from config.taggers import Tagger
from ingest import keys
from ingest.account import Account
from ingest.store import Store, word
from workers.event import Event, with_text
from workers.wanted import wanted

BATCH = 100
MOST = 5_000  # events one run passes, so that a tagger that wants few of many does not hold up the other chores
TIMEOUT = 3600  # seconds a tagger's function may run


@dataclass(frozen=True, slots=True)
class Step:
    """A cursor's move past some events, with the jobs of those that the tagger wants."""

    key: str
    before: str
    after: str
    rows: list[Any]
    passed: int  # events, wanted or not


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Moves events to taggers, at most `ahead` jobs each; the rest waits in the stream."""

    store: Store

    def queue(self, name: str) -> Queue:
        """The RQ queue of one tagger."""
        return Queue(keys.TAGGER + name, connection=self.store.client, serializer=JSONSerializer)

    def run(self, tagger: Tagger) -> int:
        """Move what fits, at most MOST events at a time; the number of events handed on."""
        moved = passed = 0
        while passed < MOST and (step := self._step(tagger)).passed:
            moved += len(step.rows)
            passed += step.passed
        return moved

    def _step(self, tagger: Tagger) -> Step:
        """The move that was made; none if nothing fits or waits, or if another process moved the cursor meanwhile."""
        client, line = self.store.client, self.queue(tagger.name)
        cursor = self.cursor(tagger)
        nothing = Step(keys.CURSOR + tagger.name, cursor, cursor, [], 0)
        room = min(BATCH, tagger.ahead - self.store.ask(lambda: int(line.count)))
        if room <= 0:
            return nothing
        entries: list[Any] = self.store.ask(lambda: client.xrange(keys.STREAM, f"({cursor}", "+", room))
        if not entries:
            return nothing
        earlier = cache(Account(self.store).event)
        events = (json.loads(fields[b"event"]) for _, fields in entries)
        rows = [self._job(tagger, event) for event in events if wanted(event, tagger.relations, earlier)]
        step = replace(nothing, after=word(entries[-1][0]), rows=rows, passed=len(entries))
        return step if self.store.ask(lambda: self._move(line, step)) else nothing

    def _move(self, line: Queue, step: Step) -> bool:
        """Jobs and cursor in one transaction; False when another process moved the cursor meanwhile."""
        with self.store.client.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(step.key)  # type: ignore[no-untyped-call]  # redis leaves it untyped
                if word(pipe.get(step.key)) != step.before:
                    return False
                pipe.multi()
                if step.rows:
                    # a job that is handed on again is a dead letter no more
                    pipe.zrem(FailedJobRegistry(queue=line).key, *(row.job_id for row in step.rows))
                    line.enqueue_many(step.rows, pipeline=pipe)
                pipe.set(step.key, step.after)
                pipe.execute()
            except redis.WatchError:
                return False
        return True

    def _job(self, tagger: Tagger, found: Event) -> Any:
        event = with_text(found)
        return Queue.prepare_data(
            tagger.function,
            args=[event],
            job_id=f"{tagger.name}-{event['id']}",
            timeout=TIMEOUT,
            result_ttl=0,
            failure_ttl=14 * 86400,
            retry=Retry(max=tagger.retries) if tagger.retries else None,
            description=f"{tagger.name} {event['id']}",
        )

    def cursor(self, tagger: Tagger) -> str:
        """The stream id handed on last; a new tagger starts where its entry says."""
        client, key = self.store.client, keys.CURSOR + tagger.name
        found = self.store.ask(lambda: client.get(key))
        if found is None:
            first = "0-0" if tagger.start == "beginning" else self.end()
            self.store.ask(lambda: client.set(key, first, nx=True))
            found = self.store.ask(lambda: client.get(key)) or first
        return word(found)

    def end(self) -> str:
        """The last stream id given out."""
        try:
            return word(self.store.ask(lambda: self.store.client.xinfo_stream(keys.STREAM))["last-generated-id"])
        except redis.ResponseError:  # no stream yet
            return "0-0"

    def replay(self, name: str, position: str) -> None:
        """Hand events on again from just after a stream id."""
        self.store.ask(lambda: self.store.client.set(keys.CURSOR + name, position))

    def forget(self, listed: list[str]) -> None:
        """Drop the cursors of taggers that are no longer listed."""
        for key in self.store.ask(lambda: list(self.store.client.scan_iter(keys.CURSOR + "*", count=1000))):
            if word(key).removeprefix(keys.CURSOR) not in listed:
                self.store.ask(partial(self.store.client.delete, key))

    def failed(self, name: str) -> FailedJobRegistry:
        """The tagger's dead letters."""
        return FailedJobRegistry(queue=self.queue(name))
