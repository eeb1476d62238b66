"""Who has which connections, under one lock and without any network: the pool's bookkeeping."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from webmail.imap.connection import Connection
from webmail.imap.errors import PoolExhaustedError
from webmail.imap.holder import Holder, moment
from webmail.imap.server import Server
from webmail.imap.slot import Person, Slot, Waiter, nearest

REFUSAL_SECONDS: Final = 60.0
DRAINED_SECONDS: Final = 4 * 3600.0


@dataclass(eq=False)
class Ledger:
    per_holder: int
    lasting: int
    total: int
    clock: Callable[[], float]
    closed: bool = False
    slots: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    people: dict[str, Person] = field(default_factory=dict)
    _idle: OrderedDict[Slot, None] = field(default_factory=OrderedDict)
    _crowd: OrderedDict[Waiter, None] = field(default_factory=OrderedDict)

    def acquire(self, holder: Holder, mailbox: str | None, patience: float, *, lasting: bool = False) -> Slot:
        """A slot of this holder's, with a free connection in it or with none yet. First come, first served.

        Waits up to `patience` seconds, then raises PoolExhaustedError.
        """
        with self.lock:
            if self.closed:
                raise PoolExhaustedError("The pool is closed.")
            person = self._person(holder.key)
            person.most = holder.room.connections
            waiter = Waiter(person, holder, mailbox, lasting)
            behind = any(other.lasting == lasting for other in person.waiters)
            slot = None if behind else self._grant(waiter)
            if slot is not None:
                return slot
            person.waiters.append(waiter)
            if self.slots >= self.total:
                self._crowd[waiter] = None
            self.counts["waited"] += 1
        waiter.ready.wait(max(0.0, patience))
        with self.lock:
            if waiter.slot is None:
                self._leave(waiter)
                self.counts["refused"] += 1
                raise PoolExhaustedError("No connection came free in time.")
            return waiter.slot

    def give_back(self, slot: Slot) -> bool:
        """False where the connection has no future: the caller closes it, then calls `free`."""
        with self.lock:
            if self.closed or slot.connection is None or slot.connection.closed or self._ended(slot):
                return False
            if slot.lasting and self._ordinary(slot.person) >= self._most(slot.person):
                return False
            slot.lasting = False
            slot.idle_since = self.clock()
            self._idle[slot] = slot.person.idle[slot] = None
            self._serve(slot.person)
            return True

    def free(self, slot: Slot) -> None:
        """The slot's connection is closed, or never came to be."""
        with self.lock:
            self._remove(slot)
            slot.person.freed_at = self.clock()
            self._serve(slot.person)

    def refuse(self, slot: Slot) -> bool:
        """The server allows this person no more connections. True: one of theirs will come free."""
        with self.lock:
            self._remove(slot)
            person = slot.person
            if person.slots:
                person.allowed = len(person.slots)
                person.allowed_until = self.clock() + REFUSAL_SECONDS
            self._serve(person)
            return bool(person.slots)

    def adopt(self, holder: Holder, connection: Connection) -> list[Connection]:
        """A connection that was opened elsewhere, signed in with these credentials, becomes an idle one.

        Connections with other credentials of the same account have no future. Returns what is to be closed.
        """
        with self.lock:
            person = self._person(holder.key)
            person.most = holder.room.connections
            leaving = self._end(person, lambda slot: slot.identity != holder.identity)
            if self.closed or holder.made < person.drained or self._ordinary(person) >= self._most(person):
                return [*leaving, connection]
            if self.slots >= self.total:
                if not self._idle:
                    return [*leaving, connection]
                leaving += self._take_out(next(iter(self._idle)))
            slot = Slot(person, holder.identity, holder.made, connection, idle_since=self.clock())
            person.slots.add(slot)
            self.slots += 1
            self._idle[slot] = person.idle[slot] = None
            self._serve(person)
            return leaving

    def drain(self, key: str) -> list[Connection]:
        """Nothing of this account older than now has a future. Returns the idle ones, to be closed."""
        with self.lock:
            person = self._person(key)
            person.drained = moment()
            person.drained_at = person.freed_at = self.clock()
            return self._end(person)

    def end_identity(self, holder: Holder) -> list[Connection]:
        """The server takes these credentials no more."""
        with self.lock:
            person = self._person(holder.key)
            return self._end(person, lambda slot: slot.identity == holder.identity)

    def end_elsewhere(self, servers: Collection[Server]) -> list[Connection]:
        """Whatever is open to other servers than these has no future. Returns the idle ones, to be closed."""
        with self.lock:

            def elsewhere(slot: Slot) -> bool:
                return slot.connection is not None and slot.connection.server not in servers

            return [one for person in self.people.values() for one in self._end(person, elsewhere)]

    def take_idle(self, key: str) -> list[Connection]:
        with self.lock:
            person = self._person(key)
            person.freed_at = self.clock()
            return [connection for slot in list(person.idle) for connection in self._take_out(slot)]

    def expired(self, idle_seconds: float) -> list[Connection]:
        """What has been idle too long leaves the books, to be closed; so do people without anything."""
        with self.lock:
            now = self.clock()
            leaving: list[Connection] = []
            while self._idle and now - next(iter(self._idle)).idle_since >= idle_seconds:
                leaving += self._take_out(next(iter(self._idle)))
            for person in [
                person for person in self.people.values() if not person.slots and not person.waiters
            ]:
                if now - person.drained_at > DRAINED_SECONDS:
                    del self.people[person.key]
            return leaving

    def close(self) -> list[Connection]:
        """Every connection, borrowed ones too."""
        with self.lock:
            self.closed = True
            leaving = [slot.connection for slot in self._every() if slot.connection is not None]
            for person in self.people.values():
                person.idle.clear()
                for waiter in person.waiters:
                    waiter.ready.set()
            self._idle.clear()
            return leaving

    def count(self, name: str) -> None:
        with self.lock:
            self.counts[name] += 1

    def _grant(self, waiter: Waiter) -> Slot | None:
        person, holder, lasting = waiter.person, waiter.holder, waiter.lasting
        free = [slot for slot in person.idle if slot.identity == holder.identity]
        if free and (not lasting or self._lasting(person) < self.lasting):
            slot = nearest(free, waiter.mailbox)
            self._busy(slot)
            slot.made, slot.lasting = max(slot.made, holder.made), lasting
            return slot
        crowded = self._crowded(person, lasting=lasting)
        evicted: list[Connection] = []
        if crowded or self.slots >= self.total:
            idle = self._idle if not crowded else () if lasting else person.idle
            if not idle:
                return None
            evicted = self._take_out(next(iter(idle)))
        slot = Slot(
            person, holder.identity, holder.made, evicted=evicted[0] if evicted else None, lasting=lasting
        )
        person.slots.add(slot)
        self.slots += 1
        return slot

    def _crowded(self, person: Person, *, lasting: bool) -> bool:
        if self.clock() < person.allowed_until and len(person.slots) >= max(1, person.allowed):
            return True
        if lasting:
            return self._lasting(person) >= self.lasting
        return self._ordinary(person) >= self._most(person)

    def _most(self, person: Person) -> int:
        return person.most or self.per_holder

    def _lasting(self, person: Person) -> int:
        return sum(slot.lasting for slot in person.slots)

    def _ordinary(self, person: Person) -> int:
        return len(person.slots) - self._lasting(person)

    def _serve(self, person: Person) -> None:
        """Something came free: for this person's first in line, else for the first who waits for the total."""
        for waiter in list(person.waiters):
            self._serve_one(waiter)
        if self._crowd and (self.slots < self.total or self._idle):
            for waiter in list(self._crowd):
                if self.slots >= self.total and not self._idle:
                    break
                self._serve_one(waiter)

    def _serve_one(self, waiter: Waiter) -> None:
        slot = self._grant(waiter)
        if slot is not None:
            self._leave(waiter)
            waiter.slot = slot
            waiter.ready.set()

    def _leave(self, waiter: Waiter) -> None:
        waiter.person.waiters.remove(waiter)
        self._crowd.pop(waiter, None)

    def _end(self, person: Person, named: Callable[[Slot], bool] | None = None) -> list[Connection]:
        leaving: list[Connection] = []
        for slot in [slot for slot in person.slots if named is None or named(slot)]:
            slot.made = -1
            if slot in person.idle:
                leaving += self._take_out(slot)
        return leaving

    def _ended(self, slot: Slot) -> bool:
        return slot.made < max(0, slot.person.drained)

    def _take_out(self, slot: Slot) -> list[Connection]:
        self._busy(slot)
        self._remove(slot)
        return [slot.connection] if slot.connection is not None else []

    def _busy(self, slot: Slot) -> None:
        del self._idle[slot], slot.person.idle[slot]

    def _remove(self, slot: Slot) -> None:
        slot.person.slots.remove(slot)
        self.slots -= 1

    def _person(self, key: str) -> Person:
        return self.people.setdefault(key, Person(key))

    def _every(self) -> Iterator[Slot]:
        return (slot for person in self.people.values() for slot in person.slots)
