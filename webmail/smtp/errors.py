"""What can go wrong on the wire. Every failure in `webmail.smtp` is one of these, and none carries a secret."""

from __future__ import annotations

from webmail.smtp.reply import Reply
from webmail.wire.errors import (
    ConnectError,
    ConnectionLostError,
    EncodeError,
    LimitError,
    ProtocolError,
    TlsError,
)
from webmail.wire.errors import WireError as SmtpError

__all__ = [
    "AuthenticationError",
    "ClosingError",
    "ConnectError",
    "ConnectionLostError",
    "EncodeError",
    "LimitError",
    "NoMechanismError",
    "ProtocolError",
    "ReplyError",
    "SmtpError",
    "TlsError",
]


class ReplyError(SmtpError):
    """The server said no (4xx or 5xx) to `command`."""

    def __init__(self, command: str, reply: Reply) -> None:
        super().__init__(f"{command}: {reply}"[:300])
        self.command, self.reply = command, reply


class ClosingError(ReplyError):
    """421: the server closes the connection, whatever was asked."""


class AuthenticationError(ReplyError):
    """The server does not take these credentials, or not now (4xx)."""


class NoMechanismError(SmtpError):
    """No way to sign in that both sides have, or none that would keep the password secret."""
