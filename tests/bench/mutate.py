"""Guards taken out of the service, one by one: with any of them gone the crash run has to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def apply(name: str) -> None:
    """Take one guard out of this process; an empty name takes none."""
    if name:
        MUTATIONS[name]()


def _texts(*changes: tuple[str, str, str]) -> None:
    """Change scripts: (script, old, new); the old text must be there, so that no mutation is one in name only."""
    from ingest import store

    real: Callable[[str], str] = store._text

    def text(name: str) -> str:
        found = real(name)
        for script, old, new in changes:
            if script == name:
                assert old in found, f"{name}.lua has no {old!r}"
                found = found.replace(old, new)
        return found

    store._text = text


def _fences() -> None:
    """Whoever comes last wins: no script looks at the fence."""
    _texts(
        ("prelude", "call('HGET', record, 'fe') == fence and ", ""),
        ("commit", "if r[1] ~= ARGV[4] then", "if false then"),
        ("discover", "if call('HGET', feed, 'fe') ~= fence then", "if false then"),
        ("renew", "call('HGET', key, 'fe') == fence and ", ""),
    )


def _validators() -> None:
    """ETag, Last-Modified and body digest are stored before the entries they stand for."""
    import json

    from ingest import keys
    from ingest.store import Store

    real = Store.run

    def run(store: Store, name: str, *args: Any) -> Any:
        if name == "discover" and (state := json.loads(args[2]).get("state")):
            fields = dict(zip(state[::2], state[1::2], strict=True))
            store.ask(lambda: store.client.hset(keys.FEED + str(args[0]), mapping=fields))
        return real(store, name, *args)

    Store.run = run  # type: ignore[method-assign]


_XADD = ("prelude", "local sid = call('XADD', K.stream, '*', 'event', event)", "local sid = '0-1'")


def _event_after() -> None:
    """The record is marked delivered, then the event goes out."""
    _texts(_XADD)
    from ingest import keys
    from ingest.store import Store

    real = Store.run

    def run(store: Store, name: str, *args: Any) -> Any:
        answer = real(store, name, *args)
        if name == "commit" and answer[0] == b"done":
            store.ask(lambda: store.client.xadd(keys.STREAM, {"event": args[3]}))
        return answer

    Store.run = run  # type: ignore[method-assign]


def _event_before() -> None:
    """The event goes out, then the record is marked delivered."""
    told, add = "local sid = hand_on(did, c.id, c.type, event)", "call('XADD', K.stream, '*', 'event', event)"
    _texts(_XADD, ("commit", told, f"if ARGV[8] then {add} return {{'half', '', '', 0}} end\n{told}"))
    from ingest.store import Store

    real = Store.run

    def run(store: Store, name: str, *args: Any) -> Any:
        answer = real(store, name, *args, *(["event"] if name == "commit" else []))
        return real(store, name, *args) if name == "commit" and answer[0] == b"half" else answer

    Store.run = run  # type: ignore[method-assign]


def _reconciler() -> None:
    """Nobody takes up what outlived its lease."""
    from ingest.ledger import Ledger

    Ledger.reconcile = lambda *_: []  # type: ignore[method-assign,assignment]


def _unleased() -> None:
    """A worker takes a page without a lease."""
    _texts(("take", "call('ZADD', K.leases, now + lease, 'w' .. rid)", ""))


def _marks() -> None:
    """An entry is taken as new whenever a poll says so."""
    _texts(
        ("discover", "if call('HSETNX', seen, e.m, e.v) == 1 and call('EXISTS', K.record .. e.rid) == 0 then",
         "call('HSET', seen, e.m, e.v)\n  do"),
    )  # fmt: skip


def _counted() -> None:
    """Every ending is counted, also that of a record which had ended."""
    _texts(
        ("prelude", "if r[1] == 'pending' then", "if true then"),
        ("prelude", "call('HGET', record, 'fe') == fence and is_active(record)", "call('HGET', record, 'fe') == fence"),
        ("commit", "if not is_active(record) then", "if false then"),
    )


def _cursor() -> None:
    """Jobs go to a tagger first, its cursor moves after that."""
    import redis
    from redis.client import Pipeline

    from ingest import keys

    real = Pipeline.execute

    def execute(pipe: Any, *args: Any, **named: Any) -> Any:
        last = pipe.command_stack[-1][0] if pipe.command_stack else ()
        if len(last) < 3 or last[0] != "SET" or not str(last[1]).startswith(keys.CURSOR):
            return real(pipe, *args, **named)
        pipe.command_stack.pop()
        answer = real(pipe, *args, **named)
        redis.Redis(connection_pool=pipe.connection_pool).set(last[1], last[2])
        return answer

    Pipeline.execute = execute  # type: ignore[method-assign]


def _accepted() -> None:
    """A wire's message that can be read is accepted before its items are durable."""
    from ingest.model import Failed
    from ingest.receive import Hand

    real = Hand._keep

    async def keep(hand: Hand, found: Any, delivery: Any) -> Any:
        if found.items[0].get("reason") != Failed.UNREADABLE:
            await hand.session.accept(delivery)
        return await real(hand, found, delivery)

    Hand._keep = keep  # type: ignore[method-assign]


def _unordered() -> None:
    """Versions of a wire's document go to any worker at once, and nobody looks which one is out."""
    _texts(
        ("versions", "if call('RPUSH', K.versions .. did, rid) == 1 then", "if true then"),
        ("commit", "v[2] and r[6] < v[2]", "false"),
    )


def _unstopped() -> None:
    """A version that was killed in a worker's hands goes out."""
    _texts(("commit", "v[1] and r[6] <= v[1]", "false"))


MUTATIONS: dict[str, Callable[[], None]] = {
    "fences": _fences,
    "validators": _validators,
    "event-after": _event_after,
    "event-before": _event_before,
    "reconciler": _reconciler,
    "unleased": _unleased,
    "marks": _marks,
    "counted": _counted,
    "cursor": _cursor,
    "accepted": _accepted,
    "unordered": _unordered,
    "unstopped": _unstopped,
}
