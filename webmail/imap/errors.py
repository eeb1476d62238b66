"""What can go wrong on the wire. Every failure in `webmail.imap` is one of these, and none carries a secret."""


class ImapError(Exception):
    """Base of all: `str()` is for logs, never holds a password or message content."""


class ConnectError(ImapError):
    """No connection: refused, unresolvable, or no greeting in time."""


class TlsError(ConnectError):
    """TLS failed: certificate not trusted, STARTTLS refused or tampered with."""


class ConnectionLostError(ImapError):
    """The connection ended (EOF, reset, BYE) before the answer was complete."""


class TimeoutError(ConnectionLostError):  # noqa: A001
    """The server did not answer in time; the connection is closed."""


class ProtocolError(ConnectionLostError):
    """The bytes make no sense past repair; the connection is closed."""


class LimitError(ProtocolError):
    """A line, literal, nesting or number of responses passed its limit; the connection is closed."""


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


class EncodeError(ImapError, ValueError):
    """A value can't be put on the wire: CR, LF or NUL where they may not be, or an impossible set."""


class PoolExhaustedError(ImapError):
    """No connection came free in time."""
