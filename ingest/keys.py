"""Every key in the server: its type, its life, who writes it and who reads it. Nobody else spells one.

    name       type    life                      written by                read by
    documents  stream  RETENTION, STREAM_BYTES   commit                    taggers, dispatch, trim, documents
    counters   hash    for ever                  every script that counts  status, check, claim
    reasons    hash    for ever                  finish                    status
    feeds      hash    while listed              enlist                    claim, status, event
    feed:F     hash    while listed + RETENTION  discover, claim           poll, status
    seen:F     hash    marks: while listed + RETENTION  discover           poll
    record:R   hash    pending, then RETENTION   every script              every script, why
    doc:D      hash    RETENTION                 commit, withdraw          commit, claim, why
    url:U      string  RETENTION                 discover, receive, enqueue, commit  claim, commit, why
    guid:G     string  RETENTION, while held     discover, receive         why
    text:T     string  RETENTION                 commit                    commit
    event:E    string  RETENTION                 commit                    documents, why
    pending    zset    while records are pending  discover, enqueue, finish status, check
    lane:L     zset    while hosts wait in it    push                      claim
    queue:L:H  zset    while items wait in it    push                      claim
    looks      hash    for ever                  claim                     claim, status
    host:H     hash    a day after its last use  claim, admit, fetched, looked  claim, admit
    flight:H   zset    a day after its last use  claim                     claim
    leases     zset    while work is held        claim, take, renew        reconcile
    ready      zset    while pages wait          fetched, reconcile        take, reconcile, status
    page:R     string  until its record ends; of a failed item as long as that  fetched, discover, receive  take
    wire:D     hash    RETENTION, while held or waiting  receive, release, commit  receive, commit, withdraw, why
    versions:D list    while versions wait       receive, release, finish  finish, jobs
    held:R     string  until released            receive, release, take, commit  release
    embargo    zset    while items are held      receive, release, take, commit  release, status
    ended:DAY  list    until its records age     finish                    age
    ends:STATE zset    until its records age     finish                    failures
    site:H     hash    RETENTION                 observe, drift            watch, status
    sites      zset    while sites are watched   observe, watch            watch
    robots:H   string  a day                     robots                    robots
    cursor:T   string  while the tagger is listed  dispatch                dispatch, trim, status
    lock:NAME  string  a lease                   keeper                    keeper
    beat:ROLE:ID string  15 s                    every process             status, enqueue --wait
    alarms     hash    while they ring           keeper, drift             status
    related:E  hash    three epochs              relations                 relations, status
    posting:E:B hash   three epochs              relations                 relations
    member:E:B hash    three epochs              relations                 relations
    story:D    list    RETENTION                 relations                 why

Letters: F feed, R record, D document, U G T digests of an address, a guid, a text, E event, H host,
L lane (by hand `u`, feeds `f`, wires `w`, pages `p`, looks at delivered pages `r`), T tagger where a cursor is meant.
Of a wire's document: o the order of its newest version, d that of the one that is out, k that of its kill, h the record
that is held, a the document it is a version of, where its agency named that by another guid.
Of relations: E an epoch (half of RETENTION, an hour at least), B a bucket of it, D the document that founded a story.
All digests come from ingest/links.py.
"""

from __future__ import annotations

PREFIX = "wiredesk:"

STREAM = PREFIX + "documents"
COUNTERS = PREFIX + "counters"
REASONS = PREFIX + "reasons"
FEEDS = PREFIX + "feeds"
FEED = PREFIX + "feed:"
SEEN = PREFIX + "seen:"
RECORD = PREFIX + "record:"
DOC = PREFIX + "doc:"
URL = PREFIX + "url:"
GUID = PREFIX + "guid:"
TEXT = PREFIX + "text:"
EVENT = PREFIX + "event:"
PENDING = PREFIX + "pending"
LANE = PREFIX + "lane:"
QUEUE = PREFIX + "queue:"
LOOKS = PREFIX + "looks"
HOST = PREFIX + "host:"
FLIGHT = PREFIX + "flight:"
LEASES = PREFIX + "leases"
READY = PREFIX + "ready"
PAGE = PREFIX + "page:"
WIRE = PREFIX + "wire:"
VERSIONS = PREFIX + "versions:"
HELD = PREFIX + "held:"
EMBARGO = PREFIX + "embargo"
ENDED = PREFIX + "ended:"
ENDS = PREFIX + "ends:"
SITE = PREFIX + "site:"
SITES = PREFIX + "sites"
ROBOTS = PREFIX + "robots:"
CURSOR = PREFIX + "cursor:"
LOCK = PREFIX + "lock:"
BEAT = PREFIX + "beat:"
ALARMS = PREFIX + "alarms"
RELATED = PREFIX + "related:"
POSTING = PREFIX + "posting:"
MEMBER = PREFIX + "member:"
STORY = PREFIX + "story:"

JOBS = "articles"  # the one RQ queue of our own workers
TAGGER = "tagger-"  # RQ queue of one RQ tagger: tagger-<name>


def lua() -> str:
    """The same names as a Lua table `K`, the first line of every script."""
    names = {k.lower(): v for k, v in globals().items() if k.isupper() and k not in ("PREFIX", "JOBS", "TAGGER")}
    return "local K = {" + ", ".join(f"{k} = '{v}'" for k, v in sorted(names.items())) + "}\n"
