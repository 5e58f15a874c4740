"""Hand-off: decide the document of a text, build its event, and commit both in one atomic step."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ingest import revisit
from ingest.account import Account
from ingest.errors import GiveUp
from ingest.ledger import Answer, Ledger, Taken, address_key
from ingest.links import URN, clean, digest, front, host, shown, subject
from ingest.model import Article, State
from ingest.parcel import Parcel
from ingest.revisit import NEVER_AGAIN, Terms
from workers import drift, event, hints
from workers.claims import packed
from workers.event import Facts, Kind
from workers.extract import EXTRACTOR
from workers.framing import Refusal
from workers.normalise import content_hash, mergeable
from workers.revision import Titles, revise
from workers.sketch import sketch

READER = digest("extractor", EXTRACTOR, size=6)
BY_HAND = "urn:wiredesk:enqueue"
ROUNDS = 10  # a document that changes under us more often than this is a bug


@dataclass(frozen=True, slots=True)
class Identity:
    """The addresses of one page, and the documents they would found (docs/flow.md, Identity)."""

    final: str  # key of the final address
    canonical: str  # key of rel=canonical where it may be believed, else ""
    others: tuple[str, ...]  # keys of the other addresses that led here
    own: str  # document the final address would found
    home: str  # document the canonical address would found
    names: tuple[tuple[str, str], ...]  # (role, address) for the event


def identity(taken: Taken, parcel: Parcel, canonical: str | None) -> Identity:
    """Who this page is: its cleaned final address; rel=canonical only on the same host and not the front page."""
    record = taken.record
    shown_first = record["u"]
    if record["k"] != address_key(shown_first):  # an entry without an address of its own
        name = f"{record['f']}\n{record.get('g') or record['k']}"
        return Identity(record["k"], "", (), _document(name), "", _guid(record))
    final = clean(parcel.url)
    home = _believable(canonical, final)
    others = tuple(dict.fromkeys(address_key(clean(u)) for u in (shown_first, *parcel.hops) if not front(clean(u))))
    known = (("url", shown_first), ("final", final), ("canonical", home))
    names = (*_guid(record), *((role, shown(address)) for role, address in known if address))
    key = address_key(home) if home else ""
    return Identity(address_key(final), key, others, _document(final), _document(home) if home else "", names)


def _document(address: str) -> str:
    return subject(address).removeprefix(URN)


def _guid(record: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return (("guid", record["g"]),) if record.get("g") else ()


def _believable(canonical: str | None, final: str) -> str:
    try:
        address = clean(canonical, final) if canonical else ""
    except GiveUp:
        return ""
    return address if address and host(address) == host(final) and not front(address) and address != final else ""


@dataclass(frozen=True, slots=True)
class Handoff:
    """Builds events and commits them; when the document turns out to be another, the event is built again."""

    ledger: Ledger
    now: Callable[[], float] = time.time
    terms: Terms = NEVER_AGAIN  # how often pages are looked at again

    def deliver(self, taken: Taken, parcel: Parcel, article: Article) -> Answer:
        """Commit one article; what the ledger decided. Raises ServerAway."""
        who = identity(taken, parcel, article.canonical)
        facts = first = self._facts(taken, parcel, article, who)
        seen = {"site": site(parcel), "sm": drift.article(article)}
        drawn = sketch(article.text).pack()
        titles = Titles.of(article, hints.listed(taken))
        account = Account(self.ledger.store)
        later = revisit.later(self.terms, taken.record, parcel, self.now())
        did, last, still = who.home or who.own, "", False
        for _ in range(ROUNDS):
            built = event.build(facts)
            raw = event.pack(built)
            claim = self._claim(who, article, built, (did, last)) | seen | later | event.seam(raw)
            claim |= {"churn": still, "ti": titles.page, "tf": titles.feed}
            answer = self.ledger.commit(taken, claim, raw, drawn)
            if answer.word != "again":
                return answer
            did, last = answer.document, answer.last
            before = account.at(answer.position)
            facts, still = revise(self._again(first, answer, account), before, titles, Titles(answer.page, answer.feed))
        raise RuntimeError(f"document {did} changed {ROUNDS} times during one commit")

    def refuse(self, taken: Taken, parcel: Parcel, answer: Refusal) -> bool:
        """End a record whose page is no article; False when it was no longer ours. Raises ServerAway."""
        seen = (site(parcel), drift.refusal(answer.reason), READER)
        return self.ledger.refuse(taken, str(State.REJECTED), str(answer.reason), answer.detail, seen)

    def _claim(self, who: Identity, article: Article, built: dict[str, Any], at: tuple[str, str]) -> dict[str, Any]:
        content = built["contenthash"]
        return {
            "fk": who.final,
            "ck": who.canonical,
            "ks": list(who.others),
            "sf": who.own,
            "sc": who.home,
            "hash": content.partition(":")[2][:32],
            "tk": digest("text", host(built["url"]), content, size=8) if mergeable(article.text) else "",
            "ex": READER,
            "fields": packed(article.fields),
            "did": at[0],
            "last": at[1],
            "id": built["id"],
            "type": built["type"].split(".")[2],
        }

    def _facts(self, taken: Taken, parcel: Parcel, article: Article, who: Identity) -> Facts:
        return Facts(
            kind=Kind.CREATED,
            subject=URN + (who.home or who.own),
            time=moment(self.now()),
            version=1,
            article=article,
            contenthash=content_hash(article.text),
            fetched=moment(parcel.at),
            extractor=EXTRACTOR,
            alternatives=who.names,
            **origin(taken.record, taken.feed),
        )

    def _again(self, facts: Facts, answer: Answer, account: Account) -> Facts:
        """The same text as a version of the document it belongs to, which keeps what showed it first."""
        facts = replace(
            facts,
            kind=Kind.UPDATED if answer.last else Kind.CREATED,
            subject=URN + answer.document,
            version=answer.version + 1,
            previous=answer.last or None,
        )
        return replace(facts, **origin_of(account, answer.first))


def site(parcel: Parcel) -> str:
    """What a page's template belongs to: the host that showed it; texts that stand in feeds are another template."""
    try:
        name = host(clean(parcel.url))
    except GiveUp:  # a text in a feed whose own address could not be asked for
        name = "unknown"
    return name + (" feed" if parcel.inline else "")


def origin(record: dict[str, str], feed: dict[str, str]) -> dict[str, Any]:
    """What an event says of where a record came from."""
    tags = record.get("tags") or feed.get("tags") or ""
    by_hand = record.get("f") == "-"
    return {
        "source": BY_HAND if by_hand else feed.get("u") or f"urn:wiredesk:feed:{record.get('f')}",
        "url": record["u"],
        "feed": None if by_hand else feed.get("name"),
        "tags": tuple(t for t in tags.split(",") if t),
        "discovered": moment(int(record["t"]) / 1000),
    }


def origin_of(account: Account, rid: str) -> dict[str, Any]:
    """The same of a record by its name; empty when there is none or it is no longer kept."""
    record = account.record(rid) if rid else {}
    return origin(record, account.feed(record.get("f", "-"))) if record else {}


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as events tell them: in UTC, to the millisecond."""
    return datetime.fromtimestamp(round(seconds, 3), UTC)
