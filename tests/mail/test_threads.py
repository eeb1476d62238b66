"""Threads: of THREAD's trees, and our own, on honest mail as on hostile."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webmail.imap.parse.limits import DEFAULT
from webmail.imap.parse.search import thread as parse_thread
from webmail.imap.parse.source import Source
from webmail.mail.threads import Letter, Threads, flat, group

NAMES = st.sampled_from([f"<{name}@x>" for name in "abcdefghij"])
HOSTILE = st.lists(
    st.builds(
        lambda message_id, references, subject: (message_id, tuple(references), subject),
        NAMES | st.just(""),
        st.lists(NAMES, max_size=6),
        st.sampled_from(["", "one", "Re: one", "Sv: Re: two", "two"]),
    ),
    max_size=30,
)


def letters(found):
    return [Letter(number, *parts) for number, parts in enumerate(found, start=1)]


@given(HOSTILE)
def test_every_message_is_in_exactly_one_thread(found):
    threads = group(letters(found))
    assert sorted(number for one in threads for number in one) == list(range(1, len(found) + 1))


@given(HOSTILE)
def test_an_answer_is_with_what_it_answers(found):
    """Where the Message-ID is one's own, and no loop stands in the way: what refers to nothing else."""
    given_ = letters(found)
    where = {number: at for at, one in enumerate(group(given_)) for number in one}
    names = [letter.message_id for letter in given_]
    for letter in given_:
        if len(letter.references) == 1 and names.count(letter.message_id) == 1 and letter.message_id:
            (name,) = letter.references
            answered = [one for one in given_ if one.message_id == name]
            if len(answered) == 1 and answered[0] is not letter and not answered[0].references:
                assert where[letter.number] == where[answered[0].number]


def test_a_missing_parent_holds_its_children_together():
    assert group(letters([("<b>", ("<a>",), "x"), ("<c>", ("<a>",), "y"), ("<d>", (), "z")])) == [[1, 2], [3]]


def test_an_answer_that_refers_to_nothing_goes_by_its_subject():
    found = [("<a>", (), "Lunch"), ("<b>", (), "Lunch"), ("<c>", (), "SV: lunch"), ("<d>", (), "Re: dinner")]
    assert group(letters(found)) == [[1], [2, 3], [4]]


def test_the_same_subject_alone_is_another_thread():
    assert group(letters([("<a>", (), "Invoice"), ("<b>", (), "Invoice")])) == [[1], [2]]


def test_two_with_one_message_id():
    assert len(group(letters([("<a>", (), "x"), ("<a>", (), "y")]))) == 2


def test_loops_end():
    ring = [(f"<{n}>", (f"<{(n + 1) % 50}>",), "x") for n in range(50)]
    assert [len(one) for one in group(letters(ring))] == [50]
    assert group(letters([("<a>", ("<a>",), "x")])) == [[1]]


def test_a_hundred_thousand_in_a_chain_and_as_many_alone():
    chain = [Letter(n, f"<{n}>", (f"<{n - 1}>",) if n > 1 else ()) for n in range(1, 100_001)]
    assert [len(one) for one in group(chain)] == [100_000]
    backwards = [Letter(100_001 - one.number, one.message_id, one.references) for one in reversed(chain)]
    assert [len(one) for one in group(backwards)] == [100_000]
    assert len(group([Letter(n, f"<{n}>") for n in range(100_000)])) == 100_000


def test_a_long_list_of_references_is_bounded():
    many = tuple(f"<{n}>" for n in range(50_000))
    assert group([Letter(1, "<0>"), Letter(2, "<x>", many), Letter(3, "<49999>")]) == [[1, 2, 3]]


def told(answer):
    return parse_thread(Source([answer], 0, DEFAULT, utf8=False)).threads


def test_trees_are_laid_flat():
    trees = told(b"(2)(3 6 (4 23)(44 7 96))((1)(5))")
    assert [sorted(one) for one in flat(trees)] == [[2], [3, 4, 6, 7, 23, 44, 96], [1, 5]]


def test_a_tree_as_deep_as_a_mailbox():
    deep = b"(" + b" ".join(b"%d" % n for n in range(1, 100_001)) + b")"
    assert len(flat(told(deep))[0]) == 100_000


GROUPS = st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=6), max_size=15)


@given(GROUPS)
def test_newest_first(groups):
    threads = Threads.of(groups)
    assert {n for one in threads for n in one} == {n for one in groups for n in one}
    newest = [one[-1] for one in threads]
    assert newest == sorted(newest, reverse=True)
    assert all(list(one) == sorted(set(one)) for one in threads)
    for one in threads:
        assert all(threads.holding(number) == one for number in one)
    assert threads.holding(99) == ()


@given(GROUPS, GROUPS)
def test_joining_is_as_threading_it_all(before, more):
    """Sets that share a message are one."""
    apart = Threads.of(before)
    sets: list[set[int]] = []
    for one in [*apart, *more]:
        joined = set(one).union(*(each for each in sets if each & set(one)))
        sets = [each for each in sets if not each & set(one)] + [joined]
    assert list(apart.joined(more)) == list(Threads.of(sets))


@given(GROUPS, st.sets(st.integers(1, 60)))
def test_without(groups, gone):
    threads = Threads.of(groups).without(gone)
    assert {n for one in threads for n in one} == {n for one in groups for n in one} - gone


@given(GROUPS, st.sets(st.integers(1, 60)))
def test_what_is_left_is_as_made_anew(groups, gone):
    threads = Threads.of(groups)
    left = Threads.of([number for number in one if number not in gone] for one in threads)
    assert list(threads.without(gone)) == list(left)
    there = {number for one in threads for number in one} - gone
    assert list(threads.only(there)) == list(left)
    assert threads.with_any(gone) == [one for one in threads if not gone.isdisjoint(one)]
