"""What is borrowed: a signed-in connection that, when it turns out to have died while it was pooled, is
replaced once without anybody noticing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, overload

from webmail.imap import errors
from webmail.imap.cache import PersonCache
from webmail.imap.commands.command import Command
from webmail.imap.commands.select import Examine, Select
from webmail.imap.commands.session import Enable, Noop
from webmail.imap.connection import Connection
from webmail.imap.errors import CommandError, ConnectionLostError, MailboxChangedError
from webmail.imap.selected import Changes, SelectedState
from webmail.imap.stream import Stream
from webmail.imap.types import Namespace

ASK_FIRST_SECONDS: Final = 60.0
# Why a mailbox that is still there is not given out just now (RFC 5530).
_PASSING: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"})

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")


class Session:
    """One borrow of a Connection, with its methods. Not for two threads at once.

    The first traffic of a borrow on a pooled connection is done again on a new connection (the same mailbox
    selected, unless no command needs one) if the old one turns out dead and every command is `repeatable`. Where
    one is not, and the connection was unused for a minute, a NOOP asks first. A mailbox whose UIDVALIDITY changed
    meanwhile is not asked by old UIDs: MailboxChangedError, and `selected` tells what is there now. Any later loss
    raises ConnectionLostError too.

    `fresh`: the connection was opened for this borrow. `notes`: what is remembered of this sign-in's mail.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        fresh: bool,
        idle: float,
        notes: PersonCache,
        reopen: Callable[[], Connection],
    ) -> None:
        self.fresh = fresh
        self.notes = notes
        self._connection: Connection | None = connection
        self._idle = idle
        self._reopen = reopen
        self._doubtful = not fresh

    @property
    def connection(self) -> Connection:
        """RuntimeError once the session was returned: by then the connection may be another borrower's."""
        if self._connection is None:
            raise RuntimeError("This session was returned to the pool.")
        return self._connection

    def end(self) -> None:
        self._connection = None

    @overload
    def run(self, a: Command[A], /) -> tuple[A]: ...
    @overload
    def run(self, a: Command[A], b: Command[B], /) -> tuple[A, B]: ...
    @overload
    def run(self, a: Command[A], b: Command[B], c: Command[C], /) -> tuple[A, B, C]: ...
    @overload
    def run(self, a: Command[A], b: Command[B], c: Command[C], d: Command[D], /) -> tuple[A, B, C, D]: ...
    @overload
    def run(
        self, a: Command[A], b: Command[B], c: Command[C], d: Command[D], e: Command[E], /
    ) -> tuple[A, B, C, D, E]: ...
    @overload
    def run(self, *commands: Command[A]) -> tuple[A, ...]: ...
    def run(self, *commands: Command[Any]) -> tuple[Any, ...]:
        """As Connection.run: one write, a tuple of results; the first CommandError is raised."""
        return self._first(lambda: self.connection.run(*commands), *commands)

    def gather(self, *commands: Command[A]) -> list[A | CommandError]:
        """As Connection.gather: one write, each result or its CommandError."""
        return self._first(lambda: self.connection.gather(*commands), *commands)

    def stream(self, *, uid: int, section: str, chunk: int = 1 << 16) -> Stream:
        """As Connection.stream. To be exhausted or closed before the session is returned."""
        return self._first(lambda: self.connection.stream(uid=uid, section=section, chunk=chunk))

    def idle(self, *, seconds: float, wake: int | None = None) -> bool:
        """As Connection.idle."""
        self._settle()
        return self.connection.idle(seconds=seconds, wake=wake)

    @property
    def selected(self) -> SelectedState | None:
        return self.connection.selected

    @property
    def namespace(self) -> Namespace | None:
        return self.connection.namespace

    def ride_along(self, command: Command[Any]) -> None:
        """As Connection.ride_along."""
        self.connection.ride_along(command)

    @property
    def capabilities(self) -> frozenset[str]:
        return self.connection.capabilities

    def has(self, name: str) -> bool:
        return self.connection.has(name)

    def distrust(self, name: str) -> None:
        self.connection.distrust(name)

    def take_changes(self) -> Changes:
        return self.connection.take_changes()

    def take_alerts(self) -> list[str]:
        return self.connection.take_alerts()

    def _first(self, attempt: Callable[[], A], *commands: Command[Any]) -> A:
        if not self._doubtful:
            return attempt()
        if not all(command.repeatable for command in commands):
            self._settle()
            return attempt()
        self._doubtful = False
        try:
            return attempt()
        except ConnectionLostError as error:
            if isinstance(error, errors.TimeoutError | errors.ProtocolError):
                raise
            self._replace(reselect=_needs_selected(commands))
            return attempt()

    def _settle(self) -> None:
        """Before what can't be done twice: is anybody there?"""
        if self._doubtful and self._idle >= ASK_FIRST_SECONDS:
            self._first(lambda: self.connection.run(Noop()))
        self._doubtful = False

    def _replace(self, *, reselect: bool) -> None:
        enabled, former = self.connection.enabled, self.connection.selected
        self._connection = connection = self._reopen()
        self.fresh = True
        try:
            if enabled:
                connection.run(Enable(*sorted(enabled)))
            if former is None or not reselect:
                return
            open_again = Examine if former.read_only else Select
            condstore = former.highest_modseq is not None and connection.has("CONDSTORE")
            connection.run(open_again(former.wire, condstore=condstore))
        except CommandError as error:
            text = "The mailbox can't be selected again."
            if error.code in _PASSING or error.command not in {"SELECT", "EXAMINE"}:
                raise ConnectionLostError(text) from error
            raise MailboxChangedError(text, renumbered=False) from error
        now = connection.selected
        if now is None or now.uid_validity != former.uid_validity:
            text = "The mailbox was renumbered while the connection was lost."
            raise MailboxChangedError(text, renumbered=True)


def _needs_selected(commands: tuple[Command[Any], ...]) -> bool:
    if not commands:
        return True
    return not isinstance(commands[0], Select) and not all(command.anywhere for command in commands)
