"""What can go wrong on the wire. Every failure in `webmail.imap` is one of these, and none carries a secret."""

from __future__ import annotations

from webmail.wire.errors import (
    ConnectError,
    ConnectionLostError,
    EncodeError,
    LimitError,
    ProtocolError,
    TimeoutError,  # noqa: A004
    TlsError,
)
from webmail.wire.errors import WireError as ImapError

__all__ = [
    "AuthenticationError",
    "BadError",
    "CommandError",
    "ConnectError",
    "ConnectionLostError",
    "EncodeError",
    "ImapError",
    "LimitError",
    "MailboxChangedError",
    "MissingError",
    "NoError",
    "PoolExhaustedError",
    "ProtocolError",
    "TimeoutError",
    "TlsError",
    "UnavailableError",
]


class MailboxChangedError(ConnectionLostError):
    """The connection was lost and replaced, but the mailbox that was selected is not there any more, or
    `renumbered`: under another UIDVALIDITY."""

    def __init__(self, message: str, *, renumbered: bool) -> None:
        super().__init__(message)
        self.renumbered = renumbered


class CommandError(ImapError):
    """The server answered NO or BAD.

    `code` is the response code's atom in upper case ("" where none), `text` the server's human text.
    """

    def __init__(self, command: str, status: str, code: str = "", text: str = "") -> None:
        super().__init__(f"{command}: {status} {f'[{code}] ' if code else ''}{text}"[:300])
        self.command, self.status, self.code, self.text = command, status, code, text


class NoError(CommandError):
    """Tagged NO."""


class BadError(CommandError):
    """Tagged BAD."""


class AuthenticationError(NoError):
    """The server said that these credentials are wrong."""


class UnavailableError(NoError):
    """Sign-in refused for now, not for the credentials: too many connections, throttling, UNAVAILABLE, INUSE."""


class MissingError(ImapError):
    """The message or the part is not in the selected mailbox (any more)."""


class PoolExhaustedError(ImapError):
    """No connection came free in time."""
