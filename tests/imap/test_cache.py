import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imap.pooling import Clock, Task
from webmail.imap.cache import ENTRY_OVERHEAD, CacheLimits, CacheSpace


def space_of(**limits):
    clock = Clock()
    return CacheSpace(CacheLimits(**limits), clock), clock


def test_kept_by_kind_and_key():
    space, _ = space_of()
    cache = space.of("a")
    cache.put("body", ("INBOX", 1, 7), b"text", 4)
    cache.put("envelope", ("INBOX", 1, 7), "envelope", 100)
    assert cache.get("body", ("INBOX", 1, 7)) == b"text"
    assert cache.get("envelope", ("INBOX", 1, 7)) == "envelope"
    assert cache.get("body", ("INBOX", 1, 8)) is None
    assert cache.get("else", ("INBOX", 1, 7)) is None
    assert space.of("a") is cache
    assert space.of("b").get("body", ("INBOX", 1, 7)) is None


def test_what_is_put_again_counts_once():
    space, _ = space_of()
    cache = space.of("a")
    for _ in range(10):
        cache.put("body", 1, "x", 100)
    assert cache.cost == space.cost == 100 + ENTRY_OVERHEAD
    assert len(cache) == 1


def test_the_least_recently_used_goes_first():
    space, _ = space_of(person=10 * (100 + ENTRY_OVERHEAD))
    cache = space.of("a")
    for number in range(10):
        cache.put("body", number, number, 100)
    assert cache.get("body", 0) == 0
    cache.put("body", 10, 10, 100)
    assert cache.get("body", 0) == 0
    assert cache.get("body", 1) is None
    assert cache.get("body", 10) == 10


def test_many_at_once_count_as_used():
    space, _ = space_of(entries=3)
    cache = space.of("a")
    for number in range(3):
        cache.put("row", number, f"row {number}", 100)
    assert cache.get_many("row", [0, 7, 1]) == {0: "row 0", 1: "row 1"}
    assert cache.get_many("else", [0]) == {}
    cache.put("row", 3, "row 3", 100)
    assert cache.get_many("row", range(4)) == {0: "row 0", 1: "row 1", 3: "row 3"}
    space.end()
    assert cache.get_many("row", range(4)) == {}


def test_the_number_of_entries_is_bounded():
    space, _ = space_of(entries=5)
    cache = space.of("a")
    for number in range(50):
        cache.put("body", number, number, 0)
    assert len(cache) == 5
    assert cache.get("body", 49) == 49


def test_too_large_a_value_is_not_kept_and_takes_the_old_one_with_it():
    space, _ = space_of(person=4000)
    cache = space.of("a")
    cache.put("body", 1, "old", 10)
    cache.put("body", 1, "new", 5000)
    assert cache.get("body", 1) is None
    assert space.cost == 0


def test_dropping_by_key():
    space, _ = space_of()
    cache = space.of("a")
    for number in range(10):
        cache.put("body", ("INBOX", number), number, 1)
        cache.put("envelope", ("INBOX", number), number, 1)
    assert cache.drop("body", lambda key: key[1] % 2 == 0) == 5
    assert cache.get("body", ("INBOX", 2)) is None
    assert cache.get("body", ("INBOX", 3)) == 3
    assert cache.get("envelope", ("INBOX", 2)) == 2
    assert cache.drop("envelope") == 10


def test_over_the_total_the_person_seen_longest_ago_loses_all():
    space, _ = space_of(total=3 * (1000 + ENTRY_OVERHEAD))
    for name in "abc":
        space.of(name).put("body", 1, name, 1000)
    assert space.of("a").get("body", 1) == "a"
    space.of("d").put("body", 1, "d", 1000)
    assert space.of("b").get("body", 1) is None
    assert [space.of(name).get("body", 1) for name in "acd"] == ["a", "c", "d"]


def test_ended_means_ended():
    space, _ = space_of()
    cache = space.of(("1", b"x"))
    other = space.of(("2", b"y"))
    cache.put("body", 1, "secret", 6)
    other.put("body", 1, "theirs", 6)
    space.end(lambda identity: identity[0] == "1")
    assert cache.get("body", 1) is None
    cache.put("body", 1, "late", 4)
    assert cache.get("body", 1) is None
    assert space.of(("1", b"x")).get("body", 1) is None
    assert other.get("body", 1) == "theirs"
    assert space.cost == other.cost


def test_a_sign_in_that_nobody_ends_is_forgotten():
    space, clock = space_of(idle_seconds=60)
    space.of("a").put("body", 1, "x", 1)
    clock.now += 50
    space.of("b").put("body", 1, "x", 1)
    clock.now += 20
    space.sweep()
    assert len(space) == 1
    assert space.of("b").get("body", 1) == "x"


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["put", "get", "drop", "end"]),
            st.integers(0, 6),
            st.integers(0, 900),
        ),
        max_size=60,
    )
)
@settings(max_examples=200, deadline=None)
def test_the_sums_are_right_whatever_happens(events):
    space, _ = space_of(person=4000, total=6000, entries=4)
    for name, event, key, cost in events:
        cache = space.of(name)
        match event:
            case "put":
                cache.put("body", key, (name, key), cost)
            case "get":
                assert cache.get("body", key) in (None, (name, key))
            case "drop":
                cache.drop("body", lambda found, key=key: found == key)
            case "end":
                space.end(lambda identity, name=name: identity == name)
        caches = [space.of(name) for name in "abc"]
        assert space.cost == sum(cache.cost for cache in caches) <= 6000
        assert all(cache.cost <= 4000 and len(cache) <= 4 for cache in caches)


def test_many_threads():
    space, _ = space_of(person=20_000, total=50_000, entries=50)

    def work(seed):
        chance = random.Random(seed)
        for _ in range(400):
            name, key = chance.choice("abcdef"), chance.randrange(80)
            cache = space.of(name)
            found = cache.get("body", key)
            assert found in (None, (name, key))
            cache.put("body", key, (name, key), chance.randrange(900))
            if chance.random() < 0.02:
                cache.drop("body", lambda key: key % 3 == 0)
            if chance.random() < 0.01:
                space.end(name.__eq__)

    for task in [Task(lambda seed=seed: work(seed)) for seed in range(16)]:
        task.result(60)
    space.end()
    assert space.cost == 0
    assert len(space) == 0
