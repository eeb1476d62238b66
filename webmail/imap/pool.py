"""Signed-in connections, kept between requests: per person, bounded, never anybody else's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from webmail.imap.cache import CacheLimits, CacheSpace, PersonCache
from webmail.imap.connection import Connection
from webmail.imap.errors import AuthenticationError, ImapError, UnavailableError
from webmail.imap.holder import Holder
from webmail.imap.ledger import Ledger
from webmail.imap.server import Limits, Server, Timeouts
from webmail.imap.session import Session
from webmail.imap.slot import Slot
from webmail.imap.stats import HolderStats, PoolStats, holder_stats, pool_stats
from webmail.imap.sweeper import Sweeper

__all__ = ["Holder", "HolderStats", "Pool", "PoolStats", "Session"]

# A server takes a moment to notice that a connection it counts has ended.
_NOTICE_SECONDS: Final = 3.0
_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
_SWEEP_SECONDS: Final = 15.0
_WRONG_SECONDS: Final = 30.0


class Pool:
    """At most `per_holder` connections for each key, `lasting` more for borrows that take long, and `total` in
    all. An unused one is closed after `idle_seconds`; a borrower waits up to `wait_seconds` for one to come
    free. Safe in any thread; no network happens under its lock. Make it after forking.
    """

    def __init__(
        self,
        *,
        per_holder: int = 2,
        lasting: int = 3,
        total: int = 1000,
        idle_seconds: float = 300.0,
        wait_seconds: float = 10.0,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
        limits: Limits = Limits(),  # noqa: B008 - frozen
        cache_limits: CacheLimits = CacheLimits(),  # noqa: B008 - frozen
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if per_holder < 1 or total < 1:
            raise ValueError("A pool needs room for at least one connection.")
        self._ledger = Ledger(per_holder, lasting, total, clock)
        self._caches = CacheSpace(cache_limits, clock)
        self._idle_seconds, self._wait_seconds = idle_seconds, wait_seconds
        self._timeouts, self._limits = timeouts, limits
        self._clock = clock
        self._sweep_at = clock() + _SWEEP_SECONDS
        self._sweeper: Sweeper | None = None
        # Until when whose credentials are taken to be wrong, so that a page's many requests with an old password
        # are not many attempts, which servers answer by locking the person out.
        self._wrong: dict[tuple[str, bytes], tuple[float, tuple[str, str, str, str]]] = {}

    @contextmanager
    def borrow(
        self,
        holder: Holder,
        mailbox: str | None = None,
        *,
        lasting: bool = False,
        patience: float | None = None,
    ) -> Iterator[Session]:
        """A session of this holder's, for the length of the block; preferably one with `mailbox` selected,
        which the caller still has to look at: nothing is selected here. A `lasting` one (a download, IDLE)
        does not keep the person's pages waiting. `patience` instead of `wait_seconds`.

        Raises PoolExhaustedError, AuthenticationError, UnavailableError, ConnectError and its kind.
        """
        patience = self._wait_seconds if patience is None else patience
        slot, fresh, idle = self._obtain(holder, mailbox, patience, lasting=lasting)

        def reopen() -> Connection:
            self._ledger.count("lost")
            slot.connection = None
            slot.person.freed_at = self._clock()
            slot.connection = connection = self._open(holder, slot)
            self._ledger.count("retried")
            return connection

        assert slot.connection is not None
        notes = self.notes(holder)
        session = Session(slot.connection, fresh=fresh, idle=idle, notes=notes, reopen=reopen)
        try:
            yield session
        finally:
            session.end()
            self._give_back(slot)

    def open_beside(self, holder: Holder) -> Connection:
        """A signed-in connection that this pool does not count or keep: the caller ends it.

        Raises AuthenticationError, UnavailableError, ConnectError and its kind.
        """
        return self._sign_in(holder)

    def adopt(self, holder: Holder, connection: Connection) -> None:
        """Take over a connection that has just been signed in with these credentials.

        Pooled connections of the same account with other credentials are closed: the password was changed.
        """
        self._wrong.pop(holder.identity, None)
        self._part(self._ledger.adopt(holder, connection))
        self._caches.end(lambda identity: identity[0] == holder.key and identity != holder.identity)

    def drain(self, key: str) -> None:
        """Sign-out: idle connections are logged out (in a thread, nobody waits), borrowed ones end when they
        are returned, the caches end now. A holder made before this still works, and leaves nothing."""
        leaving = self._ledger.drain(key)
        self._caches.end(lambda identity: identity[0] == key)
        self._part(leaving)

    def end_elsewhere(self, servers: Collection[Server]) -> None:
        """Only these servers are asked from now on: connections to others end, borrowed ones when they are
        returned."""
        self._part(self._ledger.end_elsewhere(servers))

    def make_room(self, key: str) -> int:
        """Log out the account's idle connections and wait for it, when a sign-in is refused because there are
        too many already. Returns how many."""
        leaving = self._ledger.take_idle(key)
        _log_out(leaving)
        return len(leaving)

    def notes(self, holder: Holder) -> PersonCache:
        """What is remembered of this sign-in's mail; after sign-out, a cache that keeps nothing."""
        with self._ledger.lock:
            person = self._ledger.people.get(holder.key)
            ended = self._ledger.closed or (person is not None and holder.made < person.drained)
            return self._caches.ended() if ended else self._caches.of(holder.identity)

    def sweep(self) -> None:
        """Close what has been idle too long, forget whose caches nobody used."""
        self._sweep_at = self._clock() + _SWEEP_SECONDS
        self._part(self._ledger.expired(self._idle_seconds))
        self._caches.sweep()
        now = self._clock()
        for identity in [identity for identity, (until, _) in self._wrong.copy().items() if until < now]:
            self._wrong.pop(identity, None)

    def keep_swept(self, *, every: float = 30.0) -> None:
        """Sweep every so many seconds in a thread of its own, until the pool is closed."""
        self._sweeper = self._sweeper or Sweeper(self.sweep, every=every)
        self._sweeper.start()

    def close(self) -> None:
        """End every connection, borrowed ones included, and every cache."""
        if self._sweeper is not None:
            self._sweeper.stop()
        for connection in self._ledger.close():
            with suppress(ImapError, OSError):
                connection.close()
        self._caches.end()

    def stats(self) -> PoolStats:
        return pool_stats(self._ledger, self._caches)

    def holders(self) -> list[HolderStats]:
        """Everybody with connections, without any secret."""
        return holder_stats(self._ledger)

    def _obtain(
        self, holder: Holder, mailbox: str | None, patience: float, *, lasting: bool
    ) -> tuple[Slot, bool, float]:
        """A slot with a living connection, whether it was opened just now, and how long it was unused."""
        if self._clock() >= self._sweep_at:
            self.sweep()
        end = time.monotonic() + patience
        while True:
            slot = self._ledger.acquire(holder, mailbox, end - time.monotonic(), lasting=lasting)
            try:
                idle = self._clock() - slot.idle_since
                if slot.connection is not None and self._alive(slot, idle):
                    self._ledger.count("reused")
                    return slot, False, idle
                slot.connection = self._open(holder, slot)
            except UnavailableError:
                if not self._ledger.refuse(slot):
                    raise
            except BaseException:
                if slot.connection is not None:
                    slot.connection.close()
                self._ledger.free(slot)
                raise
            else:
                return slot, True, 0.0

    def _alive(self, slot: Slot, idle: float) -> bool:
        connection = slot.connection
        assert connection is not None
        if idle < self._idle_seconds:
            try:
                if connection.check_alive():
                    return True
            except ImapError:
                pass
            self._ledger.count("lost")
        connection.close()
        slot.connection = None
        slot.person.freed_at = self._clock()
        return False

    def _open(self, holder: Holder, slot: Slot) -> Connection:
        """A new one, signed in. A refusal right after another of this person's ended is asked again, since
        the server may still be counting that one."""
        if slot.evicted is not None:
            evicted, slot.evicted = slot.evicted, None
            slot.person.freed_at = self._clock()
            evicted.close()
        for pause in _PAUSES:
            try:
                return self._sign_in(holder)
            except UnavailableError:
                if len(slot.person.slots) > 1 or self._clock() - slot.person.freed_at > _NOTICE_SECONDS:
                    raise
            time.sleep(pause)
        return self._sign_in(holder)

    def _sign_in(self, holder: Holder) -> Connection:
        until, refusal = self._wrong.get(holder.identity, (0.0, None))
        if refusal is not None and self._clock() < until:
            raise AuthenticationError(*refusal)
        connection = Connection.open(holder.server, timeouts=self._timeouts, limits=self._limits)
        try:
            connection.login(holder.credentials)
        except BaseException as error:
            connection.close()
            if isinstance(error, AuthenticationError):
                self._wrong[holder.identity] = (
                    self._clock() + _WRONG_SECONDS,
                    (error.command, error.status, error.code, error.text),
                )
                self._part(self._ledger.end_identity(holder))
                self._caches.end(lambda identity: identity == holder.identity)
            raise
        self._ledger.count("opened")
        return connection

    def _give_back(self, slot: Slot) -> None:
        if slot.connection is not None and _in_use(slot.connection):
            slot.connection.close()
        if self._ledger.give_back(slot):
            return
        if slot.connection is not None:
            slot.connection.close()
        self._ledger.free(slot)

    def _part(self, leaving: list[Connection]) -> None:
        """Log out politely, and let nobody wait for it."""
        if leaving:
            threading.Thread(target=_log_out, args=(leaving,), name="imap-logout", daemon=True).start()


def _in_use(connection: Connection) -> bool:
    """Does a stream that was not read to its end still hold it?"""
    try:
        with connection.exclusively():
            return False
    except RuntimeError:
        return True


def _log_out(leaving: list[Connection]) -> None:
    for connection in leaving:
        try:
            connection.logout()
        except (ImapError, OSError):
            connection.close()
