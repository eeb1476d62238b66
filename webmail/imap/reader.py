"""Bytes to whole responses: lines and literals, nothing else understood (RFC 9051, 4.3)."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final

from webmail.imap.errors import LimitError
from webmail.imap.server import Limits
from webmail.wire.transport import CHUNK, Transport

MARKER: Final = re.compile(rb"~?\{(\d{1,20})\+?\}$")
_PROSE: Final = re.compile(rb"\+|[^ ]+ +(?:OK|NO|BAD|BYE|PREAUTH)(?: |$)", re.IGNORECASE)


class Reader:
    """Buffers what the transport gives. `taken` counts the octets handed out since it was last set to 0."""

    def __init__(self, transport: Transport, limits: Limits) -> None:
        self.taken = 0
        self._transport = transport
        self._limits = limits
        self._buffer = bytearray()
        self._scanned = 0

    @property
    def buffered(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Bytes that arrived while something was being sent."""
        self._buffer += data
        if len(self._buffer) > self._limits.memory:
            raise LimitError("The mail server sends without end.")

    def response(self) -> list[bytes]:
        """One response: text, literal, text, …; the texts without CRLF, each literal's marker left in place."""
        return self.rest(self.line())

    def rest(self, line: bytes) -> list[bytes]:
        """The response that starts with this line."""
        if not line.endswith(b"}") or _PROSE.match(line):
            return [line]
        pieces = [line]
        while marker := MARKER.search(pieces[-1]):
            size = int(marker[1])
            if size > self._limits.literal:
                self.skip(size)
                pieces[-1] = pieces[-1][: marker.start()] + b"NIL" + self.line()
                self._count(len(pieces[-1]))
            else:
                self._count(size)
                pieces += (self.take(size), self.line())
        return pieces

    def line(self) -> bytes:
        buffer = self._buffer
        while (end := buffer.find(b"\n", self._scanned)) < 0:
            self._scanned = len(buffer)
            if self._scanned > self._limits.line:
                raise LimitError("A line from the mail server is too long.")
            buffer += self._transport.receive()
        stop = end - 1 if end and buffer[end - 1] == 13 else end
        line = bytes(memoryview(buffer)[:stop])
        del buffer[: end + 1]
        self._scanned = 0
        self._count(len(line))
        return line

    def take(self, size: int) -> bytes:
        """Exactly so many octets, in memory."""
        if size <= CHUNK or len(self._buffer) >= size:
            while len(self._buffer) < size:
                self._buffer += self._transport.receive()
            data = bytes(memoryview(self._buffer)[:size])
            del self._buffer[:size]
            return data
        whole = BytesIO()
        while left := size - whole.tell():
            whole.write(self.some(left))
        return whole.getvalue()

    def some(self, most: int) -> bytes:
        """At least one octet and at most so many."""
        if not self._buffer:
            data = self._transport.receive()
            if len(data) <= most:
                return data
            self._buffer += data
        data = bytes(memoryview(self._buffer)[:most])
        del self._buffer[: len(data)]
        return data

    def skip(self, size: int) -> None:
        if size > self._limits.drain:
            raise LimitError("A literal from the mail server is too large.")
        while size:
            size -= len(self.some(min(size, CHUNK)))

    def whole_line_ready(self) -> bool:
        return self._buffer.find(b"\n") >= 0

    def _count(self, octets: int) -> None:
        self.taken += octets
        if self.taken > self._limits.memory:
            raise LimitError("The mail server's answers take more memory than allowed.")
