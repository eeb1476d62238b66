"""What can go wrong on a wire, whichever protocol is spoken. None carries a secret."""


class WireError(Exception):
    """Base of all: `str()` is for logs, never holds a password or message content."""


class ConnectError(WireError):
    """No connection: refused, unresolvable, or no greeting in time."""


class TlsError(ConnectError):
    """TLS failed: certificate not trusted, STARTTLS refused or tampered with."""


class ConnectionLostError(WireError):
    """The connection ended (EOF, reset, BYE) before the answer was complete."""


class TimeoutError(ConnectionLostError):  # noqa: A001
    """The server did not answer in time; the connection is closed."""


class ProtocolError(ConnectionLostError):
    """The bytes make no sense past repair; the connection is closed."""


class LimitError(ProtocolError):
    """A limit on what one server may make us hold was passed; the connection is closed."""


class EncodeError(WireError, ValueError):
    """A value can't be put on the wire: CR, LF, NUL or the like where they may not be."""
