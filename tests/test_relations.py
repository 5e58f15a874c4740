"""Which earlier document a text belongs to: decided on the server, in one step, in the order in which texts come."""

from __future__ import annotations

import random
import threading
from collections import Counter

import pytest

from ingest import keys
from ingest.links import URN, subject
from ingest.relations import Relation, Relations
from ingest.store import Store
from tests.conftest import RETENTION
from workers.sketch import sketch

DAY = 86_400_000  # milliseconds


def words(seed: str, count: int) -> list[str]:
    """As many words of an invented article as asked for; another seed shares no run with it."""
    dice = random.Random(seed)
    return ["".join(dice.choices("abcdefghiklmnoprstuvw", k=dice.randint(3, 9))) for _ in range(count)]


def text(seed: str, count: int = 400) -> str:
    return " ".join(words(seed, count))


def furniture(number: int) -> str:
    """What an outlet puts below its texts: six of ten sentences, its own name in some."""
    dice = random.Random(f"furniture {number}")
    return " ".join(text(f"sentence {n}", 9) + f" paper{'abcdefgh'[number % 8]} " for n in dice.sample(range(10), 6))


def did(name: str) -> str:
    return subject(name).removeprefix(URN)


class Desk:
    """Relates texts under short names."""

    def __init__(self, store: Store) -> None:
        self.relations = Relations(store)

    def put(self, name: str, told: str) -> Relation:
        return self.relations.relate(did(name), sketch(told).pack())


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_the_first_text_is_an_original_and_founds_its_story(desk: Desk) -> None:
    assert desk.put("a", text("one")) == Relation("original", "", 0, 0, did("a"))
    assert desk.put("b", text("two")) == Relation("original", "", 0, 0, did("b"))


def test_the_same_text_is_a_copy(desk: Desk) -> None:
    desk.put("a", text("one"))
    assert desk.put("b", text("one")) == Relation("copy", did("a"), 100, 100, did("a"))


def test_a_third_of_a_text_is_an_excerpt_of_it(desk: Desk) -> None:
    desk.put("a", text("one", 600))
    found = desk.put("b", " ".join(words("one", 600)[:200]))
    assert (found.word, found.of, found.here, found.story) == ("excerpt", did("a"), 100, did("a"))
    assert 15 <= found.back <= 55


def test_a_text_with_as_much_again_added_extends_the_first(desk: Desk) -> None:
    desk.put("a", text("one", 300))
    found = desk.put("b", text("one", 300) + " " + text("more", 300))
    assert (found.word, found.of, found.story) == ("extends", did("a"), did("a"))
    assert found.back == 100 and 25 <= found.here <= 75


def test_a_text_of_which_half_was_written_anew_is_a_version(desk: Desk) -> None:
    desk.put("a", text("one", 400))
    found = desk.put("b", text("other", 180) + " " + " ".join(words("one", 400)[180:]))
    assert (found.word, found.of, found.story) == ("version", did("a"), did("a"))


def test_a_copy_of_a_copy_belongs_to_the_first(desk: Desk) -> None:
    whole = words("one", 600)
    desk.put("a", " ".join(whole))
    desk.put("b", " ".join(whole[:450]) + " " + text("house style b", 60))
    found = desk.put("c", " ".join(whole[:300]) + " " + text("house style c", 40))
    assert found.story == did("a") and found.word == "excerpt"


def test_what_a_later_copy_added_is_recognised_too(desk: Desk) -> None:
    desk.put("a", text("one", 300))
    desk.put("b", text("one", 300) + " " + text("added", 300))
    found = desk.put("c", " ".join(words("one", 300)[150:]) + " " + text("added", 300))
    assert (found.of, found.story) == (did("b"), did("a"))


def test_the_order_of_paragraphs_does_not_matter(desk: Desk) -> None:
    desk.put("a", text("one", 500))
    whole = words("one", 500)
    assert desk.put("b", " ".join(whole[250:] + whole[:250])).word == "copy"


def robot(number: int) -> str:
    """A quake bulletin: the same sentences, other figures and places."""
    dice = random.Random(number)
    place = [f"Town{dice.randrange(10**6)}" for _ in range(4)]
    figure = [f"{dice.randrange(10, 99)}.{dice.randrange(10)}" for _ in range(8)]
    said = (
        f"A magnitude {figure[0]} earthquake was reported on Monday at {figure[1]} in the morning",
        f"{figure[2]} miles from {place[0]}, according to the survey of the region, which measures such events around",
        f"the clock. It occurred {figure[3]} miles from {place[1]} and {figure[4]} miles from {place[2]} at a depth of",
        f"{figure[5]} miles. In the last ten days there were {figure[6]} earthquakes of this size near {place[3]}.",
        "Did you feel it? Tell the survey what you felt, for your report helps to understand how the ground moves. An",
        f"average of {figure[7]} such events occur here every year, according to a sample of three years.",
    )
    return " ".join(said)


def test_robot_texts_that_differ_in_their_figures_are_stories_of_their_own(desk: Desk) -> None:
    found = [desk.put(f"quake {n}", robot(n)) for n in range(30)]
    assert len({r.story for r in found}) >= 29
    again = desk.put("copied", robot(7) + " " + text("an outlet's own words", 20))
    assert again.story == found[7].story


