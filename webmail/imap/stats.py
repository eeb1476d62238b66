"""What an administrator sees of the pool: numbers, no secret, no mail."""

from __future__ import annotations

from dataclasses import dataclass

from webmail.imap.cache import CacheSpace
from webmail.imap.ledger import Ledger


@dataclass(frozen=True, slots=True)
class PoolStats:
    """Now: `people` with connections, `connections` = `borrowed` + `idle`, `waiting`. Since the start: the
    totals, where `lost` counts pooled connections that were found dead, `waited` borrows that had to wait,
    and `refused` those that waited in vain."""

    people: int
    connections: int
    borrowed: int
    idle: int
    waiting: int
    opened_total: int
    reused_total: int
    retried_total: int
    waited_total: int
    refused_total: int
    lost_total: int
    cached_people: int
    cached_octets: int


@dataclass(frozen=True, slots=True)
class HolderStats:
    """One person's. `idle_seconds` is for how long the last used of the idle connections has been so."""

    key: str
    connections: int
    borrowed: int
    waiting: int
    idle_seconds: float | None


def pool_stats(ledger: Ledger, caches: CacheSpace) -> PoolStats:
    with ledger.lock:
        people = [person for person in ledger.people.values() if person.slots]
        idle = sum(len(person.idle) for person in people)
        waiting = sum(len(person.waiters) for person in ledger.people.values())
        counts = ledger.counts
        return PoolStats(
            people=len(people),
            connections=ledger.slots,
            borrowed=ledger.slots - idle,
            idle=idle,
            waiting=waiting,
            opened_total=counts["opened"],
            reused_total=counts["reused"],
            retried_total=counts["retried"],
            waited_total=counts["waited"],
            refused_total=counts["refused"],
            lost_total=counts["lost"],
            cached_people=len(caches),
            cached_octets=caches.cost,
        )


def holder_stats(ledger: Ledger) -> list[HolderStats]:
    with ledger.lock:
        now = ledger.clock()
        return [
            HolderStats(
                key=person.key,
                connections=len(person.slots),
                borrowed=len(person.slots) - len(person.idle),
                waiting=len(person.waiters),
                idle_seconds=min((now - slot.idle_since for slot in person.idle), default=None),
            )
            for person in ledger.people.values()
            if person.slots or person.waiters
        ]
