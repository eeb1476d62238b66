"""One section of one message, passed on as it arrives: constant memory at any size."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from webmail.imap.commands.fetch import UID, Fetch, body
from webmail.imap.errors import CommandError, ConnectionLostError, MissingError
from webmail.imap.exchange import PENDING, Entry
from webmail.imap.reader import MARKER
from webmail.imap.server import SLOWEST
from webmail.metrics.wire import imap_answered

if TYPE_CHECKING:
    from webmail.imap.connection import Connection

_HEAD: Final = re.compile(
    rb"\* +\d+ +FETCH +\((?:.* )?BODY\[([^\]]*)\](?:<\d+>)? +~?\{(\d{1,18})\+?\}$", re.IGNORECASE | re.DOTALL
)
_UID: Final = re.compile(rb"[( ]UID (\d+)", re.IGNORECASE)
_READ_PAST: Final = 1 << 18


class Stream(Iterator[bytes]):
    """`size` octets in all. To be exhausted or closed, since it holds the connection meanwhile."""

    def __init__(self, connection: Connection, *, uid: int, section: str, chunk: int) -> None:
        self.size = 0
        self._connection = connection
        self._uid = uid
        self._section = section.upper().encode("ascii", "replace")
        self._chunk = chunk
        self._left = 0
        self._head: bytes | None = None
        self._whole: bytes | None = None
        self._patience = connection.timeouts.total
        self._held = ExitStack()
        self._entry = connection.entry(Fetch(uid, (UID, body(section))))
        self._exchange = connection.exchange()
        self._exchange.timed = False

    @classmethod
    def open(cls, connection: Connection, *, uid: int, section: str, chunk: int) -> Self:
        stream = cls(connection, uid=uid, section=section, chunk=chunk)
        with stream._held:
            stream._held.enter_context(connection.exclusively())
            stream._held.enter_context(connection.conversation())
            stream._start()
            stream._held = stream._held.pop_all()
        return stream

    def _start(self) -> None:
        """What is measured ends with the first octet: how quickly the rest is taken is the browser's affair."""
        self._await_head()
        entry = self._entry
        status = entry.outcome.status if isinstance(entry.outcome, CommandError) else "OK"
        imap_answered(entry.command.words, time.monotonic() - entry.began, status)
        if self._head is None:
            self._take_whole(entry)

    def _await_head(self) -> None:
        """Until the section's content begins, or the answer is complete without such."""
        self._exchange.start(self._entry)
        while self._entry.outcome is PENDING:
            line = self._connection.reader.line()
            found = _HEAD.match(line)
            if found is not None and self._is_ours(found, line):
                self.size = self._left = int(found[2])
                self._patience += self.size / SLOWEST
                self._head = line
                return
            self._exchange.process(self._exchange.parse(self._connection.reader.rest(line)))

    def _is_ours(self, found: re.Match[bytes], line: bytes) -> bool:
        uid = _UID.search(line)
        return found[1].upper() == self._section and (uid is None or int(uid[1]) == self._uid)

    def _take_whole(self, entry: Entry) -> None:
        """It did not come as a literal: a short string, NIL, or nothing at all."""
        if isinstance(entry.outcome, CommandError):
            raise entry.outcome
        key = self._section.decode("ascii")
        content = next(
            (found.sections[key] for found in entry.outcome if found.sections.get(key) is not None), None
        )
        if content is None:
            raise MissingError("The message or the part is not there.")
        self.size, self._whole = len(content), content

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._whole:
            data, self._whole = self._whole[: self._chunk], self._whole[self._chunk :]
            return data
        if self._head is None:
            self._held.close()
            raise StopIteration
        with self._held:
            data = self._receive()
            if not self._left:
                self._finish()
            else:
                self._held = self._held.pop_all()
        if not data:
            raise StopIteration
        return data

    def _receive(self) -> bytes:
        if not self._left:
            return b""
        began = time.monotonic()
        self._connection.allow(self._patience)
        data = self._connection.reader.some(min(self._left, self._chunk))
        self._patience -= time.monotonic() - began
        self._left -= len(data)
        return data

    def _finish(self) -> None:
        """After the literal: the rest of its response, and whatever comes up to the tagged answer."""
        assert self._head is not None
        connection, exchange = self._connection, self._exchange
        connection.allow(connection.timeouts.total)
        marker = MARKER.search(self._head)
        line = self._head[: marker.start() if marker else 0] + b"NIL" + connection.reader.line()
        self._head = None
        exchange.process(exchange.parse(connection.reader.rest(line)))
        while exchange.pending:
            exchange.listen()
        if isinstance(self._entry.outcome, CommandError):
            raise self._entry.outcome

    def close(self) -> None:
        """Give the connection back: with a short rest read past, else closed."""
        if self._head is not None and self._left > _READ_PAST:
            self._connection.closed = True
            self._head, self._left = None, 0
        try:
            for _ in self:
                pass
        except (CommandError, ConnectionLostError):
            return
        finally:
            self._whole = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
