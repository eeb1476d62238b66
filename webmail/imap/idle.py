"""IDLE (RFC 2177): listen until there is something to hear."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from webmail.imap.commands.session import Idle
from webmail.imap.errors import CommandError
from webmail.imap.exchange import PENDING, Entry
from webmail.imap.parse import Exists, Expunge, FetchResponse, Vanished

if TYPE_CHECKING:
    from webmail.imap.connection import Connection


def idle(connection: Connection, *, seconds: float, wake: int | None) -> bool:
    with connection.exclusively():
        entry = connection.entry(Idle())
        with connection.conversation():
            heard = _listen(connection, entry, time.monotonic() + seconds, () if wake is None else (wake,))
        if isinstance(entry.outcome, CommandError):
            raise entry.outcome
        return heard


def _listen(connection: Connection, entry: Entry, until: float, others: tuple[int, ...]) -> bool:
    transport, reader, exchange = connection.transport, connection.reader, connection.exchange()
    exchange.start(entry)
    if not exchange.invited(entry):
        return False
    heard = False
    while not heard and (left := until - time.monotonic()) > 0:
        if not reader.whole_line_ready():
            if not transport.readable(left, *others):
                break
            reader.feed(transport.receive_now())
            continue
        transport.begin(connection.timeouts.total)
        heard = isinstance(exchange.listen(), Exists | Expunge | FetchResponse | Vanished)
        if entry.outcome is not PENDING:
            return heard
    transport.begin(connection.timeouts.total)
    exchange.send(b"DONE\r\n")
    while exchange.pending:
        exchange.listen()
    return heard
