"""What can go wrong on the wire. Every failure in `webmail.smtp` is one of these, and none carries a secret."""

from __future__ import annotations

from webmail.smtp.reply import Reply


class SmtpError(Exception):
    """Base of all: `str()` is for logs, never holds a password or message content."""


class ConnectError(SmtpError):
    """No connection: refused, unresolvable, or not in time."""


class TlsError(ConnectError):
    """TLS failed: certificate not trusted, STARTTLS refused or tampered with."""


class ConnectionLostError(SmtpError):
    """The connection ended (EOF, reset) before the answer was complete."""


class TimeoutError(ConnectionLostError):  # noqa: A001
    """The server did not answer in time; the connection is closed."""


class ProtocolError(ConnectionLostError):
    """The bytes make no sense, or not here; the connection is closed."""


class LimitError(ProtocolError):
    """A line, or the number of lines, passed its limit; the connection is closed."""


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


class EncodeError(SmtpError, ValueError):
    """A value can't be put on the wire: CR, LF, NUL, a space or an angle bracket where they may not be."""