def test_what_many_stories_share_glues_none_of_them(desk: Desk) -> None:
    for n in range(8):
        desk.put(f"long {n}", text(f"report {n}", 300) + " " + furniture(n))
    found = [desk.put(f"short {n}", text(f"story {n}", 50) + " " + furniture(n)) for n in range(40)]
    assert {r.word for r in found} == {"original"}
    assert desk.put("copied", text("story 30", 50) + " " + furniture(31)).story == did("short 30")


def test_what_two_texts_share_below_both_glues_them_not(desk: Desk) -> None:
    """Seen for the first time, so that nobody can know how common it is."""
    below = text("about this paper and how to reach it", 120)
    desk.put("a", text("one", 160) + " " + below)
    assert desk.put("b", text("two", 90) + " " + below).word == "original"
    found = desk.put("c", text("one", 160) + " " + text("other furniture", 120))
    assert (found.story, found.of) == (did("a"), did("a"))


def test_a_digest_of_whole_stories_glues_them_not(desk: Desk) -> None:
    stories = [f"story {n}" for n in range(8)]
    for name in stories:
        desk.put(name, text(name, 300))
    digest = desk.put("digest", " ".join(text(name, 300) for name in stories))
    assert digest.story == did("digest")
    assert digest.word == "extends" and digest.of in {did(name) for name in stories}
    for name in stories:
        assert desk.put(f"copy of {name}", text(name, 300)).story == did(name)


def test_stories_that_a_digest_told_first_stay_apart(desk: Desk) -> None:
    stories = [f"story {n}" for n in range(8)]
    desk.put("digest", " ".join(text(name, 300) for name in stories))
    found = [desk.put(name, text(name, 300)) for name in stories]
    assert [r.story for r in found] == [did(name) for name in stories]
    assert {(r.word, r.of) for r in found} <= {("excerpt", did("digest")), ("original", "")}


def test_a_text_too_short_to_compare_is_related_to_nothing(desk: Desk) -> None:
    for name in ("a", "b"):
        assert desk.put(name, "Nothing new today.") == Relation("original", "", 0, 0, did(name))


def test_copies_handed_in_at_the_same_instant_have_one_original(server: str, store: Store) -> None:
    """Each round eight hands hold the same text; the server lets one of them be first."""
    rounds, hands = 25, 8
    start = threading.Barrier(hands)
    found: list[tuple[int, Relation]] = []

    def work(hand: int) -> None:
        own = Store(server, RETENTION)
        desk = Desk(own)
        for number in range(rounds):
            packed = sketch(text(f"agency {number}", 300) + " " + text(f"outlet {hand}", 20)).pack()
            start.wait(20)
            found.append((number, desk.relations.relate(did(f"{number} at {hand}"), packed)))
        own.close()

    threads = [threading.Thread(target=work, args=(hand,)) for hand in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for number in range(rounds):
        told = [r for which, r in found if which == number]
        assert Counter(r.word for r in told) == {"original": 1, "copy": hands - 1}
        assert len({r.story for r in told}) == 1


def test_a_story_is_known_for_retention_and_forgotten_by_itself(server: str, store: Store) -> None:
    def later(days: float) -> Desk:
        return Desk(Store(server, RETENTION, skew=int(days * DAY)))

    later(0).put("a", text("one"))
    assert later(6).put("b", text("one")).of == did("a")
    assert later(13.9).put("c", text("one")).of == did("a")
    assert later(21.1).put("d", text("one")).word == "original"
    client = store.client
    for pattern in (keys.RELATED, keys.POSTING, keys.MEMBER, keys.STORY):
        names = list(client.scan_iter(pattern + "*"))
        assert names and all(0 < client.pttl(name) <= 45 * DAY for name in names)


def test_furniture_stays_known_from_one_epoch_to_the_next(server: str, store: Store) -> None:
    def put(day: float, name: str, told: str) -> Relation:
        return Desk(Store(server, RETENTION, skew=int(day * DAY))).put(name, told)

    for week in range(4):  # only the first week shows how common it is
        for n in range(12 if week == 0 else 2):
            put(7.1 * week, f"long {week} {n}", text(f"report {week} {n}", 300) + " " + furniture(n))
    for n in range(10):
        assert put(7.1 * 4, f"short {n}", text(f"story {n}", 50) + " " + furniture(n)).word == "original"


def test_an_index_that_has_grown_still_finds_its_first_texts(desk: Desk, store: Store) -> None:
    for n in range(1500):
        desk.put(f"text {n}", text(f"text {n}", 120))
    (meta,) = store.client.scan_iter(keys.RELATED + "*")
    postings, buckets = (int(v) for v in store.client.hmget(meta, "p", "b"))
    assert postings > 1500 * 25 and buckets > 256  # it has split buckets on the way
    for n in range(0, 1500, 50):
        assert desk.put(f"copy {n}", text(f"text {n}", 120)).of == did(f"text {n}")
    counted = sum(store.client.hlen(key) - 1 for key in store.client.scan_iter(keys.POSTING + "*"))
    assert counted == postings


def test_the_size_of_the_index_is_known_about(desk: Desk, store: Store) -> None:
    assert desk.relations.size().documents == 0
    for n in range(2000):
        desk.put(f"text {n}", text(f"text {n}", 200))
    size = desk.relations.size()
    real = sum(int(store.client.memory_usage(key) or 0) for key in store.client.scan_iter(count=1000))
    assert size.documents == 2000
    assert 0.7 * real < size.bytes < 1.4 * real
    assert size.bytes / size.documents < 700
