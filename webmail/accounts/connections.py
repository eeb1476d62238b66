"""This process's pool, and what its failures mean to a person."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import connection
from django.dispatch import receiver

from webmail.domains.domain import Domain
from webmail.domains.registry import servers_changed
from webmail.imap import errors
from webmail.imap.connection import Connection
from webmail.imap.holder import Holder
from webmail.imap.pool import Pool
from webmail.imap.server import Server, Timeouts
from webmail.imap.session import Session
from webmail.live import Hub
from webmail.wire import server as wire
from webmail.wire.gate import FullError, Gate

from .errors import MailServerError, SignInEndedError
from .models import Person

_lock = threading.Lock()
_pool: Pool | None = None
_hub: Hub | None = None
gate: Final = Gate()


def pool() -> Pool:
    """Made at first use, since a forking server must not share sockets or threads."""
    global _pool
    if _pool is None:
        with _lock:
            if _pool is None:
                _pool = Pool(
                    per_holder=settings.IMAP_CONNECTIONS_PER_PERSON,
                    total=settings.IMAP_CONNECTIONS,
                    idle_seconds=settings.IMAP_IDLE_SECONDS,
                    timeouts=timeouts(),
                )
                _pool.keep_swept()
    return _pool


def running_pool() -> Pool | None:
    return _pool


def running_hub() -> Hub | None:
    return _hub


def close_pool() -> None:
    """Ends every connection and every stream; the next use makes a new pool and a new hub."""
    global _pool, _hub
    close_hub()
    with _lock:
        former, _pool, _hub = _pool, None, None
    if former is not None:
        former.close()


def hub() -> Hub:
    """Who tells open pages what changes. Made at first use, as the pool is."""
    global _hub
    if _hub is None:
        with _lock:
            if _hub is None:
                _hub = Hub(
                    connect=lambda holder: pool().open_beside(holder),
                    told=_forget_counts,
                    allowed=_allowed,
                    total=settings.LIVE_STREAMS,
                    per_person=settings.LIVE_STREAMS_PER_PERSON,
                )
    return _hub


def close_hub() -> None:
    """Ends every stream; none is opened any more until the process ends. May be called by a signal."""
    if _hub is not None:
        _hub.close()


def drain(key: str) -> None:
    """Nothing of this person's stays open here, or is opened by who was signed in before now."""
    pool().drain(key)
    hub().drain(key)


def has_open() -> bool:
    """Does this process keep anything open for anybody?"""
    return (_pool is not None and bool(_pool.holders())) or (_hub is not None and bool(_hub.stats().people))


def _forget_counts(holder: Holder) -> None:
    pool().notes(holder).drop("folders")


def _allowed(keys: set[str]) -> set[str]:
    try:
        found = Person.objects.filter(pk__in=keys, is_active=True).values_list("pk", flat=True)
        return {str(key) for key in found}
    finally:
        connection.close()  # The thread ends.


def timeouts() -> Timeouts:
    return Timeouts(read=settings.IMAP_TIMEOUT, total=4 * settings.IMAP_TIMEOUT)


def open_connection(server: Server) -> Connection:
    """A new connection, not signed in. Raises MailServerError."""
    with understood():
        return Connection.open(server, timeouts=timeouts())


def server_of(domain: Domain) -> Server:
    """Raises MailServerError where no usable one is set (`check` says so)."""
    try:
        return domain.imap_server()
    except ValueError as error:
        raise MailServerError("down") from error


@contextmanager
def borrowed(
    holder: Holder, mailbox: str | None = None, *, lasting: bool = False, patience: float | None = None
) -> Iterator[Session]:
    """A session of this holder's; a `lasting` one (a download) does not keep the person's pages waiting. `patience`:
    how many seconds to wait where all are in use. What goes wrong inside is raised as MailServerError or
    SignInEndedError, except the server's NO and BAD to a single command, which the caller knows to judge."""
    with (
        understood(),
        waiting_for(holder.server, holder.room.requests),
        pool().borrow(holder, mailbox, lasting=lasting, patience=patience) as session,
    ):
        yield session


@contextmanager
def waiting_for(server: wire.Server, most: int) -> Iterator[None]:
    """One of at most `most` threads that this server may keep waiting. Raises MailServerError at once where it does."""
    try:
        with gate.enter(server, most):
            yield
    except FullError as error:
        raise MailServerError("busy") from error


@receiver(servers_changed)
def end_what_is_elsewhere(servers: frozenset[Server], **_: object) -> None:
    """Nobody's connection outlives the administrator's change of their server."""
    if _pool is not None:
        _pool.end_elsewhere(servers)
    if _hub is not None:
        _hub.end_elsewhere(servers)


@contextmanager
def understood() -> Iterator[None]:
    """Turns the wire's failures into what a person is told."""
    try:
        yield
    except errors.AuthenticationError as error:
        raise SignInEndedError from error
    except errors.UnavailableError as error:
        raise MailServerError("busy", error.text) from error
    except errors.TlsError as error:
        raise MailServerError("tls") from error
    except errors.ConnectError as error:
        raise MailServerError("down") from error
    except errors.TimeoutError as error:
        raise MailServerError("timeout") from error
    except errors.ConnectionLostError as error:
        raise MailServerError("lost") from error
    except errors.PoolExhaustedError as error:
        raise MailServerError("busy") from error
