"""The pool's books, in any order of events: bounds hold, nothing is lost, nobody gets another's."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.imap.pooling import Clock, Task, until
from webmail.imap.errors import PoolExhaustedError
from webmail.imap.holder import Holder, Room
from webmail.imap.ledger import Ledger
from webmail.imap.server import Password, Server

SERVER = Server("mail.example", 143, "none")
PER_HOLDER, LASTING, TOTAL = 2, 1, 4


@dataclass(eq=False)
class Standing:
    """Stands for a connection: the ledger only ever looks at these two."""

    identity: tuple[str, bytes]
    closed: bool = False
    selected: None = None


def holder(key: str, password: str = "p") -> Holder:
    return Holder(key, SERVER, Password(key, password))


class Books(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.ledger = Ledger(PER_HOLDER, LASTING, TOTAL, self.clock)
        self.busy = []
        self.open = set()
        self.old = [holder("a"), holder("b")]

    def close(self, connections):
        for connection in connections:
            assert connection in self.open
            self.open.remove(connection)
            connection.closed = True

    @rule(
        key=st.sampled_from("abc"), password=st.sampled_from("pq"), lasting=st.booleans(), old=st.booleans()
    )
    def borrow(self, key, password, lasting, old):
        who = self.old[0] if old else holder(key, password)
        try:
            slot = self.ledger.acquire(who, None, 0, lasting=lasting)
        except PoolExhaustedError:
            person = self.ledger.people[who.key]
            full = self.ledger.slots >= TOTAL
            same = [slot for slot in self.busy if slot.person is person and slot.lasting == lasting]
            limited = len(person.slots) >= person.allowed and self.clock() < person.allowed_until
            assert full or limited or len(same) >= (LASTING if lasting else 1)
            return
        if slot.evicted is not None:
            self.close([slot.evicted])
            slot.evicted = None
        if slot.connection is None:
            slot.connection = Standing(who.identity)
            self.open.add(slot.connection)
        assert slot.connection.identity == who.identity
        assert slot.connection in self.open
        assert slot not in self.busy
        self.busy.append(slot)

    @rule(number=st.integers(0, 10), broken=st.booleans())
    def give_back(self, number, broken):
        if not self.busy:
            return
        slot = self.busy.pop(number % len(self.busy))
        slot.connection.closed = broken
        if not self.ledger.give_back(slot):
            self.open.remove(slot.connection)
            self.ledger.free(slot)

    @rule(number=st.integers(0, 10))
    def refuse(self, number):
        if self.busy:
            slot = self.busy.pop(number % len(self.busy))
            self.open.remove(slot.connection)
            assert self.ledger.refuse(slot) == bool(slot.person.slots)

    @rule(key=st.sampled_from("abc"))
    def drain(self, key):
        self.close(self.ledger.drain(key))
        assert not self.ledger.people[key].idle

    @rule(key=st.sampled_from("abc"), password=st.sampled_from("pq"), old=st.booleans())
    def adopt(self, key, password, old):
        who = self.old[0] if old else holder(key, password)
        connection = Standing(who.identity)
        self.open.add(connection)
        self.close(self.ledger.adopt(who, connection))
        assert all(slot.identity == who.identity for slot in self.ledger.people[who.key].idle)

    @rule(key=st.sampled_from("abc"))
    def take_idle(self, key):
        self.close(self.ledger.take_idle(key))

    @rule(seconds=st.sampled_from([1, 30, 5000]))
    def sweep(self, seconds):
        self.clock.now += seconds
        self.close(self.ledger.expired(60))

    @invariant()
    def every_connection_is_in_the_books(self):
        slots = [slot for person in self.ledger.people.values() for slot in person.slots]
        assert {slot.connection for slot in slots} == self.open
        assert len(slots) == self.ledger.slots <= TOTAL
        idle = [slot for person in self.ledger.people.values() for slot in person.idle]
        assert set(idle) == set(self.ledger._idle)
        assert {*idle, *self.busy} == set(slots)
        assert not set(idle) & set(self.busy)

    @invariant()
    def nobody_has_too_many(self):
        for person in self.ledger.people.values():
            lasting = [slot for slot in person.slots if slot.lasting]
            assert len(lasting) <= LASTING
            assert len(person.slots) - len(lasting) <= PER_HOLDER

    @invariant()
    def nobody_waits(self):
        assert not any(person.waiters for person in self.ledger.people.values())
        assert not self.ledger._crowd


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_people_without_anything_are_forgotten():
    clock = Clock()
    ledger = Ledger(PER_HOLDER, LASTING, TOTAL, clock)
    for number in range(100):
        ledger.free(ledger.acquire(holder(str(number)), None, 0))
        ledger.drain(str(number))
    clock.now += 20_000
    ledger.expired(60)
    assert not ledger.people


def test_who_gives_up_waiting_takes_nothing_along():
    ledger = Ledger(PER_HOLDER, LASTING, 3, time.monotonic)

    def work(seed):
        chance, got = random.Random(seed), 0
        for _ in range(60):
            who = holder(chance.choice("abc"), chance.choice("pq"))
            try:
                slot = ledger.acquire(
                    who, None, chance.choice([0, 0.001, 0.005]), lasting=chance.random() < 0.2
                )
            except PoolExhaustedError:
                continue
            got += 1
            slot.connection = slot.connection or Standing(who.identity)
            assert slot.connection.identity == who.identity
            slot.connection.closed = chance.random() < 0.3
            if not ledger.give_back(slot):
                ledger.free(slot)
            if chance.random() < 0.1:
                ledger.drain(who.key)
        return got

    assert sum(task.result(60) for task in [Task(lambda seed=seed: work(seed)) for seed in range(50)]) > 0
    assert not any(person.waiters for person in ledger.people.values())
    assert not ledger._crowd
    assert (
        ledger.slots == len(ledger._idle) == sum(len(person.slots) for person in ledger.people.values()) <= 3
    )


def test_a_closed_ledger_wakes_who_waits():
    ledger = Ledger(1, 1, TOTAL, Clock())
    ledger.acquire(holder("a"), None, 0)
    task = Task(lambda: ledger.acquire(holder("a"), None, 60))
    until(lambda: any(person.waiters for person in ledger.people.values()))
    ledger.close()
    with pytest.raises(PoolExhaustedError):
        task.result()


def test_an_account_may_have_a_bound_of_its_own():
    ledger = Ledger(PER_HOLDER, LASTING, TOTAL, Clock())
    one, two = (replace(holder("a"), room=Room(connections=1)) for _ in range(2))
    ledger.acquire(one, None, 0)
    with pytest.raises(PoolExhaustedError):
        ledger.acquire(two, None, 0)
    ledger.acquire(holder("b"), None, 0)
    ledger.acquire(holder("b"), None, 0)


def test_what_is_open_to_a_former_server_ends():
    ledger = Ledger(PER_HOLDER, LASTING, TOTAL, Clock())
    idle, busy = ledger.acquire(holder("a"), None, 0), ledger.acquire(holder("b"), None, 0)
    for slot in (idle, busy):
        slot.connection = SimpleNamespace(server=SERVER, closed=False)
    assert ledger.give_back(idle)
    assert ledger.end_elsewhere({SERVER}) == []
    assert ledger.end_elsewhere({replace(SERVER, host="other.example")}) == [idle.connection]
    assert not ledger.give_back(busy)
