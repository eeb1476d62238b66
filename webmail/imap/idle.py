"""IDLE (RFC 2177): listen until there is something to hear."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from webmail.imap.commands.session import Idle
from webmail.imap.errors import CommandError
from webmail.imap.exchange import PENDING, Entry, Exchange
from webmail.imap.parse import Exists, Expunge, FetchResponse, ListResponse, StatusResponse, Vanished

if TYPE_CHECKING:
    from webmail.imap.connection import Connection

_LINE_SECONDS: Final = 10.0  # For the rest of a line that has begun to arrive.


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


@dataclass(slots=True)
class Heard:
    """What an Idling took in: the selected mailbox changed, others did (by NOTIFY, RFC 5465, with what was told of
    each), the tree of mailboxes did; `overflow`: the server will tell of no other mailbox any more."""

    selected: bool = False
    others: list[StatusResponse] = field(default_factory=list)
    tree: bool = False
    overflow: bool = False


class Idling:
    """An IDLE that is under way, for whoever waits on many: when `fileno` is readable, `hear`.

    It holds the connection from `begin` to `end`. Any failure closes the connection.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._entry: Entry | None = None
        self._exchange: Exchange | None = None

    def begin(self) -> None:
        """CommandError where the server refuses."""
        connection = self._connection
        with connection.exclusively(), connection.conversation():
            self._entry = entry = connection.entry(Idle())
            self._exchange = exchange = connection.exchange()
            exchange.start(entry)
            if not exchange.invited(entry):
                self._entry = self._exchange = None
                raise entry.outcome

    @property
    def fileno(self) -> int:
        return self._connection.transport.fileno()

    def hear(self) -> Heard:
        """What has arrived; waits only for the rest of a line."""
        with self._listening() as exchange:
            heard = Heard()
            reader, transport = self._connection.reader, self._connection.transport
            while data := transport.receive_now():
                reader.feed(data)
            while reader.whole_line_ready():
                match exchange.listen():
                    case Exists() | Expunge() | FetchResponse() | Vanished():
                        heard.selected = True
                    case StatusResponse() as told:
                        heard.others.append(told)
                    case ListResponse():
                        heard.tree = True
                    case response:
                        code = getattr(response, "code", None)
                        heard.overflow |= code is not None and code.name == "NOTIFICATIONOVERFLOW"
            return heard

    def end(self) -> None:
        """DONE; what was told meanwhile is in the connection's changes."""
        with self._listening() as exchange:
            self._connection.allow(self._connection.timeouts.total)
            exchange.send(b"DONE\r\n")
            while exchange.pending:
                exchange.listen()
        self._entry = self._exchange = None

    @contextmanager
    def _listening(self) -> Iterator[Exchange]:
        if self._exchange is None:
            raise RuntimeError("Not idling.")
        with self._connection.exclusively(), self._connection.conversation(seconds=_LINE_SECONDS):
            yield self._exchange
