"""Fifty threads at one pool: everybody reads their own mail, nobody waits for ever, every bound holds."""

from __future__ import annotations

import random
import threading

import pytest

from tests.imap.pooling import Task, holder_of, pool_of, until
from webmail.imap.commands import UID, body, fetch, noop, select
from webmail.imap.errors import ConnectionLostError
from webmail.imap.sweeper import Sweeper

PEOPLE, THREADS, ROUNDS = 8, 50, 12


@pytest.fixture
def people(dovecot):
    users = [dovecot.user() for _ in range(PEOPLE)]
    for user in users:
        user.deliver("INBOX", f"Subject: {user.name}\r\n\r\nfor {user.name}\r\n".encode())
    return users


@pytest.mark.parametrize(("per_holder", "total"), [(2, 100), (2, 5), (1, 3)])
def test_nobody_meets_anothers_mail(people, dovecot, per_holder, total):
    lock, in_use, owners = threading.Lock(), set(), {}
    with pool_of(per_holder=per_holder, total=total, wait_seconds=60) as pool:

        def work(seed: int) -> None:
            chance = random.Random(seed)
            for _ in range(ROUNDS):
                user = chance.choice(people)
                with pool.borrow(holder_of(user), "INBOX") as session:
                    connection = session.connection
                    with lock:
                        assert connection not in in_use
                        assert owners.setdefault(connection, user.name) == user.name
                        in_use.add(connection)
                        assert len(in_use) <= total
                        assert sum(owners[used] == user.name for used in in_use) <= per_holder
                    opening = [] if session.selected else [select("INBOX")]
                    *_, found = session.run(*opening, fetch(1, [UID, body("")]))
                    assert f"for {user.name}\r\n".encode() in found[0].sections[""]
                    with lock:
                        in_use.remove(connection)
                chance.random() < 0.05 and pool.drain(user.name)

        tasks = [Task(lambda seed=seed: work(seed)) for seed in range(THREADS)]
        for task in tasks:
            task.result(120)
        stats = pool.stats()
        assert stats.borrowed == stats.waiting == stats.refused_total == 0
        assert stats.connections <= min(total, PEOPLE * per_holder)
        assert stats.opened_total + stats.reused_total == THREADS * ROUNDS
        for user in people:
            pool.drain(user.name)
        assert pool.stats().connections == 0
        until(lambda: not any(dovecot.processes(user) for user in people))


def test_connections_that_die_all_the_time_hurt_nobody_else(people):
    with pool_of(per_holder=2, total=6, wait_seconds=60) as pool:

        def work(seed: int) -> int:
            chance, lost = random.Random(seed), 0
            for _ in range(ROUNDS):
                user = chance.choice(people)
                try:
                    with pool.borrow(holder_of(user), "INBOX") as session:
                        if chance.random() < 0.2:
                            session.connection.close()
                        session.run(noop())
                except ConnectionLostError:
                    lost += 1
            return lost

        tasks = [Task(lambda seed=seed: work(seed)) for seed in range(20)]
        assert sum(task.result(120) for task in tasks) > 0
        stats = pool.stats()
        assert stats.borrowed == stats.waiting == stats.refused_total == 0
        assert stats.connections <= 6


def test_the_sweeper_sweeps_until_it_is_stopped():
    swept = threading.Semaphore(0)

    def sweep() -> None:
        swept.release()
        raise OSError

    others = set(threading.enumerate())
    sweeper = Sweeper(sweep, every=0.001)
    sweeper.start()
    sweeper.start()
    for _ in range(3):
        assert swept.acquire(timeout=20)
    sweeper.stop()
    assert "imap-sweeper" not in [thread.name for thread in set(threading.enumerate()) - others]
