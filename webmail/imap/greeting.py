"""The first words of a connection: greeting, then STARTTLS where that is how the server is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webmail.imap.commands.session import StartTls
from webmail.imap.errors import CommandError, ConnectError, ConnectionLostError, TlsError, UnavailableError
from webmail.imap.parse import Condition
from webmail.imap.refusal import is_temporary

if TYPE_CHECKING:
    from webmail.imap.connection import Connection


def greet(connection: Connection) -> None:
    """Read the greeting. ConnectError where there is none or it is not IMAP, UnavailableError for "not now"."""
    try:
        with connection.conversation(seconds=connection.timeouts.read):
            exchange = connection.exchange()
            greeting = exchange.read()
            exchange.process(greeting)
    except ConnectionLostError as error:
        raise ConnectError(f"{connection.server} gave no greeting: {error}") from error
    if not isinstance(greeting, Condition) or greeting.status not in ("OK", "PREAUTH", "BYE"):
        raise ConnectError(f"{connection.server} does not speak IMAP.")
    if greeting.status == "BYE":
        code = greeting.code.name if greeting.code else ""
        if is_temporary(code, greeting.text):
            raise UnavailableError("greeting", "BYE", code, greeting.text)
        raise ConnectError(f"{connection.server} refused the connection: {greeting.text[:200]}")
    connection.preauthenticated = greeting.status == "PREAUTH"


def start_tls(connection: Connection) -> None:
    """STARTTLS (RFC 9051, 6.2.1). Nothing heard before it is believed afterwards."""
    server = connection.server
    if connection.preauthenticated:
        raise TlsError(f"{server} signs in before TLS (PREAUTH), so STARTTLS is impossible.")
    if connection.capabilities and not connection.has("STARTTLS"):
        raise TlsError(f"{server} does not offer STARTTLS.")
    try:
        connection.run(StartTls())
    except CommandError as error:
        raise TlsError(f"{server} refused STARTTLS.") from error
    except ConnectionLostError as error:
        raise TlsError(f"{server} ended the connection at STARTTLS.") from error
    connection.upgrade()
