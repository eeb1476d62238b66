"""What a server offers, asked without sending or signing in."""

from __future__ import annotations

from webmail.smtp.connection import Connection
from webmail.smtp.offer import Offer
from webmail.smtp.server import Server, Timeouts


def probe(server: Server, timeouts: Timeouts | None = None) -> Offer:
    """Raises SmtpError."""
    connection = Connection.open(server, timeouts=timeouts)
    try:
        return connection.offer
    finally:
        connection.quit()
