"""What is borrowed: a signed-in connection that, when it turns out to have died while it was pooled, is
replaced once without anybody noticing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from webmail.imap import errors
from webmail.imap.commands import Command, Examine, Noop, Select
from webmail.imap.connection import Connection
from webmail.imap.errors import CommandError, ConnectionLostError

if TYPE_CHECKING:
    from webmail.imap.selected import Changes, SelectedState

ASK_FIRST_SECONDS: Final = 60.0


class Session:
    """One borrow of a Connection, with its methods. Not for two threads at once.

    The first traffic of a borrow on a pooled connection is done again on a new connection (the same mailbox
    selected) if the old one turns out dead and every command is `repeatable`. Where one is not, and the
    connection was unused for a minute, a NOOP asks first. A mailbox whose UIDVALIDITY changed meanwhile is
    not asked by old UIDs: ConnectionLostError, and `selected` tells what is there now. Any later loss raises
    ConnectionLostError too.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        fresh: bool,
        idle: float,
        reopen: Callable[[], Connection],
    ) -> None:
        self.fresh = fresh
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

    def run(self, *commands: Command[Any]) -> Any:
        """As Connection.run: one write, a tuple of results."""
        return self._first(lambda: self.connection.run(*commands), commands)

    def gather(self, *commands: Command[Any]) -> Any:
        """As Connection.gather: one write, each result or its CommandError."""
        return self._first(lambda: self.connection.gather(*commands), commands)

    def stream(self, *args: Any, **kwargs: Any) -> Any:
        """As Connection.stream. Asked for on a doubtful connection, a NOOP goes first."""
        self._settle(always=True)
        return self.connection.stream(*args, **kwargs)

    @property
    def selected(self) -> SelectedState | None:
        return self.connection.selected

    @property
    def capabilities(self) -> frozenset[str]:
        return self.connection.capabilities

    def has(self, name: str) -> bool:
        return self.connection.has(name)

    def take_changes(self) -> Changes:
        return self.connection.take_changes()

    def _first(self, attempt: Callable[[], Any], commands: tuple[Command[Any], ...]) -> Any:
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
            self._replace()
            return attempt()

    def _settle(self, *, always: bool = False) -> None:
        """Before what can't be done twice: is anybody there?"""
        if self._doubtful and (always or self._idle >= ASK_FIRST_SECONDS):
            self._first(lambda: self.connection.run(Noop()), ())
        self._doubtful = False

    def _replace(self) -> None:
        former = self.connection.selected
        self._connection = self._reopen()
        self.fresh = True
        if former is None:
            return
        try:
            self.connection.run((Examine if former.read_only else Select)(former.wire))
        except CommandError as error:
            raise ConnectionLostError("The mailbox can't be selected again.") from error
        now = self.connection.selected
        if now is None or now.uid_validity != former.uid_validity:
            raise ConnectionLostError("The mailbox was renumbered while the connection was lost.")
